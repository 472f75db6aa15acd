/**
 * How long each task took, in `timing.json`, apart from the log: times differ from run to run, and the log must not. A task that was
 * interrupted counts the time spent on it in all sessions that ended in a snapshot.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./files.ts";
import { type Machine, machine } from "./machine.ts";

export interface Timing {
  /** Seconds by task. */
  seconds: number[];
  /** The machine of the last session. */
  machine: Machine;
}

export class Stopwatch {
  readonly #path: string;
  readonly #seconds: number[];
  #task = -1;
  #since = 0;

  /** Goes on with the times in `folder`, of the first `tasks` tasks: what comes after them will be lived again. */
  constructor(folder: string, tasks = Number.POSITIVE_INFINITY) {
    this.#path = join(folder, "timing.json");
    this.#seconds = (readTiming(folder)?.seconds ?? []).slice(0, tasks);
  }

  /** Counts for `task` from now on; nothing when it does already. */
  start(task: number): void {
    if (this.#task === task) return;
    this.#task = task;
    this.#since = performance.now();
  }

  /** Adds what has passed and returns the task's seconds so far. */
  stop(): number {
    if (this.#task < 0) return 0;
    const total = (this.#seconds[this.#task] ?? 0) + (performance.now() - this.#since) / 1000;
    this.#seconds[this.#task] = Math.round(total * 1000) / 1000;
    this.#task = -1;
    return total;
  }

  /** Writes the times, the running task's so far among them. */
  save(): void {
    const running = this.#task;
    if (running >= 0) {
      this.stop();
      this.start(running);
    }
    const seconds = Array.from(this.#seconds, (s) => s ?? 0);
    replaceFile(this.#path, `${JSON.stringify({ seconds, machine: machine() } satisfies Timing, null, 2)}\n`);
  }
}

/** The times in a learner's folder; undefined when there are none, or none that can be read. */
export function readTiming(folder: string): Timing | undefined {
  const path = join(folder, "timing.json");
  if (!existsSync(path)) return undefined;
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isTiming(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isTiming(value: unknown): value is Timing {
  const { seconds, machine: made } = (value ?? {}) as Partial<Timing>;
  const { engine, node, cpu, cores, system } = (made ?? {}) as Partial<Machine>;
  return (
    Array.isArray(seconds) &&
    seconds.every((s) => Number.isFinite(s) && s >= 0) &&
    [engine, node, cpu, system].every((text) => typeof text === "string") &&
    typeof cores === "number"
  );
}
