/**
 * Birth and death of neurons in a live network, in place. Every column moves along: weights, optimiser state, statistics. A
 * newborn's incoming weights are drawn by its projections' initialisers, addressed by its id, and its bias is 0, unless it is
 * endowed with others (growth/ has the ways); its outgoing weights are zero, so that the network computes what it computed before (unless its own population is layer-normalised: the mean
 * takes the newborn in). A death takes the last neuron into the free slot. Nothing is compiled.
 *
 * Room doubles when it is too small; after deaths, what is more than half as much again as is used is given back, but for a quarter.
 */
import { ShapeError, ValueError } from "../errors.ts";
import { roundLanes } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import { drawIncoming } from "../network/weights.ts";
import { PLASTICITY } from "../rules/plasticity.ts";
import type { Born, Died } from "./events.ts";

export interface Occasion {
  /** Updates made so far. */
  step: number;
  cause: string;
}

/**
 * What newborns begin with, where that is not drawn. Weights are packed as in columns: of a projection that comes in
 * `[plane][pre][newborn]`, of one that goes out `[plane][newborn][post]`.
 */
export interface Endowment {
  readonly incoming?: ReadonlyMap<Projection, Float32Array>;
  /** Left out: zeros. */
  readonly outgoing?: ReadonlyMap<Projection, Float32Array>;
  /** Left out: 0. */
  readonly bias?: Float32Array;
  /** Ids of the neurons that they were made from, NOBODY where there is none: for the record. */
  readonly parents?: readonly number[];
}

/** In the place of a parent's id, where a newborn has none. */
export const NOBODY = -1;

/**
 * Adds `count` neurons. Returns their slots. Throws ShapeError or ValueError, also when the network's memory is too small for
 * them, before anything is changed.
 */
export function birth(
  network: Network,
  population: Population,
  count: number,
  { step, cause }: Occasion,
  endowment: Endowment = {},
): { slots: number[]; event: Born } {
  hidden(network, population, "born");
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ValueError(`${count} neurons to be born in ${population.name}: a whole number from 1`);
  }
  checkEndowment(population, count, endowment);
  const before = population.size;
  const size = before + count;
  if (size > population.capacity) {
    setCapacities(network, new Map([[population, roundLanes(Math.max(size, 2 * population.capacity))]]));
  }
  const slots = Array.from({ length: count }, (_, i) => before + i);
  for (const _ of slots) population.neurons.push(network.newNeuron(step, cause));
  setSize(network, population, size);
  slots.forEach((slot, i) => {
    beginLife(network, population, slot, { endowment, i, count });
  });
  network.changed();
  const { parents } = endowment;
  const event = { type: "born", step, population: population.name, cause, neurons: idsOf(population, slots) } as const;
  return { slots, event: parents ? { ...event, parents } : event };
}

/** Removes the neurons in `slots`; the last ones take their places. At least one neuron stays. Errors as `birth`. */
export function death(
  network: Network,
  population: Population,
  slots: readonly number[],
  { step, cause }: Occasion,
  utility?: readonly number[],
): Died {
  hidden(network, population, "removed");
  checkSlots(population, slots);
  if (slots.length >= population.size) {
    throw new ValueError(
      `${slots.length} of ${population.size} neurons to die in ${population.name}: at least one must stay`,
    );
  }
  const event = obituary(population, slots, { step, cause }, utility);
  for (const slot of [...slots].sort((a, b) => b - a)) {
    const last = population.size - 1;
    population.columns.moveLane(last, slot);
    for (const { columns } of network.incoming(population)) columns.moveLane(last, slot);
    for (const { columns } of network.outgoing(population)) columns.moveRow(last, slot);
    population.neurons[slot] = population.neurons[last];
    population.neurons.pop();
    setSize(network, population, last);
  }
  // Rows that are mostly room are far apart, and what lies between them is fetched all the same.
  if (population.capacity > 1.5 * roundLanes(population.size)) {
    try {
      setCapacities(network, new Map([[population, roundLanes(1.25 * population.size)]]));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error; // no memory to move to: they stay where they are
    }
  }
  network.changed();
  return event;
}

/**
 * A death and a birth in the same slots: nothing moves, the size stays. Newborns feed nobody yet, except newborns further on
 * who are born after them. Errors as `birth`.
 */
export function replace(
  network: Network,
  population: Population,
  slots: readonly number[],
  { step, cause }: Occasion,
  utility?: readonly number[],
): [Died, Born] {
  hidden(network, population, "replaced");
  checkSlots(population, slots);
  const died = obituary(population, slots, { step, cause }, utility);
  for (const slot of slots) {
    population.neurons[slot] = network.newNeuron(step, cause);
    for (const { columns } of network.outgoing(population)) columns.clearRow(slot);
    beginLife(network, population, slot);
  }
  // Absent synapses of the dead are there again.
  const touched = [...network.incoming(population), ...network.outgoing(population)];
  if (touched.some(({ columns }) => columns.has(PLASTICITY))) network.changed();
  return [died, { type: "born", step, population: population.name, cause, neurons: idsOf(population, slots) }];
}

/** The most room that a snapshot may say of a population of `size` neurons; those of now have less. */
export function mostCapacity(size: number): number {
  return 4 * roundLanes(size);
}

/**
 * Lays out populations, and the projections between them, for new capacities, which are multiples of four. Throws ValueError
 * where the network's memory is too small for that, and then nothing has changed.
 */
