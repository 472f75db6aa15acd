/**
 * NORTH: of many candidates those are born that add most to what the population can say. Outgoing weights are 0: what the network says stays the same to the bit.
 *
 * - `select`: candidates are drawn; with a_k what each puts out over the examples, and P the projection onto the span of what is put out already, those of largest
 *   || a_k - P a_k || / || a_k || are born, one after the other, each then being part of the span.
 * - `pre-activation`: incoming weights are such that inputs are orthogonal to those of the neurons that there are: with z = b w of drawn weights w, b^+ (z - P z).
 * - `weight`: drawn incoming weights, less what lies along those that there are; without examples. Where these span all, drawn as they are.
 *
 * K. Maile, E. Rachelson, H. Luga and D. Wilson: When, where, and how to add new neurons to ANNs, AutoML 2022 (arXiv 2202.08539): NORTH-Select, NORTH-Pre and
 * NORTH-Weight. Theirs chooses all at once from 1000 candidates; here one after the other, so that two alike are not both born.
 */
import { ValueError } from "../../../errors.ts";
import type { Projection } from "../../../network/projection.ts";
import type { Life } from "../../policy.ts";
import { birth, type Endowment } from "../../structure.ts";
import { lengthOf, type Matrix, product, svd, transposed } from "../linear-algebra.ts";
import { asIncoming, incomingWeights, mustBeDense, needed, surroundings } from "../surroundings.ts";
import { tried } from "../tried.ts";
import { drawnIncoming, ofEach } from "./drawn.ts";
import { columnOf } from "./gradmax.ts";
import type { Wanted, Way } from "./way.ts";

export interface NorthOptions {
  /** Default "select". */
  readonly by?: "select" | "pre-activation" | "weight";
  /** Of `select`, for each neuron that is wanted: a whole number from 1. Default 16. */
  readonly candidates?: number;
}

const kinds = { select, "pre-activation": byInput, weight: byWeight };

/** Throws ValueError for an option out of its range; in use, ShapeError without examples (but by weight), or where projections are not dense (but `select`). */
export function north({ by = "select", candidates = 16 }: NorthOptions = {}): Way {
  if (!Object.hasOwn(kinds, by))
    throw new ValueError(`north: by is ${JSON.stringify(by)}: one of ${Object.keys(kinds).join(", ")}`);
  if (!Number.isSafeInteger(candidates) || candidates < 1)
    throw new ValueError(`north: candidates is ${candidates}: a whole number from 1`);
  return {
    name: "north",
    options: { by, candidates },
    preserves: "exactly",
    looks: by !== "weight",
    mustSuit(network, population) {
      if (by === "pre-activation") mustBeDense(network, population, "north");
    },
    propose(life, wanted) {
      const { endowment, evidence } = kinds[by](life, wanted, candidates);
      return { count: wanted.count, endowment, evidence };
    },
  };
}

interface Found {
  readonly endowment: Endowment;
  readonly evidence: Readonly<Record<string, number>>;
}

function select(life: Life, { population, count, examples, key }: Wanted, candidates: number): Found {
  const { network, step } = life;
  const many = count * candidates;
  const drawn = drawnIncoming(network, population, many, key);
  const seen = needed(examples, "north");
  // What they would put out is asked of the network itself, whatever its projections are.
  const said = tried(life, () => {
    birth(network, population, many, { step, cause: "north" }, { incoming: drawn });
    life.evaluate(seen);
    return neuronByNeuron(population.outputs(seen.count), population.size);
  });
  const span = new Span(said.slice(0, population.size));
  const rest = said.slice(population.size).map((whole) => ({ outside: span.outside(whole), length: lengthOf(whole) }));
  const chosen: number[] = [];
  let least = 1;
  for (let i = 0; i < count; i++) {
    const novelty = rest.map(({ outside, length }) => (length > 0 ? lengthOf(outside) / length : 0));
    const best = novelty.reduce((most, one, k) => (chosen.includes(k) || one <= (novelty[most] ?? -1) ? most : k), -1);
    least = Math.min(least, novelty[best]);
    chosen.push(best);
    const taken = new Span([rest[best].outside]);
    for (const one of rest) one.outside = taken.outside(one.outside);
  }
  const incoming = ofEach([...drawn.keys()], (projection) => {
    const all = drawn.get(projection)!;
    const length = (all.length / many) * count;
    return Float32Array.from({ length }, (_, i) => all[Math.floor(i / count) * many + chosen[i % count]]);
  });
  return { endowment: { incoming }, evidence: { "least novelty": least, candidates: many } };
}

