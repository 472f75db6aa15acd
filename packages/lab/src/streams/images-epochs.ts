/**
 * How many items a task makes of its images: some epochs, in each of which every image comes once, or a number of whole
 * batches.
 */
import { ShapeError, ValueError } from "plastica";
import { whole } from "../options/checks.ts";
import { flag, mustBeWhole } from "./images.ts";

/** Options of every stream whose tasks deal out images. */
export interface Dealing {
  /** Epochs of each task, from 1, each in an order of its own. Default 1, unless there are `iterations`. */
  epochs?: number;
  /**
   * Instead of epochs: batches of each task, from 1. Epochs follow each other for as long as needed; each drops its last,
   * incomplete batch.
   */
  iterations?: number;
  /**
   * Whether each epoch drops its last, incomplete batch. Default: as `iterations` does, or not. Where it is kept, epochs
   * follow each other without a gap and only the task's end cuts a batch short.
   */
  dropLast?: boolean;
  /** Items of a batch, from 1. Default 1. */
  batch?: number;
}

/** The same for a recipe, where the batch is the learners'. */
export const dealingShape = {
  epochs: whole(1).optional(),
  iterations: whole(1).optional(),
  dropLast: flag.optional(),
};

export interface Dealt {
  /** Items of one epoch: the task's images, or as many as fill whole batches. */
  readonly epoch: number;
  /** Items of the task. */
  readonly length: number;
}

/**
 * The items of a task of `images` images.
 *
 * @throws ValueError for an option outside its range, or two that exclude each other; ShapeError when no batch can be filled
 */
export function dealt(images: number, { epochs, iterations, dropLast, batch = 1 }: Dealing): Dealt {
  mustBeWhole("batch", batch, 1);
  if (iterations === undefined) {
    mustBeWhole("epochs", epochs ?? 1, 1);
    const epoch = dropLast === true ? wholeBatches(images, batch) : images;
    return { epoch, length: epoch * (epochs ?? 1) };
  }
  mustBeWhole("iterations", iterations, 1);
  if (epochs !== undefined)
    throw new ValueError(`epochs is ${epochs} and iterations ${iterations}, only one may be given`);
  if (dropLast === false) throw new ValueError("dropLast is false, but iterations are of whole batches: leave it out");
  return { epoch: wholeBatches(images, batch), length: iterations * batch };
}

function wholeBatches(images: number, batch: number): number {
  if (images < batch) {
    throw new ShapeError(`batch is ${batch}, more than the ${images} images of a task: no whole batch can be dealt`);
  }
  return images - (images % batch);
}
