/** What a change of structure costs: a birth and a death in a layer of 2000, beside a step of the network they happen in. */
import type { Inputs } from "./inputs.ts";
import { median } from "./measure.ts";
import { learnerFor, type Settings, type Workload } from "./subjects.ts";
import workloads from "./workloads.json" with { type: "json" };

/** Median seconds of each. */
export interface StructureTimes {
  readonly birth: number;
  readonly death: number;
  readonly step: number;
}

/**
 * Births, deaths and steps in turn on the network of online-wide, in its middle layer. The first births, which make room
 * (the capacity doubles), are not counted: they come once in thousands.
 */
export function birthAndDeath({ x, y, count }: Inputs, settings: Settings, rounds: number): StructureTimes {
  const wide = workloads.find(({ name }) => name === "online-wide") as Workload;
  const learner = learnerFor(wide, settings);
  const middle = learner.network.population("hidden2");
  const inputs = wide.layers[0];
  let at = 0;
  const step = (): void => {
    const i = at++ % count;
    learner.observe(x.subarray(i * inputs, (i + 1) * inputs), y[i]);
  };
  const seconds = (what: () => void): number => {
    const start = performance.now();
    what();
    return (performance.now() - start) / 1000;
  };
  const times = { birth: [] as number[], death: [] as number[], step: [] as number[] };
  const warm = 10;
  for (let round = 0; round < warm + rounds; round++) {
    const birth = seconds(() => learner.grow(middle.name, 1));
    step();
    const dying = middle.neurons[(round * 37) % middle.size].id;
    const death = seconds(() => learner.remove(middle.name, [dying]));
    step();
    if (round < warm) continue;
    times.birth.push(birth);
    times.death.push(death);
    times.step.push(seconds(step));
  }
  learner.close();
  return { birth: median(times.birth), death: median(times.death), step: median(times.step) };
}
