/**
 * A snapshot: a whole life in one safetensors file. Every column of every population and projection is a tensor in its live
 * shape (weights `[pre, post]`), called `<population>/<column>` or `<pre>-<post>/<column>`; who the neurons are is beside them,
 * and the rest is JSON in the metadata, with a digest of it all. Reading checks everything before it changes anything.
 */
import { Digest } from "../compute/digest.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "../compute/safetensors.ts";
import { SnapshotError, ValueError } from "../errors.ts";
import type { Columns } from "../network/columns.ts";
import type { Population } from "../network/population.ts";
import { isPlasticity, PLASTICITY } from "../rules/plasticity.ts";
import type { Nested, PolicyAtWork } from "../structure/policy.ts";
import { setCapacities, setSize } from "../structure/structure.ts";
import { compose, compositionOf } from "./composition.ts";
import type { Learner } from "./learner.ts";
import { flattened, type NestedFiles, unflattened } from "./nested.ts";
import { checkState, kindOf, readState, type State, VERSION } from "./snapshot-state.ts";

type Tensors = ReadonlyMap<string, Tensor>;
type Sizes = ReadonlyMap<string, number>;

export function writeSnapshot(
  learner: Learner,
  policies: readonly PolicyAtWork[],
  note: unknown = null,
): Uint8Array<ArrayBuffer> {
  const noteText = JSON.stringify(note);
  if (noteText === undefined) throw new ValueError(`the note is a ${typeof note}: it is plain JSON data`);
  const { tensors, state } = collect(learner, policies);
  const texts = [JSON.stringify(state), noteText];
  const digest = digestOf(texts, new Map(tensors.map((tensor) => [tensor.name, tensor])));
  return writeSafetensors(tensors, { format: "plastica", plastica: texts[0], note: texts[1], digest });
}

/** A digest of all that a snapshot holds but its note. */
export function fingerprint(learner: Learner, policies: readonly PolicyAtWork[]): string {
  const { tensors, state } = collect(learner, policies);
  return digestOf([JSON.stringify(state)], new Map(tensors.map((tensor) => [tensor.name, tensor])));
}

/** Restores `learner` from a snapshot and returns the note. Throws SnapshotError before anything has changed. */
export function readSnapshot(learner: Learner, policies: readonly PolicyAtWork[], bytes: Uint8Array): unknown {
  const { network } = learner;
  const { metadata, tensors } = readSafetensors(bytes);
  const { format, plastica, digest } = metadata;
  if (format !== "plastica" || plastica === undefined || metadata.note === undefined) {
    throw new SnapshotError(`the file is not a snapshot: its format is ${JSON.stringify(format)}, "plastica" is right`);
  }
  const found = digestOf([plastica, metadata.note], tensors);
  if (digest !== found) {
    throw new SnapshotError(
      `the snapshot's digest is ${found}, and should be ${JSON.stringify(digest)}: it was damaged`,
    );
  }
  const state = readState(plastica, learner);
  const note = parseNote(metadata.note);
  if (JSON.stringify(compositionOf(network, learner.founders)) === JSON.stringify(state.composition)) {
    takeUp(learner, policies, state, tensors);
    return note;
  }
  // Layers come or go before the rest can be checked: where that fails, all is put back.
  const before = writeSnapshot(learner, policies);
  const [populations, projections] = [[...network.populations], [...network.projections]];
  compose(network, state.composition);
  try {
    takeUp(learner, policies, state, tensors);
  } catch (error) {
    network.recompose(populations, projections);
    readSnapshot(learner, policies, before);
    throw error;
  }
  return note;
}

function takeUp(learner: Learner, policies: readonly PolicyAtWork[], state: State, all: Tensors): void {
  const { network } = learner;
  checkState(state, learner);
  const names = learner.structure.map(({ name }) => name);
  const { nested, own: tensors } = unflattened(names, state.nested, all);
  const places = placesOf(learner, policies);
  checkTensors(state, places, tensors);
  takeUpPolicies(policies, state.policies, nested, () => setLayout(learner, state));

  for (const [i, population] of network.populations.entries()) {
    const { name, size } = state.sizes[i];
    const [ids, born, causes] = FACTS.map((fact) => tensors.get(`${name}/${fact}`)!.data);
    for (let j = 0; j < size; j++) {
      population.neurons.push({ id: ids[j], born: born[j], cause: state.causes[causes[j]] });
    }
    setSize(network, population, size);
  }
  for (const population of network.populations) population.clearBuffers();
  for (const { name, columns } of places) {
    const names = columnsToBe(name, columns, tensors);
    for (const column of columns.names) if (!names.includes(column)) columns.remove(column);
    for (const column of names) {
      columns.add(column, 1);
      columns.view(column).fill(0);
      columns.unpack(column, tensors.get(`${name}/${column}`)!.data as Float32Array);
    }
  }
  network.nextId = state.nextId;
  if (network.inputNorm) network.inputNorm.power = state.inputPower!;
  learner.step = state.step;
  learner.heard = state.heard ?? state.step;
  for (const [name, value] of Object.entries(state.hyper)) learner.set(name, value);
  network.changed();
}

