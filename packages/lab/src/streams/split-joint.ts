/**
 * All tasks of a split stream at once, as one task: what a network can learn that need not remember. As many iterations as
 * the tasks have together, or the same number of epochs over all their images; tested on each task as the split stream is.
 */
import { key, ValueError } from "plastica";
import { examplesOf, type ImageTasks, imageTasks, ordered, testsOf } from "./images-tasks.ts";
import { mustHave, type Stream } from "./stream.ts";

/**
 * The tasks as one.
 *
 * @param ownHeads whether each image is learned with its own task's head. Then each batch of an iteration is dealt evenly, its
 *   item `j` from task `j mod tasks`, each task running through its own epochs: as van de Ven et al. (2022) train "joint" in
 *   their task scenario, where batches are of 26 images from each of five tasks (here `batch: 130`)
 * @throws ValueError when a batch is too small to hold an image of each task
 */
export function splitJointly(of: ImageTasks, ownHeads: boolean): Stream {
  const { iterations, batch = 1 } = of.dealing;
  const dealing = iterations === undefined ? of.dealing : { ...of.dealing, iterations: iterations * of.tasks };
  const one: ImageTasks = { ...of, tests: undefined, tasks: 1, contents: 1, dealing };
  const parts = Array.from({ length: of.contents }, (_, task) => partOf(of, task));
  const stream =
    ownHeads && iterations !== undefined
      ? evenly(one, parts, batch)
      : imageTasks({ ...one, ...together(of, parts, ownHeads) });
  return of.tests === undefined ? stream : { ...stream, tests: testsOf(of, of.tests) };
}

/** The images of one task: those it would show alone. */
function partOf(of: ImageTasks, task: number): Uint32Array {
  return ordered(of.pool(task, of.images), key(of.seed, "order", task)).subarray(0, examplesOf(of, task));
}

function together(of: ImageTasks, parts: readonly Uint32Array[], ownHeads: boolean): Partial<ImageTasks> {
  const pool = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    pool.set(part, filled);
    filled += part.length;
  }
  return {
    examplesPerTask: undefined,
    pool: () => pool,
    orderKey: () => key(of.seed, "order", "joint"),
    head: ownHeads ? of.head : undefined,
  };
}

/** A batch's item `j` is of task `j mod tasks`. */
function evenly(one: ImageTasks, parts: readonly Uint32Array[], batch: number): Stream {
  const tasks = parts.length;
  if (batch < tasks) {
    throw new ValueError(`batch is ${batch}, must be at least ${tasks}: joint, it is dealt evenly from as many tasks`);
  }
  const shares = parts.map((_, task) => Math.floor((batch - 1 - task) / tasks) + 1);
  const streams = parts.map((part, task) =>
    imageTasks({
      ...one,
      dealing: { ...one.dealing, batch: shares[task] },
      examplesPerTask: undefined,
      pool: () => part,
      orderKey: () => key(one.seed, "order", "joint", task),
    }),
  );
  const length = streams.reduce((sum, stream) => sum + stream.length, 0);
  return {
    inputs: one.inputs,
    ...(one.image && { image: one.image }),
    outputs: one.outputs,
    target: "class",
    starts: [0],
    length,
    at(n) {
      mustHave(n, length);
      const turn = Math.floor(n / batch);
      const j = n - turn * batch;
      const task = j % tasks;
      return streams[task].at(turn * shares[task] + Math.floor(j / tasks));
    },
  };
}
