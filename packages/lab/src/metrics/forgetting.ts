/**
 * Forgetting: how much lower each earlier task stands at the end than it ever stood.
 *
 *     F = mean_{j < T-1} ( max_{i < T-1} R[i][j] - R[T-1][j] )
 *
 * From -1 to 1, lower is better; below 0 tasks got better after their best. Chaudhry et al. 2018, arXiv 1801.10112, whose maximum
 * is over all earlier rows, those before the task was learned among them. Others take the row right after learning it, `R[j][j]`,
 * in its place: that is backward transfer with the other sign, and can only be less or the same.
 */
import { type AccuracyMatrix, meanOf, mustHaveTasks } from "./matrix.ts";

/** Throws ValueError unless there are at least two tasks with a test set each. */
export function forgetting(matrix: AccuracyMatrix): number {
  mustHaveTasks("forgetting", matrix, 2);
  const last = matrix.length - 1;
  const earlier = matrix.slice(0, last);
  return meanOf(earlier.map((_, j) => Math.max(...earlier.map((row) => row[j])) - matrix[last][j]));
}
