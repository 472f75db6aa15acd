/** Two groups of runs held against each other: by how much they differ, how sure that is, and what may be said. */
import { ValueError } from "plastica";
import { bootstrapInterval } from "./bootstrap.ts";
import { permutationTest, welch } from "./permutation.ts";
import { tellableDifference } from "./power.ts";
import { type Interval, mean, standardDeviation } from "./sample.ts";
import { signFlipTest } from "./sign-flip.ts";

/** What one seed came to; undefined, or not finite, where it came to nothing (it diverged, or the measure does not apply). */
export interface SeedValue {
  readonly seed: number;
  readonly value: number | undefined;
}

/** The runs of one method. */
export interface Group {
  readonly name: string;
  readonly values: readonly SeedValue[];
}

/** The numbers of a comparison, as found; plain data. */
export interface Difference {
  /** The names of the groups. Differences are `a - b`. */
  readonly a: string;
  readonly b: string;
  /** Seed by seed, over the seeds of both; else group against group. */
  readonly paired: boolean;
  /** Values that took part. Paired, as many of both. */
  readonly n: readonly [number, number];
  /** All seeds, with a value or without. */
  readonly given: readonly [number, number];
  /** Seeds that came to nothing. */
  readonly without: readonly [number, number];
  /** Seeds that have a value, but no partner: left out of a paired comparison. */
  readonly unmatched: readonly [number, number];
  /** Mean of a less mean of b; undefined where one has no value. */
  readonly difference?: number;
  /** Of the difference: paired, bootstrap (BCa); unpaired, Welch's. Not corrected for many comparisons. Absent for one seed. */
  readonly interval?: Interval;
  /** Of the sign-flip test, or the permutation test; 1 where there are too few values for one. */
  readonly p: number;
  /** The smallest p that so many seeds can give. */
  readonly least: number;
  /** The true difference that so many seeds would tell four times in five, spread as they are. Paired alone. */
  readonly tellable?: number;
  /** All seeds of both gave the same. */
  readonly same: boolean;
}

/**
 * Holds `a` against `b`. Paired where at least half of the seeds of the larger group are in both, whether they came to a value or not:
 * seeds that share a stream and initial weights differ less. Else unpaired, over all values.
 *
 * @param alpha the test's level, between 0 and 1; the interval's is 1 - alpha. Default 0.05
 * @throws ValueError for a seed that is twice in a group
 */
export function differenceBetween(a: Group, b: Group, alpha = 0.05): Difference {
  const [mapA, mapB] = [valuesBySeed(a), valuesBySeed(b)];
  const shared = [...mapA.keys()].filter((seed) => mapB.has(seed)).sort((x, y) => x - y);
  const inB = new Set(b.values.map(({ seed }) => seed));
  const common = a.values.filter(({ seed }) => inB.has(seed)).length;
  const paired = common * 2 >= Math.max(a.values.length, b.values.length, 1);
  const seedsA = paired ? shared : [...mapA.keys()];
  const seedsB = paired ? shared : [...mapB.keys()];
  const valuesA = seedsA.map((seed) => mapA.get(seed)!);
  const valuesB = seedsB.map((seed) => mapB.get(seed)!);
  const known = {
    a: a.name,
    b: b.name,
    paired,
    n: [valuesA.length, valuesB.length],
    without: [a.values.length - mapA.size, b.values.length - mapB.size],
    given: [a.values.length, b.values.length],
    unmatched: [mapA.size - valuesA.length, mapB.size - valuesB.length],
  } as const;
  if (valuesA.length === 0 || valuesB.length === 0) return { ...known, p: 1, least: 1, same: false };
  return { ...known, ...(paired ? pairedNumbers(valuesA, valuesB, alpha) : unpairedNumbers(valuesA, valuesB, alpha)) };
}

/** The values that there are, by seed. */
export function valuesBySeed({ name, values }: Group): Map<number, number> {
  const found = new Map<number, number>();
  const seen = new Set<number>();
  for (const { seed, value } of values) {
    if (seen.has(seed)) throw new ValueError(`group "${name}": seed ${seed} is there twice, must be there once`);
    seen.add(seed);
    if (value !== undefined && Number.isFinite(value)) found.set(seed, value);
  }
  return found;
}

type Numbers = Pick<Difference, "difference" | "interval" | "p" | "least" | "tellable" | "same">;

function pairedNumbers(a: readonly number[], b: readonly number[], alpha: number): Numbers {
  const differences = a.map((value, i) => value - b[i]);
  const { p, least } = signFlipTest(differences);
  const numbers = { difference: mean(differences), p, least, same: differences.every((d) => d === 0) };
  if (differences.length < 2) return numbers;
  return {
    ...numbers,
    interval: bootstrapInterval(differences, mean, { level: 1 - alpha }),
    tellable: tellableDifference(standardDeviation(differences), differences.length, { alpha }),
  };
}

function unpairedNumbers(a: readonly number[], b: readonly number[], alpha: number): Numbers {
  const difference = mean(a) - mean(b);
  const same = [...a, ...b].every((value) => value === a[0]);
  if (a.length < 2 || b.length < 2) return { difference, p: 1, least: 1, same };
  const { p, least } = permutationTest(a, b);
  return { difference, interval: welch(a, b, 1 - alpha).interval, p, least, same };
}