function byInput(life: Life, wanted: Wanted): Found {
  const around = surroundings(life, wanted.population, wanted.examples, "north");
  const { b, input } = around;
  const span = new Span(Array.from({ length: input.columns }, (_, slot) => columnOf(input, slot)));
  const { left, values, right } = svd(b, 1e-3);
  let least = 1;
  const rows = drawnRows(life, wanted, around).map((w) => {
    const z = product(b, column(w)).data;
    const outside = span.outside(z);
    least = Math.min(least, lengthOf(outside) / Math.max(Number.MIN_VALUE, lengthOf(z)));
    span.take(outside);
    const along = product(transposed(left), column(outside)).data.map((one, i) => one / values[i]);
    return asLongAs(product(right, column(along)).data, w);
  });
  return { endowment: asIncoming(around, rows), evidence: { "least novelty": least } };
}

function byWeight(life: Life, wanted: Wanted): Found {
  const { population } = wanted;
  const around = { into: life.network.incoming(population) };
  const slots = [...population.neurons.keys()];
  const span = new Span(slots.map((slot) => incomingWeights(around, population, slot)));
  let least = 1;
  const rows = drawnRows(life, wanted, around).map((w) => {
    const outside = span.outside(w);
    least = Math.min(least, lengthOf(outside) / lengthOf(w));
    span.take(outside);
    return asLongAs(outside, w);
  });
  return { endowment: asIncoming(around, rows), evidence: { "least novelty": least } };
}

/** Drawn incoming weights, a row a newborn; biases are 0. */
function drawnRows(
  { network }: Life,
  { population, count, key }: Wanted,
  { into }: { into: readonly Projection[] },
): Float64Array[] {
  const drawn = drawnIncoming(network, population, count, key);
  const bias = population.columns.has("bias") ? [0] : [];
  return Array.from({ length: count }, (_, newborn) =>
    Float64Array.from([
      ...into.flatMap((projection) => [...drawn.get(projection)!].filter((_, at) => at % count === newborn)),
      ...bias,
    ]),
  );
}

/** What vectors span: an orthonormal basis of it. */
class Span {
  readonly #basis: Float64Array[] = [];

  constructor(vectors: readonly Float64Array[]) {
    for (const vector of vectors) this.take(this.outside(vector), lengthOf(vector));
  }

  /** What of a vector lies outside. Taken off twice, for rounding's sake. */
  outside(vector: Float64Array): Float64Array {
    const rest = Float64Array.from(vector);
    for (let again = 0; again < 2; again++)
      for (const one of this.#basis) {
        let along = 0;
        for (let i = 0; i < rest.length; i++) along += one[i] * rest[i];
        for (let i = 0; i < rest.length; i++) rest[i] -= along * one[i];
      }
    return rest;
  }

  /** Takes in what lies outside, unless it is nothing beside a `whole` of that length. */
  take(outside: Float64Array, whole = 1): void {
    const length = lengthOf(outside);
    if (length > NOTHING * whole && length > 0) this.#basis.push(outside.map((value) => value / length));
  }
}

/** A share that is rounding. */
const NOTHING = 1e-6;

/** Values whose fastest index is the neuron: a series for each. */
function neuronByNeuron(outputs: Float32Array, size: number): Float64Array[] {
  return Array.from({ length: size }, (_, slot) =>
    Float64Array.from({ length: outputs.length / size }, (_, i) => outputs[i * size + slot]),
  );
}

/** In the direction of a vector, as long as another; that one where there is no direction. */
function asLongAs(direction: Float64Array, other: Float64Array): Float64Array {
  const [length, wanted] = [lengthOf(direction), lengthOf(other)];
  return length > NOTHING * wanted ? direction.map((value) => (value * wanted) / length) : other;
}

function column(values: Float64Array): Matrix {
  return { rows: values.length, columns: 1, data: values };
}
