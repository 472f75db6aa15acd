/**
 * Examples to criterion: how many it took to reach a level and keep it, the sample efficiency of learning ("trials to
 * criterion" in psychology). Lower is better.
 */
import { ValueError } from "plastica";
import { type Better, onlineMean, type Point } from "./curve.ts";

export interface Criterion {
  /** What is to be reached: an accuracy, or a loss. */
  readonly level: number;
  /** "higher" (default): at least the level; "lower": at most. */
  readonly better?: Better;
  /** For how many windows in a row, the first among them. Integer from 1. Default 1. */
  readonly hold?: number;
  /** Windows, the present and those before it, whose mean is taken; the first have fewer. Integer from 1. Default 1: as measured. */
  readonly smooth?: number;
}

/**
 * Examples up to the end of the first window that reaches the level and from which on it is kept for `hold` windows; undefined where
 * that never happened. Throws ValueError for an option out of range.
 */
export function examplesToCriterion(
  curve: readonly Point[],
  { level, better = "higher", hold = 1, smooth = 1 }: Criterion,
): number | undefined {
  if (!Number.isFinite(level)) throw new ValueError(`examples to criterion: level is ${level}, must be a number`);
  for (const [name, n] of Object.entries({ hold, smooth })) {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new ValueError(`examples to criterion: ${name} is ${n}, must be an integer from 1`);
    }
  }
  let [examples, held, reached] = [0, 0, 0];
  for (const [w, point] of curve.entries()) {
    examples += point.examples;
    const value = onlineMean(curve.slice(Math.max(0, w + 1 - smooth), w + 1));
    if (better === "higher" ? value < level : value > level) {
      held = 0;
      continue;
    }
    if (held === 0) reached = examples;
    if (++held === hold) return reached;
  }
  return undefined;
}
