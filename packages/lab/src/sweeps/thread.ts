/** A sweep's thread as seen from the process: it is given a job, tells how that goes, and then takes the next. */
import { Worker } from "node:worker_threads";
import { RunError } from "../runs/errors.ts";
import type { Result } from "./queue.ts";
import type { FromThread, OfJob, Orders, Told } from "./serve.ts";

export class Thread {
  readonly #worker: Worker;
  #settle: { resolve: (result: Result | undefined) => void; reject: (error: Error) => void; told: Told } | undefined;
  #ended: RunError | undefined;

  /** Starts the program, which calls `serve`. Throws RunError when it ends before that. */
  static start(program: URL): Promise<Thread> {
    return new Promise((resolve, reject) => {
      const thread = new Thread(program, () => resolve(thread));
      const failed = (cause: Error) => reject(new RunError(`a thread cannot be started: ${cause.message}`, { cause }));
      thread.#settle = { resolve: () => {}, reject: failed, told: { progress() {}, said() {} } };
    });
  }

  private constructor(program: URL, ready: () => void) {
    this.#worker = new Worker(program);
    this.#worker.on("message", (message: FromThread) => (message.kind === "ready" ? ready() : this.#hear(message)));
    this.#worker.on("error", (cause) => this.#end(new RunError((cause as Error).message, { cause })));
    this.#worker.on("exit", (code) => this.#end(new RunError(`its thread ended too early (exit code ${code})`)));
  }

  /** False when it has ended by itself: there must be another for the next job. */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * Lives a job. One at a time.
   *
   * @returns what it came to, or undefined when it was stopped before its end
   * @throws RunError when the life failed, or the thread did
   */
  live(orders: Orders, told: Told): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#settle = { resolve, reject, told };
      this.#worker.postMessage(orders);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: OfJob): void {
    if (message.kind === "progress") this.#settle?.told.progress(message.position, message.examples);
    else if (message.kind === "said") this.#settle?.told.said(message.text);
    else if (message.kind === "done") this.#settle?.resolve(message.result);
    else if (message.kind === "stopped") this.#settle?.resolve(undefined);
    else this.#settle?.reject(new RunError(message.text));
  }

  #end(error: RunError): void {
    this.#ended ??= error;
    this.#settle?.reject(this.#ended);
  }
}
