/**
 * The area under the curve of what is known so far: high for who learns early and keeps it.
 *
 * The area under the curve of online accuracy, normalised by the number of examples, is the online accuracy itself
 * (`onlineMean`), so what is measured here is the curve of tests.
 */
import type { WindowRecord } from "../runs/record.ts";
import { onlineMean, type Point } from "./curve.ts";
import { type AccuracyMatrix, averageAccuracies, meanOf } from "./matrix.ts";

/**
 * Area under the curve of test accuracy over examples, `sum_w n_w a_w / sum_w n_w`, where `a_w` is the mean accuracy at the end of window
 * `w` on the test sets of the tasks begun so far; on all of them in a life of one task (joint training). From 0 to 1, higher is better.
 * Undefined where a window was not tested.
 *
 * Koh et al. 2022, arXiv 2110.10031 (`A_AUC`, there not divided by the examples). The finer the windows, the truer.
 *
 * @param ended whether the windows are all of the life. If not, it is undefined as long as all are of the first task and there are
 *   several test sets, since these may be of tasks to come. Default true
 */
export function areaUnderCurve(windows: readonly WindowRecord[], ended = true): number | undefined {
  const single = windows.every(({ task }) => task === 0);
  if (single && !ended && windows.some(({ tests = [] }) => tests.length > 1)) return undefined;
  const curve = windows.flatMap(({ examples, task, tests, accuracy }): Point[] => {
    if (accuracy === undefined || tests === undefined || tests.length === 0) return [];
    return [{ examples, value: meanOf(single ? tests : tests.slice(0, task + 1)) }];
  });
  return curve.length === 0 || curve.length < windows.length ? undefined : onlineMean(curve);
}

/**
 * Average incremental accuracy, `mean_i A_i` with `A_i = mean_{j <= i} R[i][j]`: the same area over tasks, each weighed alike. From 0 to 1,
 * higher is better. Rebuffi et al. 2017, arXiv 1611.07725. Some leave out the first task, which is not incremental; here it counts.
 *
 * Throws ValueError unless each task has a test set.
 */
export function averageIncrementalAccuracy(matrix: AccuracyMatrix): number {
  return meanOf(averageAccuracies(matrix));
}
