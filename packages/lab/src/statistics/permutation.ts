/**
 * The test where seeds do not match: whether two groups differ more than the same values dealt out at random.
 *
 * Were two methods alike, each value might as well have been in the other group. All ways of dealing them out are gone through, and p
 * is the share whose Welch t is at least as far from 0 as the one observed. With that statistic the test is exact where
 * distributions are alike, and holds for means where spreads differ, if groups are not small (Janssen 1997,
 * doi:10.1016/S0167-7152(97)00043-6).
 */
import { integer, key } from "plastica";
import { studentCdf, studentQuantile } from "./distributions.ts";
import { type Interval, mean, mustBeLevel, mustHave, standardDeviation } from "./sample.ts";
import type { TestResult } from "./sign-flip.ts";

/** Up to so many ways of dealing out, all are gone through. */
const EXACT = 200_000;
const DEALS = 100_000;
const TIE = 1e-9;

/** Welch's t test of a difference of means, where spreads may differ. Welch 1947, doi:10.1093/biomet/34.1-2.28. */
export interface Welch {
  readonly t: number;
  /** Degrees of freedom, by Welch and Satterthwaite. */
  readonly freedom: number;
  /** Two-sided; right for normal distributions. */
  readonly p: number;
  /** Of `mean(a) - mean(b)`. */
  readonly interval: Interval;
}

/** Throws ValueError for fewer than two values in a group, one that is not finite, or a level out of range. */
export function welch(a: readonly number[], b: readonly number[], level = 0.95): Welch {
  mustBeLevel("Welch's test", level);
  const [partA, partB] = [a, b].map((values) => square(standardDeviation(values)) / values.length);
  const difference = mean(a) - mean(b);
  const error = Math.sqrt(partA + partB);
  if (error === 0) {
    const same = difference === 0;
    const t = same ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    const freedom = a.length + b.length - 2;
    return { t, freedom, p: same ? 1 : 0, interval: { low: difference, high: difference } };
  }
  const freedom = square(partA + partB) / (square(partA) / (a.length - 1) + square(partB) / (b.length - 1));
  const t = difference / error;
  const reach = studentQuantile((1 + level) / 2, freedom) * error;
  const interval = { low: difference - reach, high: difference + reach };
  return { t, freedom, p: 2 * studentCdf(-Math.abs(t), freedom), interval };
}

/** A product, which is the same anywhere; a power need not be. */
function square(x: number): number {
  return x * x;
}

/**
 * The two-sided p of the difference of two groups' means. Exact up to 200,000 ways of dealing out (two groups of 10 have 184,756); for
 * more, over 100,000 addressed ones, `p = (1 + extreme) / (1 + 100,000)`, the same for the same values.
 *
 * Throws ValueError for fewer than two values in a group, or one that is not finite.
 */
export function permutationTest(a: readonly number[], b: readonly number[]): TestResult {
  mustHave("permutation test", a, 2);
  mustHave("permutation test", b, 2);
  const least = leastUnpaired(a.length, b.length);
  const exact = ways(a.length, b.length) <= EXACT;
  const middle = mean([...a, ...b]);
  const centred = (values: readonly number[]) => values.map((value) => value - middle).sort((x, y) => x - y);
  const pool = [...centred(a), ...centred(b)];
  const statistic = squaredT(pool, a.length);
  const bound = statistic(pool.slice(0, a.length)) * (1 - TIE);
  if (bound <= 0) return { p: 1, least, exact };
  const share = exact ? exactShare : drawnShare;
  const p = share(
    pool.sort((x, y) => x - y),
    a.length,
    (dealt) => statistic(dealt) >= bound,
  );
  return { p: Math.max(p, least), least, exact }; // rounding may lose the mirror image of two groups far apart
}

/** The smallest p of two groups: one way of dealing out, or it and its mirror image where groups are of one size. */
export function leastUnpaired(a: number, b: number): number {
  const all = ways(a, b);
  return all > EXACT ? 1 / (1 + DEALS) : Math.min(1, (a === b ? 2 : 1) / all);
}

/** Number of ways to choose which `a` of `a + b` are in the first group. */
function ways(a: number, b: number): number {
  let product = 1;
  for (let i = 1; i <= a; i++) product = (product * (b + i)) / i;
  return Math.round(product);
}

/** Welch's t, squared, of the first group against the rest of the pool; from the group alone, as the pool's sums are known. */
function squaredT(pool: readonly number[], size: number): (group: readonly number[]) => number {
  const rest = pool.length - size;
  const sum = (values: readonly number[]) => values.reduce((s, value) => s + value, 0);
  const squares = (values: readonly number[]) => values.reduce((s, value) => s + value * value, 0);
  const [allSum, allSquares] = [sum(pool), squares(pool)];
  return (group) => {
    const [groupSum, groupSquares] = [sum(group), squares(group)];
    const [meanA, meanB] = [groupSum / size, (allSum - groupSum) / rest];
    const error =
      (groupSquares - size * meanA * meanA) / (size * (size - 1)) +
      (allSquares - groupSquares - rest * meanB * meanB) / (rest * (rest - 1));
    const difference = meanA - meanB;
    if (Math.abs(difference) <= TIE * Math.sqrt(allSquares)) return 0;
    // Two groups without spread: what rounding leaves of it is none.
    return error <= 1e-14 * allSquares ? Number.MAX_VALUE : (difference * difference) / error;
  };
}

function exactShare(pool: readonly number[], size: number, isExtreme: (group: readonly number[]) => boolean): number {
  const group = new Array<number>(size).fill(0);
  let [extreme, all] = [0, 0];
  const deal = (filled: number, from: number): void => {
    if (filled === size) {
      all++;
      if (isExtreme(group)) extreme++;
      return;
    }
    for (let i = from; i <= pool.length - (size - filled); i++) {
      group[filled] = pool[i];
      deal(filled + 1, i + 1);
    }
  };
  deal(0, 0);
  return extreme / all;
}

function drawnShare(pool: readonly number[], size: number, isExtreme: (group: readonly number[]) => boolean): number {
  const from = key(0, "permutation", pool.length, size);
  const dealt = [...pool];
  const group = new Array<number>(size).fill(0);
  let extreme = 0;
  for (let deal = 0; deal < DEALS; deal++) {
    for (let i = 0; i < size; i++) {
      const j = i + integer(from, deal * size + i, dealt.length - i);
      [dealt[i], dealt[j]] = [dealt[j], dealt[i]];
      group[i] = dealt[i];
    }
    if (isExtreme(group)) extreme++;
  }
  return (1 + extreme) / (1 + DEALS);
}
