/**
 * What a stream is: items in an order that never changes, each made from the stream's seed and its number alone, so that a
 * resumed run starts in the middle without having seen what came before, and any item can be looked at on its own.
 *
 * A stream is cut into tasks. Whether a learner is told so is the protocol's business: by `outputs` (a head of its own), or not at
 * all. A stream without tasks has one.
 */
import { type ImageShape, ValueError } from "plastica";

/** What a network sees and what it should say. All of it holds until the stream is asked again. */
export interface Item {
  readonly x: Float32Array;
  /** A class, from 0, where `target` is "class"; else one value an output. */
  y: number | Float32Array;
  /** The outputs that take part: the head of this item's task. Absent: all. */
  outputs?: readonly number[];
}

export interface Stream {
  /** Values of `x`. */
  readonly inputs: number;
  /** Of a stream of images: how the values of `x` lie, line by line. Absent: they are no image. */
  readonly image?: ImageShape;
  /** Outputs that a network needs: classes, or values to be said. */
  readonly outputs: number;
  readonly target: "class" | "values";
  /** The first item of each task, in order; starts with 0. */
  readonly starts: readonly number[];
  /** Items in all. */
  readonly length: number;
  /** Item `n`, without those before it. Throws ValueError for an `n` outside 0 to length - 1. */
  at(n: number): Item;
  /**
   * Must be awaited before `at` is asked for items from `from` up to `to`; what was loaded before may be let go of. Absent where nothing
   * has to be fetched.
   */
  load?(from: number, to: number): Promise<void>;
  /** Held-out items, one set a task or one for all. Absent where a stream has none. */
  readonly tests?: Tests;
}

/** Items that are never learned from. */
export interface Tests {
  /** How many sets. */
  readonly sets: number;
  size(set: number): number;
  at(set: number, i: number): Item;
}

/** What a stream is made with, beside its own options. */
export interface StreamContext {
  /** Of every draw: an integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Examples of each update, for streams that deal in whole batches. */
  readonly batch: number;
}

/** The task, from 0, that item `n` is of. */
export function taskOf({ starts }: Pick<Stream, "starts">, n: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** The starts of `tasks` tasks of equal length. */
export function equalTasks(tasks: number, length: number): number[] {
  return Array.from({ length: tasks }, (_, task) => task * length);
}

/** Throws ValueError unless the stream has an item `n`. */
export function mustHave(n: number, length: number): void {
  if (Number.isInteger(n) && n >= 0 && n < length) return;
  throw new ValueError(`item ${n} of the stream, must be an integer from 0 to ${length - 1}`);
}
