/** How small a difference could have been told: what "cannot tell them apart" leaves open. */
import { ValueError } from "plastica";
import { studentQuantile } from "./distributions.ts";
import { mustBeLevel } from "./sample.ts";

export interface PowerOptions {
  /** The level of the test, two-sided. Default 0.05. */
  readonly alpha?: number;
  /** In what share of experiments the difference would be told. Default 0.8. */
  readonly power?: number;
}

/**
 * The true mean difference that `n` seeds would tell from 0 with the given power, `(t_{1 - alpha/2} + t_{power}) sd / sqrt(n)`, both t of n - 1
 * degrees. That is a paired t test's to within 5 per cent, and the sign-flip test's nearly (Cohen 1988, "Statistical power
 * analysis", takes z for both).
 *
 * @param sd standard deviation of the paired differences, at least 0
 * @param n integer from 2
 * @throws ValueError for any other
 */
export function tellableDifference(sd: number, n: number, { alpha = 0.05, power = 0.8 }: PowerOptions = {}): number {
  if (!(sd >= 0)) throw new ValueError(`power: the standard deviation is ${sd}, must be at least 0`);
  if (!Number.isSafeInteger(n) || n < 2) throw new ValueError(`power: ${n} seeds, must be an integer from 2`);
  mustBeLevel("power", alpha);
  mustBeLevel("power", power);
  return ((studentQuantile(1 - alpha / 2, n - 1) + studentQuantile(power, n - 1)) * sd) / Math.sqrt(n);
}
