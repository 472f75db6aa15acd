/**
 * What a sweep's thread does: it waits for a job, lives it, tells how it went, and waits for the next. It stays awake between jobs,
 * so that compiled kernels and whatever a data set keeps in memory are there for the next one.
 */
import { parentPort } from "node:worker_threads";
import type { Recipe } from "../recipe/recipe.ts";
import type { Result } from "./queue.ts";

export interface Orders {
  /** The run's folder, which is there, and locked by this process. */
  readonly folder: string;
  readonly recipe: Recipe;
  /** Its first element turns 1 when the life is to write a snapshot and stop. */
  readonly stop: Int32Array;
}

/** How a life is told of while it lasts. */
export interface Told {
  /** So many of the life's examples have been seen. */
  progress(position: number, examples: number): void;
  said(message: string): void;
}

/** Lives a job to its end and returns what it came to, or undefined when it was stopped before. */
export type Live = (orders: Orders, told: Told) => Promise<Result | undefined>;

/** What the thread says: first that it is ready, then of its jobs. */
export type FromThread = { kind: "ready" } | OfJob;

export type OfJob =
  | { kind: "progress"; position: number; examples: number }
  | { kind: "said"; text: string }
  | { kind: "done"; result: Result }
  | { kind: "stopped" }
  | { kind: "failed"; text: string };

const BEAT = 100; // milliseconds: what an eye can follow

/** Serves the process that started this thread, until it ends the thread. */
export function serve(live: Live): void {
  const tell = (message: FromThread): void => parentPort?.postMessage(message);
  parentPort?.on("message", async (orders: Orders) => {
    let last = Number.NEGATIVE_INFINITY;
    const told: Told = {
      progress(position, examples) {
        const now = performance.now();
        if (now - last < BEAT) return;
        last = now;
        tell({ kind: "progress", position, examples });
      },
      said: (text) => tell({ kind: "said", text }),
    };
    try {
      const result = await live(orders, told);
      tell(result === undefined ? { kind: "stopped" } : { kind: "done", result });
    } catch (error) {
      tell({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
    }
  });
  tell({ kind: "ready" });
}
