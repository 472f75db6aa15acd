/** What a life leaves of each task, and how it is read back. */
import type { LoggedEvent } from "./events.ts";

/** What is written of each task. */
export interface TaskRecord {
  /** From 0. */
  readonly task: number;
  readonly examples: number;
  /** Share of predictions, made before learning, that were right: 0 to 1. */
  readonly accuracy: number;
  /** Mean loss in nats. */
  readonly loss: number;
  /** Share of dormant neurons in each hidden layer when the task began, 0 to 1. */
  readonly dormant: number[];
  /** Since the life began. */
  readonly births: number;
  readonly deaths: number;
}

/** How a life ended: the log's last event. */
export interface EndRecord {
  /** How many were learned from. */
  readonly examples: number;
  readonly fingerprint: string;
  readonly births: number;
  readonly deaths: number;
  /** The example, from 0, at which the loss was no longer finite: the life ended there. Absent where it did not. */
  readonly diverged?: number;
}

/** The task records among a log's events, in order. */
export function taskRecords(events: readonly LoggedEvent[]): TaskRecord[] {
  return events.filter(({ type }) => type === "task") as unknown as TaskRecord[];
}

/** How the life ended; undefined while it has not. */
export function endRecord(events: readonly LoggedEvent[]): EndRecord | undefined {
  const last = events.at(-1);
  return last?.type === "ended" ? (last as unknown as EndRecord) : undefined;
}

/** The share of dormant neurons, the hidden layers weighed alike; 0 when there is none. */
export function meanDormant({ dormant }: Pick<TaskRecord, "dormant">): number {
  return dormant.length === 0 ? 0 : dormant.reduce((sum, share) => sum + share, 0) / dormant.length;
}
