/** For tests of the cycle: a small learner, and a stream whose world changes. */
import { derive, integer, key, normal } from "../../compute/random.ts";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { type Rule, sgd } from "../../rules/index.ts";
import type { Decided, LifeEvent } from "../events.ts";
import type { StructuralPolicy } from "../policy.ts";

const [INPUTS, CLASSES] = [20, 4];

/** Two normalised hidden layers. */
export function learnerWith(
  structure: StructuralPolicy[],
  rule: Rule = sgd({ lr: 0.02 }),
  sizes: readonly number[] = [24, 16],
): Learner {
  const layers = sizes.map((size) => dense(size, relu(), { layerNorm: true }));
  const network = sequential({ inputs: INPUTS, seed: 3 }, [...layers, dense(CLASSES)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule, structure });
}

/** Example `i` of a task: a class's own picture, its values moved about by the task, and some noise. */
export function example(task: number, i: number): { x: Float32Array; y: number } {
  const draws = derive(key(7, "seasons"), i);
  const y = integer(draws, 0, CLASSES);
  const x = Float32Array.from({ length: INPUTS }, (_, j) => {
    const place = (j * (1 + 2 * task) + 5 * task) % INPUTS;
    return (place < 8 ? 0.5 : 0) + normal(derive(key(1, "picture"), y), place) * 0.4 + 0.4 * normal(draws, 1 + j);
  });
  return { x, y };
}

/** Share of right predictions in each task of `length` examples; with `relabel` classes are called otherwise in each. */
export function through(learner: Learner, tasks: readonly number[], length: number, relabel = 0): number[] {
  return tasks.map((task, nth) => {
    let right = 0;
    for (let i = 0; i < length; i++) {
      const { x, y } = example(task, nth * length + i);
      const aim = (y + relabel * nth) % CLASSES;
      if (learner.observe(x, aim).prediction === aim) right++;
    }
    return right / length;
  });
}

export function decisions(events: readonly LifeEvent[]): Decided[] {
  return events.filter((event): event is Decided => event.type === "decided");
}
