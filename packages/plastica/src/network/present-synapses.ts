/**
 * Where a projection's synapses are, one by one, for batches of which few are present: examples are the lanes, so that a synapse costs what it would
 * cost in a dense projection and an absent one costs nothing, wherever they lie. Weights stay where they are, `[pre][post]`, and a result has the
 * bits of a dense one's: that synapses are listed shows in time alone (../../kernels/synapses.ts).
 */
import { type Compute, share } from "../compute/compute.ts";
import { type Room, rooms } from "../compute/room.ts";
import type { Projection } from "./projection.ts";

/** Rows of partial sums that `projectSynapses` needs. */
const PARTIAL_ROWS = 32;

/** Pointers to lists of words. */
interface Lists {
  /** The rows of each lane's synapses, in ascending order, and where they begin. */
  readonly laneStart: number;
  readonly rows: number;
  /** The lanes of each row's synapses, quarter after quarter, and where quarters begin. */
  readonly quarters: number;
  readonly lanes: number;
  /** How many bytes into the matrix each weight lies, in ascending order, and the synapse's place in the two orders. */
  readonly offset: number;
  readonly ofLanes: number;
  readonly ofRows: number;
}

export class PresentSynapses {
  readonly #projection: Projection;
  readonly #compute: Compute;
  readonly #count: number;
  readonly #rows: number;
  readonly #lanes: number;
  readonly #lists: Lists;
  /** Activities and signals with an example a lane, what comes of them, weights in the order of a list, and partial sums. */
  readonly #x: Room;
  readonly #signal: Room;
  readonly #out: Room;
  readonly #values: Room;
  readonly #partial: Room;

