/** The thread in which one learner lives. It is told what to do when it starts, and reports by messages. */
import { parentPort, workerData } from "node:worker_threads";
import type { Recipe } from "../recipe/recipe.ts";
import type { Heartbeat } from "./conduct.ts";
import { liveOut, type Outlook } from "./life.ts";
import { meanDormant, type WindowRecord } from "./record.ts";

export interface WorkerOrders {
  readonly folder: string;
  readonly recipe: Recipe;
  readonly name: string;
  /** Its first element turns 1 when the life is to stop. */
  readonly stop: Int32Array;
}

export type FromWorker =
  | { kind: "opened"; examples: number; outlook: Outlook }
  | { kind: "beat"; beat: Heartbeat }
  | { kind: "window"; record: WindowRecord; seconds: number }
  | { kind: "diverged"; position: number }
  | { kind: "said"; text: string }
  | { kind: "end"; outcome: "complete" | "stopped" }
  | { kind: "failed"; text: string };

const BEAT = 100; // milliseconds: what an eye can follow

const { folder, recipe, name, stop } = workerData as WorkerOrders;
const tell = (message: FromWorker) => parentPort?.postMessage(message);
let last = 0;

try {
  const outcome = await liveOut(folder, recipe, name, {
    opened: (examples, outlook) => tell({ kind: "opened", examples, outlook }),
    pulse(position, tally, seen) {
      const now = performance.now();
      if (now - last >= BEAT) {
        last = now;
        const { correct, loss, births, deaths } = tally;
        const dormant = meanDormant(tally);
        const beat = { position, seen, accuracy: correct / seen, loss: loss / seen, dormant, births, deaths };
        tell({ kind: "beat", beat });
      }
      return Atomics.load(stop, 0) === 1;
    },
    window: (record, seconds) => tell({ kind: "window", record, seconds }),
    diverged: (position) => tell({ kind: "diverged", position }),
    said: (text) => tell({ kind: "said", text }),
  });
  tell({ kind: "end", outcome });
} catch (error) {
  tell({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
}
