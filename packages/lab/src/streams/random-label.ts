/**
 * Random labels: the same few images in every task, with labels that have nothing to do with what they show. Nothing but
 * memorising helps, so that what is measured is how fast a network can still fit what it has never seen.
 *
 * The images are the first `images` of `permutation(key(seed, "images"))`, in every task. In task `t` they have each other's
 * labels, `labels[permutation(key(seed, "labels", t))]`, so that each class is as frequent as it was; or, uniform, image `i`
 * of them has `integer(key(seed, "labels", t), i, classes)`. The order of each epoch is that of `images-tasks.ts`.
 *
 * Kumar, Marklund and Van Roy (2023), "Maintaining plasticity in continual learning via regenerative regularization"
 * (L2-Init), arXiv 2308.11958: 50 tasks of 1,200 images, `iterations: 30000` in batches of 16 (400 epochs), `range:
 * "symmetric"`. Where we differ: their code leaves out the last whole batch of each epoch too, 74 of 75.
 */
import { integer, key, permutation } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { oneOf, whole } from "../options/checks.ts";
import { framed, type ImageOptions, imageShape, laidOut, mustBeWhole, tonesOf } from "./images.ts";
import { type Dealing, dealingShape } from "./images-epochs.ts";
import { imageFiles, imagesOf } from "./images-source.ts";
import { everyImage, imageTasks, ordered } from "./images-tasks.ts";
import { streamKind } from "./kind.ts";
import type { Stream } from "./stream.ts";

export interface RandomLabelOptions extends ImageOptions, Dealing {
  /** Of the choice of images, the labels and the orders: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How many tasks, from 1. */
  tasks: number;
  /** How many images, the same in all tasks, from 1 to all. Default 1200. */
  images?: number;
  /** Each other's, or drawn for each. Default "shuffled". */
  labels?: "shuffled" | "uniform";
}

/**
 * The random-label stream over `set`; `epochs` is 400 by default. It has no tests: there is nothing to generalise.
 *
 * @throws ValueError, ShapeError for an option outside its range
 */
export function randomLabel(set: ImageSet, options: RandomLabelOptions): Stream {
  const { seed, tasks, images = 1200, labels = "shuffled", iterations, epochs } = options;
  mustBeWhole("images", images, 1, set.count);
  const { pixels, image, place } = framed(set, options.pad);
  const draw = laidOut(place, tonesOf(options.range));
  const pool = ordered(everyImage()(set), key(seed, "images")).subarray(0, images);

  function view(content: number) {
    const drawn = key(seed, "labels", content);
    const others = permutation(drawn, images);
    const said = new Uint8Array(set.count);
    pool.forEach((image, i) => {
      said[image] = labels === "shuffled" ? set.labels[pool[others[i]]] : integer(drawn, i, set.classes);
    });
    return { draw, label: (_: ImageSet, image: number) => said[image] };
  }

  return imageTasks({
    seed,
    images: set,
    tasks,
    contents: tasks,
    inputs: pixels,
    image,
    outputs: set.classes,
    dealing: { ...options, epochs: epochs ?? (iterations === undefined ? 400 : undefined) },
    pool: () => pool,
    view,
  });
}

/** What a recipe calls `random-label`. */
export const randomLabelKind = streamKind(
  "The same few images in every task, with labels at random.",
  {
    ...imageShape,
    tasks: whole(1, 100_000),
    images: whole(1).default(1200),
    labels: oneOf("shuffled", "uniform").default("shuffled"),
    ...dealingShape,
  },
  ({ dataset, ...options }, { seed, batch }) => randomLabel(imagesOf(dataset).images, { ...options, seed, batch }),
  imageFiles,
);