/** Who each neuron is: tensors of a number a neuron. */
const FACTS = ["id", "born", "cause"] as const;

/** What holds columns: its name, and its tensors' shape for given sizes of populations. */
interface Place {
  readonly name: string;
  readonly columns: Columns;
  shape(sizes: Sizes): number[];
}

function placesOf({ network, structure }: Learner, policies: readonly PolicyAtWork[]): Place[] {
  return [
    ...network.populations.map(({ name, columns }) => ({
      name,
      columns,
      shape: (sizes: Sizes) => [sizes.get(name)!],
    })),
    ...network.projections.map(({ name, columns, pre, post }) => ({
      name,
      columns,
      shape: (sizes: Sizes) => [columns.planes * sizes.get(pre.name)!, sizes.get(post.name)!],
    })),
    ...network.populations.flatMap(({ name, silencing }) => {
      const own = silencing?.work.columns;
      return own ? [{ name: `${name}/dropout`, columns: own, shape: () => [own.rows, own.lanes] }] : [];
    }),
    ...policies.flatMap(({ columns = {} }, i) =>
      Object.entries(columns).map(([name, own]) => ({
        name: `${structure[i].name}/${name}`,
        columns: own,
        shape: () => [own.planes * own.rows, own.lanes],
      })),
    ),
  ];
}

function collect(
  learner: Learner,
  policies: readonly PolicyAtWork[],
): { tensors: (Tensor & { name: string })[]; state: State } {
  const { network } = learner;
  const causes: string[] = [];
  const tensors: (Tensor & { name: string })[] = [];
  for (const { name, neurons } of network.populations) {
    const number = (cause: string) => (causes.includes(cause) ? causes.indexOf(cause) : causes.push(cause) - 1);
    for (const fact of FACTS) {
      const values = neurons.map((neuron) => (fact === "cause" ? number(neuron.cause) : neuron[fact]));
      tensors.push({ name: `${name}/${fact}`, dtype: "F64", shape: [values.length], data: Float64Array.from(values) });
    }
  }
  const sizes = new Map(network.populations.map(({ name, size }) => [name, size]));
  for (const { name, columns, shape } of placesOf(learner, policies)) {
    // By name: in what order columns came to be is history, not state.
    for (const column of columns.names.sort()) {
      tensors.push({ name: `${name}/${column}`, dtype: "F32", shape: shape(sizes), data: columns.packed(column) });
    }
  }
  const nested: NestedFiles = {};
  for (const [i, policy] of policies.entries()) {
    const { tensors: theirs, files } = flattened(learner.structure[i].name, policy.nested?.() ?? {});
    if (Object.keys(files).length > 0) nested[learner.structure[i].name] = files;
    tensors.push(...theirs);
  }
  const state: State = {
    version: VERSION,
    kind: kindOf(learner),
    step: learner.step,
    heard: learner.heard === learner.step ? undefined : learner.heard,
    nextId: network.nextId,
    hyper: { ...learner.hyper },
    composition: compositionOf(network, learner.founders),
    sizes: network.populations.map(({ name, size, capacity }) => ({ name, size, capacity })),
    causes,
    inputPower: network.inputNorm?.power ?? null,
    policies: policies.map((policy) => policy.save()),
    ...(Object.keys(nested).length > 0 ? { nested } : {}),
  };
  return { tensors, state };
}

