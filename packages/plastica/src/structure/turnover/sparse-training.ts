/**
 * Sparse from birth: a network whose projections have few of the synapses that there is room for, drawn by lot, and that exchanges them as it
 * learns. Now and then, until `end`, of each projection's synapses the share
 *
 *   f(t) = fraction / 2 (1 + cos(pi t / end))
 *
 * with the smallest |w| goes, and as many grow where none was, with a weight of 0. The members of the family differ in where these grow:
 *
 *   set.ts                        by lot
 *   rigl.ts                       where the loss is steepest
 *   neuroplastic-expansion.ts     there too, and more grow than go
 *   static-mask.ts                nothing goes and nothing grows: the control
 *
 * Weights at birth are those of the dense network, as the authors have them, and not 1 / sqrt(density) times as large, for the fan-in that is left
 * (Evci et al., "Gradient flow in sparse neural networks and how lottery tickets win", arXiv 2010.03533): docs/decisions.md says why.
 */

import { cosTurns } from "../../compute/elementary.ts";
import { derive, permutation, uniform } from "../../compute/random.ts";
import { isNone } from "../../credit/loss.ts";
import { ValueError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import type { Projection } from "../../network/projection.ts";
import type { LifeEvent } from "../events.ts";
import { steepness } from "../gradients.ts";
import {
  type Announce,
  comesRound,
  hasCome,
  type Life,
  type Moment,
  type PolicyAtWork,
  type StructuralPolicy,
} from "../policy.ts";
import { highest, lowest } from "../pruning/selection.ts";
import { absent, places, present, rewire } from "../synapses.ts";
import { type Distribution, densities, distributions } from "./distribution.ts";

export interface SparseTrainingOptions {
  /** Share of the places that have a synapse at birth, above 0, at most 1. Default 0.1. */
  density?: number;
  /** How these are shared out: "erdos-renyi" (default) or "uniform". */
  distribution?: Distribution;
  /** Share of the synapses that is exchanged at first, 0 to 1. Default 0.3. */
  fraction?: number;
  /** Updates from one exchange to the next, from 1. Default 100. */
  every?: number;
  /** Update from which on nothing is exchanged, from 1. Default 10,000. */
  end?: number;
  /** Examples last seen, of which gradients are taken, from 1. Default 256. */
  examples?: number;
}

export interface SparseGrowthOptions extends SparseTrainingOptions {
  /** Density at `end`: synapses come to it evenly. */
  finalDensity?: number;
}

/** Where synapses grow: by lot, where the loss is steepest, or nowhere. */
export type Sprouting = "lot" | "steepest" | "nowhere";

type All = Required<SparseGrowthOptions> & { readonly sprouting: Sprouting };

/** The policy of that name. Throws ValueError for an option out of its range. */
export function sparseTraining(
  name: string,
  sprouting: Sprouting,
  options: SparseGrowthOptions,
  shown: readonly (keyof SparseGrowthOptions)[],
): StructuralPolicy {
  const given = {
    density: 0.1,
    distribution: "erdos-renyi" as const,
    fraction: 0.3,
    every: 100,
    end: 10_000,
    examples: 256,
    ...options,
  };
  const all: All = { finalDensity: given.density, ...given, sprouting };
  const check = (option: keyof SparseGrowthOptions, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${name}: ${option} is ${JSON.stringify(all[option])}: ${right}`);
  };
  const { density, finalDensity, fraction, distribution } = all;
  check("density", density > 0 && density <= 1, "a share above 0, at most 1");
  check(
    "finalDensity",
    finalDensity >= density && finalDensity <= 1,
    `a share from ${density}, the first density, to 1`,
  );
  check("distribution", distributions.includes(distribution), `one of ${distributions.join(", ")}`);
  check("fraction", fraction >= 0 && fraction <= 1, "a share from 0 to 1");
  for (const option of ["every", "end", "examples"] as const)
    check(option, Number.isSafeInteger(all[option]) && all[option] >= 1, "a whole number from 1");
  const told = Object.fromEntries(shown.map((option) => [option, all[option]]));
  return { name, options: told, attach: (life) => new SparseTraining(name, life, all) };
}

class SparseTraining implements PolicyAtWork {
  readonly columns: PolicyAtWork["columns"];
  readonly #name: string;
  readonly #life: Life;
  readonly #options: All;
  readonly #memory: ExampleMemory | undefined;
  /** What happened before anyone could be told. */
  #news: LifeEvent[] = [];

  constructor(name: string, life: Life, options: All) {
    this.#name = name;
    this.#life = life;
    this.#options = options;
    const { density, distribution, examples, sprouting } = options;
    if (sprouting === "steepest" && isNone(life.loss))
      throw new ValueError(`${name}: synapses grow where gradients are largest, and credit without a loss gives none`);
    if (sprouting === "steepest") this.#memory = new ExampleMemory(life.network, name, { capacity: examples });
    this.columns = this.#memory?.columns ?? {};
    for (const [projection, share] of densities(life.network.projections, density, distribution))
      this.#thin(projection, share);
  }

  /** Leaves a share of the synapses, drawn by lot. */
  #thin(projection: Projection, share: number): void {
    const { network, step } = this.#life;
    const there = present(projection);
    const lots = permutation(network.keyOf(this.#name, "birth", projection.name), there.length);
    const left = Math.max(1, Math.round(share * places(projection)));
    if (left >= there.length) return;
    const pruned = lots
      .slice(left)
      .sort()
      .map((i) => there[i]);
    this.#news.push(rewire(network, projection, { pruned }, { step, cause: this.#name }));
  }

  after({ seen }: Moment, announce: Announce): void {
    for (const event of this.#news) announce(event);
    this.#news = [];
    this.#memory?.show(seen);
  }

  reflect(moment: Moment, announce: Announce): void {
    const { every, end, fraction, sprouting, density, finalDensity } = this.#options;
    // At the end nothing is exchanged any more, and what is missing of the final density grows.
    const step = Math.min(moment.step, end);
    const due = step < end ? comesRound(every, moment) : hasCome(end, moment) && finalDensity > density;
    if (sprouting === "nowhere" || !due) return;
    const { network } = this.#life;
    const exchanged = (fraction / 2) * (1 + cosTurns(step / end / 2));
    const slopes = this.#memory && steepness(this.#life, this.#memory.examples());
    for (const projection of network.projections) {
      const [there, free] = [present(projection), absent(projection)];
      const going = Math.round(exchanged * there.length);
      const coming = Math.min(free.length, going + this.#expansion(projection, there.length, step));
      const weights = projection.columns.packed("w").map(Math.abs);
      const lots = derive(network.keyOf(this.#name, "growth", projection.name), step);
      const worth = slopes?.get(projection) ?? Float64Array.from(weights, (_, i) => uniform(lots, i));
      const grown = highest([{ of: projection, scores: worth, candidates: free }], coming).get(projection)!;
      const pruned = lowest(
        [{ of: projection, scores: weights, candidates: there }],
        Math.min(going, grown.length, there.length - 1),
      ).get(projection)!;
      if (grown.length > 0) announce(rewire(network, projection, { pruned, grown }, { step, cause: this.#name }));
    }
  }

  /** How many more grow than go. */
  #expansion(projection: Projection, there: number, step: number): number {
    const { density, finalDensity, end, distribution } = this.#options;
    if (finalDensity === density) return 0;
    const now = density + (finalDensity - density) * (step / end);
    const share = densities(this.#life.network.projections, now, distribution).get(projection)!;
    return Math.max(0, Math.round(share * places(projection)) - there);
  }

  save(): unknown {
    return this.#memory?.save() ?? null;
  }

  load(state: unknown): void {
    this.#memory?.load(state);
    this.#news = [];
  }
}
