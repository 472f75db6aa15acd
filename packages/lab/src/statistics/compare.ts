/**
 * Many methods side by side, each run with several seeds, by one measure: every method's numbers, every comparison's, and a sentence
 * for each. Plain data, as reports and `--json` give it.
 */
import { ValueError } from "plastica";
import type { Measure } from "../metrics/measure.ts";
import { didYouMean } from "../options/nearest.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { type Difference, differenceBetween, type Group, valuesBySeed } from "./comparison.ts";
import { holm } from "./holm.ts";
import { type Interval, interquartileMean, mean, mustBeLevel, standardError, studentInterval } from "./sample.ts";
import { type Outcome, outcomeOf, verdict } from "./verdict.ts";

export interface CompareOptions {
  /** What the values are: its direction and unit make the words. */
  readonly measure: Pick<Measure, "better" | "unit">;
  /** Chance of one false difference or more among all comparisons, between 0 and 1. Default 0.05; intervals are of 1 - alpha. */
  readonly alpha?: number;
  /**
   * "all" (default): each with each other. "best": each with the one of the best mean; corrected for all pairs nevertheless, since
   * which one is best was read off the same values. A group's name: each with that one.
   */
  readonly against?: string;
}

/** A method's numbers. Those that its values are too few for are absent: one has no spread, none has no mean. */
export interface GroupSummary {
  readonly name: string;
  /** Seeds with a value. */
  readonly n: number;
  /** Seeds without: their runs diverged, or the measure does not apply. */
  readonly without: readonly number[];
  readonly mean?: number;
  /** Standard error of the mean. */
  readonly se?: number;
  /** Student's interval of the mean. */
  readonly ci?: Interval;
  /** Interquartile mean, and its bootstrap interval (percentile). */
  readonly iqm?: number;
  readonly iqmCi?: Interval;
  readonly min?: number;
  readonly max?: number;
}

/** Two methods held against each other. */
export interface ComparedPair extends Difference {
  /** The p to go by: corrected for `family` comparisons (Holm). */
  readonly adjusted: number;
  readonly family: number;
  readonly outcome: Outcome;
  /** `outcome`, in words. */
  readonly verdict: string;
}

export interface Comparisons {
  readonly alpha: number;
  /** In the order given. */
  readonly groups: readonly GroupSummary[];
  readonly comparisons: readonly ComparedPair[];
}

/**
 * Compares groups. What comes out depends on names, seeds and values alone: not on the order of seeds, nor on when or where.
 *
 * Throws ValueError for no group, a name that is there twice, a seed that is twice in a group, an alpha out of range, or a group to
 * compare against that is not there.
 */
export function compare(
  groups: readonly Group[],
  { measure, alpha = 0.05, against = "all" }: CompareOptions,
): Comparisons {
  mustBeLevel("compare: alpha", alpha);
  mustBeNamed(groups);
  const summaries = groups.map((group) => summaryOf(group, alpha));
  const center = centerOf(summaries, measure, against);
  const named = against !== "all" && against !== "best";
  const pairs = named
    ? groups.filter(({ name }) => name !== center).map((group) => [group, groups.find(({ name }) => name === center)!])
    : groups.flatMap((a, i) => groups.slice(i + 1).map((b) => [a, b]));
  const found = pairs.map(([a, b]) => differenceBetween(a, b, alpha));
  const adjusted = holm(found.map(({ p }) => p));
  const left = adjusted.filter((p) => p > alpha).length;
  const comparisons = found.map((difference, i): ComparedPair => {
    const standing = { adjusted: adjusted[i], family: found.length, left, alpha };
    return {
      ...difference,
      adjusted: adjusted[i],
      family: found.length,
      outcome: outcomeOf(difference, measure, standing),
      verdict: verdict(difference, measure, standing),
    };
  });
  return {
    alpha,
    groups: summaries,
    comparisons: against === "best" ? comparisons.filter(({ a, b }) => a === center || b === center) : comparisons,
  };
}

function summaryOf(group: Group, alpha: number): GroupSummary {
  const bySeed = valuesBySeed(group);
  const values = [...bySeed].sort(([a], [b]) => a - b).map(([, value]) => value);
  const without = group.values.flatMap(({ seed }) => (bySeed.has(seed) ? [] : [seed])).sort((a, b) => a - b);
  const { name } = group;
  if (values.length === 0) return { name, n: 0, without };
  const level = 1 - alpha;
  return {
    name,
    n: values.length,
    without,
    mean: mean(values),
    ...(values.length > 1 ? { se: standardError(values), ci: studentInterval(values, level) } : {}),
    iqm: interquartileMean(values),
    ...(values.length > 1
      ? { iqmCi: bootstrapInterval(values, interquartileMean, { level, method: "percentile" }) }
      : {}),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** The name that others are held against: the best mean, or the one asked for. */
function centerOf(
  summaries: readonly GroupSummary[],
  { better }: Pick<Measure, "better">,
  against: string,
): string | undefined {
  const names = summaries.map(({ name }) => name);
  if (against === "all") return undefined;
  if (against !== "best") {
    if (names.includes(against)) return against;
    throw new ValueError(
      `compare: no group "${against}"${didYouMean(against, names)} (there are: ${names.join(", ")}; or "all", "best")`,
    );
  }
  const sign = better === "higher" ? 1 : -1;
  const rated = summaries.filter(({ mean }) => mean !== undefined);
  return rated.reduce<GroupSummary | undefined>(
    (best, each) => (best === undefined || sign * (each.mean! - best.mean!) > 0 ? each : best),
    undefined,
  )?.name;
}

function mustBeNamed(groups: readonly Group[]): void {
  if (groups.length === 0) throw new ValueError("compare: no groups, must be at least one");
  const names = groups.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ValueError(`compare: two groups are named "${twice}", names must differ`);
}
