/**
 * For tests: what a network holds, by the ids of its neurons and not by where they are. It is a plain Map, so that births and
 * deaths can be played on it in a line each.
 */
import type { Network } from "../network/network.ts";

/** "population/column id" or "pre-post/column plane id id" -> value. */
export type Holding = Map<string, number>;

export function holding(network: Network): Holding {
  const held: Holding = new Map();
  for (const { name, columns, neurons } of network.populations) {
    for (const column of columns.names) {
      columns.packed(column).forEach((value, slot) => held.set(`${name}/${column} ${neurons[slot].id}`, value));
    }
  }
  for (const { name, columns, pre, post } of network.projections) {
    for (const column of columns.names) {
      columns.packed(column).forEach((value, i) => {
        const [row, lane] = [Math.floor(i / post.size), i % post.size];
        const [plane, slot] = [Math.floor(row / pre.size), row % pre.size];
        held.set(`${name}/${column} ${plane} ${pre.neurons[slot].id} ${post.neurons[lane].id}`, value);
      });
    }
  }
  return held;
}

/** The entries that concern none of these neurons. */
export function without(held: Holding, ids: readonly number[]): Holding {
  const gone = new Set(ids.map(String));
  return new Map([...held].filter(([place]) => !idsOf(place).some((id) => gone.has(id))));
}

/** The entries that concern one of these neurons. */
export function of(held: Holding, ids: readonly number[]): Holding {
  const wanted = new Set(ids.map(String));
  return new Map([...held].filter(([place]) => idsOf(place).some((id) => wanted.has(id))));
}

/** The ids in the name of a place. */
function idsOf(place: string): string[] {
  const words = place.split(" ").slice(1);
  return words.length === 3 ? words.slice(1) : words;
}
