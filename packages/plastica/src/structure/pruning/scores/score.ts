/**
 * What a score of pruning is: a number for each synapse and each neuron that says how much would be lost with it. The lowest go first. A
 * score says what it wants to know of gradients and activities; the gauge (../gauge.ts) collects that, from a batch of examples or as
 * means over the stream, and gives it back when scores are asked for.
 */

import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";
import { type Expression, symbol } from "../../../rules/expression.ts";

/** The symbols in which `OfGradient.value` is written: the weight, and the gradient of the mean loss of the examples by it. */
export const synapse = { w: symbol("w", "cell"), grad: symbol("grad", "cell") } as const;

/** What is collected of each synapse. */
export interface OfGradient {
  /** In `synapse.w` and `synapse.grad`. */
  readonly value: Expression;
  /** From a batch: of the gradient of each example by itself. Left out: of that of the mean loss, once. */
  readonly each?: boolean;
  /** Over a stream it is added up. Left out: a decayed mean. */
  readonly sums?: boolean;
}

/**
 * What is collected of each output of a neuron, averaged over examples: from its activity, and from dLoss / dActivity of that example's
 * own loss.
 */
export type OfActivity = (out: number, back: number) => number;

/** What has been collected. All is packed as columns pack it: `[plane][neuron]`, `[plane][pre][post]`. */
export interface Gathered {
  readonly network: Network;
  gradients(projection: Projection): Float32Array;
  activities(population: Population): Float32Array;
}

export interface Score {
  /** In kebab case. */
  readonly name: string;
  readonly ofGradient?: OfGradient;
  readonly ofActivity?: OfActivity;
  /** What is made of that, averaged over the positions of an example, before examples are averaged. Left out: nothing. */
  readonly ofExample?: (mean: number) => number;
  /** Of each synapse of a projection, absent ones too: `[plane][pre][post]`. */
  synapses(projection: Projection, gathered: Gathered): Float32Array;
  /** Of each neuron. Left out: the sum over its incoming synapses. */
  neurons?(population: Population, gathered: Gathered): Float64Array;
}

/** What has been collected of each neuron's activity, summed over its planes. */
export function overPlanes(population: Population, gathered: Gathered): Float64Array {
  const sums = new Float64Array(population.size);
  for (const [i, term] of gathered.activities(population).entries()) sums[i % sums.length] += term;
  return sums;
}

/** The scores of a population's neurons as the sum of those of their incoming synapses, projection after projection. */
export function overIncoming(score: Score, population: Population, gathered: Gathered): Float64Array {
  const sums = new Float64Array(population.size);
  for (const projection of gathered.network.incoming(population)) {
    const scores = score.synapses(projection, gathered);
    for (let i = 0; i < scores.length; i++) sums[i % sums.length] += scores[i];
  }
  return sums;
}

/** The same over their outgoing synapses. */
export function overOutgoing(score: Score, population: Population, gathered: Gathered): Float64Array {
  const sums = new Float64Array(population.size);
  for (const projection of gathered.network.outgoing(population)) {
    const scores = score.synapses(projection, gathered);
    const { lanes } = projection.columns;
    for (let i = 0; i < scores.length; i++) sums[Math.floor(i / lanes) % sums.length] += scores[i];
  }
  return sums;
}
