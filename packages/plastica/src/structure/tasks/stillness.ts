/**
 * Neurons that stand still when a task is finished: their biases, gains and shifts, by their plasticity; and, where they are normalised by
 * batch, the running statistics, which would follow whatever passes through: these are put back after each update.
 */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import { PLASTICITY } from "../../rules/plasticity.ts";

const RUNNING = ["running.mean", "running.var"];
const heldName = (name: string) => `still.${name}`;

/** The neurons in these slots stand still from now on. Their synapses are not meant. */
export function still({ columns, parameters }: Population, slots: Iterable<number>): void {
  const which = [...slots];
  for (const name of parameters) {
    columns.add(`${name}.${PLASTICITY}`, 1);
    for (const slot of which) columns.set(`${name}.${PLASTICITY}`, 0, slot, 0);
  }
  for (const name of RUNNING.filter((name) => columns.has(name)))
    for (const slot of which) columns.set(heldName(name), 0, slot, columns.get(name, 0, slot));
}

/** Gives all populations what `still` needs, so that snapshots fit: to be said when a policy is attached. */
export function canStandStill(network: Network): void {
  const settle = () => {
    for (const { columns, parameters } of network.populations) {
      for (const name of parameters) columns.add(`${name}.${PLASTICITY}`, 1);
      for (const name of RUNNING) if (columns.has(name)) columns.add(heldName(name), name);
    }
  };
  settle();
  network.changed();
  network.onRecomposed(settle);
}

/** Puts back the statistics of those that stand still. */
export function putBackStatistics({ populations }: Network): void {
  for (const { columns, size } of populations) {
    for (const name of RUNNING) {
      if (!columns.has(heldName(name))) continue;
      for (let slot = 0; slot < size; slot++)
        if (columns.get(`gain.${PLASTICITY}`, 0, slot) === 0)
          columns.set(name, 0, slot, columns.get(heldName(name), 0, slot));
    }
  }
}
