/** What a handful of numbers, one a seed, says of all seeds: mean, spread, how sure the mean is. */
import { ValueError } from "plastica";
import * as simple from "simple-statistics";
import { studentQuantile } from "./distributions.ts";

/** From `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Throws ValueError for no values. */
export function mean(values: readonly number[]): number {
  mustHave("mean", values, 1);
  return simple.mean(values);
}

/** Of the population that the sample is from: `sqrt(sum (x - mean)^2 / (n - 1))`. Throws ValueError for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  mustHave("standard deviation", values, 2);
  return simple.sampleStandardDeviation(values);
}

/** Of the mean: `standardDeviation / sqrt(n)`. Throws ValueError for fewer than two values. */
export function standardError(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length);
}

/**
 * Student's confidence interval of the mean, `mean +- t_{(1 + level) / 2, n - 1} se`. Exact for values from a normal distribution, close
 * for others unless they are few and skewed. Student 1908, doi:10.1093/biomet/6.1.1.
 *
 * @param level between 0 and 1. Default 0.95
 * @throws ValueError for fewer than two values, or a level out of range
 */
export function studentInterval(values: readonly number[], level = 0.95): Interval {
  mustBeLevel("Student's interval", level);
  const [middle, error] = [mean(values), standardError(values)];
  const reach = studentQuantile((1 + level) / 2, values.length - 1) * error;
  return { low: middle - reach, high: middle + reach };
}

/**
 * The interquartile mean: the mean of what is left when a quarter of the values, rounded down, is taken away at each end. Hardly
 * moved by a lucky or a ruined seed, and steadier than the median. Agarwal et al. 2021, arXiv 2108.13264, whose program rounds so
 * too; of three values or fewer it is the mean.
 *
 * Throws ValueError for no values.
 */
export function interquartileMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 4);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}

/** Throws ValueError unless there are at least `least` values, all of them finite. */
export function mustHave(what: string, values: readonly number[], least: number): void {
  if (values.length < least) {
    throw new ValueError(`${what}: of ${values.length} values, must be of at least ${least}`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ValueError(`${what}: value ${bad} is ${values[bad]}, must be a finite number`);
}

/** Throws ValueError unless `level` is between 0 and 1. */
export function mustBeLevel(what: string, level: number): void {
  if (level > 0 && level < 1) return;
  throw new ValueError(`${what}: the level is ${level}, must be between 0 and 1, both excluded`);
}
