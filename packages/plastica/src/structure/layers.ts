/**
 * Layers that come and go in a live network: one in between (deeper), one beside (wider by a path of its own), and one that leaves. What
 * a network computes does not change when a layer comes: a layer in between begins as the identity (Chen, Goodfellow and Shlens,
 * arXiv 1511.05641, "Net2DeeperNet"), one beside begins with outgoing weights of zero. A layer is a population like any other: rules
 * and policies take it up at once, snapshots carry it.
 */
import { ShapeError, ValueError } from "../errors.ts";
import { convolvedMap, type Kernel, kernelOf, mustConvolve } from "../network/convolutional-projection.ts";
import { type Initialiser, kaimingUniform } from "../network/initialisers.ts";
import { link } from "../network/link.ts";
import { positionsOf } from "../network/map.ts";
import type { Network } from "../network/network.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { relu } from "../network/neurons.ts";
import { type Pooling, pooledMap } from "../network/pooling.ts";
import { Population, type PopulationOptions } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import { outputsOf } from "../network/response.ts";
import type { Dropout } from "../network/silencing.ts";
import { drawIncoming } from "../network/weights.ts";
import { isPlasticity } from "../rules/plasticity.ts";
import type { Born, Died, Layered } from "./events.ts";
import type { Occasion } from "./structure.ts";

export interface NewLayer {
  /** No other layer's. Default: "layer" and the id of its first neuron. */
  readonly name?: string;
  /** Default relu(). */
  readonly model?: NeuronModel;
  /** Default true; biases begin at 0. */
  readonly bias?: boolean;
  /** Who is silent while the network learns: see dropout/. Default: nobody. */
  readonly dropout?: Dropout;
}

export interface LayerBeside extends NewLayer {
  /** Populations by name: `from` fires before `to`. */
  readonly from: string;
  readonly to: string;
  /** Neurons: a whole number from 1. */
  readonly size: number;
  /** Normalisation before the model, by layer or by batch. Default false. */
  readonly layerNorm?: boolean;
  readonly batchNorm?: boolean;
  /** How incoming weights are drawn, now and for later births. Default kaimingUniform(). */
  readonly initialiser?: Initialiser;
  /**
   * A hidden layer, by name: what is not said is as there: model, biases, normalisation, dropout, initialisers; of a map the kernels
   * through which it listens and is listened to, and its pool. Default: none; synapses from all to all.
   */
  readonly like?: string;
}

/** Throws ShapeError for a projection in whose middle there can be no layer. */
export function mustHaveAMiddle({ name, kernel }: Projection): void {
  if (kernel && kernel.groups > 1)
    throw new ShapeError(`a layer in ${name}: its channels listen in groups, which a layer in between would mix`);
}

/** What a new layer's weights begin with, packed `[plane][pre][post]`, where they are not drawn, and zero. */
export interface LayerEndowment {
  readonly incoming?: Float32Array;
  readonly outgoing?: Float32Array;
  readonly bias?: Float32Array;
}

/**
 * A layer beside what there is: from one population to a later one. Throws ValueError or ShapeError before anything is changed; to a map only
 * a layer like one that leads to maps can lead.
 */
export function addLayer(
  network: Network,
  { from, to, size, like, ...said }: LayerBeside,
  occasion: Occasion,
  { incoming, outgoing, bias }: LayerEndowment = {},
): { population: Population; events: [Layered, Born] } {
  const [pre, post] = [network.population(from), network.population(to)];
  if (network.populations.indexOf(pre) >= network.populations.indexOf(post))
    throw new ShapeError(`a layer from ${from} to ${to}: ${from} must fire before ${to}`);
  if (!Number.isSafeInteger(size) || size < 1)
    throw new ValueError(`a layer of ${size} neurons: a whole number from 1`);
  const kind: Kind & NewLayer = { ...kindOf(network, like), ...said };
  const { model = relu(), initialiser = kaimingUniform(), onward = initialiser, heard, hears, pool } = kind;
  const name = `a layer from ${from} to ${to}`;
  if (hears && !pre.spatial)
    throw new ShapeError(`${name}: ${like} is a map, and ${from} none that it could listen to`);
  const map = hears && convolvedMap(name, pre.outMap, hears);
  const outMap = map && pool ? pooledMap(name, map, pool) : map;
  const reads = post.spatial ? heard : undefined;
  if (post.spatial && !(outMap && reads))
    throw new ShapeError(
      `${name}: ${to} is a map, to which only convolutions lead; let it be like one that leads to maps, or put a layer in between`,
    );
  if (outMap && reads) mustConvolve(name, outMap, post, reads);
  const before = hears ? placesOf(hears) * pre.model.planes * pre.size : pre.values;
  const after = (reads ? placesOf(reads) : outMap ? positionsOf(outMap) : 1) * model.planes * post.size;
  mustHave("incoming weights", incoming, before * size);
  mustHave("outgoing weights", outgoing, after * size);
  mustHave("biases", bias, size);
  const population = newPopulation(network, { ...kind, model, map }, size, (before + after) * size, occasion);
  const into = link(network.compute, pre, population, initialiser, hears);
  const out = link(network.compute, population, post, onward, reads);
  if (incoming) into.columns.unpack("w", incoming);
  else for (let slot = 0; slot < size; slot++) drawIncoming(network, into, slot);
  if (outgoing) out.columns.unpack("w", outgoing);
  for (const { groups } of [into, out]) groups?.share();
  if (bias && population.columns.has("bias")) population.columns.unpack("bias", bias);
  join(network, population, pre, [into, out]);
  return { population, events: arrived(population, occasion) };
}

