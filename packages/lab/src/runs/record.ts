/** What the log says of a window and of a life's end: the numbers that reports are made of. */
import type { LoggedEvent } from "./events.ts";

/** What happened in one window of a life: a task, or a fixed number of examples. */
export interface WindowRecord {
  /** Which window, from 0. */
  readonly window: number;
  /** The task, from 0, of its last example. */
  readonly task: number;
  readonly examples: number;
  /** Share of its predictions that were right, each made before learning from the example. Absent where the target is values. */
  readonly accuracy?: number;
  /** Mean, before learning. */
  readonly loss: number;
  /** Share of dormant neurons in each hidden layer when it began. */
  readonly dormant: number[];
  /** Neurons born since the life began. */
  readonly births: number;
  readonly deaths: number;
  /** Weights and biases at its end. */
  readonly parameters: number;
  /** Multiply-adds of a forward pass, those of active neurons alone; mean over the probe when it began. */
  readonly operations: number;
  /** Of all that network and learner keep from one example to the next, at its end. */
  readonly bytes: number;
  /** At its end, on each test set: share right, or mean loss where the target is values. Absent where nothing was tested. */
  readonly tests?: number[];
}

/** What a life is begun as. */
export interface BegunRecord {
  /** The run's id: its recipe's name and hash. */
  readonly run: string;
  /** The engine, as in `engineVersion`. */
  readonly engine: string;
  /** What stands for the user's own files that it learns from. Absent where there are none. */
  readonly data?: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly target: "class" | "values";
  /** In the whole life. */
  readonly examples: number;
  readonly windows: number;
}

/** Of the predictions whose confidence lay in one tenth of 0 to 1. */
export interface CalibrationBin {
  readonly examples: number;
  /** Mean probability of the predicted class. */
  readonly confidence: number;
  /** Share that was right. */
  readonly accuracy: number;
}

/** How a life ended. */
export interface EndRecord {
  /** How many examples were learned from. */
  readonly examples: number;
  readonly fingerprint: string;
  readonly births: number;
  readonly deaths: number;
  /** The example, from 0, at which the loss was no longer finite: the life ended there. Absent where it did not. */
  readonly diverged?: number;
  /** Counts, [true class][predicted class]: on all tests where there are, else over the last window. Absent where the target is values. */
  readonly confusion?: number[][];
  /** Ten bins, on the same predictions. */
  readonly calibration?: CalibrationBin[];
}

/** How the life began; undefined while nothing is logged. */
export function begunRecord([first]: readonly LoggedEvent[]): BegunRecord | undefined {
  return first?.type === "begun" ? (first as unknown as BegunRecord) : undefined;
}

/** The window records among a log's events, in order. */
export function windowRecords(events: readonly LoggedEvent[]): WindowRecord[] {
  return events.filter(({ type }) => type === "window") as unknown as WindowRecord[];
}

/** How the life ended; undefined while it has not. */
export function endRecord(events: readonly LoggedEvent[]): EndRecord | undefined {
  const last = events.at(-1);
  return last?.type === "ended" ? (last as unknown as EndRecord) : undefined;
}

/** The share of dormant neurons, the hidden layers weighed alike; 0 when there is none. */
export function meanDormant({ dormant }: Pick<WindowRecord, "dormant">): number {
  return dormant.length === 0 ? 0 : dormant.reduce((sum, share) => sum + share, 0) / dormant.length;
}
