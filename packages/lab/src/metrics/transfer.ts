/**
 * Transfer: what learning a task does for the tasks before it and for those to come. From -1 to 1, higher is better.
 * Lopez-Paz and Ranzato 2017, arXiv 1706.08840.
 */
import { ValueError } from "plastica";
import { type AccuracyMatrix, meanOf, mustHaveTasks } from "./matrix.ts";

/**
 * Backward transfer, `BWT = mean_{j < T-1} ( R[T-1][j] - R[j][j] )`: how each earlier task stands at the end, against right after it was
 * learned. Below 0 is forgetting.
 *
 * Throws ValueError unless there are at least two tasks with a test set each.
 */
export function backwardTransfer(matrix: AccuracyMatrix): number {
  mustHaveTasks("backward transfer", matrix, 2);
  const last = matrix.length - 1;
  return meanOf(matrix.slice(0, last).map((row, j) => matrix[last][j] - row[j]));
}

/**
 * Forward transfer, `FWT = mean_{j > 0} ( R[j-1][j] - b_j )`: how each task stands right before it is learned, against a network that has
 * learned nothing.
 *
 * @param untrained `b`: the accuracy on each test set at random initialisation. A mean over several is steadier than one.
 * @throws ValueError unless there are at least two tasks with a test set each, and a `b` for each set
 */
export function forwardTransfer(matrix: AccuracyMatrix, untrained: readonly number[]): number {
  mustHaveTasks("forward transfer", matrix, 2);
  if (untrained.length !== matrix[0].length) {
    throw new ValueError(
      `forward transfer: ${untrained.length} accuracies at initialisation, must be ${matrix[0].length}, one a test set`,
    );
  }
  return meanOf(matrix.slice(1).map((_, i) => matrix[i][i + 1] - untrained[i + 1]));
}
