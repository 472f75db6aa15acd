/**
 * A dense projection: every neuron of one population to every neuron of another, weights stored `[pre][post]`. It carries
 * activity forward along the rows of active neurons, signals back to them, and gathers gradients of a batch row by row. Where many of its
 * synapses are absent, it visits only those that are there (presence.ts), to the same bits.
 */
import { type Compute, share } from "../compute/compute.ts";
import { Room } from "../compute/room.ts";
import { presentIn } from "./absent.ts";
import { Columns } from "./columns.ts";
import type { Initialiser } from "./initialisers.ts";
import type { Population } from "./population.ts";
import { type Presence, presence } from "./presence.ts";
import { MANY, type PresentBlocks } from "./present-blocks.ts";
import type { PresentSynapses } from "./present-synapses.ts";
import type { Projection } from "./projection.ts";

/** Matrix rows of one chunk of the kernel `gather`; see its doc. */
export const CHUNK = 128;

const UNKNOWN: Presence = { fullyPlastic: false };

export class DenseProjection implements Projection {
  readonly name: string;
  readonly pre: Population;
  readonly post: Population;
  readonly initialiser: Initialiser;
  readonly columns: Columns;
  readonly shared = false;
  #presence = UNKNOWN;
  /** Whether synapses may have come or gone since they were looked for. */
  #changed = true;
  readonly #compute: Compute;
  /** Where the weights lie, and what they are added to: asked for once a layout, not once a step. */
  #w = 0;
  #bias = 0;
  /** Room for the chunk borders of a batch; see `gather`. */
  readonly #bounds: Room;

  constructor(compute: Compute, pre: Population, post: Population, initialiser: Initialiser) {
    this.name = `${pre.name}-${post.name}`;
    this.pre = pre;
    this.post = post;
    this.initialiser = initialiser;
    this.#compute = compute;
    this.#bounds = new Room(compute.arena);
    this.columns = new Columns(compute.arena, pre.planes, pre.size, post.size);
    this.columns.relayout(pre.capacity, post.capacity);
    this.columns.add("w", 0);
  }

  /** Presynaptic outputs: rows of weights that are in use. */
  get fanIn(): number {
    return this.pre.values;
  }

  get fanOut(): number {
    return this.post.size;
  }

  meet(values: Float64Array): Float64Array {
    return values;
  }

  /** One a synapse. */
  get operations(): number {
    return presentIn(this.columns);
  }

  /** Looks up where columns lie, after they have moved. */
  point(): void {
    this.#changed = true;
    this.#w = this.columns.pointer("w");
    this.#bias = this.post.columns.has("bias") ? this.post.columns.pointer("bias") : 0;
  }

  lend(weights: number | undefined): void {
    this.#w = weights ?? this.columns.pointer("w");
  }

  /** Adds (or, when it comes first, puts) weighted activity into the input of the postsynaptic population. */
  forward(examples: number, first: boolean): void {
    const { pre, post, columns } = this;
    const start = first ? this.#bias : post.input;
    const startStride = first ? 0 : post.stride;
    if (this.#changed) this.#look();
    const present = this.present(examples);
    if (present) return present.forward(this.#w, examples, start, startStride);
    const { rowStart, index, value } = pre.list;
    const w = this.#w;
    const parts = this.#compute.alone ? 1 : this.#compute.parts(pre.active * post.size);
    const chunks = examples < 8 ? 1 : Math.ceil((columns.planes * columns.rowCapacity) / CHUNK);
    const room = (chunks + 1) * examples * 4;
    const bounds = chunks > 1 ? this.#bounds.of(room * parts) : 0;
    this.#compute.share("gather", parts, (part) => [
      post.input,
      post.stride,
      start,
      startStride,
      w,
      columns.stride,
      rowStart,
      index,
      value,
      0,
      examples,
      share(post.vectors, part, parts, 4),
      share(post.vectors, part + 1, parts, 4),
      bounds + part * room,
      chunks,
    ]);
  }

