/**
 * A network as a file of safetensors, to be asked and not to learn: what a pass needs of it, and who its neurons are. `networkOf` reads such a
 * file, or a learner's snapshot, of which it leaves alone what rules and policies keep.
 */

import { readSafetensors, type Tensor, writeSafetensors } from "../compute/safetensors.ts";
import { SnapshotError } from "../errors.ts";
import { roundLanes } from "../network/columns.ts";
import { isGroup } from "../network/groups.ts";
import { EPSILON, InputNorm, type InputNormOptions } from "../network/input-norm.ts";
import { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { drawWeights } from "../network/weights.ts";
import { PLASTICITY } from "../rules/plasticity.ts";
import { setCapacities, setSize } from "../structure/structure.ts";
import { type Composition, compose, descriptionOf, type Founders, layerOf } from "./composition.ts";
import { digestOf } from "./snapshot.ts";
import type { State } from "./snapshot-state.ts";

/** What a file says of a network beside tensors. */
interface Said extends Composition {
  readonly seed: number;
  readonly arithmetic: "plain" | "fused";
  readonly inputNorm: (InputNormOptions & { readonly power: number }) | null;
  readonly nextId: number;
  readonly capacities: readonly number[];
}

const FORMAT = "plastica network";

export function networkFile(network: Network): Uint8Array<ArrayBuffer> {
  const { populations, projections } = network;
  const tensors: (Tensor & { name: string })[] = [];
  for (const { name, neurons } of populations) {
    const ids = Float64Array.from(neurons, ({ id }) => id);
    tensors.push({ name: `${name}/id`, dtype: "F64", shape: [ids.length], data: ids });
  }
  const column = (name: string, shape: number[], data: Float32Array) =>
    tensors.push({ name, dtype: "F32", shape, data });
  for (const { name, columns, size } of populations)
    for (const one of passColumns(columns.names)) column(`${name}/${one}`, [size], columns.packed(one));
  for (const { name, columns } of projections)
    for (const one of passColumns(columns.names))
      column(`${name}/${one}`, [columns.planes * columns.rows, columns.lanes], columns.packed(one));
  for (const { name, silencing } of populations) {
    const own = silencing?.work.columns;
    for (const one of own?.names ?? []) column(`${name}/dropout/${one}`, [own!.rows, own!.lanes], own!.packed(one));
  }
  const text = JSON.stringify(saidOf(network));
  const digest = digestOf([text], new Map(tensors.map((tensor) => [tensor.name, tensor])));
  return writeSafetensors(tensors, { format: FORMAT, network: text, digest });
}

function saidOf(network: Network): Said {
  const { seed, compute, inputNorm, nextId, populations } = network;
  return {
    ...descriptionOf(network),
    ...{ seed, nextId, arithmetic: compute.arithmetic },
    inputNorm: inputNorm ? { ...inputNorm.options, power: inputNorm.power } : null,
    capacities: populations.map(({ capacity }) => capacity),
  };
}

/**
 * The network in a file: its own, or a learner's snapshot. Models of neurons that do not come with the engine are those of `source`. Throws
 * SnapshotError for a file that is neither, or damaged, or of layers that cannot be made.
 */
export function networkOf(file: Uint8Array, source?: Network): Network {
  const { metadata, tensors } = readSafetensors(file);
  const { format, network: text, plastica, note, digest } = metadata;
  const texts = format === FORMAT ? [text] : format === "plastica" ? [plastica, note] : [];
  if (texts.length === 0 || texts.includes(undefined as never))
    throw new SnapshotError(`the file has no network: its format is ${JSON.stringify(format)}`);
  if (digest !== digestOf(texts, tensors)) throw new SnapshotError("the network's digest is another: it was damaged");
  const said = format === FORMAT ? (parsed(text) as Said) : described(parsed(plastica) as State, tensors);
  try {
    return build(said, tensors, source);
  } catch (cause) {
    if (cause instanceof SnapshotError) throw cause;
    throw new SnapshotError(`the network in the file cannot be made: ${(cause as Error).message}`, { cause });
  }
}

/** A copy in a memory of its own. */
export function copyOf(network: Network): Network {
  return networkOf(networkFile(network), network);
}

/** A newborn network of the same layers, of other sizes: `sizeOf` says how many neurons a hidden one has. */
export function newbornLike(network: Network, sizeOf: (layer: Population) => number): Network {
  const said = saidOf(network);
  const newborn = assemble(said, network);
  const sizes = network.populations.map((one) =>
    one === network.inputs || one === network.outputs ? one.size : sizeOf(one),
  );
  setCapacities(newborn, new Map(newborn.populations.map((one, i) => [one, roundLanes(sizes[i])])));
  for (const [i, population] of newborn.populations.entries()) {
    for (let n = 0; n < sizes[i]; n++) population.neurons.push(newborn.newNeuron(0, "founder"));
    setSize(newborn, population, sizes[i]);
  }
  if (said.inputNorm) newborn.inputNorm = new InputNorm(newborn, normOf(said.inputNorm));
  for (const { columns } of newborn.populations) columns.initialiseAll();
  for (const projection of newborn.projections) {
    projection.columns.initialiseAll();
    projection.groups?.share();
    drawWeights(newborn, projection);
  }
  newborn.changed();
  return newborn;
}

/** A network of the layers that are said, of no neurons. */
function assemble(said: Said, source?: Network): Network {
  const network = new Network({ seed: said.seed, arithmetic: said.arithmetic });
  const { layers } = said;
  const ends = [layers[0], layers.at(-1)!].map((end) => layerOf(network.compute, source ?? network, end));
  network.populations.push(...ends);
  compose(network, { ...said, layers: [ends[0].name, ...layers.slice(1, -1), ends[1].name] }, source);
  return network;
}

/** Files of before there was a choice have no epsilon. */
function normOf({ decay, epsilon = EPSILON }: { decay: number; epsilon?: number }): InputNormOptions {
  return { decay, epsilon };
}

function build(said: Said, tensors: ReadonlyMap<string, Tensor>, source?: Network): Network {
  const network = assemble(said, source);
  const { populations, projections } = network;
  setCapacities(network, new Map(populations.map((one, i) => [one, said.capacities[i]])));
  for (const population of populations) {
    const ids = taken(tensors, `${population.name}/id`);
    for (const id of ids) population.neurons.push({ id, born: 0, cause: "founder" });
    setSize(network, population, ids.length);
  }
  if (said.inputNorm) {
    network.inputNorm = new InputNorm(network, normOf(said.inputNorm));
    network.inputNorm.power = said.inputNorm.power;
  }
  for (const { name, columns } of projections) if (tensors.has(`${name}/${PLASTICITY}`)) columns.add(PLASTICITY, 1);
  for (const { name, columns } of [...populations, ...projections])
    for (const one of columns.names) columns.unpack(one, values(tensors, `${name}/${one}`, columns.packed(one).length));
  for (const { name, silencing } of populations) {
    const own = silencing?.work.columns;
    for (const one of own?.names ?? [])
      own!.unpack(one, values(tensors, `${name}/dropout/${one}`, own!.packed(one).length));
  }
  network.nextId = said.nextId;
  network.changed();
  return network;
}

/** What a snapshot says: founders are named there, and what they are made of is in its kind. */
function described(
  { kind, composition, sizes, inputPower, nextId }: State,
  tensors: ReadonlyMap<string, Tensor>,
): Said {
  const { populations, projections } = kind as Founders;
  const names = sizes.map(({ name }) => name);
  return {
    ...{ seed: kind.seed, arithmetic: kind.arithmetic as Said["arithmetic"], nextId },
    inputNorm: normIn(kind.inputNorm, inputPower!),
    capacities: sizes.map(({ capacity }) => capacity),
    layers: composition.layers.map((layer) => {
      if (typeof layer !== "string") return layer;
      const made = populations.find(({ name }) => name === layer)!;
      const batch = tensors.has(`${layer}/running.mean`);
      const norm = { layerNorm: !batch && tensors.has(`${layer}/gain`), ...(batch && { batchNorm: true as const }) };
      return { ...made, bias: tensors.has(`${layer}/bias`), ...norm };
    }),
    links: composition.links.map((link) => {
      if (typeof link !== "string") return link;
      const made = projections.find(({ name }) => name === link)!;
      const pre = names.find((name) => names.some((other) => `${name}-${other}` === link))!;
      return { ...made, pre, post: link.slice(pre.length + 1) };
    }),
  };
}

/** The columns that a network has by itself, without rules and policies. */
function passColumns(names: readonly string[]): string[] {
  const own = ["w", PLASTICITY, "bias", "gain", "shift", "mean", "var", "running.mean", "running.var"];
  return names.filter((name) => own.includes(name) || isGroup(name) || name.startsWith("dropout."));
}

function values(tensors: ReadonlyMap<string, Tensor>, name: string, length: number): Float32Array {
  const data = taken(tensors, name);
  if (!(data instanceof Float32Array) || data.length !== length || data.some((value) => !Number.isFinite(value)))
    throw new SnapshotError(`${name} is not ${length} finite numbers`);
  return data;
}

function taken(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor["data"] {
  const tensor = tensors.get(name);
  if (!tensor) throw new SnapshotError(`the file has no tensor ${JSON.stringify(name)}`);
  return tensor.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError("what the file says of the network is not JSON", { cause });
  }
}

function normIn(norm: State["kind"]["inputNorm"], power: number): Said["inputNorm"] {
  if (norm === null) return null;
  return { ...normOf(typeof norm === "number" ? { decay: norm } : norm), power };
}
