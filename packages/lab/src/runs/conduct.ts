/**
 * Conducts a run: each learner lives in a worker thread of its own. Threads, not processes: when this process is killed,
 * nothing of it is left behind.
 */
import { Worker } from "node:worker_threads";
import { RunError } from "./errors.ts";
import { makeFolder } from "./files.ts";
import { mustBeOurs } from "./identity.ts";
import type { Outlook } from "./life.ts";
import { lock } from "./lock.ts";
import { learnerFolder } from "./paths.ts";
import type { WindowRecord } from "./record.ts";
import type { Run } from "./run.ts";
import type { FromWorker, WorkerOrders } from "./worker.ts";

/** What is known of a learner while it lives. */
export interface Heartbeat {
  readonly position: number;
  /** Of the running window: how many were seen, the share that was right, and the mean loss. */
  readonly seen: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly dormant: number;
  readonly births: number;
  readonly deaths: number;
}

/** Who is told what, as it happens. */
export interface Audience {
  /** Its stream is open, and has so many examples. */
  opened?(learner: string, examples: number, outlook: Outlook): void;
  beat?(learner: string, beat: Heartbeat): void;
  window?(learner: string, record: WindowRecord, seconds: number): void;
  /** Its life ended before the stream did, at the example `position`. */
  diverged?(learner: string, position: number): void;
  said?(message: string): void;
}

export interface ConductOptions {
  /** When it aborts, every learner finishes its block, writes a snapshot and stops. */
  signal?: AbortSignal;
}

/**
 * Lives the run to its end, or on to its end when it was begun before.
 *
 * @returns "complete", or "stopped" when the signal came first
 * @throws RunError when another process writes the run, a learner of it was begun with another engine or other data, or one failed, as
 *   when its data are missing
 */
export async function conduct(
  run: Run,
  audience: Audience = {},
  { signal }: ConductOptions = {},
): Promise<"complete" | "stopped"> {
  const unlock = lock(run.folder);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const askToStop = () => Atomics.store(stop, 0, 1);
  signal?.addEventListener("abort", askToStop);
  try {
    if (signal?.aborted) askToStop();
    mustBeOurs(run.folder, run.recipe);
    // Asynchronous, so that a worker that cannot be started is a failure like any other: the rest is stopped and waited for.
    const lives = Object.keys(run.recipe.learners).map(async (name) => {
      makeFolder(learnerFolder(run.folder, name));
      return liveInWorker({ folder: run.folder, recipe: run.recipe, name, stop }, audience);
    });
    // One that fails stops the others too, which then leave their snapshots before the failure is told.
    for (const life of lives) life.catch(askToStop);
    const ends = await Promise.allSettled(lives);
    const outcomes = ends.map((end) => {
      if (end.status === "rejected") throw end.reason;
      return end.value;
    });
    return outcomes.every((outcome) => outcome === "complete") ? "complete" : "stopped";
  } finally {
    signal?.removeEventListener("abort", askToStop);
    unlock();
  }
}

function liveInWorker(orders: WorkerOrders, audience: Audience): Promise<"complete" | "stopped"> {
  const { name } = orders;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: orders });
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "beat") audience.beat?.(name, message.beat);
      else if (message.kind === "opened") audience.opened?.(name, message.examples, message.outlook);
      else if (message.kind === "window") audience.window?.(name, message.record, message.seconds);
      else if (message.kind === "diverged") audience.diverged?.(name, message.position);
      else if (message.kind === "said") audience.said?.(message.text);
      else if (message.kind === "end") resolve(message.outcome);
      else reject(new RunError(`${name}: ${message.text}`));
    });
    worker.on("error", (cause) => reject(new RunError(`${name}: ${(cause as Error).message}`, { cause })));
    worker.on("exit", (code) => reject(new RunError(`${name}: its worker ended too early (exit code ${code})`)));
  });
}
