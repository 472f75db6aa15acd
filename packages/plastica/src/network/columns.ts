/**
 * Named columns of state. A population has columns with one value for each neuron, a projection columns with one value for
 * each synapse: both are grids of rows and lanes, and whoever needs state (a rule, a policy) adds a column by name. Birth,
 * death, growth and snapshots carry every column without knowing what it means.
 *
 * The rows of a projection come in planes (see NeuronModel): neuron i of plane p is row p * rowCapacity + i. Slots past the
 * live ones hold zeros, in every column, always.
 */
import type { Arena } from "../compute/arena.ts";

/** The value of a new slot: a number, or the name of the column it copies (the weight a synapse is born with). */
export type Initial = number | string;

interface Column {
  readonly initial: Initial;
  pointer: number;
}

export class Columns {
  readonly planes: number;
  rowCapacity: number;
  laneCapacity: number;
  /** Live rows of a plane, and live lanes. */
  rows: number;
  lanes: number;
  readonly #arena: Arena;
  readonly #columns = new Map<string, Column>();

  constructor(arena: Arena, planes: number, rows: number, lanes: number) {
    this.#arena = arena;
    this.planes = planes;
    this.rows = rows;
    this.lanes = lanes;
    this.rowCapacity = rows;
    this.laneCapacity = roundLanes(lanes);
  }

  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /** Of all columns, capacity and all. */
  get bytes(): number {
    return this.#columns.size * this.#bytes;
  }

  /** Bytes from one row to the next. */
  get stride(): number {
    return this.laneCapacity * 4;
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** Adds a column filled with its initial value. A column that is there already is left as it is. */
  add(name: string, initial: Initial): void {
    if (this.#columns.has(name)) return;
    this.#columns.set(name, { initial, pointer: this.#arena.allocate(this.#bytes) });
    for (let lane = 0; lane < this.lanes; lane++) this.#initialise(name, lane);
  }

  remove(name: string): void {
    const column = this.#columns.get(name);
    if (column) this.#arena.free(column.pointer);
    this.#columns.delete(name);
  }

  pointer(name: string): number {
    const column = this.#columns.get(name);
    if (!column) throw new Error(`internal: no column ${name}, there are ${this.names.join(", ")}`);
    return column.pointer;
  }

  /** A view of the whole column, capacity and all. It is good until the next allocation. */
  view(name: string): Float32Array {
    const from = this.pointer(name) >>> 2;
    return this.#arena.f32.subarray(from, from + (this.#bytes >>> 2));
  }

  /** The live values, packed, `[row][lane]`, plane after plane. */
  packed(name: string): Float32Array {
    const out = new Float32Array(this.planes * this.rows * this.lanes);
    const from = this.view(name);
    this.#eachRow((row, i) =>
      out.set(from.subarray(row * this.laneCapacity, row * this.laneCapacity + this.lanes), i * this.lanes),
    );
    return out;
  }

  /** Sets the live values from packed ones. */
  unpack(name: string, values: Float32Array): void {
    const to = this.view(name);
    this.#eachRow((row, i) => to.set(values.subarray(i * this.lanes, (i + 1) * this.lanes), row * this.laneCapacity));
  }

  /** One live value; rows count through the planes as in `packed`. */
  get(name: string, row: number, lane: number): number {
    return this.#arena.f32[this.#at(name, row, lane)];
  }

  set(name: string, row: number, lane: number, value: number): void {
    this.#arena.f32[this.#at(name, row, lane)] = value;
  }

  /** The same of a value by its place in the packed ones. */
  setPlace(name: string, place: number, value: number): void {
    this.set(name, Math.floor(place / this.lanes), place % this.lanes, value);
  }

  #at(name: string, row: number, lane: number): number {
    const plane = Math.floor(row / this.rows);
    return (
      (this.pointer(name) >>> 2) + (plane * this.rowCapacity + (row - plane * this.rows)) * this.laneCapacity + lane
    );
  }

  /** Bytes that `relayout` to these capacities takes, until it gives back what was there. */
  room(rowCapacity: number, laneCapacity: number): number {
    if (rowCapacity === this.rowCapacity && laneCapacity === this.laneCapacity) return 0;
    return this.#columns.size * (this.planes * rowCapacity * laneCapacity * 4 + 64);
  }

  /** Moves everything to a layout with room for so many rows a plane and lanes, no fewer than live. */
  relayout(rowCapacity: number, laneCapacity: number): void {
    const [rowsBefore, lanesBefore] = [this.rowCapacity, this.laneCapacity];
    if (rowCapacity === rowsBefore && laneCapacity === lanesBefore) return;
    if (rowCapacity < this.rows || laneCapacity < this.lanes) {
      throw new Error(`internal: ${this.rows} by ${this.lanes} do not fit into ${rowCapacity} by ${laneCapacity}`);
    }
    this.rowCapacity = rowCapacity;
    this.laneCapacity = laneCapacity;
    for (const column of this.#columns.values()) {
      const pointer = this.#arena.allocate(this.#bytes);
      const f32 = this.#arena.f32;
      for (let plane = 0; plane < this.planes; plane++) {
        for (let row = 0; row < this.rows; row++) {
          const from = (column.pointer >>> 2) + (plane * rowsBefore + row) * lanesBefore;
          f32.copyWithin(
            (pointer >>> 2) + (plane * this.rowCapacity + row) * this.laneCapacity,
            from,
            from + this.lanes,
          );
        }
      }
      this.#arena.free(column.pointer);
      column.pointer = pointer;
    }
  }

