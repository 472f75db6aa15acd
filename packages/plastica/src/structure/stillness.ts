/**
 * What stands still: synapses, and biases, gains and shifts, by their plasticity; and, where neurons are normalised by
 * batch, the running statistics, which would follow whatever passes through: these are put back after each update.
 *
 * What is masked stands still for a while: its plasticity waits in a column beside. Who is given another one meanwhile is masked no more.
 */
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { PLASTICITY, plasticityOf } from "../rules/plasticity.ts";

const [MEAN, VARIANCE] = ["running.mean", "running.var"];
const heldName = (name: string) => `still.${name}`;
/** In the place of a held variance: this neuron's statistics run. */
const RUNS = -1;

/** In the place of a plasticity that waits: nothing is masked here. */
export const UNMASKED = -1;

/** The column of the plasticities that wait, of a trained column: "w", "bias", "gain" or "shift". */
export function maskOf(trained: string): string {
  return `masked.${trained}`;
}

/** Sets how plastic a value of a trained column is from now on, also where it was masked. `place` as in packed columns. */
export function setPlasticity(columns: Columns, trained: string, place: number, plasticity: number): void {
  columns.setPlace(plasticityOf(trained), place, plasticity);
  const mask = maskOf(trained);
  if (columns.has(mask)) columns.setPlace(mask, place, UNMASKED);
}

/** The neurons in these slots stand still from now on. Their synapses are not meant. */
export function still(population: Population, slots: Iterable<number>): void {
  const { columns, parameters } = population;
  const which = [...slots];
  for (const name of parameters) {
    columns.add(`${name}.${PLASTICITY}`, 1);
    for (const slot of which) setPlasticity(columns, name, slot, 0);
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
