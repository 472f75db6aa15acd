/**
 * A tape: the calls of a pass through a small network, recorded while they are made once, and made again by a single call. What a pass costs
 * beside its arithmetic is mostly the way from JavaScript into each kernel: one example through five layers takes some thirty calls, and then
 * two. The calls are the same and in the same order, so the bits are.
 *
 * Only calls of one thread are recorded that get the same arguments each time. How many neurons are active is read by kernels, from where their
 * list lies. Whatever else is decided or changed by JavaScript on the way spoils the recording (`Recording.spoil`), and the pass is made as it
 * always was.
 */
import type { Compute, LoadedGrid } from "./compute.ts";
import { KERNEL_NAMES, type KernelName, type Kernels } from "./kernels.ts";

/** The words of a call, and the number that its kernel has there (../../kernels/tape.ts). */
const WORDS = 16;
const GRID = 0;
const ACTIVE = 1;
const KERNELS: readonly KernelName[] = ["gather", "projectActive", "listActive", "normaliseLayer", "denormaliseLayer"];

/** What is being recorded. */
export class Recording {
  /** The kernels, which do what they do and note that they were called. */
  readonly kernels: Kernels;
  readonly words: number[] = [];
  spoilt = false;
  readonly #entryOf: (grid: LoadedGrid) => number;

  /** `entryOf` says where in the table a program is. */
  constructor(kernels: Kernels, entryOf: (grid: LoadedGrid) => number) {
    this.#entryOf = entryOf;
    const noting = (name: KernelName, kernel: Kernels[KernelName]) => {
      const number = KERNELS.indexOf(name);
      return (...args: number[]) => {
        if (number < 0) this.spoil();
        else this.#note(number + ACTIVE + 1, ...args);
        return kernel(...args);
      };
    };
    const named = KERNEL_NAMES.map((name) => [name, noting(name, kernels[name])]);
    this.kernels = { ...kernels, ...Object.fromEntries(named) };
  }

  /** Says that what follows may be another the next time. */
  spoil(): void {
    this.spoilt = true;
  }

  /** Rows [from, to) of a program's grid. */
  grid(grid: LoadedGrid, args: number, from: number, to: number): void {
    this.#note(GRID, this.#entryOf(grid), args, from, to);
  }

  /** The rows of those who are active, of which there is a list whose offsets lie at `rowStart`. */
  active(grid: LoadedGrid, args: number, rowStart: number): void {
    this.#note(ACTIVE, this.#entryOf(grid), args, rowStart);
  }

  #note(...words: number[]): void {
    this.words.push(...words, ...new Array<number>(WORDS - words.length).fill(0));
  }
}

export class Tape {
  readonly #compute: Compute;
  /** The layout at which a pass was last performed, and whether recording was tried there. */
  #layout = -1;
  #tried = false;
  /** Where the calls lie; 0 where there are none. */
  #from = 0;
  #to = 0;

  constructor(compute: Compute) {
    this.#compute = compute;
  }

  /** Makes the calls that were recorded at this layout; says whether there were any. */
  play(layout: number): boolean {
    if (layout !== this.#layout || this.#to === 0) return false;
    this.#compute.kernels.play(this.#from, this.#to);
    return true;
  }

  /** Performs a pass, and records it the second time in a row at one layout: the first time things are looked up, and may be the only one. */
  record(layout: number, perform: () => void): void {
    if (layout !== this.#layout) {
      this.#layout = layout;
      this.#tried = false;
      this.#erase();
      return perform();
    }
    if (this.#tried) return perform();
    this.#tried = true;
    const words = this.#compute.record(perform);
    const { arena } = this.#compute;
    if (!words) return;
    this.#from = arena.allocate(words.length * 4);
    this.#to = this.#from + words.length * 4;
    arena.i32.set(words, this.#from >>> 2);
  }

  #erase(): void {
    if (this.#to > 0) this.#compute.arena.free(this.#from);
    this.#to = 0;
  }
}