  /** Nobody lives here any more, and no room is kept: so many rows, of no lanes. The columns stay, by name. */
  vacate(rows: number): void {
    this.rows = rows;
    this.lanes = 0;
    this.relayout(rows, 0);
  }

  /** From the first row to the last live one, padding between planes included. */
  get extent(): number {
    return Math.max(0, (this.planes - 1) * this.rowCapacity + this.rows);
  }

  /** The live rows among [from, to), a range for each plane. */
  *live(from = 0, to = this.extent): Generator<[from: number, to: number]> {
    for (let plane = 0; plane < this.planes; plane++) {
      const first = Math.max(from, plane * this.rowCapacity);
      const end = Math.min(to, plane * this.rowCapacity + this.rows);
      if (first < end) yield [first, end];
    }
  }

  /** What a new slot of a column begins with. */
  initial(name: string): Initial {
    return this.#columns.get(name)!.initial;
  }

  /** Gives every live slot of these columns, of all, its initial value; but `w` is the caller's. */
  initialiseAll(names: readonly string[] = this.names): void {
    for (const name of names) for (let lane = 0; lane < this.lanes; lane++) this.#initialise(name, lane);
  }

  /** A new lane (a neuron's incoming synapses) with initial values. `w` is set by the caller, before. */
  initialiseLane(lane: number): void {
    for (const name of this.#columns.keys()) this.#initialise(name, lane);
  }

  /** A new synapse with initial values, by its place in packed ones. `w` is set by the caller, before. */
  initialiseSynapse(place: number): void {
    const [row, lane] = [Math.floor(place / this.lanes), place % this.lanes];
    for (const [name, { initial }] of this.#columns) {
      if (name === "w") continue;
      this.set(name, row, lane, typeof initial === "string" ? this.get(initial, row, lane) : initial);
    }
  }

  /** A new row in each plane (a neuron's outgoing synapses) with initial values. */
  initialiseRow(slot: number): void {
    for (const [name, { initial }] of this.#columns) {
      if (name === "w") continue;
      const view = this.view(name);
      for (let plane = 0; plane < this.planes; plane++) {
        const from = (plane * this.rowCapacity + slot) * this.laneCapacity;
        if (typeof initial === "string") view.set(this.view(initial).subarray(from, from + this.lanes), from);
        else view.fill(initial, from, from + this.lanes);
      }
    }
  }

  /** Moves a lane onto another and leaves zeros: the last neuron takes the place of a dead one. `to` may be `from`. */
  moveLane(from: number, to: number): void {
    for (const name of this.#columns.keys()) {
      const view = this.view(name);
      this.#eachRow((row) => {
        const at = row * this.laneCapacity;
        const value = view[at + from];
        view[at + from] = 0;
        if (from !== to) view[at + to] = value;
      });
    }
  }

  /** The same for a row in each plane. */
  moveRow(from: number, to: number): void {
    for (const name of this.#columns.keys()) {
      const view = this.view(name);
      for (let plane = 0; plane < this.planes; plane++) {
        const [a, b] = [from, to].map((slot) => (plane * this.rowCapacity + slot) * this.laneCapacity);
        if (from !== to) view.copyWithin(b, a, a + this.lanes);
        view.fill(0, a, a + this.lanes);
      }
    }
  }

  /** Zeroes the weights of a row in each plane, and all its state. */
  clearRow(slot: number): void {
    this.moveRow(slot, slot);
  }

  free(): void {
    for (const column of this.#columns.values()) this.#arena.free(column.pointer);
    this.#columns.clear();
  }

  get #bytes(): number {
    return this.planes * this.rowCapacity * this.laneCapacity * 4;
  }

  #initialise(name: string, lane: number): void {
    const { initial } = this.#columns.get(name)!;
    if (name === "w") return;
    const view = this.view(name);
    const copied = typeof initial === "string" ? this.view(initial) : undefined;
    this.#eachRow((row) => {
      const at = row * this.laneCapacity + lane;
      view[at] = copied ? copied[at] : (initial as number);
    });
  }

  #eachRow(visit: (row: number, i: number) => void): void {
    for (let plane = 0, i = 0; plane < this.planes; plane++) {
      for (let row = 0; row < this.rows; row++) visit(plane * this.rowCapacity + row, i++);
    }
  }
}

/** Lanes come in vectors of four. */
export function roundLanes(lanes: number): number {
  return Math.ceil(lanes / 4) * 4;
}
