/**
 * A population: neurons with the same dynamics. It owns their columns of state, who they are, and the buffers in which one
 * example, or a batch, passes through: what came in, what went out, and the signals that come back.
 *
 * A population may be a map: then a neuron is a channel, which is at every position of the map. What is kept of it (its bias, its gain, its
 * statistics) is one, what passes through it is a value for each position. Whoever does not ask where positions are sees more *planes*.
 */
import type { Compute } from "../compute/compute.ts";
import { ValueError } from "../errors.ts";
import { interpretGrid } from "../rules/interpret.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Columns } from "./columns.ts";
import { GridCall } from "./grid-call.ts";
import { LayerNorm } from "./layer-norm.ts";
import { type MapShape, positionsOf } from "./map.ts";
import type { NeuronModel } from "./neuron.ts";
import type { Normalisation } from "./normalisation.ts";
import { type Pooling, PoolingAtWork, pooledMap } from "./pooling.ts";
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

export interface PopulationOptions {
  readonly bias: boolean;
  readonly layerNorm: boolean;
  readonly batchNorm?: boolean;
  readonly dropout?: Dropout;
  /** Where its neurons are. Absent: nowhere, each has one value. */
  readonly map?: MapShape;
  readonly pool?: Pooling;
}

export class Population {
  readonly name: string;
  readonly model: NeuronModel;
  readonly columns: Columns;
  readonly neurons: Neuron[];
  /** Whether neurons are channels of a map. */
  readonly spatial: boolean;
  /** Positions of what comes in, and, pooled, of what goes out: 1 by 1 where there are none. */
  readonly map: MapShape;
  readonly outMap: MapShape;
  readonly pool: Pooling | undefined;
  /** Whether who puts out 0 needs no signal: see NeuronModel. A mean may be 0 where what it is of is not. */
  readonly gated: boolean;
  readonly norm: Normalisation | undefined;
  readonly silencing: Silencing | undefined;
  readonly compute: Compute;
  /**
   * What came in, what goes out, dLoss / dOut and dLoss / dInput: [example][position][slot], `out` and `back` by pooled positions and the
   * planes of the model.
   */
  input = 0;
  out = 0;
  back = 0;
  signal = 0;
  readonly list: ActivityList = { rowStart: 0, index: 0, value: 0, columnStart: 0, rowIndex: 0, rowValue: 0 };
  /** How many examples the buffers hold. */
  batch = 0;
  #active = 0;
  /** Whether anyone reads the list: convolutions do not. */
  listens = true;
  readonly #forward: GridCall;
  readonly #backward: GridCall;
  readonly #pooling: PoolingAtWork | undefined;
  /** The model's programs may take all positions of an example for one long row: padding stays 0. */
  readonly #flat: boolean;
  #buffers: number[] = [];
  /** Whether the list by neuron is of what is active now. */
  #listed = false;
  /** Room in which the kernel that makes it works. */
  #turned = 0;

  constructor(compute: Compute, name: string, model: NeuronModel, neurons: Neuron[], options: PopulationOptions) {
    const { bias, layerNorm, batchNorm, dropout, map = { height: 1, width: 1 }, pool } = options;
    this.compute = compute;
    this.name = name;
    this.model = model;
    this.neurons = neurons;
    this.spatial = options.map !== undefined;
    this.map = map;
    this.outMap = pool ? pooledMap(name, map, pool) : map;
    this.pool = pool;
    this.gated = model.gated && pool?.kind !== "average";
    this.columns = new Columns(compute.arena, 1, 1, neurons.length);
    if (bias) this.columns.add("bias", 0);
    if (layerNorm && batchNorm)
      throw new ValueError(`${name} is normalised by layer and by batch: one of these can be chosen`);
    this.norm = layerNorm ? new LayerNorm(this) : batchNorm ? new BatchNorm(this) : undefined;
    this.#pooling = pool && new PoolingAtWork(this, pool);
    this.silencing = dropout && new Silencing(this, dropout);
    this.#forward = new GridCall(compute, model.forward);
    this.#backward = new GridCall(compute, model.backward);
    this.#flat = this.positions > 1 && model.planes === 1 && restsAtZero(model);
    this.reserve(1);
  }

