/**
 * A convolutional projection: a channel of a map listens, at each of its positions, to a window of another map, with the same weights
 * everywhere:
 *
 *   input[y, x, o] = bias[o] + sum over i, j, c of out[y * stride + i - padding, x * stride + j - padding, c] * w[i, j, c, o]
 *
 * with zeros beyond the edge. Weights are columns like any other: planes are the places of the kernel (by the planes of the presynaptic
 * model), rows presynaptic channels, lanes postsynaptic ones. So rules, birth, death and snapshots need not know that this is a convolution.
 *
 * Grouped, the channels of either side are shared out among so many groups, and listen within their own: all other synapses are absent
 * (groups.ts).
 *
 * Forward, a stretch of the map where all is silent is passed over. Backward everything follows the list of signals that are not zero: where
 * most have been cut off by a pool or by silence, most of the work is saved.
 */
import { type Compute, share } from "../compute/compute.ts";
import { type Room, rooms } from "../compute/room.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { presentIn } from "./absent.ts";
import { Columns } from "./columns.ts";
import { Groups } from "./groups.ts";
import type { Initialiser } from "./initialisers.ts";
import { type Extent, extent, type MapShape, windows } from "./map.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";

/** How a kernel lies on the map that it reads; `[down, across]`. Plain data, which snapshots carry. */
export interface Kernel {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly groups: number;
}

export interface KernelOptions {
  /** Positions of the window: `5`, or `[5, 3]`. */
  kernel: Extent;
  /** Positions from one window to the next, from 1. Default 1. */
  stride?: Extent;
  /** Zeros around the map, from 0. Default 0. */
  padding?: Extent;
  /** Groups of channels that listen within their own, from 1; it divides the channels of both sides. Default 1. */
  groups?: number;
}

/** Throws ValueError for an option out of its range. */
export function kernelOf({ kernel, stride = 1, padding = 0, groups = 1 }: KernelOptions): Kernel {
  if (!Number.isSafeInteger(groups) || groups < 1)
    throw new ValueError(`groups of a convolution: ${groups}, which should be a whole number from 1`);
  return {
    size: extent("the kernel", kernel, 1),
    stride: extent("the stride of a convolution", stride, 1),
    padding: extent("the padding of a convolution", padding, 0),
    groups,
  };
}

/** The map that a kernel makes of another one. Throws ValueError where it does not fit. */
export function convolvedMap(name: string, { height, width }: MapShape, { size, stride, padding }: Kernel): MapShape {
  const padded = { height: height + 2 * padding[0], width: width + 2 * padding[1] };
  const map = windows(padded, size, stride);
  if (map.height === 0 || map.width === 0)
    throw new ValueError(
      `${name}: a kernel of ${size.join(" by ")} on a map of ${height} by ${width}, padded by ${padding.join(" and ")}: it does not fit`,
    );
  return map;
}

/** Throws ValueError where a kernel does not fit a map, ShapeError where what it makes of it is not the population that listens. */
export function mustConvolve(
  name: string,
  from: MapShape,
  post: Pick<Population, "name" | "spatial" | "map">,
  kernel: Kernel,
): void {
  const { height, width } = convolvedMap(name, from, kernel);
  if (!post.spatial || height !== post.map.height || width !== post.map.width)
    throw new ShapeError(
      `${name}: a map of ${height} by ${width} comes out, ${post.name} is ${post.map.height} by ${post.map.width}`,
    );
}

export class ConvolutionalProjection implements Projection {
  readonly name: string;
  readonly pre: Population;
  readonly post: Population;
  readonly initialiser: Initialiser;
  readonly columns: Columns;
  readonly kernel: Kernel;
  readonly groups: Groups | undefined;
  readonly shared = true;
  readonly #compute: Compute;
  #w = 0;
  #bias = 0;
  /** The presynaptic map laid out, and the signals that go back to it; see the kernels. */
  readonly #image: Room;
  readonly #returned: Room;
  /** Weights without gaps; weights by postsynaptic channel; a line of the gradient, by postsynaptic channel. */
  readonly #packed: Room;
  readonly #turned: Room;
  readonly #gradient: Room;
  /** Signals that are not zero, by row or by channel. */
  readonly #start: Room;
  readonly #index: Room;
  readonly #value: Room;
  readonly #byChannel: Room;

