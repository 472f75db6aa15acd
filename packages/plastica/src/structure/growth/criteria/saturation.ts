/**
 * Saturation, of representation or of plasticity: a population grows when either is at its limit.
 *
 * - Representation: what share of its dimensions is in use, ED / width (see effective-dimension.ts).
 * - Plasticity: what share of its neurons cannot learn: those that stand still (no incoming synapse has plasticity), and those whose mean |dLoss / dInput| over the examples
 *   is at most 0.025 times the mean of the population.
 *
 * That a network grows on either of two such signals is the idea of NORACL (arXiv 2604.27031). Their formulas were not to be had: these definitions are ours.
 */
import { ValueError } from "../../../errors.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import { PLASTICITY } from "../../../rules/plasticity.ts";
import { singularAbove } from "../linear-algebra.ts";
import { needed } from "../surroundings.ts";
import { activityOf, THRESHOLD } from "./activity.ts";
import type { Criterion, Demand } from "./criterion.ts";

export interface SaturationOptions {
  /** Shares above 0, to 1, from which on a population is full. Defaults 0.95 and 0.5. */
  readonly representation?: number;
  readonly plasticity?: number;
}

/** Below this share of the mean signal, a neuron does not learn. */
const DEAF = 0.025;

/** Throws ValueError for an option out of its range. */
export function saturation({ representation = 0.95, plasticity = 0.5 }: SaturationOptions = {}): Criterion {
  for (const [name, share] of Object.entries({ representation, plasticity }))
    if (!(share > 0 && share <= 1)) throw new ValueError(`saturation: ${name} is ${share}: a share above 0, to 1`);
  return {
    name: "saturation",
    options: { representation, plasticity },
    looks: true,
    watch: (life) => ({
      judge({ examples }) {
        const seen = needed(examples, "saturation");
        life.examine(seen, {});
        return life.network.hidden.flatMap((population): Demand[] => {
          const used = singularAbove(activityOf(population, seen.count), THRESHOLD) / population.size;
          const stuck = stuckShare(life.network, population, seen.count);
          const score = Math.max(used / representation, stuck / plasticity);
          if (score < 1) return [];
          const why =
            used >= representation
              ? `${percent(used)} of its dimensions are in use`
              : `${percent(stuck)} of its neurons do not learn`;
          return [{ population, score, why, evidence: { representation: used, "not plastic": stuck } }];
        });
      },
      save: () => null,
      load: () => {},
    }),
  };
}

/** The share of neurons that cannot learn, by signals that are in the buffers. */
function stuckShare(network: Network, population: Population, examples: number): number {
  const { size, positions, signal, stride, compute } = population;
  const { f32 } = compute.arena;
  const sums = new Float64Array(size);
  for (let row = 0; row < examples * positions; row++)
    for (let slot = 0; slot < size; slot++) sums[slot] += Math.abs(f32[((signal + row * stride) >>> 2) + slot]);
  const mean = sums.reduce((sum, one) => sum + one, 0) / size;
  const still = standingStill(network, population);
  return [...sums.keys()].filter((slot) => still[slot] || sums[slot] <= DEAF * mean).length / size;
}

function standingStill(network: Network, population: Population): boolean[] {
  const still = new Array<boolean>(population.size).fill(true);
  for (const { columns } of network.incoming(population)) {
    if (!columns.has(PLASTICITY)) return still.fill(false);
    columns.packed(PLASTICITY).forEach((plasticity, at) => {
      if (plasticity !== 0) still[at % columns.lanes] = false;
    });
  }
  return still;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
