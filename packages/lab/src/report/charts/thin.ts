/**
 * Long curves made short: a page holds at most a few hundred points of each, every one the mean of the stretch around it, so
 * that a life of a million windows is still a page that can be mailed. Nothing is picked out; what is drawn is what was.
 */

/** Points of a curve on a page, at most. */
export const POINTS = 300;

/** A place on a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** The ends of an interval around `y`, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

/** The stretches [from, to) of 0 to `length` that become one point each: all of one size but the last. */
export function stretches(length: number, most = POINTS): [number, number][] {
  const size = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => [i * size, Math.min(length, (i + 1) * size)]);
}

/** The mean of each stretch, of those values that are finite; NaN where none is. */
export function thinned(values: readonly number[], most = POINTS): number[] {
  return stretches(values.length, most).map(([from, to]) => meanOf(values, from, to));
}

/** The running mean: of the `window` values around each; at the ends, of those there are. */
export function smoothed(values: readonly number[], window: number): number[] {
  const reach = (window - 1) / 2;
  return values.map((_, i) => meanOf(values, Math.max(0, i - reach), Math.min(values.length, i + reach + 1)));
}

function meanOf(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i])) continue;
    sum += values[i];
    n++;
  }
  return sum / n;
}
