/**
 * Split images: the classes are dealt out to tasks, two to a task as a rule, and the tasks follow one another. Three
 * scenarios differ in what a network must say and what it is told: of which of the task's classes an image is, its task being
 * known (task) or not (domain), or of which of all classes (class).
 *
 * The class at place `p` of the order is of task `floor(p / classesPerTask)`, and output `p`, or `p mod classesPerTask` in
 * the domain scenario. The order is `0, 1, 2, ...` or `permutation(key(seed, "classes"))`, that is: place `p` holds that
 * class. The order of a task's images is that of `images-tasks.ts`.
 *
 * Van de Ven, Tuytelaars and Tolias (2022), "Three types of incremental learning", Nature Machine Intelligence 4, 1185-1197,
 * doi:10.1038/s42256-022-00568-3: `order: "random"`, `iterations: 2000`, batches of 128. Hsu, Liu, Ramasamy and Kira (2018),
 * "Re-evaluating continual learning scenarios", arXiv 1810.12488: `epochs: 4`, batches of 128, `pad: 2`, `range: { mean: 0.1,
 * sd: 0.2752 }`, and in the class scenario `active: "seen"`; where we differ: there each epoch ends with an incomplete batch,
 * here only the last.
 */
import { key, permutation, ValueError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { oneOf, whole } from "../options/checks.ts";
import { fading, type Sequel, sequelShape } from "./fuzzy.ts";
import { flag, framed, type ImageOptions, imageShape, laidOut, mustBeWhole, tonesOf } from "./images.ts";
import { type Dealing, dealingShape } from "./images-epochs.ts";
import { imageFiles, imagesOf } from "./images-source.ts";
import { contentsOf, type ImageTasks, imageTasks } from "./images-tasks.ts";
import { streamKind } from "./kind.ts";
import { splitJointly } from "./split-joint.ts";
import type { Stream } from "./stream.ts";

export interface SplitOptions extends ImageOptions, Dealing, Sequel {
  /** Of the order of classes and images: an integer from 0 to 2^53 - 1. */
  seed: number;
  /**
   * `"task"`: an output for each class, and only those of the item's task take part. `"domain"`: an output for each place in
   * a task, the same in all tasks. `"class"`: an output for each class, and all take part.
   */
  scenario: "task" | "domain" | "class";
  /** From 1 to all. Default 2. */
  classesPerTask?: number;
  /** How many tasks, from 1. Default: as many as the classes give, or `recurring`. Classes left over are not shown. */
  tasks?: number;
  /** Which class comes when: as they are numbered, or as the seed says. Default "natural". */
  order?: "natural" | "random";
  /** Images of each epoch, from 1 to those of the smallest task, chosen at random. Default: all of the task's. */
  examplesPerTask?: number;
  /**
   * In the class scenario: whether all outputs take part in learning, or only those of classes seen so far. Tests: all.
   * Default "all".
   */
  active?: "all" | "seen";
  /**
   * All tasks at once, as one: for comparison. Iterations are as many as all tasks have together; epochs are over all images.
   * In the task scenario with iterations, each batch is dealt evenly from all tasks. Default false.
   */
  joint?: boolean;
  /** Held-out images: a test set a task. Default: none. */
  tests?: ImageSet;
}

/**
 * The split stream over `images`.
 *
 * @throws ValueError, ShapeError for an option outside its range
 */
export function split(images: ImageSet, options: SplitOptions): Stream {
  const tasks = splitTasks(images, options);
  const { joint = false, boundary = 0 } = options;
  if (!joint) return fading(imageTasks(tasks), boundary, options.seed);
  if (boundary !== 0) {
    throw new ValueError(`boundary is ${boundary} and joint is true: all tasks at once have no boundary, it must be 0`);
  }
  return splitJointly(tasks, options.scenario === "task");
}

function splitTasks(images: ImageSet, options: SplitOptions): ImageTasks {
  const { seed, scenario, classesPerTask: each = 2, order = "natural", active = "all" } = options;
  const { classes } = images;
  mustBeWhole("classesPerTask", each, 1, classes);
  const most = Math.floor(classes / each);
  const tasks = options.tasks ?? options.recurring ?? most;
  const contents = contentsOf(tasks, options.recurring);
  if (contents > most) {
    throw new ValueError(
      `tasks is ${tasks}, ${classes} classes give ${most} of ${each} each; more must come back: recurring from 1 to ${most}`,
    );
  }
  if (active === "seen" && scenario !== "class") {
    throw new ValueError(`active is "seen" in the scenario "${scenario}", must be "all" but in the scenario "class"`);
  }
  const placeOf = placesOfClasses(order === "random" ? permutation(key(seed, "classes"), classes) : undefined, classes);
  const { pixels, image, place } = framed(images, options.pad);
  const outputs = scenario === "domain" ? each : contents * each;
  const view = {
    draw: laidOut(place, tonesOf(options.range)),
    label: ({ labels }: ImageSet, image: number) => placeOf[labels[image]] % outputs,
  };
  const taskHeads = Array.from({ length: contents }, (_, task) => range(task * each, (task + 1) * each));
  const taskHead = (label: number) => taskHeads[Math.floor(label / each)];
  const seenHeads = taskHeads.map((_, task) => range(0, (task + 1) * each));
  const seenHead = (_: number, task: number) => seenHeads[Math.min(task, contents - 1)];
  return {
    seed,
    images,
    tests: options.tests,
    tasks,
    contents,
    inputs: pixels,
    image,
    outputs,
    examplesPerTask: options.examplesPerTask,
    dealing: options,
    pool: poolsBy((label) => Math.floor(placeOf[label] / each)),
    view: () => view,
    ...(scenario === "task" ? { head: taskHead, testHead: taskHead } : {}),
    ...(active === "seen" ? { head: seenHead } : {}),
  };
}

/** The place of each class in the order, which holds at place `p` the class `order[p]`; absent: as numbered. */
function placesOfClasses(order: Uint32Array | undefined, classes: number): number[] {
  const places = range(0, classes);
  order?.forEach((label, place) => {
    places[label] = place;
  });
  return places;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The images of each task, by their labels: made once a set. */
function poolsBy(taskOfLabel: (label: number) => number): ImageTasks["pool"] {
  const made = new Map<ImageSet, Map<number, Uint32Array>>();
  return (content, set) => {
    let pools = made.get(set);
    if (pools === undefined) made.set(set, (pools = new Map()));
    const known = pools.get(content);
    if (known !== undefined) return known;
    const images: number[] = [];
    set.labels.forEach((label, image) => {
      if (taskOfLabel(label) === content) images.push(image);
    });
    const pool = Uint32Array.from(images);
    pools.set(content, pool);
    return pool;
  };
}

/** What a recipe calls `split`; tested, unless `tests` is false, with the data set's held-out images. */
export const splitKind = streamKind(
  "The classes dealt out to tasks, which follow one another: task-, domain- or class-incremental.",
  {
    ...imageShape,
    scenario: oneOf("task", "domain", "class"),
    classesPerTask: whole(1).default(2),
    tasks: whole(1, 100_000).optional(),
    order: oneOf("natural", "random").default("natural"),
    examplesPerTask: whole(1).optional(),
    ...dealingShape,
    active: oneOf("all", "seen").default("all"),
    joint: flag.default(false),
    tests: flag.default(true),
    ...sequelShape,
  },
  ({ dataset, tests: tested, ...options }, { seed, batch }) => {
    const { images, tests } = imagesOf(dataset, tested);
    return split(images, { ...options, seed, batch, tests });
  },
  imageFiles,
);