  /** `flags` has a byte for each vector of each row; its bits 2 to 5 say which lanes have a synapse. */
  constructor(compute: Compute, projection: Projection, flags: Uint8Array, count: number) {
    const { arena } = compute;
    const { vectors } = projection.post;
    const rows = flags.length / vectors;
    const lanes = 4 * vectors;
    [this.#compute, this.#projection] = [compute, projection];
    [this.#count, this.#rows, this.#lanes] = [count, rows, lanes];
    const words = [lanes + 1, count, 4 * rows + 1, count, count, count, count];
    const pointers = arena.allocateAll(words.map((n) => 4 * n));
    const [laneStart, rowList, quarters, laneList, offset, ofLanes, ofRows] = pointers;
    this.#lists = { laneStart, rows: rowList, quarters, lanes: laneList, offset, ofLanes, ofRows };
    [this.#x, this.#signal, this.#out, this.#values, this.#partial] = rooms(arena, 5);
    this.#list(flags);
  }

  #list(flags: Uint8Array): void {
    const { vectors } = this.#projection.post;
    const { stride } = this.#projection.columns;
    const at = Object.values(this.#lists).map((pointer) => pointer >>> 2);
    const [laneStart, rowList, quarters, laneList, offset, ofLanes, ofRows] = at;
    const { i32 } = this.#compute.arena;
    for (let i = 0; i < flags.length; i++) {
      if (flags[i] === 0) continue;
      const [row, v] = [Math.floor(i / vectors), i % vectors];
      for (let q = 0; q < 4; q++) {
        const is = (flags[i] >> (2 + q)) & 1;
        i32[laneStart + 4 * v + q + 1] += is;
        i32[quarters + 4 * row + q + 1] += is;
      }
    }
    for (const [from, n] of [
      [laneStart, this.#lanes],
      [quarters, 4 * this.#rows],
    ])
      for (let i = from; i < from + n; i++) i32[i + 1] += i32[i];
    const nextOfLane = i32.slice(laneStart, laneStart + this.#lanes);
    const nextOfRow = i32.slice(quarters, quarters + 4 * this.#rows);
    for (let i = 0, k = 0; i < flags.length; i++) {
      if (flags[i] === 0) continue;
      const [row, v] = [Math.floor(i / vectors), i % vectors];
      for (let q = 0; q < 4; q++) {
        if (!((flags[i] >> (2 + q)) & 1)) continue;
        const lane = 4 * v + q;
        const [byLane, byRow] = [nextOfLane[lane]++, nextOfRow[4 * row + q]++];
        i32[rowList + byLane] = row;
        i32[laneList + byRow] = lane;
        i32[offset + k] = row * stride + 4 * lane;
        i32[ofLanes + k] = byLane;
        i32[ofRows + k++] = byRow;
      }
    }
  }

  /** As Projection.forward, by weights at `w`: from `start`, `startStride` bytes an example. */
  forward(w: number, examples: number, start: number, startStride: number): void {
    const { pre, post } = this.#projection;
    const { kernels } = this.#compute;
    const { laneStart, rows, ofLanes } = this.#lists;
    const bytes = turnedBytes(examples);
    const x = this.#turn(this.#x, pre.out, pre.outStride, this.#rows, examples);
    const out = this.#out.of(this.#lanes * bytes);
    if (start) kernels.transpose(out, bytes, start, startStride, examples, this.#lanes);
    const values = this.#collect(w, ofLanes);
    this.#shared("gather", this.#parts(examples), this.#lanes, (from, to) => [
      ...[out, bytes, start && out, bytes, x, bytes, laneStart, rows, values, from, to, 0, bytes / 16, 0, 1],
    ]);
    kernels.transpose(post.input, post.stride, out, bytes, this.#lanes, examples);
  }

  /** As Projection.project, by weights at `w`. */
  project(w: number, examples: number, add: boolean): void {
    const { pre, post } = this.#projection;
    const { quarters, lanes, ofRows } = this.#lists;
    const bytes = turnedBytes(examples);
    const signal = this.#turn(this.#signal, post.signal, post.stride, this.#lanes, examples);
    const values = this.#collect(w, ofRows);
    // Asked for once: helpers may come up in between.
    const parts = this.#parts(examples);
    const partial = this.#partial.of(PARTIAL_ROWS * bytes * parts);
    this.#shared("projectSynapses", parts, this.#rows, (from, to, part) => [
      ...[pre.back, pre.outStride, quarters, lanes, values, signal, bytes, examples, from, to],
      ...[partial + part * PARTIAL_ROWS * bytes, add ? 1 : 0],
    ]);
  }

  /** As Projection.gradient, where synapses are; rows from 0 on come first. */
  gradient(out: number, from: number, to: number, examples: number): void {
    const { pre, post, columns } = this.#projection;
    const { quarters, lanes } = this.#lists;
    const bytes = turnedBytes(examples);
    if (from === 0) {
      this.#turn(this.#x, pre.out, pre.outStride, this.#rows, examples);
      this.#turn(this.#signal, post.signal, post.stride, this.#lanes, examples);
    }
    this.#shared("gradientSynapses", this.#parts(examples), to - from, (first, end) => [
      ...[out - from * columns.stride, columns.stride, quarters, lanes, this.#x.at, this.#signal.at, bytes, examples],
      ...[from + first, from + end],
    ]);
  }

  free(): void {
    for (const pointer of Object.values(this.#lists)) this.#compute.arena.free(pointer);
    for (const room of [this.#x, this.#signal, this.#out, this.#values, this.#partial]) room.free();
  }

  /** Rows of examples as rows of neurons. */
  #turn(room: Room, from: number, stride: number, neurons: number, examples: number): number {
    const bytes = turnedBytes(examples);
    const to = room.of(neurons * bytes);
    this.#compute.kernels.transpose(to, bytes, from, stride, examples, neurons);
    return to;
  }

  #collect(w: number, place: number): number {
    const values = this.#values.of(4 * this.#count);
    this.#compute.kernels.collect(values, place, w, this.#lists.offset, 0, this.#count);
    return values;
  }

  #parts(examples: number): number {
    return this.#compute.parts(this.#count * examples);
  }

  #shared(
    kernel: "gather" | "projectSynapses" | "gradientSynapses",
    parts: number,
    n: number,
    argsOf: (from: number, to: number, part: number) => number[],
  ): void {
    this.#compute.share(kernel, parts, (part) => argsOf(share(n, part, parts), share(n, part + 1, parts), part));
  }
}

/** Bytes of a neuron's row with an example a lane. */
function turnedBytes(examples: number): number {
  return 16 * Math.ceil(examples / 4);
}
