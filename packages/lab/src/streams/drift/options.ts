/** What the drift streams have in common in a recipe: which concepts, for how long each, and how they follow one another. */
import { ValueError } from "plastica";
import type { z } from "zod";
import { fitting, listOf, whole } from "../../options/checks.ts";
import type { StreamContext } from "../stream.ts";
import type { DriftOptions } from "./concept-drift.ts";

/** true or false. */
export const flag = fitting<boolean>("true or false", (v) => typeof v === "boolean");

/** A number from 0 to 1. */
export const share = fitting<number>("a number from 0 to 1", isShare);

/** A finite number from `least` up. */
export function atLeast(least: number) {
  return fitting<number>(`a number from ${least}`, (v) => typeof v === "number" && Number.isFinite(v) && v >= least);
}

/**
 * `concepts` in order, cycled; `every` items a change, by default so that each concept has its turn once; `width` items of fading,
 * by default none; `length` items in all, by default 100,000.
 */
export function driftShape<C extends z.ZodType>(concept: C, usual: z.output<C>[]) {
  return {
    concepts: listOf("concepts", concept)
      .refine(({ length }) => length > 0, { error: "is [], must name at least one concept" })
      .default(usual as never),
    every: whole(1).optional(),
    width: whole(0).default(0),
    length: whole(1).default(100_000),
  };
}

/** The drift that a recipe's options ask for. */
export function scheduleOf(
  options: { concepts: readonly unknown[]; every?: number; width: number; length: number },
  { seed }: StreamContext,
): DriftOptions {
  const { concepts, width, length } = options;
  return { seed, every: options.every ?? Math.ceil(length / concepts.length), width, length };
}

/** Throws ValueError unless `value` is a number from 0 to 1. */
export function mustBeShare(what: string, value: number): void {
  if (!isShare(value)) throw new ValueError(`${what} is ${value}, must be a number from 0 to 1`);
}

/** Throws ValueError unless `value` is an integer from `least` to `most`. */
export function mustBeInteger(what: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new ValueError(`${what} is ${value}, must be an integer from ${least} to ${most}`);
}

function isShare(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** Throws ValueError unless `value` is a finite number from `least` up. */
export function mustBeAtLeast(what: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least))
    throw new ValueError(`${what} is ${value}, must be a number from ${least}`);
}
