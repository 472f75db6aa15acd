/**
 * Birth and death of neurons in a live network, in place. Every column moves along: weights, optimiser state, statistics. A
 * newborn's incoming weights are drawn by its projections' initialisers, addressed by its id, and its bias is 0; its outgoing
 * weights are zero, so that the network computes what it computed before (unless its own population is layer-normalised: the mean
 * takes the newborn in). A death takes the last neuron into the free slot. Nothing is compiled.
 *
 * Room doubles when it is too small, and halves when less than a quarter of it is in use.
 */
import { ShapeError, ValueError } from "../errors.ts";
import { roundLanes } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { drawIncoming } from "../network/weights.ts";
import type { LifeEvent } from "./events.ts";

export interface Occasion {
  /** Updates made so far. */
  step: number;
  cause: string;
}

/**
 * Adds `count` neurons. Returns their slots. Throws ShapeError or ValueError, also when the network's memory is too small for
 * them, before anything is changed.
 */
export function birth(
  network: Network,
  population: Population,
  count: number,
  { step, cause }: Occasion,
): { slots: number[]; event: LifeEvent } {
  hidden(network, population, "born");
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ValueError(`${count} neurons to be born in ${population.name}: a whole number from 1`);
  }
  const before = population.size;
  const size = before + count;
  if (size > population.capacity) {
    setCapacities(network, new Map([[population, roundLanes(Math.max(size, 2 * population.capacity))]]));
  }
  const slots = Array.from({ length: count }, (_, i) => before + i);
  for (const _ of slots) population.neurons.push(network.newNeuron(step, cause));
  setSize(network, population, size);
  for (const slot of slots) beginLife(network, population, slot);
  network.changed();
  return {
    slots,
    event: { type: "born", step, population: population.name, cause, neurons: idsOf(population, slots) },
  };
}

/** Removes the neurons in `slots`; the last ones take their places. At least one neuron stays. Errors as `birth`. */
export function death(
  network: Network,
  population: Population,
  slots: readonly number[],
  { step, cause }: Occasion,
  utility?: readonly number[],
): LifeEvent {
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
  if (population.capacity > mostCapacity(population.size)) {
    setCapacities(network, new Map([[population, roundLanes(2 * population.size)]]));
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
): LifeEvent[] {
  hidden(network, population, "replaced");
  checkSlots(population, slots);
  const died = obituary(population, slots, { step, cause }, utility);
  for (const slot of slots) {
    population.neurons[slot] = network.newNeuron(step, cause);
    for (const { columns } of network.outgoing(population)) columns.clearRow(slot);
    beginLife(network, population, slot);
  }
  return [died, { type: "born", step, population: population.name, cause, neurons: idsOf(population, slots) }];
}

/** The most room that a population of `size` neurons has. */
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
  for (const population of network.populations) bytes += population.columns.room(1, capacityOf(population));
  // A tenth more, for the buffers that follow the columns.
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

/** Gives the neuron in `slot` the state of a newborn. Its outgoing weights are zero already. */
function beginLife(network: Network, population: Population, slot: number): void {
  population.columns.initialiseLane(slot);
  for (const projection of network.incoming(population)) {
    drawIncoming(network, projection, slot);
    projection.columns.initialiseLane(slot);
  }
  for (const { columns } of network.outgoing(population)) columns.initialiseRow(slot);
}

function obituary(
  population: Population,
  slots: readonly number[],
  { step, cause }: Occasion,
  utility?: readonly number[],
): LifeEvent {
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
