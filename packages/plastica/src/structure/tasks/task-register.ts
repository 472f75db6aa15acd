/** The tasks of a life, numbered from 1 as they come, each by its outputs: which is now, which are finished, which has come back. */
import { SnapshotError } from "../../errors.ts";
import type { Examples } from "../policy.ts";
import { headOf, isHead, outputsOf, TaskEnds, type TaskOptions } from "./task-ends.ts";

/** What its owner does when a task begins and ends. */
export interface Turns {
  /** Whether the network has changed. */
  begin(): boolean;
  end(): void;
}

export class TaskRegister {
  /** Of each task that there was, in order. */
  heads: string[] = [];
  /** How many of them are finished. */
  finished = 0;
  /** The task that is; 0 between two. */
  now = 0;
  readonly #ends: TaskEnds;

  constructor(options: Required<TaskOptions>) {
    this.#ends = new TaskEnds(options);
  }

  /** Whether the present task still learns: it is none that has come back. */
  get learns(): boolean {
    return this.now > this.finished;
  }

  /** Examples of the present task so far. */
  get examples(): number {
    return this.#ends.examples;
  }

  /** The outputs of the present task; undefined: all. */
  get outputs(): number[] | undefined {
    return outputsOf(this.heads[this.now - 1]);
  }

  /** The number of the task that has these outputs to itself; 0 where there is none. */
  taskOf(outputs: Examples["outputs"]): number {
    const head = headOf(outputs);
    return head === undefined || head === "all" ? 0 : this.heads.indexOf(head) + 1;
  }

  /** Ends a task and begins one where these examples say so. Returns whether the network has changed. */
  turn(seen: Examples, turns: Turns): boolean {
    const ends = this.now > 0 && this.#ends.ended(seen);
    if (ends) this.end(turns);
    let begins = false;
    if (this.now === 0) {
      this.now = this.taskOf(seen.outputs) || this.heads.push(headOf(seen.outputs) ?? "all");
      begins = turns.begin();
    }
    this.#ends.count(seen);
    return ends || begins;
  }

  end({ end }: Turns): void {
    if (this.now === 0) return;
    end();
    this.finished = Math.max(this.finished, this.now);
    this.now = 0;
    this.#ends.begin();
  }

  save(): unknown {
    return { heads: this.heads, finished: this.finished, now: this.now, ends: this.#ends.save() };
  }

  /** Throws SnapshotError. */
  load(state: unknown): void {
    const { heads, finished, now, ends } = (state ?? {}) as Record<string, unknown>;
    const counts = (n: unknown): n is number =>
      Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= (heads as unknown[]).length;
    if (!Array.isArray(heads) || !heads.every(isHead) || !counts(finished) || !counts(now))
      throw new SnapshotError(
        `tasks are ${JSON.stringify(state)} in the snapshot: they have heads, how many are finished, and which is now`,
      );
    this.#ends.load(ends);
    this.heads = [...heads];
    this.finished = finished;
    this.now = now;
  }
}
