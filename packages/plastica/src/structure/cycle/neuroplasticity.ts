/**
 * The neuroplasticity cycle: a policy that lives as long as the learner. It watches vital signs, proposes births, deaths, renewal and more
 * (proposals/), tries each on a branch of the life, measures it on examples that nobody has learned from (trial.ts), and keeps or undoes it, all under
 * a budget (budget.ts). Every decision is told as `decided`, with its evidence; what was undone leaves no trace.
 *
 *     live(net, { ..., structure: [neuroplasticity()] })                      // our own
 *     live(net, { ..., structure: [neuroplasticity({ growth: 4 })] })         // up to four times the parameters at birth
 *     live(net, { ..., structure: [neuroplasticity({ preset: "dropin" })] })  // somebody else's cycle: see options.ts
 *     live(net, { ..., structure: [neuroplasticity({ dryRun: true })] })      // says what it would do, and changes no bit
 *
 * Junctures come `shortest` examples apart, twice as far each time that nothing was kept, up to `longest`; and `patience` examples after the loss
 * surges or inputs are no longer familiar. Hidden layers should be normalised where renewal is proposed.
 *
 * The words are those of Y. Li, M. Milling, B. Schuller: Neuroplasticity in artificial intelligence (arXiv 2503.21419), which measures nothing; that a
 * change is measured before it is kept is ours, after the junctures of Bayesian networks that grow and shrink.
 */
import { continualBackprop } from "../continual-backprop.ts";
import type { StructuralPolicy } from "../policy.ts";
import { CYCLE, Cycle } from "./cycle.ts";
import { type CycleOptions, type CyclePreset, completeOptions } from "./options.ts";

export interface NeuroplasticityOptions extends CycleOptions {
  /** Whose cycle: "ours" (default), "seasons", "dropin", "continual-backprop", "north". Options beside it are changes to it. */
  readonly preset?: CyclePreset;
}

/** Throws ValueError for an option out of its range; and, when attached, where the step size is to settle and the rule has none. */
export function neuroplasticity({ preset = "ours", ...given }: NeuroplasticityOptions = {}): StructuralPolicy {
  const all = completeOptions(preset, given);
  const turnover = all.turnover > 0 && !all.dryRun ? continualBackprop({ replacementRate: all.turnover }) : undefined;
  return {
    name: CYCLE,
    parts: turnover ? [turnover.name] : [],
    options: { preset, ...all },
    attach: (life) => new Cycle(life, all, turnover),
  };
}
