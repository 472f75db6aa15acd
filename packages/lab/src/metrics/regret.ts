/**
 * Regret against a network trained afresh: what having lived cost, or gained. The other network is made anew at the start of each
 * task and learns from the same examples, as in Dohare et al. 2024, doi:10.1038/s41586-024-07711-7, and in the warm starts of Ash
 * and Adams 2020, arXiv 1910.08475. Lower is better; below 0 the life helped.
 *
 *     cumulative = sum_w n_w (fresh_w - lived_w)        accuracies: mistakes more than the fresh network's
 *     cumulative = sum_w n_w (lived_w - fresh_w)        losses: loss more
 */
import { ValueError } from "plastica";
import type { WindowRecord } from "../runs/record.ts";
import { accuracies, losses } from "./curve.ts";

export interface Regret {
  /** Over all windows: mistakes, or loss, in excess. */
  readonly cumulative: number;
  /** The same, an example. */
  readonly mean: number;
  /** `cumulative` after each window: rises where plasticity is being lost. */
  readonly course: number[];
}

/** In mistakes where both lives have accuracies, else in loss. Throws ValueError unless both have the same windows. */
export function regret(lived: readonly WindowRecord[], fresh: readonly WindowRecord[]): Regret {
  if (lived.length === 0 || lived.length !== fresh.length) {
    throw new ValueError(
      `regret: ${lived.length} windows against ${fresh.length}, must be as many of both, and at least one`,
    );
  }
  const uneven = lived.findIndex(({ examples }, w) => examples !== fresh[w].examples);
  if (uneven >= 0) {
    throw new ValueError(
      `regret: window ${uneven} has ${lived[uneven].examples} examples against ${fresh[uneven].examples}, must be as many`,
    );
  }
  const [right, rightFresh] = [accuracies(lived), accuracies(fresh)];
  const [worse, better] = right && rightFresh ? [rightFresh, right] : [losses(lived)!, losses(fresh)!];
  let [cumulative, examples] = [0, 0];
  const course = worse.map((point, w) => {
    examples += point.examples;
    return (cumulative += point.examples * (point.value - better[w].value));
  });
  return { cumulative, mean: cumulative / examples, course };
}
