/**
 * Ways in which a number moves that can be asked for at any moment, without the moments before it: off two walls, and at random.
 */
import { type Key, normal } from "plastica";

/**
 * Where a point is that has gone `at` on a straight line and is thrown back by walls at `low` and `high`: a triangle wave of
 * period `2 (high - low)`. Between the walls it is `at` itself.
 */
export function reflected(at: number, low: number, high: number): number {
  if (at >= low && at <= high) return at;
  const span = high - low;
  if (span <= 0) return low;
  const way = at - low;
  const beyond = way - 2 * span * Math.floor(way / (2 * span));
  return Math.max(low, Math.min(high, low + (beyond > span ? 2 * span - beyond : beyond)));
}

/**
 * A random walk after `step` steps: 0 at step 0, each step a normal number of mean 0 and standard deviation 1. It is not summed
 * up but refined (Lévy 1948): the walk at the powers of two is drawn first, what is between by halving,
 *
 *     W(2^k) = W(2^(k-1)) + sqrt(2^(k-1)) z,    W((a + b) / 2) = (W(a) + W(b)) / 2 + sqrt(b - a) / 2 z,
 *
 * each `z` a draw addressed by the step it is for, so that step 1,000,000 costs forty draws and not a million.
 *
 * @param step integer from 0 to 2^52
 */
export function randomWalk(from: Key, step: number): number {
  if (step === 0) return 0;
  let left = 1;
  let value = normal(from, 1);
  while (2 * left <= step) {
    value += Math.sqrt(left) * normal(from, 2 * left);
    left *= 2;
  }
  if (left === step) return value;
  let length = left;
  let end = value + Math.sqrt(length) * normal(from, 2 * left);
  while (left !== step) {
    const middle = left + length / 2;
    const halfway = (value + end) / 2 + (Math.sqrt(length) / 2) * normal(from, middle);
    length /= 2;
    if (step < middle) end = halfway;
    else {
      left = middle;
      value = halfway;
    }
  }
  return value;
}
