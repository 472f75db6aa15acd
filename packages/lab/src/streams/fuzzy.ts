/**
 * Fuzzy boundaries: around each boundary one task fades into the next. Of the `width` items around it, item `i` (from 0) is
 * of the later task with probability `(i + 1/2) / width`, as in van de Ven, Tuytelaars and Tolias (2022), "Three types of
 * incremental learning", Nature Machine Intelligence 4, 1185-1197, doi:10.1038/s42256-022-00568-3 (their task-free streams).
 *
 * The items are the stream's own, each still shown once: the `i`-th before a boundary and the `i`-th after it (from 0) change
 * places with probability `1/2 - (i + 1/2) / width`, by draw `i` of `key(seed, "boundary", task)`. Where we differ: there
 * items of a task are drawn without count, and the first task comes back at the end.
 */
import { bernoulli, key, ValueError } from "plastica";
import { fitting, whole } from "../options/checks.ts";
import { mustHave, type Stream, taskOf } from "./stream.ts";

/** Options of every stream of images: what its tasks have to do with each other. */
export interface Sequel {
  /** Task `t` shows what task `t mod recurring` showed, in a new order. From 1. Default: no task comes back. */
  recurring?: number;
  /** Items over which one task fades into the next: an even integer from 0 to the shortest task's length. Default 0. */
  boundary?: number;
}

/** The same for a recipe. */
export const sequelShape = {
  recurring: whole(1).optional(),
  boundary: fitting<number>("an even integer from 0", isEven).default(0),
};

function isEven(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) % 2 === 0;
}

/**
 * The stream with fuzzy boundaries. Its `starts` stay where they are, in the middle of the fading.
 *
 * @param width an even integer from 0 (the stream as it is) to the shortest task's length
 * @param seed of the draws
 * @throws ValueError for another width
 */
export function fading(stream: Stream, width: number, seed: number): Stream {
  if (width === 0) return stream;
  const { starts, length } = stream;
  const shortest = starts.reduce((least, start, task) => Math.min(least, (starts[task + 1] ?? length) - start), length);
  if (!isEven(width) || width > shortest) {
    throw new ValueError(
      `boundary is ${width}, must be an even integer from 0 to ${shortest}, the shortest task's length`,
    );
  }
  const half = width / 2;

  /** Which of the stream's own items is shown as item `n`. */
  function shownAs(n: number): number {
    const task = taskOf(stream, n);
    const since = n - starts[task];
    if (task > 0 && since < half) return swapped(task, since) ? starts[task] - 1 - since : n;
    const next = starts[task + 1];
    if (next === undefined || next - n > half) return n;
    return swapped(task + 1, next - 1 - n) ? 2 * next - 1 - n : n;
  }

  function swapped(task: number, i: number): boolean {
    return bernoulli(key(seed, "boundary", task), i, 0.5 - (i + 0.5) / width);
  }

  const faded: Stream = {
    inputs: stream.inputs,
    ...(stream.image && { image: stream.image }),
    outputs: stream.outputs,
    target: stream.target,
    starts,
    length,
    at(n) {
      mustHave(n, length);
      return stream.at(shownAs(n));
    },
    ...(stream.tests === undefined ? {} : { tests: stream.tests }),
  };
  if (stream.load === undefined) return faded;
  return {
    ...faded,
    load: async (from, to) => stream.load?.(Math.max(0, from - width), Math.min(length, to + width)),
  };
}
