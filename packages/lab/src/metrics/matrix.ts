/**
 * The accuracy matrix: `R[i][j]` is the accuracy on test set `j` after learning task `i`. Row by row it is what a life knew; down
 * a column, what became of one task. Lopez-Paz and Ranzato 2017, arXiv 1706.08840.
 *
 * Everything measured from it is from 0 to 1, or a difference of such. Below, `T` is the number of rows, that is of tasks lived.
 */
import { ValueError } from "plastica";
import type { WindowRecord } from "../runs/record.ts";

/** `[task][test set]`: a share of right predictions. */
export type AccuracyMatrix = readonly (readonly number[])[];

/**
 * The matrix of a life: its tests at the end of the last window of each task. Undefined where nothing was tested, where tests are
 * losses, and where a task had no window that ends in it.
 */
export function accuracyMatrix(windows: readonly WindowRecord[]): number[][] | undefined {
  const rows: number[][] = [];
  for (const [i, { task, tests, accuracy }] of windows.entries()) {
    if (windows[i + 1]?.task === task) continue;
    if (tests === undefined || accuracy === undefined || task !== rows.length) return undefined;
    rows.push(tests);
  }
  return rows.length === 0 || rows.some(({ length }) => length === 0) ? undefined : rows;
}

/**
 * Average accuracy, `ACC = mean_j R[T-1][j]`: the mean over all test sets at the end. Higher is better.
 *
 * Lopez-Paz and Ranzato 2017, who test on as many sets as there are tasks. Here one set for all, or several after a single task
 * (joint training), count as well. Before the life's end the sets of tasks to come are among them.
 */
export function averageAccuracy(matrix: AccuracyMatrix): number {
  mustBeMatrix("average accuracy", matrix);
  return meanOf(matrix[matrix.length - 1]);
}

/** The average accuracy after each task over the tasks so far, `A_i = mean_{j <= i} R[i][j]`. Chaudhry et al. 2018, arXiv 1801.10112. */
export function averageAccuracies(matrix: AccuracyMatrix): number[] {
  mustHaveTasks("average accuracies", matrix, 1);
  return matrix.map((row, i) => meanOf(row.slice(0, i + 1)));
}

/** Whether each of at least `tasks` tasks has a test set of its own, as what compares tasks with each other needs. */
export function hasTasks(matrix: AccuracyMatrix, tasks: number): boolean {
  return matrix.length >= tasks && matrix.every(({ length }) => length >= matrix.length && length === matrix[0].length);
}

/** Throws ValueError unless the matrix has at least `tasks` rows, each with a test set for each of them. */
export function mustHaveTasks(what: string, matrix: AccuracyMatrix, tasks: number): void {
  mustBeMatrix(what, matrix);
  if (hasTasks(matrix, tasks)) return;
  throw new ValueError(
    `${what}: the accuracy matrix has ${matrix.length} tasks and ${matrix[0].length} test sets, must have at least ${tasks} tasks and a test set for each`,
  );
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function mustBeMatrix(what: string, matrix: AccuracyMatrix): void {
  const lengths = matrix.map(({ length }) => length);
  if (lengths.length > 0 && lengths[0] > 0 && lengths.every((length) => length === lengths[0])) return;
  throw new ValueError(
    `${what}: the accuracy matrix has rows of ${lengths.join(", ") || "no"} test sets, must have at least one row, and all of one length`,
  );
}
