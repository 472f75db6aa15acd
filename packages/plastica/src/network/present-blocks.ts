/**
 * Where a projection's synapses are, in blocks of lanes side by side, so that places where there are none need not be visited: not forward, not
 * back, not by the rule. Weights stay where they are, `[pre][post]`, and a result has the bits of a dense one's: that blocks are used shows in
 * time alone (../../kernels/blocks.ts).
 */
import { type Compute, share } from "../compute/compute.ts";
import type { Blocks } from "./grid-call.ts";
import type { Projection } from "./projection.ts";

/** Examples from which on a batch is visited block by block, or synapse by synapse, all examples of each, and not example by example. */
export const MANY = 16;

/** Pointers to lists of words. */
interface Lists {
  /** The rows of each column of blocks, in ascending order, and where they begin. */
  readonly columnStart: number;
  readonly rows: number;
  /** The columns of each row, in ascending order, and where they begin. */
  readonly rowStart: number;
  readonly columns: number;
  /** Of one example: where each column's active rows end (they begin where its rows do), these, and how active they are. */
  readonly ends: number;
  readonly activeRows: number;
  readonly activeValues: number;
  /** Of one example on its way back: a vector of partial sums for each row. */
  readonly partial: number;
}

/** Blocks of `width` vectors: 1 for each that has a synapse, `[row][column]`. */
export interface Pattern {
  readonly width: number;
  readonly columns: number;
  readonly rows: number;
  readonly has: Uint8Array;
  readonly fullyPlastic: boolean;
}

export class PresentBlocks implements Blocks {
  /** All synapses that lie in blocks are there, and have a plasticity of 1. */
  readonly fullyPlastic: boolean;
  readonly #projection: Projection;
  readonly #compute: Compute;
  /** Vectors of a block, blocks, columns of them side by side, and rows of weights in all planes. */
  readonly #width: number;
  readonly #count: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #lists: Lists;

  constructor(compute: Compute, projection: Projection, { width, columns, rows, has, fullyPlastic }: Pattern) {
    this.#compute = compute;
    this.#projection = projection;
    this.#width = width;
    this.#columns = columns;
    this.fullyPlastic = fullyPlastic;
    this.#rows = rows;
    const count = has.reduce((sum, present) => sum + present, 0);
    this.#count = count;
    const words = [columns + 1, count, rows + 1, count, columns, count, count, 4 * rows];
    const [columnStart, ofColumns, rowStart, ofRows, ends, activeRows, activeValues, partial] =
      compute.arena.allocateAll(words.map((n) => 4 * n));
    this.#lists = { columnStart, rows: ofColumns, rowStart, columns: ofRows, ends, activeRows, activeValues, partial };
    const { i32 } = compute.arena;
    for (let column = 0, at = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) if (has[row * columns + column]) i32[(ofColumns >>> 2) + at++] = row;
      i32[(columnStart >>> 2) + column + 1] = at;
    }
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        if (has[row * columns + column]) i32[(ofRows >>> 2) + at++] = column;
      i32[(rowStart >>> 2) + row + 1] = at;
    }
  }

  /** For a grid call. */
  get rowStart(): number {
    return this.#lists.rowStart;
  }

  get columns(): number {
    return this.#lists.columns;
  }

  get bytes(): number {
    return 16 * this.#width;
  }

  /** Lanes of blocks in a row, on average. */
  get lanes(): number {
    return this.#lanes / Math.max(1, this.#projection.fanIn);
  }

  get #lanes(): number {
    return 4 * this.#width * this.#count;
  }

  /** As Projection.forward, by weights at `w`: from `start`, `startStride` bytes an example. */
  forward(w: number, examples: number, start: number, startStride: number): void {
    const { pre, post, columns } = this.#projection;
    const { columnStart, rows, ends, activeRows, activeValues } = this.#lists;
    if (examples < MANY) {
      for (let example = 0; example < examples; example++) {
        this.#compute.kernels.gatherPresent(
          ...[post.input + example * post.stride, start && start + example * startStride, w, columns.stride],
          ...[columnStart, rows, pre.out + example * pre.outStride, 0, this.#columns, this.#width, post.vectors],
          ...[ends, activeRows, activeValues],
        );
      }
      return;
    }
    pre.listByNeuron(examples);
    const { columnStart: entry, rowIndex, rowValue } = pre.list;
    this.#shared("scatterPresent", this.#activity * this.#lanes, this.#columns, (from, to) => [
      ...[post.input, post.stride, start, startStride, w, columns.stride, columnStart, rows],
      ...[entry, rowIndex, rowValue, examples, from, to, this.#width, post.vectors],
    ]);
  }

  /** As Projection.project, by weights at `w`. */
  project(w: number, examples: number, add: boolean): void {
    const { pre, post, columns } = this.#projection;
    const { columnStart, rows, rowStart, columns: ofRows, ends, activeRows, partial } = this.#lists;
    const listed = pre.gated;
    const [index, count] = listed ? [pre.list.index, pre.active] : [0, this.#rows];
    if (examples === 1) {
      this.#compute.kernels.projectPresent(
        ...[pre.back, w, columns.stride, post.signal, columnStart, listed ? ends : columnStart + 4],
        ...[listed ? activeRows : rows, this.#columns, this.#width, post.vectors, index, count, add ? 1 : 0, partial],
      );
      return;
    }
    if (listed) pre.listByNeuron(examples);
    const { columnStart: entry, rowIndex } = pre.list;
    const work = (listed ? this.#activity : examples) * this.#lanes;
    this.#shared("projectPresentRows", work, this.#rows, (from, to) => [
      ...[pre.back, pre.outStride, w, columns.stride, post.signal, post.stride, rowStart, ofRows],
      ...[listed ? entry : 0, rowIndex, examples, from, to, this.#width, post.vectors, add ? 1 : 0],
    ]);
  }

  /** As Projection.gradient, where blocks are. */
  gradient(out: number, from: number, to: number, _examples: number): void {
    const { pre, post, columns } = this.#projection;
    const { columnStart, rows } = this.#lists;
    const { columnStart: entry, rowIndex, rowValue } = pre.list;
    const { stride } = columns;
    this.#shared("gradientPresent", this.#activity * this.lanes * (to - from), to - from, (first, end) => [
      ...[out - from * stride, stride, post.signal, post.stride, columnStart, rows, this.#columns],
      ...[entry, rowIndex, rowValue, from + first, from + end, this.#width, post.vectors],
    ]);
  }

  free(): void {
    for (const pointer of Object.values(this.#lists)) this.#compute.arena.free(pointer);
  }

  /** In how many examples a row is active, on average. */
  get #activity(): number {
    return this.#projection.pre.active / Math.max(1, this.#projection.fanIn);
  }

  #shared(
    kernel: "scatterPresent" | "projectPresentRows" | "gradientPresent",
    work: number,
    n: number,
    argsOf: (from: number, to: number) => number[],
  ): void {
    const parts = this.#compute.parts(work);
    this.#compute.share(kernel, parts, (part) => argsOf(share(n, part, parts), share(n, part + 1, parts)));
  }
}
