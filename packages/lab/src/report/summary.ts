/** What became of each learner, in the few numbers that the sentences, the tables and the terminal show. */
import { accuracies, type Better, bestOf, endWindows, firstOf, losses, onlineMean } from "../metrics/curve.ts";
import { formatted } from "../metrics/unit.ts";
import { meanDormant } from "../runs/record.ts";
import type { LearnerState } from "../runs/run.ts";
import { type Course, courseOf } from "./course.ts";

export interface Summary {
  /** What the numbers are of: accuracy where the target is a class, else the loss. */
  readonly course: Course;
  readonly windows: number;
  /** In the first window. */
  readonly first: number;
  /** The best window, from 0, and its value. */
  readonly bestWindow: number;
  readonly best: number;
  /** Mean over the last `endWindows` windows: one alone is too noisy to end on. */
  readonly end: number;
  readonly endWindows: number;
  /** The best such mean of consecutive windows: what `end` may be held against without the luck of a single one. */
  readonly bestMean: number;
  /** Share of dormant neurons when the last window began; undefined where there is no hidden layer. */
  readonly dormant: number | undefined;
  readonly births: number;
  readonly deaths: number;
  readonly seconds: number;
  readonly fingerprint: string | undefined;
  /** Where the life diverged, and ended: the example, from 0. Absent where it did not. */
  readonly diverged?: number;
}

/** The summary of a learner that has finished at least one window; undefined for one that has not. */
export function summaryOf({
  windows,
  end,
  timing,
}: Pick<LearnerState, "windows" | "end" | "timing">): Summary | undefined {
  const last = windows.at(-1);
  const curve = accuracies(windows) ?? losses(windows);
  if (last === undefined || curve === undefined) return undefined;
  const course = courseOf([windows]);
  const best = bestOf(curve, betterOf(course));
  const several = endWindows(curve.length);
  const means = curve
    .slice(several - 1)
    .map((_, i) => ({ examples: 1, value: onlineMean(curve.slice(i, i + several)) }));
  return {
    course,
    windows: windows.length,
    first: firstOf(curve),
    bestWindow: curve.findIndex(({ value }) => value === best),
    best,
    end: means[means.length - 1].value,
    endWindows: several,
    bestMean: bestOf(means, betterOf(course)),
    dormant: last.dormant.length === 0 ? undefined : meanDormant(last),
    births: last.births,
    deaths: last.deaths,
    seconds: (timing?.seconds ?? []).reduce((sum, s) => sum + s, 0),
    fingerprint: end?.fingerprint,
    ...(end?.diverged === undefined ? {} : { diverged: end.diverged }),
  };
}

/** Which direction of what is drawn is an improvement. */
export function betterOf({ quantity }: Course): Better {
  return quantity === "accuracy" ? "higher" : "lower";
}

/** A value of what is drawn, for a reader: "93.4 %", or "0.3021". */
export function reading({ unit }: Course, value: number): string {
  return formatted({ unit }, value);
}
