/** For tests of tasks: three of two classes each, with outputs of their own, in eight dimensions. */
import { derive, integer, key, normal } from "../../compute/random.ts";
import type { Learner } from "../../life/learner.ts";

export const heads = [
  [0, 1],
  [2, 3],
  [4, 5],
];

/** Two classes in eight dimensions, others in each task. */
export function item(task: number, i: number) {
  const draws = derive(key(9, "items"), task, i);
  const y = 2 * task + integer(draws, 0, 2);
  const centre = derive(key(9, "centres"), y);
  return { x: Float32Array.from({ length: 8 }, (_, j) => 0.9 * normal(centre, j) + normal(draws, j + 1)), y };
}

export function learn(learner: Learner, task: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const { x, y } = item(task, i);
    learner.observe(x, y, { outputs: heads[task] });
  }
}

export function accuracy(learner: Learner, task: number): number {
  let right = 0;
  for (let i = 0; i < 500; i++) {
    const { x, y } = item(task, 100_000 + i);
    const said = learner.predict(x, { outputs: heads[task] });
    if ((said[heads[task][0]] >= said[heads[task][1]] ? heads[task][0] : heads[task][1]) === y) right++;
  }
  return right / 500;
}

/** What a learner says of some examples of a task, at its outputs. */
export const said = (learner: Learner, task: number) =>
  Array.from({ length: 20 }, (_, i) => {
    const all = learner.predict(item(task, 100_000 + i).x, { outputs: heads[task] });
    return heads[task].map((output) => all[output]);
  });