interface Kind extends Pick<LayerBeside, "model" | "bias" | "layerNorm" | "batchNorm" | "dropout" | "initialiser"> {
  readonly pool?: Pooling;
  readonly onward?: Initialiser;
  /** Kernels. */
  readonly hears?: Kernel;
  readonly heard?: Kernel;
}

/** What a hidden layer is made of, and what leads to it and on from it, of each the first. Throws ValueError for a layer that is none. */
function kindOf(network: Network, like: string | undefined): Kind {
  if (like === undefined) return {};
  const population = network.population(like);
  if (!network.hidden.includes(population)) throw new ValueError(`a layer like ${like}: that is not a hidden one`);
  const { model, options } = population;
  const { map: _, ...own } = options;
  const [into, out] = [network.incoming(population)[0], network.outgoing(population)[0]];
  return {
    ...{ ...own, model },
    ...{ initialiser: into.initialiser, onward: out.initialiser, hears: into.kernel, heard: out.kernel },
  };
}

/**
 * A layer in the middle of a projection, which begins as the identity: a neuron for each output of the presynaptic population; before a
 * convolution a map, with a channel for each of its channels and a kernel of 1 by 1. The old
 * weights, with what the rule and the policies keep of them, lead out of it. The model must pass on what the presynaptic one puts out,
 * as relu does after relu (then the outputs stay the same to the bit), and crelu, by two planes, after anything (to rounding, where values
 * are of both signs: they are summed in another order). Throws ValueError where it does not, before anything is changed.
 */
export function insertLayer(
  network: Network,
  projection: Projection,
  options: NewLayer,
  occasion: Occasion,
): { population: Population; events: [Layered, Born] } {
  if (!network.projections.includes(projection))
    throw new ShapeError(`${projection.name} is not a projection of this network`);
  const { pre, post, initialiser, kernel } = projection;
  mustHaveAMiddle(projection);
  const size = sizeBetween(projection);
  const places = kernel ? placesOf(kernel) : 1;
  const model = options.model ?? relu();
  if (!passesOn(model, pre.model))
    throw new ValueError(
      `a layer of ${model.name} after ${pre.model.name} is no identity: linear and crelu always are, relu after what is never negative`,
    );
  const cells = size * (size + 2 * places * model.planes * post.size);
  const map = kernel && pre.outMap;
  const population = newPopulation(network, { ...options, model, map }, size, cells, occasion);
  const into = link(network.compute, pre, population, initialiser, kernel && kernelOf({ kernel: 1 }));
  const out = link(network.compute, population, post, initialiser, kernel);
  for (let i = 0; i < size; i++) into.columns.set("w", i, i, 1);
  const old = projection.columns;
  for (const name of old.names) {
    const kept = old.packed(name);
    out.columns.add(name, old.initial(name));
    const moved = out.columns.packed(name);
    const length = kept.length / places;
    // The second plane has what the first cuts off, turned round: so its weights are, and what remembers them.
    const turned = [name, old.initial(name)].includes("w") ? kept.map((value) => -value) : kept;
    for (let place = 0; place < places; place++)
      for (let plane = 0; plane < model.planes; plane++) {
        const here = (plane > 0 ? turned : kept).subarray(place * length, (place + 1) * length);
        moved.set(here, (place * model.planes + plane) * length);
      }
    out.columns.unpack(name, moved);
  }
  join(network, population, pre, [into, out], projection);
  return { population, events: arrived(population, occasion) };
}