/** What ties a file together: `texts` and every tensor's name and bytes, in order. */
export function digestOf(texts: readonly string[], tensors: Tensors): string {
  const digest = new Digest();
  const text = (words: string) => digest.update(new TextEncoder().encode(`${words}\n`));
  for (const words of texts) text(words);
  for (const [name, { data }] of tensors) {
    text(name);
    digest.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return digest.hex();
}

function checkTensors(state: State, places: readonly Place[], tensors: Tensors): void {
  const sizes = new Map(state.sizes.map(({ name, size }) => [name, size]));
  const expected = new Set<string>();
  const check = (name: string, dtype: string, shape: number[]) => {
    expected.add(name);
    checkTensor(tensors, name, dtype, shape);
  };
  for (const { name, columns, shape } of places) {
    for (const column of columnsToBe(name, columns, tensors)) check(`${name}/${column}`, "F32", shape(sizes));
  }
  const known = new Set<number>();
  for (const { name, size } of state.sizes) {
    for (const fact of FACTS) check(`${name}/${fact}`, "F64", [size]);
    for (const id of tensors.get(`${name}/id`)!.data) {
      if (!isWholeBelow(id, state.nextId)) {
        throw new SnapshotError(`${name}/id holds ${id}: ids are whole numbers below nextId, which is ${state.nextId}`);
      }
      if (known.has(id)) throw new SnapshotError(`${name}/id holds ${id}, which another neuron has: ids differ`);
      known.add(id);
    }
    const born = tensors.get(`${name}/born`)!.data.find((step) => !isWholeBelow(step, state.step + 1));
    if (born !== undefined) throw new SnapshotError(`${name}/born holds ${born}: steps are 0 to ${state.step}`);
    const cause = tensors.get(`${name}/cause`)!.data.find((i) => !isWholeBelow(i, state.causes.length));
    if (cause !== undefined) {
      throw new SnapshotError(`${name}/cause holds ${cause}: the file names ${state.causes.length} causes`);
    }
  }
  const stranger = [...tensors.keys()].find((name) => !expected.has(name));
  if (stranger !== undefined) {
    throw new SnapshotError(
      `the snapshot has a tensor ${JSON.stringify(stranger)}, for which this learner has no place`,
    );
  }
}

/** The columns of a place when it has taken up a snapshot: its own, with the plasticities that the snapshot has. */
function columnsToBe(place: string, columns: Columns, tensors: Tensors): string[] {
  const own = columns.names.filter((name) => !isPlasticity(name));
  const possible = [PLASTICITY, ...own.map((name) => `${name}.${PLASTICITY}`)];
  return [...own, ...possible.filter((name) => tensors.has(`${place}/${name}`))];
}

function isWholeBelow(n: number, end: number): boolean {
  return Number.isSafeInteger(n) && n >= 0 && n < end;
}

function checkTensor(tensors: Tensors, name: string, dtype: string, shape: number[]): void {
  const tensor = tensors.get(name);
  if (!tensor) throw new SnapshotError(`the snapshot has no tensor ${JSON.stringify(name)}`);
  if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join()) {
    const right = `${dtype} [${shape.join(", ")}]`;
    throw new SnapshotError(`${name} is ${tensor.dtype} [${tensor.shape.join(", ")}]: ${right} is right`);
  }
  // A rule's running sum may have overflowed: its synapse then stands still, and its life goes on.
  const bad = tensor.data.findIndex(Number.isNaN);
  if (bad >= 0) throw new SnapshotError(`${name} holds NaN at ${bad}: state is numbers`);
}

/** Lets the policies take up their state, and then does `next`; where one throws, they have the state they had. */
function takeUpPolicies(
  policies: readonly PolicyAtWork[],
  states: readonly unknown[],
  nested: readonly Nested[],
  next: () => void,
): void {
  const before = policies.map((policy) => [policy.save(), policy.nested?.() ?? {}] as const);
  try {
    for (const [i, policy] of policies.entries()) policy.load(states[i], nested[i]);
    next();
  } catch (error) {
    for (const [i, policy] of policies.entries()) policy.load(...before[i]);
    throw error;
  }
}

/** Empties the populations and gives them the snapshot's capacities; or changes nothing, where memory is too small. */
function setLayout({ network }: Learner, { sizes }: State): void {
  const before = network.populations.map(({ neurons, size }) => ({ neurons: [...neurons], size }));
  for (const population of network.populations) {
    population.neurons.length = 0;
    setSize(network, population, 0);
  }
  try {
    setCapacities(network, new Map(network.populations.map((p, i): [Population, number] => [p, sizes[i].capacity])));
  } catch (cause) {
    for (const [i, population] of network.populations.entries()) {
      population.neurons.push(...before[i].neurons);
      setSize(network, population, before[i].size);
    }
    throw new SnapshotError("the snapshot is larger than this network's memory can be", { cause });
  }
}

function parseNote(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError("the snapshot's note is not JSON", { cause });
  }
}
