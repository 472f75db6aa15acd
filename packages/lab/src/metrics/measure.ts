/**
 * The measures: what tables, comparisons and protocols know by name. Each makes one number of a life, or none where it does not
 * apply: no accuracy where the target is values, no forgetting where tasks have no tests of their own.
 *
 * A life that diverged has no number for what is said of a whole life. Its accuracy up to there would flatter it.
 */
import { ValueError } from "plastica";
import { didYouMean } from "../options/nearest.ts";
import { type EndRecord, meanDormant, type WindowRecord } from "../runs/record.ts";
import { areaUnderCurve } from "./area.ts";
import { calibrationError } from "./calibration.ts";
import { kappa } from "./confusion.ts";
import { costOf } from "./cost.ts";
import { examplesToCriterion } from "./criterion.ts";
import { accuracies, type Better, bestOf, endOf, firstOf, losses, onlineMean, type Point } from "./curve.ts";
import { forgetting } from "./forgetting.ts";
import { largestFall } from "./largest-fall.ts";
import { type AccuracyMatrix, accuracyMatrix, averageAccuracy, hasTasks } from "./matrix.ts";
import { regret } from "./regret.ts";
import { backwardTransfer } from "./transfer.ts";
import type { Unit } from "./unit.ts";
import { hasWorstMoment, worstMoment } from "./worst-moment.ts";

/** What a life left behind. */
export interface Life {
  readonly windows: readonly WindowRecord[];
  /** Absent while it lasts. */
  readonly end?: EndRecord;
  /** The windows of a network trained afresh in each task, on the same examples. Absent where there is none. */
  readonly afresh?: readonly WindowRecord[];
}

export interface Measure {
  /** In kebab case: what recipes, protocols and commands say. */
  readonly name: string;
  /** What tables say. */
  readonly title: string;
  readonly unit: Unit;
  readonly better: Better;
  /** The life's number; undefined where there is none. */
  of(life: Life): number | undefined;
}

type Of = Measure["of"];

/** By name, in the order of tables: online, on tests, predictions at the end, cost. */
export const measures: Readonly<Record<string, Measure>> = Object.fromEntries(
  [
    measure("online-accuracy", "Online accuracy", "share", "higher", whole(online(accuracies, onlineMean))),
    measure("first-accuracy", "First window's accuracy", "share", "higher", online(accuracies, firstOf)),
    measure("best-accuracy", "Best window's accuracy", "share", "higher", online(accuracies, highest)),
    measure("end-accuracy", "Accuracy at the end", "share", "higher", whole(online(accuracies, endOf))),
    measure("online-loss", "Online loss", "loss", "lower", whole(online(losses, onlineMean))),
    measure("first-loss", "First window's loss", "loss", "lower", online(losses, firstOf)),
    measure("least-loss", "Best window's loss", "loss", "lower", online(losses, lowest)),
    measure("end-loss", "Loss at the end", "loss", "lower", whole(online(losses, endOf))),
    measure("regret", "Regret against afresh", "points", "lower", whole(againstAfresh)),
    measure("average-accuracy", "Average accuracy", "share", "higher", whole(tested(1, averageAccuracy))),
    measure("forgetting", "Forgetting", "points", "lower", whole(tested(2, forgetting))),
    measure("backward-transfer", "Backward transfer", "points", "higher", whole(tested(2, backwardTransfer))),
    measure("worst-moment", "Worst moment", "share", "higher", whole(worst)),
    measure(
      "largest-fall",
      "Largest fall",
      "points",
      "lower",
      whole(({ windows }) => largestFall(windows)),
    ),
    measure(
      "area-under-curve",
      "Area under the curve",
      "share",
      "higher",
      whole(({ windows, end }) => areaUnderCurve(windows, end !== undefined)),
    ),
    measure(
      "calibration-error",
      "Calibration error",
      "points",
      "lower",
      whole(({ end }) => end?.calibration && calibrationError(end.calibration)),
    ),
    measure(
      "kappa",
      "Kappa",
      "coefficient",
      "higher",
      whole(({ end }) => end?.confusion && kappa(end.confusion)),
    ),
    measure(
      "parameters",
      "Parameters at the end",
      "count",
      "lower",
      ({ windows }) => costOf(windows, "parameters")?.final,
    ),
    measure(
      "operations",
      "Operations a prediction",
      "operations",
      "lower",
      ({ windows }) => costOf(windows, "operations")?.mean,
    ),
    measure("bytes", "Bytes at the most", "bytes", "lower", ({ windows }) => costOf(windows, "bytes")?.peak),
    measure("dormant", "Dormant at the end", "share", "lower", whole(dormantAtEnd)),
  ].map((each) => [each.name, each]),
);

