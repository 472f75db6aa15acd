/**
 * Helper threads over shared memory. Each waits at a mailbox in that memory for a call (which kernel, which arguments),
 * makes it, and says so. Nothing is sent in messages, so a call costs microseconds and works while the main thread is busy.
 * A thread that has not started yet is simply not used: the result's bits do not depend on who computed them.
 */
import type { Arena } from "./arena.ts";
import { startThread } from "./host.ts";
import { KERNEL_NAMES } from "./kernels.ts";

/** A mailbox: posted and done counters, ready flag, function, arguments. */
const POSTED = 0;
const DONE = 1;
const READY = 2;
const CALL = 3;
const ARGUMENTS = 4;
const WORDS = 32;
/** What the ready flag says after a call that failed. */
const FAILED = 2;
/** Instead of a function: load the module that lies at argument 0, argument 1 bytes long. */
const LOAD = -1;

interface ThreadData {
  memory: WebAssembly.Memory;
  module: Uint8Array;
  names: readonly string[];
  mailbox: number;
}

/** Runs in the helper thread; uses nothing outside itself, because it is sent there as text. */
function serve({ memory, module, names, mailbox }: ThreadData): void {
  const box = new Int32Array(memory.buffer, mailbox, 32);
  // A method, since bundlers that keep names wrap a function with one in a call to a helper that is not there.
  const { load } = {
    load(bytes: Uint8Array) {
      const compiled = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
      return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<
        string,
        (...args: number[]) => void
      >;
    },
  };
  const kernels = load(module);
  const calls = names.map((name) => kernels[name]);
  let seen = 0;
  Atomics.store(box, 2, 1);
  for (;;) {
    // Calls come in bursts, microseconds apart: look for the next one for a while before going to sleep.
    for (let spins = 0; Atomics.load(box, 0) === seen; spins++) if (spins > 20000) Atomics.wait(box, 0, seen);
    seen = Atomics.load(box, 0);
    const call = box[3];
    try {
      if (call < 0) {
        const at = box[4] >>> 0;
        // The memory may have grown just now, which shows here a moment later.
        while (memory.buffer.byteLength < at + box[5]);
        calls.push(load(new Uint8Array(memory.buffer, at, box[5]).slice()).run);
      } else calls[call](...box.subarray(4));
    } catch {
      Atomics.store(box, 2, 2); // said in the ready flag, so that nobody waits for ever
    }
    Atomics.store(box, 1, seen);
  }
}

export class Threads {
  readonly #arena: Arena;
  readonly #boxes: Int32Array[] = [];
  readonly #threads: { stop(): void }[] = [];
  /** Modules in the order of their numbers, and how many of them the threads have. */
  readonly #modules: Uint8Array[] = [];
  #sent = 0;

  /** Starts `count` helper threads, or as many as the host allows. */
  constructor(arena: Arena, count: number, module: Uint8Array) {
    this.#arena = arena;
    for (let i = 0; i < count; i++) {
      const mailbox = arena.allocate(WORDS * 4);
      const thread = startThread(serve, { memory: arena.memory, module, names: KERNEL_NAMES, mailbox });
      if (!thread) return;
      this.#threads.push(thread);
      this.#boxes.push(new Int32Array(arena.memory.buffer, mailbox, WORDS));
    }
  }

  /** Helper threads that are up and know all modules: all of them, or none yet. */
  get ready(): number {
    for (const box of this.#boxes) if (Atomics.load(box, READY) === 0) return 0;
    while (this.#sent < this.#modules.length) this.#send(this.#modules[this.#sent++]);
    return this.#boxes.length;
  }

  /**
   * Takes in a module; returns the number by which the threads know its function `run`. They get it once they are up, which
   * must not be waited for: in a browser they come up only while this thread is idle.
   */
  load(bytes: Uint8Array): number {
    return KERNEL_NAMES.length + this.#modules.push(bytes) - 1;
  }

  #send(bytes: Uint8Array): void {
    const at = this.#arena.allocate(bytes.length);
    this.#arena.u8.set(bytes, at);
    for (const box of this.#boxes) this.#post(box, LOAD, [at, bytes.length]);
    this.wait();
    this.#arena.free(at);
  }

  /** Posts a call to helper thread `i`. */
  call(i: number, call: number, args: readonly number[]): void {
    this.#post(this.#boxes[i], call, args);
  }

  #post(box: Int32Array, call: number, args: readonly number[]): void {
    box[CALL] = call;
    box.set(args, ARGUMENTS);
    Atomics.add(box, POSTED, 1);
    Atomics.notify(box, POSTED);
  }

  /** Waits until every thread has done what was posted to it. */
  wait(): void {
    for (const box of this.#boxes) {
      while (Atomics.load(box, DONE) !== Atomics.load(box, POSTED));
      if (Atomics.load(box, READY) === FAILED) throw new Error("internal: a helper thread failed in a kernel");
    }
  }

  stop(): void {
    for (const thread of this.#threads) thread.stop();
    this.#threads.length = 0;
    this.#boxes.length = 0;
  }
}
