/** What became of each learner, in the few numbers that the sentences, the tables and the terminal show. */
import { meanDormant, type TaskRecord } from "../runs/record.ts";
import type { LearnerState } from "../runs/run.ts";

export interface Summary {
  readonly tasks: number;
  /** Accuracy in the first task. */
  readonly first: number;
  /** The best task, from 0, and its accuracy. */
  readonly peakTask: number;
  readonly peak: number;
  /** Mean accuracy of the last `endTasks` tasks: one task alone is too noisy to end on. */
  readonly end: number;
  readonly endTasks: number;
  /** The highest such mean of consecutive tasks: what `end` may be held against without the luck of a single task. */
  readonly bestMean: number;
  /** Share of dormant neurons when the last task began. */
  readonly dormant: number;
  readonly births: number;
  readonly deaths: number;
  readonly seconds: number;
  readonly fingerprint: string | undefined;
  /** Where the life diverged, and ended: the example, from 0. Absent where it did not. */
  readonly diverged?: number;
}

/** The summary of a learner that has finished at least one task; undefined for one that has not. */
export function summaryOf({
  tasks,
  fingerprint,
  timing,
  diverged,
}: Pick<LearnerState, "tasks" | "fingerprint" | "timing" | "diverged">): Summary | undefined {
  const last = tasks.at(-1);
  if (last === undefined) return undefined;
  const peakTask = tasks.reduce((best, record, i) => (record.accuracy > tasks[best].accuracy ? i : best), 0);
  const endTasks = Math.max(1, Math.min(5, Math.floor(tasks.length / 4)));
  return {
    tasks: tasks.length,
    first: tasks[0].accuracy,
    peakTask,
    peak: tasks[peakTask].accuracy,
    end: meanAccuracy(tasks.slice(-endTasks)),
    endTasks,
    bestMean: Math.max(...tasks.slice(endTasks - 1).map((_, i) => meanAccuracy(tasks.slice(i, i + endTasks)))),
    dormant: meanDormant(last),
    births: last.births,
    deaths: last.deaths,
    seconds: (timing?.seconds ?? []).reduce((sum, s) => sum + s, 0),
    fingerprint,
    ...(diverged === undefined ? {} : { diverged }),
  };
}

function meanAccuracy(tasks: readonly TaskRecord[]): number {
  return tasks.reduce((sum, { accuracy }) => sum + accuracy, 0) / tasks.length;
}
