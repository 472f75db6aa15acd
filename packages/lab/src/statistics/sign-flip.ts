/**
 * The paired test: whether differences, one a seed, are of one sign more than chance makes them.
 *
 * Were two methods alike, each difference might as well have come with the other sign. So all 2^n ways of choosing signs are gone
 * through, and p is the share of them whose sum is at least as far from 0 as the one observed. Exact: nothing is assumed of how
 * values are distributed, only that, were there no difference, they would lie symmetrically around 0. Fisher 1935, "The design of
 * experiments", section 21.
 */
import { integer, key } from "plastica";
import { mustHave } from "./sample.ts";

/** What a test says. */
export interface TestResult {
  /** Probability of a difference at least as large, either way, were there none. */
  readonly p: number;
  /** The smallest p that a test of so many seeds can give: with a level below it, nothing can be told. */
  readonly least: number;
  /** Whether all possibilities were gone through, or a hundred thousand of them. */
  readonly exact: boolean;
}

/** Up to so many differences the test is exact: two halves with 2^16 sums each. */
const EXACT = 32;
const FLIPS = 100_000;
/** Sums that agree to this are equal: rounding must not make a tie look like more, or less. */
const TIE = 1e-9;
const WORD = 4294967296;

/**
 * The two-sided p of the mean difference. Exact for up to 32 differences that are not 0; for more, over 100,000 addressed choices of
 * signs, `p = (1 + extreme) / (1 + 100,000)` (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585), the same for the same differences.
 *
 * Throws ValueError for a difference that is not finite, or none.
 */
export function signFlipTest(differences: readonly number[]): TestResult {
  mustHave("sign-flip test", differences, 1);
  const least = leastPaired(differences.length);
  const sizes = differences.map(Math.abs).filter((size) => size > 0); // a 0 has no sign
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const bound = Math.abs(differences.reduce((sum, d) => sum + d, 0)) - TIE * all;
  const exact = sizes.length <= EXACT;
  if (bound <= 0) return { p: 1, least, exact };
  return { p: exact ? exactShare(sizes, bound) : drawnShare(sizes, bound), least, exact };
}

/** The smallest p of `n` pairs, from one: all differences of one sign, `2^(1-n)`; as far as drawing can tell, where signs are drawn. */
export function leastPaired(n: number): number {
  return n <= EXACT ? 1 / ((1 << (n - 1)) >>> 0) : 1 / (1 + FLIPS);
}

/** Share of sign choices whose sum is at least `bound` away from 0; by symmetry, twice that of the positive ones. */
function exactShare(sizes: readonly number[], bound: number): number {
  const half = sizes.length >> 1;
  const [left, right] = [signedSums(sizes.slice(0, half)), signedSums(sizes.slice(half))];
  let count = 0;
  let enough = right.length; // right[enough] and all above it reach the bound with the present left sum
  for (const sum of left) {
    while (enough > 0 && right[enough - 1] + sum >= bound) enough--;
    count += right.length - enough;
  }
  return (2 * count) / (left.length * right.length);
}

/** The sums under all choices of signs, ascending. */
function signedSums(sizes: readonly number[]): Float64Array {
  const sums = new Float64Array(1 << sizes.length);
  let filled = 1;
  for (const size of sizes) {
    for (let i = 0; i < filled; i++) {
      sums[filled + i] = sums[i] + size;
      sums[i] -= size;
    }
    filled *= 2;
  }
  return sums.sort();
}

function drawnShare(sizes: readonly number[], bound: number): number {
  const signs = key(0, "sign-flip", sizes.length);
  const ordered = [...sizes].sort((a, b) => a - b);
  const words = Math.ceil(ordered.length / 32);
  let extreme = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    let sum = 0;
    for (let word = 0; word < words; word++) {
      const bits = integer(signs, flip * words + word, WORD);
      const to = Math.min(ordered.length, (word + 1) * 32);
      for (let i = word * 32; i < to; i++) sum += (bits >>> (i & 31)) & 1 ? ordered[i] : -ordered[i];
    }
    if (Math.abs(sum) >= bound) extreme++;
  }
  return (1 + extreme) / (1 + FLIPS);
}