/** `examples-to-accuracy-0.9`: examples until a window's accuracy was at least 0.9; the same with a loss, at most. */
const CRITERION = /^examples-to-(accuracy|loss)-(\d+(?:\.\d+)?)$/;

/**
 * The measure of that name; of the form `examples-to-accuracy-LEVEL` or `examples-to-loss-LEVEL` there is one for any level.
 *
 * @throws ValueError, with the nearest name, for a name that no measure has
 */
export function measureNamed(name: string): Measure {
  if (Object.hasOwn(measures, name)) return measures[name];
  const [, what, level] = CRITERION.exec(name) ?? [];
  if (what !== undefined) return criterion(name, what === "accuracy", Number(level));
  const names = [...Object.keys(measures), "examples-to-accuracy-0.9", "examples-to-loss-0.1"];
  throw new ValueError(`no measure "${name}"${didYouMean(name, names)} (known: ${names.join(", ")})`);
}

function criterion(name: string, accuracy: boolean, level: number): Measure {
  const better = accuracy ? "higher" : "lower";
  const title = `Examples to ${accuracy ? "accuracy" : "loss"} ${level}`;
  return measure(name, title, "examples", "lower", ({ windows }) => {
    const curve = (accuracy ? accuracies : losses)(windows);
    return curve && examplesToCriterion(curve, { level, better });
  });
}

/** An example; none where the lives have different windows, since one of them goes on. */
function againstAfresh({ windows, afresh }: Life): number | undefined {
  if (afresh === undefined || afresh.length !== windows.length || windows[0]?.accuracy === undefined) return undefined;
  return regret(windows, afresh).mean;
}

function measure(name: string, title: string, unit: Unit, better: Better, of: Of): Measure {
  return {
    name,
    title,
    unit,
    better,
    of(life) {
      const value = of(life);
      return value !== undefined && Number.isFinite(value) ? value : undefined;
    },
  };
}

/** None of a life that diverged. */
function whole(of: Of): Of {
  return (life) => (life.end?.diverged === undefined ? of(life) : undefined);
}

function online(curve: typeof losses, number: (points: readonly Point[]) => number): Of {
  return ({ windows }) => {
    const points = curve(windows);
    return points && number(points);
  };
}

function highest(curve: readonly Point[]): number {
  return bestOf(curve, "higher");
}

function lowest(curve: readonly Point[]): number {
  return bestOf(curve, "lower");
}

/** From the accuracy matrix; where tasks are compared with each other, they need test sets of their own. */
function tested(tasks: number, number: (matrix: AccuracyMatrix) => number): Of {
  return ({ windows }) => {
    const matrix = accuracyMatrix(windows);
    return matrix && (tasks === 1 || hasTasks(matrix, tasks)) ? number(matrix) : undefined;
  };
}

function worst({ windows }: Life): number | undefined {
  return hasWorstMoment(windows) ? worstMoment(windows) : undefined;
}

function dormantAtEnd({ windows }: Life): number | undefined {
  const last = windows.at(-1);
  return last === undefined || last.dormant.length === 0 ? undefined : meanDormant(last);
}