/** Neurons of a layer in the middle of a projection: one for each value that comes in, of maps for each channel. */
export function sizeBetween({ pre, kernel }: Projection): number {
  return kernel ? pre.model.planes * pre.size : pre.values;
}

/**
 * Removes a hidden layer, and all synapses to and from it. Where it was the only way on from a population, or the only way to one, these
 * two are joined by what the layer's weights say together, as if it had been linear, biases included; so an identity leaves without a
 * trace. Throws ShapeError for the first and the last layer, and where a map would have to be joined that is pooled, or has a kernel of more than
 * 1 by 1: no kernel does what two do. Then nothing has changed.
 */
export function removeLayer(
  network: Network,
  population: Population,
  { step, cause }: Occasion,
): { events: [Layered, Died] } {
  if (population === network.inputs || population === network.outputs)
    throw new ShapeError(`${population.name} cannot be removed: it is the network's first or last layer`);
  const [before, after] = [network.incoming(population), network.outgoing(population)];
  const pairs = toBeJoined(network, population);
  const apart = pairs.find((pair) => !canJoin(population, pair));
  if (apart)
    throw new ShapeError(
      `${population.name} cannot be removed: it is a map between ${apart[0].pre.name} and ${apart[1].post.name}, and no one kernel does what both do`,
    );
  const joins = pairs.map(([into, out]) => joined(network, into, out));
  for (const out of new Set(pairs.map(([, out]) => out))) giveBias(out);
  const events = leaving(population, { step, cause });
  network.recompose(
    network.populations.filter((other) => other !== population),
    [
      ...network.projections.filter((projection) => !before.includes(projection) && !after.includes(projection)),
      ...joins,
    ],
  );
  return { events };
}

/** Whether a layer can be removed: see `removeLayer`. */
export function canRemove(network: Network, population: Population): boolean {
  const inner = population !== network.inputs && population !== network.outputs;
  return inner && toBeJoined(network, population).every((pair) => canJoin(population, pair));
}

/** The ways through a layer that something has to take the place of when it goes. */
function toBeJoined(network: Network, population: Population): [into: Projection, out: Projection][] {
  const ways = network.projections.filter(({ pre, post }) => pre !== population && post !== population);
  const pairs: [Projection, Projection][] = [];
  for (const into of network.incoming(population)) {
    for (const out of network.outgoing(population)) {
      const lonely = !ways.some(({ pre }) => pre === into.pre) || !ways.some(({ post }) => post === out.post);
      if (lonely && !ways.some(({ pre, post }) => pre === into.pre && post === out.post)) pairs.push([into, out]);
    }
  }
  return pairs;
}

/** A map can only be joined where it has nothing from its neighbours: then what it does can be put into the kernel that comes after. */
function canJoin({ spatial, pool }: Population, [{ kernel }, out]: readonly [Projection, Projection]): boolean {
  if (!spatial) return true;
  if (pool || !kernel || kernel.groups > 1 || (out.kernel?.groups ?? 1) > 1) return false;
  return [...kernel.size, ...kernel.stride].every((n) => n === 1) && kernel.padding.every((n) => n === 0);
}

/** What is told of a layer that is about to go. */
export function leaving({ name, neurons }: Population, { step, cause }: Occasion): [Layered, Died] {
  const occasion = { step, cause, population: name };
  const ids = neurons.map(({ id }) => id);
  return [
    { type: "layer-died", ...occasion },
    { type: "died", ...occasion, neurons: ids, born: neurons.map(({ born }) => born) },
  ];
}

/** What leads through a layer as one projection: the product of its weights. */
function joined(network: Network, into: Projection, out: Projection): Projection {
  const { pre } = into;
  const { post, kernel } = out;
  const products = through(into.columns.packed("w"), out);
  const name = `${pre.name}-${post.name}`;
  const projection =
    network.departed.projections.get(name) ?? link(network.compute, pre, post, out.initialiser, kernel);
  const { columns } = projection;
  // One of this name, which has left, comes back as new: also where its synapses had plasticities of their own.
  for (const each of columns.names.filter(isPlasticity)) columns.remove(each);
  columns.rows = pre.size;
  columns.lanes = post.size;
  columns.relayout(pre.capacity, post.capacity);
  columns.unpack("w", products);
  columns.initialiseAll();
  return projection;
}

