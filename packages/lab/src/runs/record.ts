/** What a life leaves of each task, and how it is read back. */
import { readEvents } from "./events.ts";
import { eventsPath } from "./paths.ts";

/** What is written of each task. */
export interface TaskRecord {
  /** From 0. */
  readonly task: number;
  readonly examples: number;
  /** Share of predictions, made before learning, that were right: 0 to 1. */
  readonly accuracy: number;
  /** Mean loss in nats; null when it was not finite. */
  readonly loss: number | null;
  /** Share of dormant neurons in each hidden layer when the task began, 0 to 1. */
  readonly dormant: number[];
  /** Since the life began. */
  readonly births: number;
  readonly deaths: number;
}

/** The task records in a learner's log, in order. */
export function taskRecords(folder: string, name: string): TaskRecord[] {
  return readEvents(eventsPath(folder, name)).events.filter((event) => event.type === "task") as unknown as TaskRecord[];
}

/** The share of dormant neurons, the hidden layers weighed alike; 0 when there is none. */
export function meanDormant({ dormant }: Pick<TaskRecord, "dormant">): number {
  return dormant.length === 0 ? 0 : dormant.reduce((sum, share) => sum + share, 0) / dormant.length;
}