  /** Carries the postsynaptic signals of a batch back to `pre.back`: to all, or to the active entries where the model is gated. */
  project(examples: number, add: boolean): void {
    const { pre, post } = this;
    const present = this.present(examples);
    if (present) return present.project(this.#w, examples, add);
    if (examples === 1) {
      if (pre.gated) return this.#projectActive(add);
      for (let plane = 0; plane < pre.planes; plane++) {
        const from = plane * pre.capacity;
        this.projectEntries(from, from + pre.size, false, add);
      }
      return;
    }
    const listed = pre.gated;
    const all = pre.planes * pre.capacity;
    const parts = this.#compute.parts((listed ? pre.active : examples * all) * post.size);
    const chunks = Math.ceil(all / CHUNK);
    const room = listed ? (chunks + 1) * examples * 4 : 0;
    const bounds = this.#bounds.of(room * parts);
    this.#compute.share("project", parts, (part) => [
      pre.back,
      pre.outStride,
      this.#w,
      this.columns.stride,
      post.signal,
      post.stride,
      post.vectors,
      pre.list.rowStart,
      listed ? pre.list.index : 0,
      all,
      share(examples, part, parts),
      share(examples, part + 1, parts),
      add ? 1 : 0,
      bounds + part * room,
      chunks,
    ]);
  }

  #projectActive(add: boolean): void {
    const { pre, post, columns } = this;
    if (!this.#compute.alone) return this.projectEntries(0, pre.active, true, add);
    const { rowStart, index } = pre.list;
    const sum = add ? 1 : 0;
    this.#compute.kernels.projectActive(
      ...[pre.back, this.#w, columns.stride, post.signal, post.vectors, rowStart, index, sum],
    );
  }

  /** The same for one example, and for its active entries [from, to), or all rows in that range. */
  projectEntries(from: number, to: number, listed: boolean, add: boolean): void {
    const { pre, post } = this;
    const w = this.#w;
    const index = listed ? pre.list.index : 0;
    const parts = this.#compute.parts((to - from) * post.size);
    this.#compute.share("projectRow", parts, (part) => [
      pre.back,
      w,
      this.columns.stride,
      post.signal,
      post.vectors,
      index,
      from + share(to - from, part, parts, 8),
      from + share(to - from, part + 1, parts, 8),
      add ? 1 : 0,
    ]);
  }

  /**
   * The gradient of rows [from, to) over a batch, into `out` (row `from` first, stride as the weights): the sum over examples
   * of pre * signal. `pre.listByNeuron` and the postsynaptic signals come first.
   */
  gradient(out: number, from: number, to: number, examples: number): void {
    const { pre, post, columns } = this;
    const { columnStart, rowIndex, rowValue } = pre.list;
    const parts = this.#compute.parts(((pre.active * (to - from)) / Math.max(1, this.fanIn)) * post.size);
    const origin = out - from * columns.stride;
    const chunks = Math.ceil(examples / CHUNK);
    const room = (chunks + 1) * (to - from) * 4;
    const bounds = chunks > 1 ? this.#bounds.of(room * parts) : 0;
    this.#compute.share("gather", parts, (part) => [
      origin,
      columns.stride,
      0,
      0,
      post.signal,
      post.stride,
      columnStart,
      rowIndex,
      rowValue,
      from + share(to - from, part, parts),
      from + share(to - from, part + 1, parts),
      0,
      post.vectors,
      bounds + part * room,
      chunks,
    ]);
  }

  get blocks(): PresentBlocks | undefined {
    return this.#presence.blocks;
  }

  get fullyPlastic(): boolean {
    return this.#presence.fullyPlastic;
  }

  present(examples: number): PresentBlocks | PresentSynapses | undefined {
    return examples < MANY ? this.#presence.blocks : this.#presence.inBatches;
  }

  release(): void {
    this.#forget();
    this.#bounds.free();
  }

  #forget(): void {
    for (const listed of new Set([this.#presence.blocks, this.#presence.inBatches])) listed?.free();
    this.#presence = UNKNOWN;
    this.#changed = true;
  }

  #look(): void {
    this.#forget();
    this.#presence = presence(this.#compute, this);
    this.#changed = false;
  }
}
