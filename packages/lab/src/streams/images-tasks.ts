/**
 * A stream of tasks that show images. Which of them a task shows, how, and what is right to say of them is each stream's own;
 * the order and the addressing are the same for all, and stand here.
 *
 * Task `t` chooses from its pool: the images of its first epoch are the first `examplesPerTask` of the pool in the order
 * `permutation(key(seed, "order", t))`; epoch `e` (from 1) shows the same images in the order `permutation(key(seed, "order",
 * t, e))` of the first. What a task shows is its content: `t`, or `t mod recurring` where tasks come back.
 */
import { derive, type ImageShape, type Key, key, permutation, ShapeError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { type Draw, mustBeWhole } from "./images.ts";
import { type Dealing, dealt } from "./images-epochs.ts";
import { type Item, mustHave, type Stream, type Tests, taskOf } from "./stream.ts";

/** How one content is shown: to learn from and to be tested with alike. */
export interface View {
  readonly draw: Draw;
  /** The right output for image `image` of `set`. */
  label(set: ImageSet, image: number): number;
}

export interface ImageTasks {
  readonly seed: number;
  readonly images: ImageSet;
  readonly tests?: ImageSet;
  /** How many tasks, from 1. */
  readonly tasks: number;
  /** How many contents; task `t` shows content `t mod contents`. */
  readonly contents: number;
  /** Values of an item, and how they lie. */
  readonly inputs: number;
  readonly image?: ImageShape;
  readonly outputs: number;
  /** The images of each epoch; default: the whole pool. */
  readonly examplesPerTask?: number;
  readonly dealing: Dealing;
  /** The images of a set that a content may show, as numbers in the set. */
  pool(content: number, set: ImageSet): Uint32Array;
  view(content: number): View;
  /** What a task's order is drawn with. Default: `key(seed, "order", task)`. */
  orderKey?(task: number): Key;
  /** The outputs that take part in an item of task `task` for which `label` is right; absent: all. */
  head?(label: number, task: number): readonly number[];
  /** The same for a held-out item. */
  testHead?(label: number): readonly number[];
}

/** A task being shown. */
interface Showing {
  readonly task: number;
  readonly from: number;
  readonly to: number;
  readonly view: View;
  readonly orderKey: Key;
  /** The first epoch's images, in its order. */
  readonly chosen: Uint32Array;
  /** Items of an epoch. */
  readonly perEpoch: number;
  epoch: number;
  /** This epoch's images, in its order. */
  order: Uint32Array;
}

/**
 * The stream of these tasks.
 *
 * @throws ValueError, ShapeError for an option outside its range, held-out images of another kind, or more images wanted than
 *   there are
 */
export function imageTasks(of: ImageTasks): Stream {
  const { seed, images, tasks, contents, inputs, image, outputs, head } = of;
  mustBeWhole("tasks", tasks, 1);
  const lengths = Array.from({ length: contents }, (_, content) => {
    return dealt(examplesOf(of, content), of.dealing);
  });
  const starts: number[] = [];
  let length = 0;
  for (let task = 0; task < tasks; task++) {
    starts.push(length);
    length += lengths[task % contents].length;
  }
  const item: Item = { x: new Float32Array(inputs), y: 0 };
  const { x } = item;
  // Two, for neighbours: where boundaries are fuzzy, items of both alternate.
  const shown: Showing[] = [];
  let now: Showing | undefined;

  function showing(task: number): Showing {
    const known = shown[task % 2];
    if (known?.task === task) return known;
    const content = task % contents;
    const orderKey = of.orderKey?.(task) ?? key(seed, "order", task);
    const chosen = ordered(of.pool(content, images), orderKey).subarray(0, examplesOf(of, content));
    const { epoch: perEpoch, length } = lengths[content];
    const from = starts[task];
    const view = of.view(content);
    const next = { task, from, to: from + length, view, orderKey, chosen, perEpoch, epoch: 0, order: chosen };
    shown[task % 2] = next;
    return next;
  }

  function at(n: number): Item {
    mustHave(n, length);
    if (now === undefined || n < now.from || n >= now.to) now = showing(taskOf({ starts }, n));
    const since = n - now.from;
    const epoch = Math.floor(since / now.perEpoch);
    if (epoch !== now.epoch) {
      now.order = epoch === 0 ? now.chosen : ordered(now.chosen, derive(now.orderKey, epoch));
      now.epoch = epoch;
    }
    const image = now.order[since - epoch * now.perEpoch];
    now.view.draw(images, image, x);
    const label = now.view.label(images, image);
    item.y = label;
    if (head !== undefined) item.outputs = head(label, now.task);
    return item;
  }

  const stream: Stream = { inputs, ...(image && { image }), outputs, target: "class", starts, length, at };
  return of.tests === undefined ? stream : { ...stream, tests: testsOf(of, of.tests) };
}

/** A test set for each content: its held-out images, in the set's order. Throws ShapeError for images of another kind. */
export function testsOf(of: ImageTasks, set: ImageSet): Tests {
  const { images, contents, inputs, testHead } = of;
  if (set.pixels !== images.pixels || set.classes !== images.classes) {
    throw new ShapeError(
      `tests are ${set.classes} classes of ${set.pixels} pixels, must be ${images.classes} of ${images.pixels}, as ${images.name}`,
    );
  }
  const pools = Array.from({ length: contents }, (_, content) => of.pool(content, set));
  const item: Item = { x: new Float32Array(inputs), y: 0 };
  let content = -1;
  let view: View | undefined;
  return {
    sets: contents,
    size: (wanted) => poolOf(wanted).length,
    at(wanted, i) {
      const pool = poolOf(wanted);
      mustBeWhole(`the item of test set ${wanted}`, i, 0, pool.length - 1);
      if (view === undefined || wanted !== content) view = of.view(wanted);
      content = wanted;
      view.draw(set, pool[i], item.x);
      const label = view.label(set, pool[i]);
      item.y = label;
      if (testHead !== undefined) item.outputs = testHead(label);
      return item;
    },
  };

  function poolOf(wanted: number): Uint32Array {
    mustBeWhole("the test set", wanted, 0, contents - 1);
    return pools[wanted];
  }
}

/** The images of each epoch of a content. Throws ShapeError when more are wanted than there are, or none. */
export function examplesOf(of: Pick<ImageTasks, "images" | "examplesPerTask" | "pool">, content: number): number {
  const { images, examplesPerTask, pool } = of;
  const all = pool(content, images).length;
  const wanted = examplesPerTask ?? all;
  if (Number.isSafeInteger(wanted) && wanted >= 1 && wanted <= all) return wanted;
  throw new ShapeError(`examplesPerTask is ${wanted}, task ${content} of ${images.name} has 1 to ${all} images`);
}

/** The items of `pool` in the order `permutation(key)`. */
export function ordered(pool: Uint32Array, key: Key): Uint32Array {
  const order = permutation(key, pool.length);
  for (let i = 0; i < order.length; i++) order[i] = pool[order[i]];
  return order;
}

/** Every image, for pools: made once a set. */
export function everyImage(): (set: ImageSet) => Uint32Array {
  const made = new Map<ImageSet, Uint32Array>();
  return (set) => {
    const known = made.get(set);
    if (known !== undefined) return known;
    const all = Uint32Array.from({ length: set.count }, (_, i) => i);
    made.set(set, all);
    return all;
  };
}

/** How many contents `tasks` tasks have. Throws ValueError for a `recurring` that is no integer from 1. */
export function contentsOf(tasks: number, recurring = tasks): number {
  mustBeWhole("tasks", tasks, 1);
  mustBeWhole("recurring", recurring, 1);
  return Math.min(tasks, recurring);
}
