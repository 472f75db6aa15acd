/**
 * A life as a curve: one number for each window, with the number of examples it stands for. What is online is measured before
 * learning: each example is a test first and a lesson after ("prequential", Dawid 1984; Gama, Sebastião and Rodrigues 2013,
 * doi:10.1007/s10994-012-5320-9).
 */
import type { WindowRecord } from "../runs/record.ts";

/** Which direction is an improvement. */
export type Better = "higher" | "lower";

/** A window's share of a curve. */
export interface Point {
  readonly examples: number;
  readonly value: number;
}

/** The online accuracy of each window, from 0 to 1; undefined where the target is values, or there is no window. */
export function accuracies(windows: readonly WindowRecord[]): Point[] | undefined {
  const points = windows.flatMap(({ examples, accuracy }) =>
    accuracy === undefined ? [] : [{ examples, value: accuracy }],
  );
  return points.length > 0 && points.length === windows.length ? points : undefined;
}

/** The online loss of each window, in the loss's own unit; undefined where there is no window. */
export function losses(windows: readonly WindowRecord[]): Point[] | undefined {
  return windows.length === 0 ? undefined : windows.map(({ examples, loss }) => ({ examples, value: loss }));
}

/**
 * The mean over examples: `sum_w n_w v_w / sum_w n_w`. Of accuracies this is the online accuracy, of losses the online loss.
 *
 * Papers that average over tasks, such as Dohare et al. 2024, arXiv 2306.13812, get the same where tasks are of one length.
 */
export function onlineMean(curve: readonly Point[]): number {
  let [sum, examples] = [0, 0];
  for (const point of curve) {
    sum += point.examples * point.value;
    examples += point.examples;
  }
  return sum / examples;
}

/** The value of the first window: how well it learned while it was new. */
export function firstOf(curve: readonly Point[]): number {
  return curve[0].value;
}

/** The value of the best window: the highest accuracy, the least loss. */
export function bestOf(curve: readonly Point[], better: Better): number {
  const values = curve.map(({ value }) => value);
  return better === "higher" ? values.reduce((a, b) => Math.max(a, b)) : values.reduce((a, b) => Math.min(a, b));
}

/** How many windows the end is: a quarter of them, at least one and at most five. One alone is too noisy to end on. */
export function endWindows(windows: number): number {
  return Math.max(1, Math.min(5, Math.floor(windows / 4)));
}

/** The mean over the examples of the last `endWindows` windows: how well it learned when it was old. */
export function endOf(curve: readonly Point[]): number {
  return onlineMean(curve.slice(-endWindows(curve.length)));
}
