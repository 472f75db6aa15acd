/**
 * The budget: what a network may cost at most. Operations are the multiply-adds of a step on one example if every neuron were active, so that a
 * network within its budget is so at any time: for each synapse that is there one forward and one to learn, and one more to pass the
 * signal back, but for those of the inputs. Milliseconds are operations at a declared rate: no clock is read, since a run is a function of its recipe.
 */
import type { Network } from "../../network/network.ts";

export interface BudgetOptions {
  /** Most parameters, as a multiple of those at birth. */
  readonly growth: number;
  /** 0: no limit. */
  readonly maxNeurons: number;
  readonly maxOperations: number;
  readonly maxMilliseconds: number;
  readonly nanosecondsPerOperation: number;
}

export interface Cost {
  readonly neurons: number;
  readonly parameters: number;
  readonly operations: number;
}

export class Budget {
  /** At most. */
  readonly limit: Cost;

  /** `parameters`: those at birth. */
  constructor({ parameters }: { readonly parameters: number }, options: BudgetOptions) {
    const { growth, maxNeurons, maxOperations, maxMilliseconds, nanosecondsPerOperation } = options;
    const inTime = (1e6 * maxMilliseconds) / nanosecondsPerOperation;
    const orNone = (limit: number) => (limit > 0 ? limit : Number.POSITIVE_INFINITY);
    this.limit = {
      neurons: orNone(maxNeurons),
      parameters: Math.floor(growth * parameters),
      operations: Math.min(orNone(maxOperations), orNone(inTime)),
    };
  }

  /** What a change from `before` to `now` takes too much of; undefined where nothing. What shrinks is never too much. */
  exceeded(before: Cost, now: Cost): keyof Cost | undefined {
    return (["neurons", "parameters", "operations"] as const).find(
      (what) => now[what] > this.limit[what] && now[what] > before[what],
    );
  }
}

export function costOf(network: Network): Cost {
  const { inputs, outputs, populations, projections, parameters } = network;
  const hidden = populations.filter((population) => population !== inputs && population !== outputs);
  return {
    neurons: hidden.reduce((sum, { size }) => sum + size, 0),
    parameters,
    operations: projections.reduce((sum, { pre, operations }) => sum + operations * (pre === inputs ? 2 : 3), 0),
  };
}