export function setCapacities(network: Network, capacities: ReadonlyMap<Population, number>): void {
  const { arena } = network.compute;
  const capacityOf = (population: Population) => capacities.get(population) ?? population.capacity;
  let bytes = 0;
  for (const { columns, pre, post } of network.projections) bytes += columns.room(capacityOf(pre), capacityOf(post));
  for (const population of network.populations) {
    const capacity = capacityOf(population);
    bytes += population.columns.room(1, capacity) + population.room(capacity);
  }
  // A tenth more, for what is not counted.
  arena.free(arena.allocate(1.1 * bytes));
  for (const [population, capacity] of capacities) {
    if (capacity === population.capacity) continue;
    population.columns.relayout(1, capacity);
    population.reserve(population.batch, true);
  }
  for (const { columns, pre, post } of network.projections) columns.relayout(pre.capacity, post.capacity);
}

/** Says how many slots live. What they hold is the caller's business. */
export function setSize(network: Network, population: Population, size: number): void {
  population.columns.lanes = size;
  for (const { columns } of network.incoming(population)) columns.lanes = size;
  for (const { columns } of network.outgoing(population)) columns.rows = size;
}

/** Newborn `i` of `count` and what they were given. */
interface Gift {
  readonly endowment: Endowment;
  readonly i: number;
  readonly count: number;
}

/** Gives the neuron in `slot` the state of a newborn. Its outgoing weights are zero already. */
function beginLife(network: Network, population: Population, slot: number, gift?: Gift): void {
  const { bias, incoming, outgoing } = gift?.endowment ?? {};
  population.columns.initialiseLane(slot);
  if (gift && bias && population.columns.has("bias")) population.columns.set("bias", 0, slot, bias[gift.i]);
  for (const projection of network.incoming(population)) {
    const { columns } = projection;
    const given = incoming?.get(projection);
    if (gift && given) {
      for (let row = 0; row < columns.planes * columns.rows; row++)
        columns.set("w", row, slot, given[row * gift.count + gift.i]);
    } else drawIncoming(network, projection, slot);
    columns.initialiseLane(slot);
    projection.groups?.admit(slot, "post");
  }
  for (const projection of network.outgoing(population)) {
    const { columns } = projection;
    const given = outgoing?.get(projection);
    if (gift && given) {
      for (let plane = 0; plane < columns.planes; plane++)
        for (let lane = 0; lane < columns.lanes; lane++)
          columns.set(
            "w",
            plane * columns.rows + slot,
            lane,
            given[(plane * gift.count + gift.i) * columns.lanes + lane],
          );
    }
    columns.initialiseRow(slot);
    projection.groups?.admit(slot, "pre");
  }
}

function checkEndowment(population: Population, count: number, { incoming, outgoing, bias, parents }: Endowment): void {
  const check = (what: string, values: ArrayLike<number> | undefined, right: number) => {
    if (values !== undefined && values.length !== right)
      throw new ShapeError(
        `${what} of ${count} newborns in ${population.name}: ${values.length} values, ${right} are right`,
      );
    const bad = Array.from(values ?? []).find((value) => !Number.isFinite(value));
    if (bad !== undefined)
      throw new ValueError(`${what} of newborns in ${population.name}: ${bad} is not a finite number`);
  };
  for (const [projection, values] of incoming ?? []) {
    if (projection.post !== population) throw new ShapeError(`${projection.name} does not lead to ${population.name}`);
    check(
      `incoming weights by ${projection.name}`,
      values,
      projection.columns.planes * projection.columns.rows * count,
    );
  }
  for (const [projection, values] of outgoing ?? []) {
    if (projection.pre !== population) throw new ShapeError(`${projection.name} does not come from ${population.name}`);
    check(
      `outgoing weights by ${projection.name}`,
      values,
      projection.columns.planes * projection.columns.lanes * count,
    );
  }
  check("biases", bias, count);
  check("parents", parents, count);
}

function obituary(
  population: Population,
  slots: readonly number[],
  { step, cause }: Occasion,
  utility?: readonly number[],
): Died {
  const born = slots.map((slot) => population.neurons[slot].born);
  const event = {
    type: "died",
    step,
    population: population.name,
    cause,
    neurons: idsOf(population, slots),
    born,
  } as const;
  return utility ? { ...event, utility } : event;
}

function idsOf(population: Population, slots: readonly number[]): number[] {
  return slots.map((slot) => population.neurons[slot].id);
}

function hidden(network: Network, population: Population, verb: string): void {
  if (population === network.inputs || population === network.outputs) {
    throw new ShapeError(`neurons of ${population.name} cannot be ${verb}: their number is that of the data`);
  }
}

function checkSlots(population: Population, slots: readonly number[]): void {
  if (slots.length === 0) throw new ValueError(`no neuron of ${population.name} is named: at least one must be`);
  for (const slot of slots) {
    if (!Number.isInteger(slot) || slot < 0 || slot >= population.size) {
      throw new ValueError(`slot ${slot} of ${population.name}: slots are 0 to ${population.size - 1}`);
    }
  }
  if (new Set(slots).size !== slots.length) {
    const ids = slots.map((slot) => population.neurons[slot].id);
    throw new ValueError(`neurons ${ids.join(", ")} of ${population.name}: one is named twice`);
  }
}
