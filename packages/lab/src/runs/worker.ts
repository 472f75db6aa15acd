/** The thread in which one learner lives. It is told what to do when it starts, and reports by messages. */
import { parentPort, workerData } from "node:worker_threads";
import type { ImageSet } from "../data/images.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Heartbeat } from "./conduct.ts";
import { liveOut } from "./life.ts";
import { meanDormant, type TaskRecord } from "./record.ts";

export interface WorkerOrders {
  readonly folder: string;
  readonly recipe: Recipe;
  readonly name: string;
  readonly images: ImageSet;
  /** Its first element turns 1 when the life is to stop. */
  readonly stop: Int32Array;
}

export type FromWorker =
  | { kind: "beat"; beat: Heartbeat }
  | { kind: "task"; record: TaskRecord; seconds: number }
  | { kind: "diverged"; position: number }
  | { kind: "said"; text: string }
  | { kind: "end"; outcome: "complete" | "stopped" }
  | { kind: "failed"; text: string };

const BEAT = 100; // milliseconds: what an eye can follow

const { folder, recipe, name, images, stop } = workerData as WorkerOrders;
const tell = (message: FromWorker) => parentPort?.postMessage(message);
let last = 0;

try {
  const outcome = liveOut(folder, recipe, name, images, {
    pulse(position, tally) {
      const now = performance.now();
      if (now - last >= BEAT) {
        last = now;
        const { examplesPerTask } = recipe.stream;
        const seen = position % examplesPerTask || examplesPerTask;
        const { births, deaths } = tally;
        const beat = { position, seen, accuracy: tally.correct / seen, dormant: meanDormant(tally), births, deaths };
        tell({ kind: "beat", beat });
      }
      return Atomics.load(stop, 0) === 1;
    },
    task: (record, seconds) => tell({ kind: "task", record, seconds }),
    diverged: (position) => tell({ kind: "diverged", position }),
    said: (text) => tell({ kind: "said", text }),
  });
  tell({ kind: "end", outcome });
} catch (error) {
  tell({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
}
