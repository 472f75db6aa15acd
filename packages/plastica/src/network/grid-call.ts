/** A compiled grid program with its argument block in a network's memory: pointed at columns once, run many times. */
import type { Arena } from "../compute/arena.ts";
import { type Compute, type LoadedGrid, share } from "../compute/compute.ts";
import { RuleError } from "../errors.ts";
import { compileGrid } from "../rules/compile.ts";
import { argument, type CompiledGrid, type GridProgram, type GridSlot } from "../rules/grid.ts";
import type { Population } from "./population.ts";

/** Compiled programs by what they compute, in which arithmetic and memory: equal ones are compiled once for all networks. */
const compiled = new Map<string, CompiledGrid>();

function compile(program: GridProgram, { arithmetic, arena }: Compute, inBlocks = false): CompiledGrid {
  const outputs = program.outputs.map(({ name, value, reduce }) => `${name} ${value.id} ${reduce}`);
  const key = [arithmetic, arena.shared, inBlocks, ...outputs].join("\n");
  let grid = compiled.get(key);
  if (!grid) compiled.set(key, (grid = compileGrid(program, arithmetic, arena.shared, inBlocks)));
  return grid;
}

/** Where a symbol lies: a pointer, and for cells the bytes from row to row. */
export interface Place {
  readonly pointer: number;
  readonly stride?: number;
}

/** Which columns of blocks each row has, as grid.ts says: pointers, and the bytes of a block. */
export interface Blocks {
  readonly rowStart: number;
  readonly columns: number;
  readonly bytes: number;
}

export class GridCall {
  readonly #compute: Compute;
  readonly #program: GridProgram;
  readonly #all: LoadedGrid;
  /** What visits blocks, compiled when there are some; and what is run now. */
  #inBlocks: LoadedGrid | undefined;
  #loaded: LoadedGrid;
  readonly #slots = new Map<string, GridSlot>();
  readonly #args: number;

  /** `pool` says where normal draws lie (Network.noisePool). Throws RuleError where the program needs it and there is none. */
  constructor(compute: Compute, program: GridProgram, pool?: () => number) {
    const grid = compile(program, compute);
    if (grid.readsPool && !pool) throw new RuleError(`${program.name} draws noise: only rules and terms may`);
    this.#compute = compute;
    this.#program = program;
    this.#loaded = this.#all = compute.load(grid.bytes);
    this.#args = compute.arena.allocate(grid.argumentBytes);
    for (const slot of grid.slots) this.#slots.set(slot.name, slot);
    const drawn = grid.readsPool && pool ? pool() : 0;
    compute.arena.i32[(this.#args + argument.pool) >>> 2] = drawn;
  }

  /** Whether the program reads or writes this symbol. What it does not know may be bound all the same, and is ignored. */
  has(name: string): boolean {
    return this.#slots.has(name);
  }

  /** Says where symbols lie. */
  point(places: Readonly<Record<string, Place>>): this {
    for (const [name, { pointer, stride = 0 }] of Object.entries(places)) {
      const slot = this.#slots.get(name);
      if (!slot || slot.kind === "uniform") continue;
      const at = (this.#args + slot.offset) >>> 2;
      this.#changing.i32[at] = pointer;
      if (slot.kind === "cell") this.#changing.i32[at + 1] = stride;
    }
    return this;
  }

  /** Sets a uniform. */
  set(name: string, value: number): void {
    this.setAt(this.uniform(name), value);
  }

  /** Where a uniform lies, for `setAt` on the hot path; 0 if the program does not read it. */
  uniform(name: string): number {
    const slot = this.#slots.get(name);
    return slot?.kind === "uniform" ? (this.#args + slot.offset) >>> 2 : 0;
  }

  setAt(uniform: number, value: number): void {
    if (uniform === 0) return;
    this.#changing.f32[uniform] = value;
  }

  /** Which rows: 0 for all in order, or a pointer to a list of rows. */
  rows(list: number): this {
    this.#changing.i32[(this.#args + argument.rows) >>> 2] = list;
    return this;
  }

  /** Which lanes of each row: all, or those of blocks. */
  within(blocks: Blocks | undefined): this {
    this.#loaded = this.#all;
    if (!blocks) return this;
    this.#inBlocks ??= this.#compute.load(compile(this.#program, this.#compute, true).bytes);
    this.#loaded = this.#inBlocks;
    const { i32 } = this.#changing;
    i32[(this.#args + argument.blockStart) >>> 2] = blocks.rowStart;
    i32[(this.#args + argument.blockColumns) >>> 2] = blocks.columns;
    i32[(this.#args + argument.blockBytes) >>> 2] = blocks.bytes;
    return this;
  }

  lanes(n: number): this {
    this.#changing.i32[(this.#args + argument.lanes) >>> 2] = n;
    return this;
  }

  noiseKey(k0: number, k1: number): void {
    this.#changing.u32[(this.#args + argument.keyLow) >>> 2] = k0;
    this.#changing.u32[(this.#args + argument.keyHigh) >>> 2] = k1;
  }

  run(from: number, to: number): void {
    this.#compute.recording?.grid(this.#loaded, this.#args, from, to);
    this.#loaded.run(this.#args, from, to);
  }

  /** The same, split between threads where `lanes` makes that worth while. */
  runShared(from: number, to: number, lanes: number): void {
    const parts = this.#compute.parts((to - from) * lanes * 2);
    if (parts === 1) return this.run(from, to);
    this.#compute.share(this.#loaded, parts, (part) => [
      this.#args,
      from + share(to - from, part, parts),
      from + share(to - from, part + 1, parts),
    ]);
  }

  /** The rows of the active neurons of the only example, if `rows` are their list. */
  runActive(population: Population, lanes: number): void {
    const { recording, arena } = this.#compute;
    if (!recording) return this.runShared(0, population.active, lanes);
    const { rowStart } = population.list;
    recording.active(this.#loaded, this.#args, rowStart);
    this.#loaded.run(this.#args, 0, arena.i32[(rowStart >>> 2) + 1]);
  }

  /** The memory in which arguments are about to change. */
  get #changing(): Arena {
    this.#compute.recording?.spoil();
    return this.#compute.arena;
  }

  free(): void {
    this.#compute.arena.free(this.#args);
  }
}
