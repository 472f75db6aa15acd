/**
 * Correction for many comparisons: of twenty with nothing behind them, one comes out below 5 %. Holm's keeps the chance of even one
 * such error at the level, whatever hangs together with what, and tells more than Bonferroni's. Holm 1979, Scandinavian Journal of
 * Statistics 6, 65-70.
 *
 *     adjusted_(k) = max_{i <= k} min(1, (m - i) p_(i))        p_(0) <= p_(1) <= ...
 */
import { ValueError } from "plastica";

/** The adjusted p of each, in the order given: to be held against the level as they are. Throws ValueError for a p outside 0 to 1. */
export function holm(ps: readonly number[]): number[] {
  const bad = ps.find((p) => !(p >= 0 && p <= 1));
  if (bad !== undefined) throw new ValueError(`Holm's correction: a p of ${bad}, must be from 0 to 1`);
  const order = ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j]);
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  for (const [k, i] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - k) * ps[i]));
    adjusted[i] = least;
  }
  return adjusted;
}
