/**
 * Who a network is made of, as a snapshot tells it: its founders by name, and the layers that came later by what they are made of, so that
 * a newborn learner can take up a life in which layers have come and gone. What is written may come from anywhere: all is checked before
 * anything is made.
 */
import type { Compute } from "../compute/compute.ts";
import { SnapshotError } from "../errors.ts";
import { type Kernel, kernelOf } from "../network/convolutional-projection.ts";
import { type Initialiser, initialisers } from "../network/initialisers.ts";
import { link as join } from "../network/link.ts";
import type { MapShape } from "../network/map.ts";
import type { Network } from "../network/network.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { neuronModels } from "../network/neurons.ts";
import { type Pooling, poolingOf } from "../network/pooling.ts";
import { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { Dropout, Silencing } from "../network/silencing.ts";
import { dropouts } from "../structure/dropout/index.ts";

/** A founder's name, or what a later layer is made of. */
type Layer = string | LaterLayer;
interface LaterLayer extends Space {
  name: string;
  model: string;
  options: unknown;
  bias: boolean;
  layerNorm: boolean;
  batchNorm?: true;
  dropout?: Kind;
}
/** Of a map. */
interface Space {
  readonly map?: MapShape;
  readonly pool?: Pooling;
}
/** A kind of dropout. Absent: none. */
interface Kind {
  readonly name: string;
  readonly options: unknown;
}
/** A founder's name, or what a later projection is made of. */
type Link = string | { pre: string; post: string; initialiser: string; options: unknown; kernel?: Kernel };

export interface Composition {
  layers: Layer[];
  links: Link[];
}

/** The populations and projections that a network began with, and what a learner must have been made of to agree. */
export interface Founders {
  readonly populations: readonly ({ name: string; model: string; options: unknown; dropout?: Kind } & Space)[];
  readonly projections: readonly { name: string; initialiser: string; options: unknown; kernel?: Kernel }[];
}

export function foundersOf({ populations, projections }: Network): Founders {
  return {
    populations: populations.map((population) => ({
      name: population.name,
      model: population.model.name,
      options: population.model.options,
      ...dropoutOf(population.silencing),
      ...spaceOf(population),
    })),
    projections: projections.map(({ name, initialiser, kernel }) => ({
      name,
      initialiser: initialiser.name,
      options: initialiser.options,
      ...(kernel && { kernel }),
    })),
  };
}

export function compositionOf({ populations, projections }: Network, founders: Founders): Composition {
  const founder = (all: readonly { name: string }[], name: string) => all.some((one) => one.name === name);
  return {
    layers: populations.map((one) => (founder(founders.populations, one.name) ? one.name : describedLayer(one))),
    links: projections.map((one) => (founder(founders.projections, one.name) ? one.name : describedLink(one))),
  };
}

function describedLayer(population: Population): LaterLayer {
  const { name, model, columns, norm, silencing } = population;
  return {
    name,
    model: model.name,
    options: model.options,
    bias: columns.has("bias"),
    layerNorm: norm?.kind === "layer",
    ...(norm?.kind === "batch" && { batchNorm: true as const }),
    ...dropoutOf(silencing),
    ...spaceOf(population),
  };
}

function describedLink({ pre, post, initialiser, kernel }: Projection): Exclude<Link, string> {
  return {
    pre: pre.name,
    post: post.name,
    initialiser: initialiser.name,
    options: initialiser.options,
    ...(kernel && { kernel }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * A population of what is said, of no neurons; models and kinds of dropout that do not come with the engine are those of `source`. Throws
 * SnapshotError.
 */
export function layerOf(compute: Compute, source: Network, layer: Layer): Population {
  if (typeof layer !== "object" || typeof layer?.name !== "string") throw unknown("layer", layer);
  const model = modelNamed(source, layer.model, layer.options);
  const dropout = layer.dropout && dropoutNamed(source, layer.dropout.name, layer.dropout.options);
  if (!model || typeof layer.bias !== "boolean" || typeof layer.layerNorm !== "boolean" || (layer.dropout && !dropout))
    throw unknown("layer", layer);
  const { name, bias, layerNorm, batchNorm, map, pool } = layer;
  if (map && !(isWhole(map.height) && isWhole(map.width))) throw unknown("layer", layer);
  return attempt("layer", layer, () => {
    const options = { bias, layerNorm, batchNorm, dropout, map, pool: pool && poolingOf(pool) };
    return new Population(compute, name, model, [], options);
  });
}

/** Everyone and everything by what it is made of, founders too. */
export function descriptionOf(network: Network): Composition {
  return compositionOf(network, { populations: [], projections: [] });
}

/**
 * Makes a network be of these, of no neurons where they are new to it; models that do not come with the engine are those of `source`. Throws
 * SnapshotError before anything has changed.
 */
export function compose(network: Network, { layers, links }: Composition, source: Network = network): void {
  const { compute, departed } = network;
  const populations = list("layers", layers).map((layer) => {
    const name = typeof layer === "string" ? layer : layer?.name;
    const known = network.populations.find((one) => one.name === name) ?? departed.populations.get(name);
    if (known && (typeof layer === "string" || same(describedLayer(known), layer))) return known;
    return layerOf(compute, source, layer);
  });
  if (populations[0] !== network.inputs || populations.at(-1) !== network.outputs || repeats(populations))
    throw new SnapshotError(
      `the snapshot's layers are ${populations.map(({ name }) => name).join(", ")}: they begin with ${network.inputs.name}, end with ${network.outputs.name}, and differ`,
    );
  const projections = list("links", links).map((link) => {
    const name = typeof link === "string" ? link : `${link?.pre}-${link?.post}`;
    const known = network.projections.find((one) => one.name === name) ?? departed.projections.get(name);
    if (known && typeof link === "string") return known;
    if (typeof link !== "object") throw unknown("projection", link);
    const [pre, post] = [link.pre, link.post].map((end) => populations.find((one) => one.name === end));
    if (known && known.pre === pre && known.post === post && same(describedLink(known), link)) return known;
    const initialiser = initialiserNamed(source, link.initialiser, link.options);
    if (!pre || !post || !initialiser) throw unknown("projection", link);
    const { kernel } = link;
    return attempt("projection", link, () =>
      join(compute, pre, post, initialiser, kernel && kernelOf({ ...kernel, kernel: kernel.size })),
    );
  });
  const place = (population: Population) => populations.indexOf(population);
  const astray = projections.find(({ pre, post }) => place(pre) < 0 || place(pre) >= place(post));
  if (astray || repeats(projections))
    throw new SnapshotError(
      `the snapshot's projections are ${projections.map(({ name }) => name).join(", ")}: they differ, and lead from a layer to a later one`,
    );
  const stranded = populations.find(
    (one) =>
      (one !== network.inputs && !projections.some(({ post }) => post === one)) ||
      (one !== network.outputs && !projections.some(({ pre }) => pre === one)),
  );
  if (stranded) throw new SnapshotError(`the snapshot's layer ${stranded.name} has nothing before or after it`);
  network.recompose(populations, projections);
}

function spaceOf({ spatial, map, pool }: Population): Space {
  if (!spatial) return {};
  return { map: { height: map.height, width: map.width }, ...(pool && { pool }) };
}

function isWhole(n: unknown): boolean {
  return Number.isSafeInteger(n) && (n as number) >= 1;
}

/** Makes something of a description that may say anything. */
function attempt<T>(what: string, description: unknown, make: () => T): T {
  try {
    return make();
  } catch {
    throw unknown(what, description);
  }
}

function dropoutOf(silencing: Silencing | undefined): { dropout?: Kind } {
  return silencing ? { dropout: { name: silencing.kind.name, options: silencing.kind.options } } : {};
}

function list<T>(what: string, values: readonly T[]): readonly T[] {
  if (!Array.isArray(values)) throw new SnapshotError(`the snapshot's ${what} are not a list`);
  return values;
}

function repeats(all: readonly (Population | Projection)[]): boolean {
  return new Set(all.map(({ name }) => name)).size < all.length;
}

function unknown(what: string, description: unknown): SnapshotError {
  return new SnapshotError(`the snapshot has a ${what} ${JSON.stringify(description)}, which this learner cannot make`);
}

/** A model that this network has, or one that comes with the engine. */
function modelNamed({ populations, departed }: Network, name: string, options: unknown): NeuronModel | undefined {
  const own = [...populations, ...departed.populations.values()].map(({ model }) => model);
  return own.find((model) => isCalled(model, name, options)) ?? made(neuronModels, name, options);
}

function initialiserNamed({ projections, departed }: Network, name: string, options: unknown): Initialiser | undefined {
  const own = [...projections, ...departed.projections.values()].map(({ initialiser }) => initialiser);
  return own.find((initialiser) => isCalled(initialiser, name, options)) ?? made(initialisers, name, options);
}

function dropoutNamed({ populations, departed }: Network, name: string, options: unknown): Dropout | undefined {
  const own = [...populations, ...departed.populations.values()].flatMap(({ silencing }) => silencing?.kind ?? []);
  return own.find((kind) => isCalled(kind, name, options)) ?? made(dropouts, name, options);
}

interface Named {
  readonly name: string;
  readonly options: unknown;
}

function isCalled(thing: Named, name: string, options: unknown): boolean {
  return thing.name === name && JSON.stringify(thing.options) === JSON.stringify(options);
}

function made<T extends Named>(
  factories: Readonly<Record<string, (options: never) => T>>,
  name: string,
  options: unknown,
): T | undefined {
  if (!Object.hasOwn(factories, name)) return undefined;
  try {
    const thing = factories[name](options as never);
    return isCalled(thing, name, options) ? thing : undefined;
  } catch {
    return undefined; // options that the factory refuses
  }
}
