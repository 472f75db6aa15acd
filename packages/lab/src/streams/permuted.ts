/**
 * Online permuted MNIST: a life of many tasks, each of which shows the same images under a new permutation of their pixels,
 * in a new order, once. Nothing says when a task ends. What was learned of the pixels is worthless in the next task, so
 * that what is measured is how well a network can still learn: its plasticity.
 *
 * The stream is addressed: item `n` is made from the seed and `n` alone, so a resumed run starts in the middle without
 * having seen what came before. Task `t` has the permutation `permutation(key(seed, "pixels", t))` and the order
 * `permutation(key(seed, "order", t))`.
 *
 * Dohare, Hernandez-Garcia, Lan, Rahman, Mahmood and Sutton (2024), "Loss of plasticity in deep continual learning", Nature
 * 632, 768-774, doi:10.1038/s41586-024-07711-7. Where we differ: there each permutation is applied on top of the last;
 * ours are drawn afresh, which gives the same distribution and needs no history.
 */
import { key, permutation, ShapeError, ValueError } from "plastica";
import { brightness, type ImageSet } from "../data/images.ts";

/** One item: what the network sees and what it should say. Both hold until the stream is asked again. */
export interface Item {
  readonly x: Float32Array;
  y: number;
}

/** An endless kind of stream, cut to `length` items; item `n` is of task `floor(n / taskLength)`. */
export interface Stream {
  readonly inputs: number;
  readonly classes: number;
  readonly length: number;
  readonly taskLength: number;
  /** Item `n`, without the n - 1 before it. Throws ValueError for an `n` outside 0 to length - 1. */
  at(n: number): Item;
}

export interface PermutedOptions {
  /** Which permutations and orders are drawn: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How many permutations, from 1 up. */
  tasks: number;
  /** Images of each task, from 1 to all. Default: all. Fewer are a fresh random choice in each task. */
  examplesPerTask?: number;
}

/**
 * The permuted stream over `images`. An item costs a blank image and one store for each lit pixel: about 0.4 microseconds
 * for MNIST.
 */
export function permuted(images: ImageSet, { seed, tasks, examplesPerTask = images.count }: PermutedOptions): Stream {
  if (!Number.isSafeInteger(tasks) || tasks < 1) throw new ValueError(`tasks is ${tasks}, must be an integer from 1`);
  if (!Number.isSafeInteger(examplesPerTask) || examplesPerTask < 1 || examplesPerTask > images.count) {
    throw new ShapeError(`examplesPerTask is ${examplesPerTask}, ${images.name} has 1 to ${images.count} images`);
  }
  const { first, labels } = images;
  const length = tasks * examplesPerTask;
  const item: Item = { x: new Float32Array(images.pixels), y: 0 };
  const { x } = item;
  let task = -1;
  let place = new Uint16Array(0); // where each pixel goes in this task
  let order = new Uint32Array(0);

  function enter(next: number): void {
    place = Uint16Array.from(permutation(key(seed, "pixels", next), images.pixels));
    order = permutation(key(seed, "order", next), images.count) as Uint32Array<ArrayBuffer>;
    task = next;
  }

  function at(n: number): Item {
    if (!(n >= 0 && n < length && Number.isInteger(n))) {
      throw new ValueError(`item ${n} of the stream, must be an integer from 0 to ${length - 1}`);
    }
    const wanted = Math.floor(n / examplesPerTask);
    if (wanted !== task) enter(wanted);
    const image = order[n - task * examplesPerTask];
    x.fill(0);
    draw(images, place, first[image], first[image + 1], x);
    item.y = labels[image];
    return item;
  }

  return { inputs: images.pixels, classes: images.classes, length, taskLength: examplesPerTask, at };
}

/** A function of its own, so that everything it reads is a local and the loop is a handful of loads and one store. */
function draw({ lit, shade }: ImageSet, place: Uint16Array, from: number, to: number, x: Float32Array): void {
  const bright = brightness;
  for (let k = from; k < to; k++) x[place[lit[k]]] = bright[shade[k]];
}