  /** What another one of its kind is made with. */
  get options(): PopulationOptions {
    const { norm, spatial, map, pool, silencing, columns } = this;
    return {
      ...{ bias: columns.has("bias"), layerNorm: norm?.kind === "layer", batchNorm: norm?.kind === "batch" },
      ...{ dropout: silencing?.kind, map: spatial ? map : undefined, pool },
    };
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

  get positions(): number {
    return positionsOf(this.map);
  }

  get outPositions(): number {
    return positionsOf(this.outMap);
  }

  /** Values of one neuron in what the population puts out, for those who do not ask where they are: positions by the model's planes. */
  get planes(): number {
    return this.outPositions * this.model.planes;
  }

  /** Bytes of a position: of what comes in, and by planes. */
  get stride(): number {
    return this.capacity * 4;
  }

  get rowBytes(): number {
    return this.model.planes * this.stride;
  }

  /** Bytes of an example of what goes out. */
  get outStride(): number {
    return this.planes * this.stride;
  }

  /** Values of an example of what goes out. */
  get values(): number {
    return this.planes * this.size;
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
    const cells = room * this.positions * this.stride;
    const entries = room * this.outStride;
    const sizes = [cells, entries, entries, cells, (room + 1) * 4, entries + 16, entries + 16];
    if (room > 1) sizes.push((this.capacity * this.planes + 1) * 4, entries + 16, entries + 16, (room + 3) * 16);
    const own = sizes.length;
    const norms = this.norm?.sizes(room) ?? [];
    const silent = this.silencing?.sizes(room * this.outPositions * this.stride, entries) ?? [];
    const pools = this.#pooling?.sizes(room) ?? [];
    // All of it or nothing, and before anything is given back: a batch too large for the memory changes nothing.
    const buffers = arena.allocateAll([...sizes, ...norms, ...silent, ...pools]);
    for (const pointer of this.#buffers) arena.free(pointer);
    this.#buffers = buffers;
    this.batch = room;
    this.#listed = false;
    const list = this.list;
    [this.input, this.out, this.back, this.signal, list.rowStart, list.index, list.value] = this.#buffers;
    [list.columnStart, list.rowIndex, list.rowValue, this.#turned] = room > 1 ? buffers.slice(7) : [0, 0, 0, 0];
    this.norm?.place(buffers.slice(own));
    this.silencing?.place(buffers.slice(own + norms.length));
    this.#pooling?.place(buffers.slice(own + norms.length + silent.length));
    this.point();
    return true;
  }

  /** Bytes that the buffers will take at another capacity; 0 at this one. */
  room(capacity: number): number {
    if (capacity === this.capacity) return 0;
    const cells = this.batch * capacity * 4;
    // Of each position: input, signal and what a norm keeps; of what the model makes of it, its pool's; of what goes out, lists too.
    const norm = this.norm ? 4 : 0;
    return cells * (this.positions * (2 + norm + (this.pool ? 2 * this.model.planes : 0)) + 7 * this.planes);
  }

  /** Forgets what passed through: no stale value of another life is ever read. */
  clearBuffers(): void {
    const { arena } = this.compute;
    for (const pointer of this.#buffers) arena.clear(pointer);
  }

  /** Points the calls at the buffers, after these or the columns have moved. */
  point(): void {
    const { stride, rowBytes, positions } = this;
    const rows = this.#flat ? positions : 1;
    const drive = this.norm ? this.norm.drive : this.input;
    const [fired, firedBack] = this.#pooling
      ? [this.#pooling.fired, this.#pooling.firedBack]
      : [this.#pooled, this.back];
    const places: Record<string, { pointer: number; stride: number }> = {
      input: { pointer: drive, stride: stride * rows },
      signal: { pointer: this.signal, stride: stride * rows },
    };
    for (let plane = 0; plane < this.model.planes; plane++) {
      places[`out${plane}`] = { pointer: fired + plane * stride, stride: rowBytes * rows };
      places[`back${plane}`] = { pointer: firedBack + plane * stride, stride: rowBytes * rows };
    }
    const lanes = this.#flat ? positions * this.capacity : this.size;
    this.#forward.point(places).lanes(lanes);
    this.#backward.point(places).lanes(lanes);
    this.norm?.point();
    this.silencing?.point();
  }

  /** Where the model's outputs lie, pooled if they are, before anyone is silenced. */
  get #pooled(): number {
    return this.silencing?.raw ?? this.out;
  }

  /**
   * From `input` to `out` for the first `examples` examples, and the list of who is active. `learn` lets statistics of a batch be those that
   * normalise it; `drawing`: who is silenced.
   */
  fire(examples: number, learn = false, drawing?: Drawing): void {
    this.norm?.forward(examples, learn);
    this.#run(this.#forward, examples);
    this.#pooling?.forward(this.#pooled, examples);
    this.silencing?.apply(examples * this.outPositions, drawing);
    if (this.listens) this.listActive(examples);
  }

  #run(call: GridCall, examples: number): void {
    const { positions, size } = this;
    if (this.#flat) call.runShared(0, examples, 4 * positions * size);
    else call.runShared(0, examples * positions, 4 * size);
  }

  /** Lists the active entries of `out`. */
  listActive(examples: number): void {
    const { rowStart, index, value } = this.list;
    this.compute.kernels.listActive(
      this.out,
      this.outStride,
      examples,
      this.size,
      this.planes,
      this.stride,
      rowStart,
      index,
      value,
    );
    this.relist(examples);
  }

  /** Takes notice that `out` of so many examples has been listed anew. */
  relist(examples: number): void {
    this.#listed = false;
    this.#active = this.compute.arena.i32[(this.list.rowStart >>> 2) + examples];
  }

  /** How many entries the list has now. */
  get active(): number {
    this.compute.recording?.spoil();
    return this.#active;
  }

  /** The list by neuron, which gradients of a batch are gathered from. */
  listByNeuron(examples: number): void {
    if (this.#listed) return;
    this.#listed = true;
    const { columnStart, rowIndex, rowValue } = this.list;
    const columns = this.capacity * this.planes;
    this.compute.kernels.listByNeuron(
      ...[this.out, this.outStride, examples, columns, columnStart, rowIndex, rowValue, this.#turned],
    );
  }

  /** From `back`, dLoss / dOut, to `signal`, dLoss / dInput. */
  differentiate(examples: number): void {
    this.silencing?.differentiate();
    this.#pooling?.backward(this.#pooled, examples);
    this.#run(this.#backward, examples);
    this.norm?.backward(examples);
  }

  /** The outputs of the first `examples` examples, packed; plane after plane within an example. */
  outputs(examples: number): Float32Array {
    const { size, planes, capacity } = this;
    const { f32 } = this.compute.arena;
    const result = new Float32Array(examples * planes * size);
    // Value by value: rows are short, and a view of one takes longer to make than they take to copy.
    for (let row = 0, at = 0, from = this.out >>> 2; row < examples * planes; row++, at += size, from += capacity) {
      for (let i = 0; i < size; i++) result[at + i] = f32[from + i];
    }
    return result;
  }
}

/** Whether nothing comes of nothing. */
function restsAtZero(model: NeuronModel): boolean {
  const [input, out0] = [new Float32Array(4), new Float32Array(4)];
  interpretGrid(
    model.forward,
    { input: { data: input, stride: 0 }, out0: { data: out0, stride: 0 } },
    { lanes: 4, from: 0, to: 1 },
  );
  return out0.every((value) => value === 0);
}
