/**
 * Where a network computes: one memory, the kernels over it in one arithmetic, and helper threads if asked for. Kernels are
 * called with their sizes as arguments, so nothing is compiled when a network grows.
 */
import { ValueError } from "../errors.ts";
import { Arena } from "./arena.ts";
import { type Arithmetic, KERNEL_NAMES, type KernelName, type Kernels, kernelBytes } from "./kernels.ts";
import { Recording } from "./tape.ts";
import { Threads } from "./threads.ts";

export interface ComputeOptions {
  /** `plain` (default) gives the same bits on every machine; `fused` is faster where relaxed SIMD fuses. */
  arithmetic?: Arithmetic;
  /** Threads, 1 (default) to 64. The bits of the result do not depend on it. Where memory cannot be shared it is 1. */
  threads?: number;
}

/** A compiled grid kernel, loaded: rows [from, to) of the grid whose argument block lies at `args`. */
export interface LoadedGrid {
  readonly id: number;
  /** Its place in the table by which tapes call it, once it is on one. */
  entry?: number;
  run(args: number, from: number, to: number): void;
}

/** Multiply-adds below which splitting a call between threads costs more than it gains: about 50 microseconds. */
const WORTH_SPLITTING = 800_000;

/** Modules by their bytes. What the host learns of a module while it runs (which code is hot) serves every network after. */
const modules = new WeakMap<Uint8Array, WebAssembly.Module>();

export class Compute {
  readonly arithmetic: Arithmetic;
  readonly arena: Arena;
  kernels: Kernels;
  /** What is being recorded, if anything is. */
  recording: Recording | undefined;
  readonly #table: WebAssembly.Table;
  readonly #threads: Threads | undefined;
  readonly #grids = new WeakMap<Uint8Array, LoadedGrid>();

  /** Throws ValueError for a bad option, or when `fused` is asked for on a host that does not fuse. */
  constructor(options: ComputeOptions = {}) {
    const { arithmetic = "plain", threads = 1 } = options;
    if (arithmetic !== "plain" && arithmetic !== "fused")
      throw new ValueError(`arithmetic is ${JSON.stringify(arithmetic)}: it is "plain" or "fused"`);
    if (!Number.isInteger(threads) || threads < 1 || threads > 64)
      throw new ValueError(`threads is ${threads}: it is a whole number from 1 to 64`);
    this.arithmetic = arithmetic;
    this.arena = new Arena(threads > 1);
    const bytes = kernelBytes(arithmetic, this.arena.shared);
    const instance = this.#instance(bytes);
    this.kernels = instance as unknown as Kernels;
    this.#table = instance.table as WebAssembly.Table;
    // (1 + 2^-12)^2 - 1 keeps its last bit only where it is rounded once.
    if (arithmetic === "fused" && !this.kernels.fuses(1 + 2 ** -12, 1 + 2 ** -12, -1)) {
      throw new ValueError(`arithmetic is "fused", but this processor does not fuse: use "plain"`);
    }
    if (this.arena.shared) this.#threads = new Threads(this.arena, threads - 1, bytes);
  }

  /** Loads a grid kernel's module; the same bytes are loaded once. */
  load(bytes: Uint8Array<ArrayBuffer>): LoadedGrid {
    let grid = this.#grids.get(bytes);
    if (!grid) {
      const { run } = this.#instance(bytes) as { run: LoadedGrid["run"] };
      grid = { id: this.#threads?.load(bytes) ?? 0, run };
      this.#grids.set(bytes, grid);
    }
    return grid;
  }

  /** Performs something, and returns the calls on the way as a tape has them: undefined where they cannot be played back. */
  record(perform: () => void): readonly number[] | undefined {
    const { kernels } = this;
    const recording = new Recording(kernels, (grid) => (grid.entry ??= this.#table.grow(1, grid.run)));
    if (this.#threads) recording.spoil();
    [this.recording, this.kernels] = [recording, recording.kernels];
    try {
      perform();
    } finally {
      [this.recording, this.kernels] = [undefined, kernels];
    }
    return recording.spoilt ? undefined : recording.words;
  }

  /** Whether there are no helper threads: then no call is split. */
  get alone(): boolean {
    return this.#threads === undefined;
  }

  /** Into how many parts to split a call of so many multiply-adds. */
  parts(work: number): number {
    return this.#threads && work > WORTH_SPLITTING ? this.#threads.ready + 1 : 1;
  }

  /** Calls a kernel once for each part, the first part here and the others in helper threads, and waits for all. */
  share(kernel: KernelName | LoadedGrid, parts: number, argsOf: (part: number) => number[]): void {
    const named = typeof kernel === "string";
    const id = named ? KERNEL_NAMES.indexOf(kernel) : kernel.id;
    for (let part = 1; part < parts; part++) this.#threads!.call(part - 1, id, argsOf(part));
    const args = argsOf(0);
    if (named) this.kernels[kernel](...args);
    else kernel.run(args[0], args[1], args[2]);
    if (parts > 1) this.#threads!.wait();
  }

  /** Stops the helper threads. The network goes on with one. */
  close(): void {
    this.#threads?.stop();
  }

  #instance(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Exports {
    let module = modules.get(bytes);
    if (!module) modules.set(bytes, (module = new WebAssembly.Module(bytes)));
    return new WebAssembly.Instance(module, { env: { memory: this.arena.memory } }).exports;
  }
}

/** Where part `part` of `parts` of a range of `n` begins, in whole multiples of `unit`. */
export function share(n: number, part: number, parts: number, unit = 1): number {
  return Math.min(n, Math.ceil((n * part) / parts / unit) * unit);
}
