/**
 * What a population has around it, as matrices, over examples: what comes in (b), what it puts out (a), and which way the inputs of those that it feeds
 * should move (v = -dLoss / dInput, example by example). Several projections stand side by side, so that a way need not know how many there are.
 */
import { ShapeError } from "../../errors.ts";
import { DenseProjection } from "../../network/dense-projection.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import type { Examples, Life } from "../policy.ts";
import { beside, type Matrix, matrix } from "./linear-algebra.ts";

export interface Surroundings {
  readonly into: readonly Projection[];
  readonly out: readonly Projection[];
  /** Rows are examples; columns are presynaptic outputs, `[plane][pre]` of each projection, and a last one of ones where the population has biases. */
  readonly b: Matrix;
  /** What comes to each neuron as its input. */
  readonly input: Matrix;
  /** Columns are outputs, `[plane][neuron]`, and a last one of ones, for the biases of what it feeds. */
  readonly a: Matrix;
  /** Columns are postsynaptic neurons, of each projection. */
  readonly v: Matrix;
  /** The mean loss of the examples. */
  readonly loss: number;
}

/** Throws ShapeError where projections are not dense: what a channel's synapse sees is no one number. */
export function mustBeDense(network: Network, population: Population, way: string): void {
  for (const projection of [...network.incoming(population), ...network.outgoing(population)])
    if (!(projection instanceof DenseProjection))
      throw new ShapeError(
        `${way} in ${population.name}: ${projection.name} is not dense; zero-out, copy and north are for it too`,
      );
}

/** Of a population between dense projections. Throws ShapeError without examples. */
export function surroundings(
  life: Life,
  population: Population,
  examples: Examples | undefined,
  way: string,
): Surroundings {
  const { network } = life;
  const [into, out] = [network.incoming(population), network.outgoing(population)];
  const { count, ...seen } = needed(examples, way);
  const loss = life.examine({ count, ...seen }, {});
  const outputs = (one: Population) => matrix(count, one.values, one.outputs(count));
  const ones = matrix(count, 1, new Float64Array(count).fill(1));
  return {
    into,
    out,
    b: beside(...into.map(({ pre }) => outputs(pre)), ...(population.columns.has("bias") ? [ones] : [])),
    input: buffered(population, population.norm?.drive ?? population.input, count),
    a: beside(outputs(population), ones),
    v: scaled(beside(...out.map(({ post }) => buffered(post, post.signal, count))), -count),
    loss,
  };
}

/** Throws ShapeError without examples. */
export function needed(examples: Examples | undefined, way: string): Examples {
  if (!examples || examples.count < 1) throw new ShapeError(`${way} looks at examples: none was given`);
  return examples;
}

/** For each neuron the vector of its incoming weights, of a row a neuron, as in the columns of b: the last is its bias. */
export function asIncoming(
  { into }: Pick<Surroundings, "into">,
  rows: readonly Float64Array[],
): { incoming: Map<Projection, Float32Array>; bias: Float32Array } {
  const incoming = new Map<Projection, Float32Array>();
  let at = 0;
  for (const projection of into) {
    const weights = new Float32Array(projection.fanIn * rows.length);
    for (let row = 0; row < projection.fanIn; row++)
      rows.forEach((from, i) => (weights[row * rows.length + i] = from[at + row]));
    incoming.set(projection, weights);
    at += projection.fanIn;
  }
  return { incoming, bias: Float32Array.from(rows, (from) => from[at] ?? 0) };
}

/** The same of outgoing weights, a row a neuron, as in the columns of v. A second plane has what the first cuts off, turned round. */
export function asOutgoing(
  { out }: Pick<Surroundings, "out">,
  rows: readonly Float64Array[],
): Map<Projection, Float32Array> {
  const outgoing = new Map<Projection, Float32Array>();
  let at = 0;
  for (const projection of out) {
    const { planes, lanes } = projection.columns;
    const weights = new Float32Array(planes * rows.length * lanes);
    for (let plane = 0; plane < planes; plane++)
      rows.forEach((from, i) => {
        for (let lane = 0; lane < lanes; lane++)
          weights[(plane * rows.length + i) * lanes + lane] = (plane === 0 ? 1 : -1) * from[at + lane];
      });
    outgoing.set(projection, weights);
    at += lanes;
  }
  return outgoing;
}

/** What a neuron hears now, as a row of `asIncoming`. */
export function incomingWeights(
  { into }: Pick<Surroundings, "into">,
  population: Population,
  slot: number,
): Float64Array {
  const weights = into.flatMap(({ columns }) =>
    Array.from({ length: columns.planes * columns.rows }, (_, row) => columns.get("w", row, slot)),
  );
  const { columns } = population;
  return Float64Array.from(columns.has("bias") ? [...weights, columns.get("bias", 0, slot)] : weights);
}

function scaled(a: Matrix, factor: number): Matrix {
  return { ...a, data: a.data.map((value) => value * factor) };
}

/** A buffer of a value an example and neuron. */
function buffered({ size, stride, compute }: Population, pointer: number, count: number): Matrix {
  const { f32 } = compute.arena;
  const out = matrix(count, size);
  for (let row = 0; row < count; row++) {
    const from = (pointer + row * stride) >>> 2;
    out.data.set(f32.subarray(from, from + size), row * size);
  }
  return out;
}
