/**
 * Permuted images: a life of many tasks, each of which shows the same images under a new permutation of their pixels, in a
 * new order. Nothing says when a task ends. What was learned of the pixels is worthless in the next task, so that what is
 * measured is how well a network can still learn (its plasticity) and how much of the earlier tasks it keeps.
 *
 * The stream is addressed: item `n` is made from the seed and `n` alone, so a resumed run starts in the middle without
 * having seen what came before. Task `t` moves pixel `p` to `permutation(key(seed, "pixels", t))[p]`; its order is that of
 * `images-tasks.ts`, with `key(seed, "order", t)`. With `sameImages` the pool of every task is the first `examplesPerTask` of
 * `permutation(key(seed, "images"))`.
 *
 * Dohare, Hernandez-Garcia, Lan, Rahman, Mahmood and Sutton (2024), "Loss of plasticity in deep continual learning", Nature
 * 632, 768-774, doi:10.1038/s41586-024-07711-7: 800 tasks of all images, once each. Where we differ: there each permutation
 * is applied on top of the last; ours are drawn afresh, which gives the same distribution and needs no history.
 *
 * The same stream elsewhere, by its options:
 * - Elsayed and Mahmood (2024), "Addressing loss of plasticity and catastrophic forgetting in continual learning" (UPGD), ICLR:
 *   200 tasks, `examplesPerTask: 5000`, `range: "symmetric"`;
 * - Kumar, Marklund and Van Roy (2023), "Maintaining plasticity in continual learning via regenerative regularization" (L2-Init),
 *   arXiv 2308.11958: 500 tasks, `examplesPerTask: 10000`, `range: "symmetric"`, `permuteFirst: false`; their code
 *   too draws the images afresh in each task; where we differ: its last batch of a task is of images already seen;
 * - van de Ven and Tolias (2019), "Three scenarios for continual learning", arXiv 1904.07734: 10 tasks, `iterations: 5000`, `pad: 2`
 *   and each `scenario`.
 */
import { key, permutation } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { oneOf, whole } from "../options/checks.ts";
import { fading, type Sequel, sequelShape } from "./fuzzy.ts";
import { flag, framed, type ImageOptions, imageShape, laidOut, tonesOf } from "./images.ts";
import { type Dealing, dealingShape } from "./images-epochs.ts";
import { imageFiles, imagesOf } from "./images-source.ts";
import { contentsOf, everyImage, examplesOf, type ImageTasks, imageTasks, ordered } from "./images-tasks.ts";
import { streamKind } from "./kind.ts";
import type { Stream } from "./stream.ts";

export interface PermutedOptions extends ImageOptions, Dealing, Sequel {
  /** Which permutations and orders are drawn: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How many tasks, from 1. */
  tasks: number;
  /** Images of each epoch, from 1 to all. Default: all. Fewer are a fresh random choice in each task. */
  examplesPerTask?: number;
  /** Whether that choice is the same in all tasks, made once. Default false. */
  sameImages?: boolean;
  /** Whether the first task is permuted too, or shows the images as they are. Default true. */
  permuteFirst?: boolean;
  /**
   * `"domain"` (default): the outputs are the classes, in every task. `"class"`: each task has classes of its own, so that
   * class `c` of task `t` is output `t * classes + c`. `"task"`: the same, and only the outputs of the item's task take part.
   */
  scenario?: "task" | "domain" | "class";
  /** Held-out images: a test set under each permutation. Default: none. */
  tests?: ImageSet;
}

/**
 * The permuted stream over `images`. An item costs a blank image and one store for each lit pixel: about 0.4 microseconds
 * for MNIST.
 *
 * @throws ValueError, ShapeError for an option outside its range
 */
export function permuted(images: ImageSet, options: PermutedOptions): Stream {
  const { seed, tasks, permuteFirst = true, sameImages = false, scenario = "domain", tests } = options;
  const contents = contentsOf(tasks, options.recurring);
  const { classes } = images;
  const tones = tonesOf(options.range);
  const { pixels, image, place } = framed(images, options.pad);
  const all = everyImage();
  const pool = sameImages ? sameIn(images, options) : (_: number, set: ImageSet) => all(set);
  const apart = scenario !== "domain";
  const heads = Array.from({ length: apart ? contents : 1 }, (_, head) =>
    Array.from({ length: classes }, (_, c) => head * classes + c),
  );
  const headOf = (label: number) => heads[Math.floor(label / classes)];

  function view(content: number) {
    const first = apart ? content * classes : 0;
    return {
      draw: laidOut(placeIn(content), tones),
      label: (set: ImageSet, image: number) => first + set.labels[image],
    };
  }

  function placeIn(content: number): Uint16Array {
    if (content === 0 && !permuteFirst) return place;
    const moved = permutation(key(seed, "pixels", content), pixels);
    return place.map((p) => moved[p]);
  }

  const stream = imageTasks({
    seed,
    images,
    tests,
    tasks,
    contents,
    inputs: pixels,
    image,
    outputs: classes * heads.length,
    examplesPerTask: options.examplesPerTask,
    dealing: options,
    pool,
    view,
    ...(scenario === "task" ? { head: headOf, testHead: headOf } : {}),
  });
  return fading(stream, options.boundary ?? 0, seed);
}

/** The pool where all tasks show the same images: as many as each shows, chosen once. Tests: all. */
function sameIn(images: ImageSet, { seed, examplesPerTask }: PermutedOptions): ImageTasks["pool"] {
  const all = everyImage();
  const examples = examplesOf({ images, examplesPerTask, pool: (_, set) => all(set) }, 0);
  const same = ordered(all(images), key(seed, "images")).subarray(0, examples);
  return (_, set) => (set === images ? same : all(set));
}

/** What a recipe calls `permuted`; `tests: true` tests with the data set's held-out images. */
export const permutedKind = streamKind(
  "The same images in every task, each task under a permutation of the pixels of its own.",
  {
    ...imageShape,
    tasks: whole(1, 100_000),
    examplesPerTask: whole(1).optional(),
    sameImages: flag.default(false),
    ...dealingShape,
    permuteFirst: flag.default(true),
    scenario: oneOf("task", "domain", "class").default("domain"),
    tests: flag.default(false),
    ...sequelShape,
  },
  ({ dataset, tests: tested, ...options }, { seed, batch }) => {
    const { images, tests } = imagesOf(dataset, tested);
    return permuted(images, { ...options, seed, batch, tests });
  },
  imageFiles,
);
