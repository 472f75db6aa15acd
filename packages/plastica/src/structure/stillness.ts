/**
 * Neurons that stand still: their biases, gains and shifts, by their plasticity; and, where they are normalised by
 * batch, the running statistics, which would follow whatever passes through: these are put back after each update.
 */
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { PLASTICITY } from "../rules/plasticity.ts";

const [MEAN, VARIANCE] = ["running.mean", "running.var"];
const heldName = (name: string) => `still.${name}`;
/** In the place of a held variance: this neuron's statistics run. */
const RUNS = -1;

/** The neurons in these slots stand still from now on. Their synapses are not meant. */
export function still(population: Population, slots: Iterable<number>): void {
  const { columns, parameters } = population;
  const which = [...slots];
  for (const name of parameters) {
    columns.add(`${name}.${PLASTICITY}`, 1);
    for (const slot of which) columns.set(`${name}.${PLASTICITY}`, 0, slot, 0);
  }
  holdStatistics(population, which);
}

/** The statistics of these neurons stay as they are from now on, where they are not held already. */
export function holdStatistics({ columns }: Population, slots: Iterable<number>): void {
  if (!columns.has(VARIANCE)) return;
  for (const slot of slots) {
    if (isHeld(columns, slot)) continue;
    for (const name of [MEAN, VARIANCE]) columns.set(heldName(name), 0, slot, columns.get(name, 0, slot));
  }
}

/** Gives all populations what `still` needs, so that snapshots fit: to be said when a policy is attached. */
export function canStandStill(network: Network): void {
  const settle = () => {
    for (const { columns, parameters } of network.populations) {
      for (const name of parameters) columns.add(`${name}.${PLASTICITY}`, 1);
      if (columns.has(VARIANCE)) for (const name of [MEAN, VARIANCE]) columns.add(heldName(name), RUNS);
    }
  };
  settle();
  network.changed();
  network.onRecomposed(settle);
}

/** Puts back the statistics of those that stand still. */
export function putBackStatistics({ populations }: Network): void {
  for (const { columns, size } of populations) {
    if (!columns.has(heldName(VARIANCE))) continue;
    for (let slot = 0; slot < size; slot++)
      if (isHeld(columns, slot))
        for (const name of [MEAN, VARIANCE]) columns.set(name, 0, slot, columns.get(heldName(name), 0, slot));
  }
}

function isHeld(columns: Columns, slot: number): boolean {
  return columns.get(heldName(VARIANCE), 0, slot) !== RUNS;
}
