/**
 * A population: neurons with the same dynamics. It owns their columns of state, who they are, and the buffers in which one
 * example, or a batch, passes through: what came in, what went out, and the signals that come back.
 */
import type { Compute } from "../compute/compute.ts";
import { Columns } from "./columns.ts";
import { GridCall } from "./grid-call.ts";
import { LayerNorm } from "./layer-norm.ts";
import type { NeuronModel } from "./neuron.ts";
import { type Drawing, type Dropout, Silencing } from "./silencing.ts";

/** One neuron's identity. Slots move; ids are never used again. */
export interface Neuron {
  readonly id: number;
  /** The step at which it was born. */
  readonly born: number;
  /** Why: "founder", or the policy that asked for it. */
  readonly cause: string;
}

/** The entries of a batch that are not silent, example by example and neuron by neuron. All fields are pointers. */
interface ActivityList {
  rowStart: number;
  index: number;
  value: number;
  columnStart: number;
  rowIndex: number;
  rowValue: number;
}

export class Population {
  readonly name: string;
  readonly model: NeuronModel;
  readonly columns: Columns;
  readonly neurons: Neuron[];
  readonly norm: LayerNorm | undefined;
  readonly silencing: Silencing | undefined;
  readonly compute: Compute;
  /** What came in, what the model made of it, dLoss / dOut and dLoss / dInput: [example][slot], `out` and `back` by planes. */
  input = 0;
  out = 0;
  back = 0;
  signal = 0;
  readonly list: ActivityList = { rowStart: 0, index: 0, value: 0, columnStart: 0, rowIndex: 0, rowValue: 0 };
  /** How many examples the buffers hold, and entries the list has now. */
  batch = 0;
  active = 0;
  readonly #forward: GridCall;
  readonly #backward: GridCall;
  #buffers: number[] = [];
  /** Whether the list by neuron is of what is active now. */
  #listed = false;

  constructor(
    compute: Compute,
    name: string,
    model: NeuronModel,
    neurons: Neuron[],
    options: { bias: boolean; layerNorm: boolean; dropout?: Dropout },
  ) {
    this.compute = compute;
    this.name = name;
    this.model = model;
    this.neurons = neurons;
    this.columns = new Columns(compute.arena, 1, 1, neurons.length);
    if (options.bias) this.columns.add("bias", 0);
    this.norm = options.layerNorm ? new LayerNorm(this) : undefined;
    this.silencing = options.dropout && new Silencing(this, options.dropout);
    this.#forward = new GridCall(compute, model.forward);
    this.#backward = new GridCall(compute, model.backward);
    this.reserve(1);
  }

  get size(): number {
    return this.neurons.length;
  }

  get capacity(): number {
    return this.columns.laneCapacity;
  }

  /** Vectors of four lanes that hold the live neurons. */
  get vectors(): number {
    return (this.neurons.length + 3) >> 2;
  }

  get stride(): number {
    return this.capacity * 4;
  }

  get outStride(): number {
    return this.model.planes * this.stride;
  }

  /** The names of the columns that a rule trains. */
  get parameters(): string[] {
    return ["bias", "gain", "shift"].filter((name) => this.columns.has(name));
  }

  /** Makes the buffers large enough for `batch` examples and for the present capacity; says whether they have moved. */
  reserve(batch: number, moved = false): boolean {
    if (batch <= this.batch && !moved) return false;
    const { arena } = this.compute;
    const room = Math.max(batch, this.batch);
    const cells = room * this.stride;
    const entries = cells * this.model.planes;
    const sizes = [cells, entries, entries, cells, (room + 1) * 4, entries + 16, entries + 16];
    if (room > 1) sizes.push((this.capacity * this.model.planes + 1) * 4, entries, entries);
    const own = sizes.length;
    const norms = this.norm?.sizes(room) ?? [];
    const silent = this.silencing?.sizes(cells, entries) ?? [];
    // All of it or nothing, and before anything is given back: a batch too large for the memory changes nothing.
    const buffers = arena.allocateAll([...sizes, ...norms, ...silent]);
    for (const pointer of this.#buffers) arena.free(pointer);
    this.#buffers = buffers;
    this.batch = room;
    this.#listed = false;
    const list = this.list;
    [this.input, this.out, this.back, this.signal, list.rowStart, list.index, list.value] = this.#buffers;
    [list.columnStart, list.rowIndex, list.rowValue] = room > 1 ? buffers.slice(7) : [0, 0, 0];
    this.norm?.place(buffers.slice(own));
    this.silencing?.place(buffers.slice(own + norms.length));
    this.point();
    return true;
  }

  /** Forgets what passed through: no stale value of another life is ever read. */
  clearBuffers(): void {
    const { arena } = this.compute;
    for (const pointer of this.#buffers) arena.clear(pointer);
  }

  /** Points the calls at the buffers, after these or the columns have moved. */
  point(): void {
    const drive = this.norm ? this.norm.drive : this.input;
    const places: Record<string, { pointer: number; stride: number }> = {
      input: { pointer: drive, stride: this.stride },
      signal: { pointer: this.signal, stride: this.stride },
    };
    for (let plane = 0; plane < this.model.planes; plane++) {
      const out = this.silencing?.raw ?? this.out;
      places[`out${plane}`] = { pointer: out + plane * this.stride, stride: this.outStride };
      places[`back${plane}`] = { pointer: this.back + plane * this.stride, stride: this.outStride };
    }
    this.#forward.point(places).lanes(this.size);
    this.#backward.point(places).lanes(this.size);
    this.norm?.point();
    this.silencing?.point();
  }

  /** From `input` to `out` for the first `examples` examples, and the list of who is active. `drawing`: who is silenced. */
  fire(examples: number, drawing?: Drawing): void {
    this.norm?.forward(examples);
    this.#forward.runShared(0, examples, this.size * 4);
    this.silencing?.apply(examples, drawing);
    this.listActive(examples);
  }

  /** Lists the active entries of `out`. */
  listActive(examples: number): void {
    const { rowStart, index, value } = this.list;
    this.#listed = false;
    this.active = this.compute.kernels.listActive(
      this.out,
      this.outStride,
      examples,
      this.size,
      this.model.planes,
      this.stride,
      rowStart,
      index,
      value,
    );
  }

  /** The list by neuron, which gradients of a batch are gathered from. */
  listByNeuron(examples: number): void {
    if (this.#listed) return;
    this.#listed = true;
    const { columnStart, rowIndex, rowValue } = this.list;
    const columns = this.capacity * this.model.planes;
    this.compute.kernels.listByNeuron(this.out, this.outStride, examples, columns, columnStart, rowIndex, rowValue);
  }

  /** From `back`, dLoss / dOut, to `signal`, dLoss / dInput. */
  differentiate(examples: number): void {
    this.silencing?.differentiate();
    this.#backward.runShared(0, examples, this.size * 4);
    this.norm?.backward(examples);
  }

  /** The outputs of the first `examples` examples, packed; plane after plane within an example. */
  outputs(examples: number): Float32Array {
    const { size, model, capacity } = this;
    const { f32 } = this.compute.arena;
    const result = new Float32Array(examples * model.planes * size);
    // Value by value: rows are short, and a view of one takes longer to make than they take to copy.
    for (
      let row = 0, at = 0, from = this.out >>> 2;
      row < examples * model.planes;
      row++, at += size, from += capacity
    ) {
      for (let i = 0; i < size; i++) result[at + i] = f32[from + i];
    }
    return result;
  }
}
