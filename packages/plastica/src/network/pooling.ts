/**
 * Pooling: what the neurons of a map put out is one value for each window of positions, the largest or the mean. It belongs to the population,
 * between its model and what it puts out, so a channel stays one neuron and nothing has to be kept in step with it.
 *
 *   out[y, x] = max, or mean, of fired[y * stride + i, x * stride + j] for i, j in the window
 *
 * Credit of a maximum goes to the first position that has it, of a mean to all alike. Windows that would reach over the edge are left out.
 */
import { type Compute, share } from "../compute/compute.ts";
import { ValueError } from "../errors.ts";
import { type Extent, extent, type MapShape, windows } from "./map.ts";
import type { Population } from "./population.ts";

export interface Pooling {
  readonly kind: "max" | "average";
  /** Positions of a window, down and across. Absent: the whole map. */
  readonly size?: readonly [number, number];
  /** From one window to the next. Absent: the window's size. */
  readonly stride?: readonly [number, number];
}

export interface PoolOptions {
  /** Positions from one window to the next, from 1. Default: the window's size. */
  stride?: Extent;
}

/** The largest of each window of `size` positions: `maxPool(2)`, `maxPool([2, 1], { stride: 1 })`. Throws ValueError below 1. */
export const maxPool = (size: Extent, options: PoolOptions = {}): Pooling => pooling("max", size, options);

/** The mean of each window. Throws ValueError below 1. */
export const averagePool = (size: Extent, options: PoolOptions = {}): Pooling => pooling("average", size, options);

/** The mean of the whole map: one value a channel, whatever the size of the map. */
export const globalAverage = (): Pooling => ({ kind: "average" });

/** The pooling that this data says. Throws ValueError where it says none. */
export function poolingOf({ kind, size, stride }: Pooling): Pooling {
  if (kind !== "max" && kind !== "average")
    throw new ValueError(`a pool is ${JSON.stringify(kind)}: "max" or "average"`);
  if (size === undefined && kind === "average") return globalAverage();
  return pooling(kind, size as Extent, { stride });
}

function pooling(kind: Pooling["kind"], size: Extent, { stride }: PoolOptions): Pooling {
  const what = `${kind}Pool`;
  const window = extent(`${what}: its size`, size, 1);
  return { kind, size: window, ...(stride !== undefined && { stride: extent(`${what}: its stride`, stride, 1) }) };
}

/** What is left of a map. Throws ValueError where not one window fits. */
export function pooledMap(
  name: string,
  map: MapShape,
  { size = [map.height, map.width], stride = size }: Pooling,
): MapShape {
  const pooled = windows(map, size, stride);
  if (pooled.height === 0 || pooled.width === 0)
    throw new ValueError(
      `${name}: a pool of ${size.join(" by ")} on a map of ${map.height} by ${map.width}: it does not fit`,
    );
  return pooled;
}

/** A pool at work on a population: from `fired` to what it puts out, and the way back. */
export class PoolingAtWork {
  /** What the model makes of its input, and dLoss / dFired: [example][position][plane][slot]. Pointers. */
  fired = 0;
  firedBack = 0;
  readonly #compute: Compute;
  readonly #population: Population;
  readonly #pooling: Pooling;

  constructor(population: Population, pooling: Pooling) {
    this.#compute = population.compute;
    this.#population = population;
    this.#pooling = pooling;
  }

  /** Bytes of the buffers that the population must give it for `batch` examples. */
  sizes(batch: number): number[] {
    const bytes = batch * this.#bytes;
    return [bytes, bytes];
  }

  place([fired, firedBack]: readonly number[]): void {
    this.fired = fired;
    this.firedBack = firedBack;
  }

  /** From `fired` to `pooled`, where the population's silencing, or the population itself, takes it up. */
  forward(pooled: number, examples: number): void {
    const { positions, size } = this.#population;
    const parts = this.#compute.parts(2 * examples * positions * size);
    this.#compute.share("pool", parts, (part) => [
      ...[pooled, this.fired, ...this.#shape()],
      ...[share(examples, part, parts), share(examples, part + 1, parts)],
    ]);
  }

  /** From the population's `back` to `firedBack`; `pooled` is what `forward` has made. */
  backward(pooled: number, examples: number): void {
    const { positions, size, back } = this.#population;
    const parts = this.#compute.parts(2 * examples * positions * size);
    this.#compute.share("unpool", parts, (part) => [
      ...[this.firedBack, back, pooled, this.fired, ...this.#shape()],
      ...[share(examples, part, parts), share(examples, part + 1, parts)],
    ]);
  }

  get #bytes(): number {
    const { positions, rowBytes } = this.#population;
    return positions * rowBytes;
  }

  /** As the kernels take it. */
  #shape(): number[] {
    const { stride, model, vectors, map, outMap } = this.#population;
    const { kind, size = [map.height, map.width], stride: apart = size } = this.#pooling;
    return [
      ...[stride, model.planes, vectors, map.height, map.width, ...size, ...apart],
      ...[outMap.height, outMap.width, kind === "average" ? 1 : 0],
    ];
  }
}
