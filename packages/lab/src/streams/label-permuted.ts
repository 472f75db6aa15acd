/**
 * Label-permuted images: the same images in every task, their classes renamed. What is seen does not change, what must be
 * said of it does: a network that plays it well keeps its features and relearns only what it calls them.
 *
 * Task `t` calls class `c` `permutation(key(seed, "labels", t))[c]`. The order of a task's images is that of
 * `images-tasks.ts`.
 *
 * Elsayed and Mahmood (2024), "Addressing loss of plasticity and catastrophic forgetting in continual learning" (UPGD), ICLR:
 * on EMNIST, `examplesPerTask: 2500`, 400 tasks, `range: "symmetric"`. Where we differ: there each permutation is applied on
 * top of the last; ours are drawn afresh, which gives the same distribution.
 */
import { key, permutation } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { whole } from "../options/checks.ts";
import { fading, type Sequel, sequelShape } from "./fuzzy.ts";
import { flag, framed, type ImageOptions, imageShape, laidOut, tonesOf } from "./images.ts";
import { type Dealing, dealingShape } from "./images-epochs.ts";
import { imageFiles, imagesOf } from "./images-source.ts";
import { contentsOf, everyImage, imageTasks } from "./images-tasks.ts";
import { streamKind } from "./kind.ts";
import type { Stream } from "./stream.ts";

export interface LabelPermutedOptions extends ImageOptions, Dealing, Sequel {
  /** Of the labels and orders: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How many tasks, from 1. */
  tasks: number;
  /** Images of each epoch, from 1 to all. Default: all. Fewer are a fresh random choice in each task. */
  examplesPerTask?: number;
  /** Whether the first task's labels are permuted too, or as they are. Default true. */
  permuteFirst?: boolean;
}

/**
 * The label-permuted stream over `images`. It has no tests: what is right in one task is wrong in the next.
 *
 * @throws ValueError, ShapeError for an option outside its range
 */
export function labelPermuted(images: ImageSet, options: LabelPermutedOptions): Stream {
  const { seed, tasks, permuteFirst = true } = options;
  const { classes, labels } = images;
  const { pixels, image, place } = framed(images, options.pad);
  const draw = laidOut(place, tonesOf(options.range));
  const all = everyImage();

  function view(content: number) {
    const called = permutation(key(seed, "labels", content), classes);
    if (content === 0 && !permuteFirst) called.forEach((_, c) => (called[c] = c));
    return { draw, label: (_: ImageSet, image: number) => called[labels[image]] };
  }

  const stream = imageTasks({
    seed,
    images,
    tasks,
    contents: contentsOf(tasks, options.recurring),
    inputs: pixels,
    image,
    outputs: classes,
    examplesPerTask: options.examplesPerTask,
    dealing: options,
    pool: (_, set) => all(set),
    view,
  });
  return fading(stream, options.boundary ?? 0, seed);
}

/** What a recipe calls `label-permuted`. */
export const labelPermutedKind = streamKind(
  "The same images in every task, their classes renamed.",
  {
    ...imageShape,
    tasks: whole(1, 100_000),
    examplesPerTask: whole(1).optional(),
    ...dealingShape,
    permuteFirst: flag.default(true),
    ...sequelShape,
  },
  ({ dataset, ...options }, { seed, batch }) => labelPermuted(imagesOf(dataset).images, { ...options, seed, batch }),
  imageFiles,
);
