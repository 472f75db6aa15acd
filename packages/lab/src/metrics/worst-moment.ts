/**
 * The worst moment: how low earlier tasks fell at any time since they were learned, even if they came back. Where a network drops
 * when a new task begins and then recovers, that is the stability gap, which tests at the ends of tasks do not see: it takes
 * windows finer than tasks. De Lange, van de Ven and Tuytelaars 2023, arXiv 2205.13452, who test after every update.
 */
import { ValueError } from "plastica";
import type { WindowRecord } from "../runs/record.ts";
import { accuracyMatrix, hasTasks, meanOf } from "./matrix.ts";

/**
 * Average minimum accuracy, `min-ACC = mean_{j < T-1} min_w tests_w[j]`, over the windows `w` that end after task `j` did. From 0 to
 * 1, higher is better. With tests at the ends of tasks alone it is an upper bound.
 *
 * Throws ValueError unless there are at least two tasks with a test set each, tested at the end of every window.
 */
export function worstMoment(windows: readonly WindowRecord[]): number {
  const tests = testsOf(windows);
  const earlier = Array.from({ length: windows[windows.length - 1].task }, (_, j) => j);
  return meanOf(
    earlier.map((j) => Math.min(...tests.filter((_, w) => windows[w].task > j).map((accuracies) => accuracies[j]))),
  );
}

/**
 * Worst-case accuracy, `WC-ACC = R[T-1][T-1] / T + (1 - 1/T) min-ACC`: the task at hand as it stands at the end, all others at their
 * worst. From 0 to 1, higher is better: plasticity and stability in one number. Throws as `worstMoment` does.
 */
export function worstCaseAccuracy(windows: readonly WindowRecord[]): number {
  const lowest = worstMoment(windows);
  const tasks = windows[windows.length - 1].task + 1;
  return testsOf(windows)[windows.length - 1][tasks - 1] / tasks + (1 - 1 / tasks) * lowest;
}

/** Whether a life can have a worst moment: two tasks with a test set each, tested at the end of every window. */
export function hasWorstMoment(windows: readonly WindowRecord[]): boolean {
  const matrix = accuracyMatrix(windows);
  return (
    matrix !== undefined &&
    hasTasks(matrix, 2) &&
    windows.every(({ tests }) => tests !== undefined && tests.length === matrix[0].length)
  );
}

function testsOf(windows: readonly WindowRecord[]): readonly number[][] {
  if (hasWorstMoment(windows)) return windows.map(({ tests }) => tests!);
  throw new ValueError(
    `worst moment: ${windows.length} windows up to task ${windows.at(-1)?.task ?? "none"}, must be of at least two tasks with a test set each, tested at the end of every window`,
  );
}
