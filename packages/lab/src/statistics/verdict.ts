/**
 * What a comparison comes to, in words: who is better and by how much, or that it cannot be told, or that there were too few seeds
 * to tell anything. A difference is only called one where the corrected p is at most the level.
 */
import type { Measure } from "../metrics/measure.ts";
import { differenceText } from "../metrics/unit.ts";
import { capital, count, several } from "../report/numbers.ts";
import type { Difference } from "./comparison.ts";

/**
 * "a" or "b": that one is better. "survivors": one is ahead, but more of its seeds than of the other's came to nothing, and what is said
 * of the rest is not said of the method. "same": all seeds gave the same. "untold": no difference was told. "too few": none could be.
 */
export type Outcome = "a" | "b" | "survivors" | "same" | "untold" | "too few";

/** How a difference stands among the comparisons that were made with it. */
export interface Standing {
  /** Corrected for `family` comparisons. */
  readonly adjusted: number;
  readonly family: number;
  /** Comparisons of these that were not told. Holm's correction multiplies the smallest p among them by so many, and others by fewer. */
  readonly left: number;
  readonly alpha: number;
}

type Direction = Pick<Measure, "better" | "unit">;

export function outcomeOf(difference: Difference, { better }: Pick<Measure, "better">, standing: Standing): Outcome {
  const { adjusted, left, alpha } = standing;
  const by = difference.difference;
  if (by !== undefined && by !== 0 && adjusted <= alpha) {
    const [ahead, behind] = by > 0 === (better === "higher") ? [0, 1] : [1, 0];
    if (difference.without[ahead] > difference.without[behind]) return "survivors";
    return ahead === 0 ? "a" : "b";
  }
  if (difference.same) return "same";
  return difference.least * left > alpha ? "too few" : "untold";
}

/** One sentence, and another where seeds were left out of what it says. */
export function verdict(difference: Difference, measure: Direction, standing: Standing): string {
  const told = sentence(difference, measure, standing);
  if (outcomeOf(difference, measure, standing) === "too few") return told; // so it is one sentence for all that it is said of
  return [told, ...leftOut(difference)].join(" ");
}

function sentence(found: Difference, measure: Direction, standing: Standing): string {
  const { a, b, n, difference } = found;
  if (difference === undefined) return `${a} and ${b} cannot be compared: ${why(absent(found))}.`;
  // Told from the side of the one that is ahead, so that differences read as advantages.
  const [ahead, behind] = difference > 0 === (measure.better === "higher") ? [a, b] : [b, a];
  switch (outcomeOf(found, measure, standing)) {
    case "a":
    case "b":
      return `${ahead} is better than ${behind} by ${advantage(found, measure)} (${[...interval(found, measure, standing), seedsOf(found), chance(standing)].join(", ")}).`;
    case "survivors": {
      const i = ahead === a ? 0 : 1;
      const told = [...interval(found, measure, standing), seedsOf(found), chance(standing)].join(", ");
      return `${ahead} is ahead of ${behind} by ${advantage(found, measure)} (${told}), but only among the seeds that came to a value: ${count(found.without[i])} of ${count(found.given[i])} of ${ahead} did not.`;
    }
    case "same":
      return `${a} and ${b} gave the same with each of ${seedsOf(found)}.`;
    case "untold": {
      const told = [`difference ${advantage(found, measure)}`, ...interval(found, measure, standing), chance(standing)];
      return `${subject(found)} cannot tell ${ahead} and ${behind} apart (${told.join(", ")}).`;
    }
    default: {
      const among = standing.family === 1 ? "" : ` in ${count(standing.family)} comparisons`;
      const needed = found.paired ? `: at least ${seedsNeeded(standing)} are needed` : "";
      const verb = found.paired && n[0] === 1 ? "is" : "are";
      return `${subject(found)} ${verb} too few to tell anything at ${perCent(standing.alpha)}${among}${needed}.`;
    }
  }
}

/** The difference, with its unit, as the one ahead would tell it. */
function advantage(found: Difference, measure: Direction): string {
  return written(found, measure).difference;
}

/** "95 % CI 0.8 to 1.6"; none of a single seed. */
function interval(found: Difference, measure: Direction, { alpha }: Standing): string[] {
  return found.interval === undefined ? [] : [`${perCent(1 - alpha)} CI ${written(found, measure).interval}`];
}

function written({ difference = 0, interval = { low: difference, high: difference } }: Difference, measure: Direction) {
  const { low, high } = interval;
  return difference < 0
    ? differenceText(measure, -difference, { low: -high, high: -low })
    : differenceText(measure, difference, { low, high });
}

/** "one seed", "20 seeds", or "20 and 18 seeds, not paired". */
function seedsOf({ paired, n: [a, b] }: Difference): string {
  return paired ? several(a, "seed") : `${count(a)} and ${count(b)} seeds, not paired`;
}

/** The same where a verb follows. */
function subject(found: Difference): string {
  return `${capital(seedsOf(found))}${found.paired ? "" : ","}`;
}

function chance({ adjusted, family }: Standing): string {
  const p = adjusted < 0.0001 ? "p < 0.0001" : `p = ${Number(adjusted.toFixed(4))}`;
  return family === 1 ? p : `${p} corrected for ${count(family)} comparisons`;
}

/** The fewest pairs whose smallest p, corrected, is at most the level: 2^(1-n) left <= alpha. */
function seedsNeeded({ left, alpha }: Standing): number {
  let needed = 1;
  for (let least = left; least > alpha; least /= 2) needed++;
  return needed;
}

/** "5 %", with a space that does not break. */
function perCent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}\u00a0%`;
}

function leftOut(found: Difference): string[] {
  if (found.difference === undefined) return [];
  const { without, unmatched } = found;
  const names = [found.a, found.b];
  const parts = names.flatMap((name, i) => [
    ...(without[i] === 0 ? [] : [`${several(without[i], "seed")} of ${name} without a value`]),
    ...(unmatched[i] === 0 ? [] : [`${several(unmatched[i], "seed")} of ${name} without a partner`]),
  ]);
  return parts.length === 0 ? [] : [`Left out: ${parts.join(", ")}.`];
}

function absent({ a, b, given, without }: Difference): string[] {
  return [a, b].filter((_, i) => without[i] === given[i]);
}

function why(absent: readonly string[]): string {
  if (absent.length === 0) return "no seed came to a value with both";
  return absent.length === 2 ? `${absent.join(" and ")} have no value` : `${absent[0]} has no value`;
}