/** The biases that a layer fed take in what it always gave them: its own, once, whoever it listened to. */
function giveBias(out: Projection): void {
  const { pre: middle, post } = out;
  if (!middle.columns.has("bias") || !post.columns.has("bias")) return;
  const bias = Float64Array.from(post.columns.packed("bias"));
  through(middle.columns.packed("bias"), out).forEach((given, i) => {
    bias[i % post.size] += given;
  });
  post.columns.unpack("bias", Float32Array.from(bias));
}

/** What becomes of such rows, `[row][middle]`, on the way out of a layer, as if it were linear: `[place][row][post]`, a place of the kernel. */
function through(rows: Float32Array, { pre, post, columns }: Projection): Float32Array {
  const w = columns.packed("w");
  const [size, { planes }] = [pre.size, pre.model];
  const [count, places] = [rows.length / size, columns.planes / planes];
  const products = new Float32Array(places * count * post.size);
  for (let place = 0, at = 0; place < places; place++) {
    for (let row = 0; row < count; row++) {
      for (let lane = 0; lane < post.size; lane++, at++) {
        let sum = 0;
        for (let i = 0; i < size; i++) {
          const one = (place * planes * size + i) * post.size + lane;
          const weight = planes === 2 ? (w[one] - w[one + size * post.size]) / 2 : w[one];
          sum += rows[row * size + i] * weight;
        }
        products[at] = sum;
      }
    }
  }
  return products;
}

/** Whether a model puts out what comes in, for all that another one puts out. Asked of the models themselves. */
export function passesOn(model: NeuronModel, before: NeuronModel): boolean {
  const tried = Float32Array.from({ length: 64 }, (_, i) => (i - 32) / 4);
  return outputsOf(before, tried).every((input) => {
    const planes = outputsOf(model, input);
    return input.every((value, i) => value === planes[0][i] - (planes[1]?.[i] ?? 0));
  });
}

/** A population of newborns, not yet part of the network. Throws before it takes an id, also where memory is too small. */
function newPopulation(
  network: Network,
  {
    name,
    model,
    bias = true,
    layerNorm = false,
    ...options
  }: NewLayer & Partial<PopulationOptions> & { model: NeuronModel },
  size: number,
  cells: number,
  { step, cause }: Occasion,
): Population {
  if (name !== undefined && network.populations.some((other) => other.name === name))
    throw new ValueError(`a layer is called ${JSON.stringify(name)}: a new one needs a name of its own`);
  if (name === "" || /[-/]/.test(name ?? ""))
    throw new ValueError(`a layer's name is ${JSON.stringify(name)}: it is not empty and has no "-" or "/"`);
  const chosen = nameOfItsOwn(network, name ?? `layer${network.nextId}`);
  const { arena } = network.compute;
  arena.free(arena.allocate(8 * cells));
  const neurons = Array.from({ length: size }, () => network.newNeuron(step, cause));
  return new Population(network.compute, chosen, model, neurons, { ...options, bias, layerNorm });
}

function placesOf({ size: [rows, columns] }: Kernel): number {
  return rows * columns;
}

/**
 * The name for a layer that is made now: this one, or with a sign after it where somebody has it. Who was once called so, in a life that was taken back, is
 * not meant, and forgotten.
 */
export function nameOfItsOwn(
  { populations, departed }: Pick<Network, "populations" | "departed">,
  wanted: string,
): string {
  let name = wanted;
  while (populations.some((other) => other.name === name)) name += "+";
  departed.populations.delete(name);
  for (const [link, { pre, post }] of departed.projections)
    if (pre.name === name || post.name === name) departed.projections.delete(link);
  return name;
}

/** Takes a population in right after the one that it listens to. */
function join(
  network: Network,
  population: Population,
  pre: Population,
  projections: readonly Projection[],
  gone?: Projection,
): void {
  const at = network.populations.indexOf(pre) + 1;
  network.recompose(network.populations.toSpliced(at, 0, population), [
    ...network.projections.filter((projection) => projection !== gone),
    ...projections,
  ]);
}

/** What is told of a layer that has come. */
export function arrived({ name, neurons }: Population, { step, cause }: Occasion): [Layered, Born] {
  const occasion = { step, cause, population: name };
  return [
    { type: "layer-born", ...occasion },
    { type: "born", ...occasion, neurons: neurons.map(({ id }) => id) },
  ];
}

function mustHave(what: string, values: Float32Array | undefined, right: number): void {
  if (values === undefined) return;
  if (values.length !== right)
    throw new ShapeError(`${what} of a new layer: ${values.length} values, ${right} are right`);
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new ValueError(`${what} of a new layer: ${bad} is not a finite number`);
}