  /** Throws ShapeError where the maps do not fit the kernel. */
  constructor(compute: Compute, pre: Population, post: Population, initialiser: Initialiser, kernel: Kernel) {
    this.name = `${pre.name}-${post.name}`;
    if (!pre.spatial) throw new ShapeError(`${this.name}: ${pre.name} is no map, and cannot be convolved`);
    mustConvolve(this.name, pre.outMap, post, kernel);
    this.pre = pre;
    this.post = post;
    this.initialiser = initialiser;
    this.kernel = kernel;
    this.#compute = compute;
    [this.#image, this.#returned, this.#packed, this.#turned, this.#gradient] = rooms(compute.arena, 5);
    [this.#start, this.#index, this.#value, this.#byChannel] = rooms(compute.arena, 4);
    this.columns = new Columns(compute.arena, this.#places * pre.model.planes, pre.size, post.size);
    this.columns.relayout(pre.capacity, post.capacity);
    this.columns.add("w", 0);
    if (kernel.groups > 1) this.groups = new Groups(pre, post, this.columns, kernel.groups);
  }

  get #places(): number {
    return this.kernel.size[0] * this.kernel.size[1];
  }

  get fanIn(): number {
    return (this.columns.planes * this.pre.size) / this.kernel.groups;
  }

  get fanOut(): number {
    return (this.#places * this.post.size) / this.kernel.groups;
  }

  /** One a synapse and position. */
  get operations(): number {
    return presentIn(this.columns) * this.post.positions;
  }

  /** Each presynaptic plane's mean over the positions, for each place of the kernel: what a place sees, but for the edges. */
  meet(values: Float64Array): Float64Array {
    const { model, outPositions, size } = this.pre;
    const cells = model.planes * size;
    const met = new Float64Array(this.#places * cells);
    for (let i = 0; i < values.length; i++) met[i % cells] += values[i] / outPositions;
    for (let at = cells; at < met.length; at += cells) met.copyWithin(at, 0, cells);
    return met;
  }

  point(): void {
    this.#w = this.columns.pointer("w");
    this.#bias = this.post.columns.has("bias") ? this.post.columns.pointer("bias") : 0;
    // What lies in the gaps and borders of these is of another shape.
    for (const room of [this.#image, this.#turned]) if (room.at) this.#compute.arena.clear(room.at);
  }

  release(): void {
    for (const room of [this.#image, this.#returned, this.#packed, this.#turned, this.#gradient]) room.free();
    for (const room of [this.#start, this.#index, this.#value, this.#byChannel]) room.free();
  }

  lend(weights: number | undefined): void {
    this.#w = weights ?? this.columns.pointer("w");
  }

  forward(examples: number, first: boolean): void {
    const { pre, post } = this;
    const { span, imageBytes, lineBytes, step, jump } = this.#shape();
    const image = this.#image.of(imageBytes * examples + 16);
    this.#compute.kernels.layOut(
      ...[image + this.#border(), imageBytes, lineBytes, pre.out, pre.outStride, pre.stride, examples],
      ...[pre.outMap.height, pre.outMap.width * pre.model.planes, pre.size],
    );
    const weights = this.#pack();
    const { height, width } = post.map;
    const [lines] = this.kernel.size;
    const parts = this.#compute.parts(examples * height * width * lines * span * post.size);
    this.#compute.share("convolve", parts, (part) => [
      ...[post.input, post.stride, first ? this.#bias : post.input, first ? 0 : post.stride],
      ...[
        image,
        imageBytes,
        lineBytes,
        step,
        jump,
        lines,
        span,
        weights,
        this.columns.stride,
        post.vectors,
        height,
        width,
      ],
      ...[share(examples * height, part, parts), share(examples * height, part + 1, parts)],
    ]);
  }

  project(examples: number, add: boolean): void {
    const { pre, post } = this;
    const { spanVectors, imageBytes, lineBytes, step, jump } = this.#shape();
    const { kernels, arena } = this.#compute;
    const image = this.#returned.of(imageBytes * examples + 16);
    arena.u8.fill(0, image, image + imageBytes * examples);
    const count = this.#list(examples);
    const weights = this.#turn();
    const { height, width } = post.map;
    const [lines] = this.kernel.size;
    const parts = this.#compute.parts(4 * count * lines * spanVectors);
    this.#compute.share("sow", parts, (part) => [
      ...[image, imageBytes, lineBytes, step, jump, lines, spanVectors, weights],
      ...[this.#start.at, this.#index.at, this.#value.at, height, width],
      ...[share(examples, part, parts), share(examples, part + 1, parts)],
    ]);
    kernels.takeUp(
      ...[image + this.#border(), imageBytes, lineBytes, pre.back, pre.outStride, pre.stride, examples],
      ...[pre.outMap.height, pre.outMap.width * pre.model.planes, pre.size, add ? 1 : 0],
    );
  }

  /** Of no use here: a channel's signals go back together. */
  projectEntries(): void {
    throw new Error(`internal: ${this.name} carries signals back all at once`);
  }

  gradient(out: number, from: number, to: number, examples: number): void {
    const { pre, post, columns } = this;
    const { spanVectors, span, lineBytes } = this.#shape();
    const { kernels } = this.#compute;
    const count = this.#listByChannel(examples);
    const stride = 16 * spanVectors;
    const turned = this.#gradient.of(post.capacity * stride);
    const cellsOfLine = span / pre.size;
    const rowsOfLine = cellsOfLine * columns.rowCapacity;
    const parts = this.#compute.parts((4 * count * spanVectors * (to - from)) / rowsOfLine);
    for (let line = Math.floor(from / rowsOfLine); line * rowsOfLine < to; line++) {
      this.#compute.share("gather", parts, (part) => [
        ...[turned, stride, 0, 0, this.#image.at + line * lineBytes, 4, this.#start.at, this.#index.at, this.#value.at],
        ...[share(post.size, part, parts), share(post.size, part + 1, parts), 0, spanVectors, 0, 1],
      ]);
      for (let cell = 0; cell < cellsOfLine; cell++) {
        const row = line * rowsOfLine + cell * columns.rowCapacity;
        const first = Math.max(from, row);
        const rows = Math.min(to, row + pre.size) - first;
        if (rows <= 0) continue;
        kernels.transpose(
          ...[out + (first - from) * columns.stride, columns.stride],
          ...[turned + 4 * (cell * pre.size + first - row), stride, post.size, rows],
        );
      }
    }
  }

  /** The laid-out map in bytes, and how windows lie on it: values of a line of the window, bytes from one window to the next. */
  #shape() {
    const { pre, kernel } = this;
    const cell = pre.model.planes * pre.size;
    const span = kernel.size[1] * cell;
    const lineBytes = 4 * cell * (pre.outMap.width + 2 * kernel.padding[1]);
    // The last window's last vector may reach over the end.
    const imageBytes = Math.ceil((lineBytes * (pre.outMap.height + 2 * kernel.padding[0])) / 16) * 16 + 16;
    const [step, jump] = [4 * cell * kernel.stride[1], lineBytes * kernel.stride[0]];
    return { span, spanVectors: (span + 3) >> 2, lineBytes, imageBytes, step, jump };
  }

  /** Where the first value lies, within the border. */
  #border(): number {
    const { pre, kernel } = this;
    return kernel.padding[0] * this.#shape().lineBytes + kernel.padding[1] * 4 * pre.model.planes * pre.size;
  }

  /** Weights row by row without gaps between planes. */
  #pack(): number {
    const { columns } = this;
    if (columns.rows === columns.rowCapacity) return this.#w;
    const bytes = columns.rows * columns.stride;
    const to = this.#packed.of(columns.planes * bytes);
    for (let plane = 0; plane < columns.planes; plane++) {
      const from = this.#w + plane * columns.rowCapacity * columns.stride;
      this.#compute.arena.u8.copyWithin(to + plane * bytes, from, from + bytes);
    }
    return to;
  }

  /** Weights by postsynaptic channel and line of the kernel. */
  #turn(): number {
    const { columns, pre, post, kernel } = this;
    const { span, spanVectors } = this.#shape();
    const [lines] = kernel.size;
    const cellsOfLine = span / pre.size;
    const stride = 16 * spanVectors * lines;
    const to = this.#turned.of(post.capacity * stride);
    for (let plane = 0; plane < columns.planes; plane++) {
      const [line, cell] = [Math.floor(plane / cellsOfLine), plane % cellsOfLine];
      this.#compute.kernels.transpose(
        ...[to + line * 16 * spanVectors + 4 * cell * pre.size, stride],
        ...[this.#w + plane * columns.rowCapacity * columns.stride, columns.stride, pre.size, post.size],
      );
    }
    return to;
  }

  /** Lists the signals that are not zero, row by row. */
  #list(examples: number): number {
    const { post } = this;
    const rows = examples * post.positions;
    const start = this.#start.of(4 * (rows + 1));
    const index = this.#index.of(rows * post.stride + 16);
    const value = this.#value.of(rows * post.stride + 16);
    const { kernels } = this.#compute;
    return kernels.listActive(post.signal, post.stride, rows, post.size, 1, post.stride, start, index, value);
  }

  /** The same channel by channel, with where windows lie, in values, in the place of rows. */
  #listByChannel(examples: number): number {
    const { post } = this;
    const { imageBytes, step, jump } = this.#shape();
    const { kernels, arena } = this.#compute;
    const rows = examples * post.positions;
    const start = this.#start.of(4 * (post.capacity + 1));
    const index = this.#index.of(rows * post.stride + 16);
    const value = this.#value.of(rows * post.stride + 16);
    const turned = this.#byChannel.of(16 * (rows + 3));
    const lanes = 4 * post.vectors;
    kernels.listByNeuron(post.signal, post.stride, rows, lanes, start, index, value, turned);
    const count = arena.i32[(start >>> 2) + lanes];
    kernels.placeWindows(index, count, imageBytes, step, jump, post.map.height, post.map.width);
    return count;
  }
}
