/** For tests: small lives on streams of drawn examples, and everything that is in a network's columns. */
import { derive, integer, key, uniform } from "../compute/random.ts";
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { LifeEvent } from "../structure/events.ts";
import type { Learner } from "./learner.ts";

/** Example `i`: inputs from -1 to 1, a few of them silent, and a class. */
export function example(i: number, inputs: number, classes: number): { x: Float32Array; y: number } {
  const draws = derive(key(11, "examples"), i);
  const x = Float32Array.from({ length: inputs }, (_, j) => Math.max(-1, 2.5 * uniform(draws, j) - 1.5));
  return { x: x.map((value) => (value === -1 ? 0 : value)), y: integer(draws, inputs, classes) };
}

/** Lets a learner observe examples [from, to) of its stream, `batch` at a time. Returns all that it said. */
export function observe(learner: Learner, from: number, to: number, batch = 1): number[] {
  const [inputs, classes] = [learner.network.inputs.values, learner.network.outputs.size];
  const said: number[] = [];
  for (let i = from; i < to; i += batch) {
    const examples = Array.from({ length: batch }, (_, j) => example(i + j, inputs, classes));
    const targets = examples.map(({ y }) => y);
    const xs = examples.flatMap(({ x }) => [...x]);
    const seen = batch === 1 ? learner.observe(xs, targets[0]) : learner.observeBatch(xs, targets);
    said.push(seen.loss, ...seen.outputs);
  }
  return said;
}

/** The list of events that the learner will have told. */
export function eventsOf(learner: Learner): LifeEvent[] {
  const events: LifeEvent[] = [];
  learner.on((event) => events.push(event));
  return events;
}

/** Everything that has columns. */
export function columnsOf(network: Network): { name: string; columns: Columns }[] {
  return [...network.populations, ...network.projections].map(({ name, columns }) => ({ name, columns }));
}

/** The columns that hold something other than 0 where nobody lives. */
export function untidy(network: Network): string[] {
  const found: string[] = [];
  for (const { name, columns } of columnsOf(network)) {
    for (const column of columns.names) {
      const view = columns.view(column);
      const dead = view.findIndex((value, i) => {
        const row = Math.floor(i / columns.laneCapacity) % columns.rowCapacity;
        return !Object.is(value, 0) && (row >= columns.rows || i % columns.laneCapacity >= columns.lanes);
      });
      if (dead >= 0) found.push(`${name}/${column} at ${dead}: ${view[dead]}`);
    }
  }
  return found;
}
