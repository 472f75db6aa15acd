/**
 * Succession: a student takes the place of a network in a live learner. From then on the network is of the student's layers and weights,
 * with what the student's rule and the learner's have in common (moments, ages), behind the same inputs and outputs; what it computes is
 * what the student computes, to the bit. Hidden neurons are new to this life: they get ids that nobody had. The old ones leave, and their
 * memory with them.
 */
import { ShapeError, ValueError } from "../errors.ts";
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import { isPlasticity } from "../rules/plasticity.ts";
import type { LifeEvent } from "../structure/events.ts";
import { arrived, leaving, nameOfItsOwn } from "../structure/layers.ts";
import { type Occasion, setCapacities, setSize } from "../structure/structure.ts";
import { type Composition, compose, descriptionOf } from "./composition.ts";

/**
 * Throws ShapeError where the student has other inputs or outputs, ValueError where it computes otherwise at its ends (input normalisation, the
 * outputs' model) or in another arithmetic, before anything is changed.
 */
export function succeed(
  network: Network,
  student: Network,
  { step, cause }: Occasion,
  evidence: Readonly<Record<string, number>> = {},
): LifeEvent[] {
  mustFit(network, student);
  const { arena } = network.compute;
  arena.free(arena.allocate(1.1 * student.bytes));
  const occasion = { step, cause };
  const parametersBefore = network.parameters;
  const events: LifeEvent[] = network.hidden.flatMap((layer) => leaving(layer, occasion));
  compose(network, renamed(network, student), student);
  setCapacities(network, new Map(network.populations.map((one, i) => [one, student.populations[i].capacity])));
  for (const [i, one] of network.populations.entries()) setSize(network, one, student.populations[i].size);
  for (const layer of network.hidden) {
    for (let i = 0; i < layer.columns.lanes; i++) layer.neurons.push(network.newNeuron(step, cause));
    events.push(...arrived(layer, occasion));
  }
  for (const [i, mine] of columnsOf(network).entries()) takeAfter(mine, columnsOf(student)[i]);
  if (network.inputNorm) network.inputNorm.power = student.inputNorm!.power;
  network.changed();
  const both = { parametersBefore, parameters: network.parameters };
  events.push({ type: "succeeded", ...occasion, evidence: { ...evidence, ...both } });
  return events;
}

function columnsOf({ populations, projections }: Network): Columns[] {
  const dropouts = populations.flatMap(({ silencing }) => silencing?.work.columns ?? []);
  return [...[...populations, ...projections].map(({ columns }) => columns), ...dropouts];
}

/** The values of every column that both have, and of the plasticities that the other has; the rest begins as for newborns. */
function takeAfter(mine: Columns, theirs: Columns): void {
  for (const name of theirs.names) if (isPlasticity(name)) mine.add(name, 1);
  const shared = mine.names.filter((name) => theirs.has(name));
  for (const name of shared) mine.unpack(name, theirs.packed(name));
  for (const name of mine.names) if (!shared.includes(name)) mine.initialiseAll([name]);
}

/** What the student is made of, under names of their own here: the student's, and the id of the first newborn. */
function renamed(network: Network, student: Network): Composition {
  const { layers, links } = descriptionOf(student);
  const names = new Map<string, string>();
  for (const { name } of student.hidden) names.set(name, nameOfItsOwn(network, `${name}.${network.nextId}`));
  names.set(student.inputs.name, network.inputs.name);
  names.set(student.outputs.name, network.outputs.name);
  const of = (name: string) => names.get(name)!;
  return {
    layers: layers.map((layer) => (typeof layer === "string" ? of(layer) : { ...layer, name: of(layer.name) })),
    links: links.map((link) =>
      typeof link === "string" ? of(link) : { ...link, pre: of(link.pre), post: of(link.post) },
    ),
  };
}

function mustFit(network: Network, student: Network): void {
  const kinds = ({ layers }: Composition) =>
    [layers[0], layers.at(-1)].map((layer) => ({ ...(layer as object), name: "" }));
  for (const end of ["inputs", "outputs"] as const) {
    const [here, there] = [network[end], student[end]];
    if (here.values !== there.values)
      throw new ShapeError(`a student of ${there.values} ${end} for a learner of ${here.values}`);
    const [mine, theirs] = [network, student].map((one) =>
      JSON.stringify(kinds(descriptionOf(one))[end === "inputs" ? 0 : 1]),
    );
    if (mine !== theirs) throw new ValueError(`the student's ${end} are ${theirs}: the learner's are ${mine}`);
  }
  if (network === student) throw new ValueError("a network cannot take its own place");
  const [mine, theirs] = [network, student].map(({ inputNorm }) =>
    inputNorm ? `with decay ${inputNorm.options.decay} and epsilon ${inputNorm.options.epsilon}` : "not at all",
  );
  if (mine !== theirs) throw new ValueError(`the student normalises its inputs ${theirs}: the learner ${mine}`);
  const [here, there] = [network, student].map(({ compute }) => compute.arithmetic);
  if (here !== there) throw new ValueError(`the student's arithmetic is ${there}, the learner's ${here}`);
}
