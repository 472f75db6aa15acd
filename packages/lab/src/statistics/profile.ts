/**
 * Whole distributions side by side, where a mean hides that one seed in four failed. Agarwal et al. 2021, arXiv 2108.13264.
 */
import type { Better } from "../metrics/curve.ts";
import { mustHave } from "./sample.ts";

/** The share of runs beyond each threshold tau: above it where higher is better, below it where lower is. Never at it. */
export function performanceProfile(
  values: readonly number[],
  taus: readonly number[],
  better: Better = "higher",
): number[] {
  mustHave("performance profile", values, 1);
  return taus.map((tau) => values.filter((x) => (better === "higher" ? x > tau : x < tau)).length / values.length);
}

/**
 * The probability that a run of `a` is better than one of `b`, over all pairs, seeds not matched; a tie counts half. 0.5 where neither is.
 * From 0 to 1: the Mann-Whitney U over its largest value.
 */
export function probabilityOfImprovement(
  a: readonly number[],
  b: readonly number[],
  better: Better = "higher",
): number {
  mustHave("probability of improvement", a, 1);
  mustHave("probability of improvement", b, 1);
  let won = 0;
  for (const x of a) {
    for (const y of b) {
      if (x === y) won += 0.5;
      else if (x > y === (better === "higher")) won++;
    }
  }
  return won / (a.length * b.length);
}
