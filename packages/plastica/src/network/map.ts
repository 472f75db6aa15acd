/**
 * Maps: populations whose neurons are channels, each at every position of a grid. What slides over a map (a kernel, a pool) has a size and a
 * stride; here is what these mean.
 */
import { ValueError } from "../errors.ts";

/** Positions of a map. */
export interface MapShape {
  readonly height: number;
  readonly width: number;
}

/** One number for both directions, or `[down, across]`. */
export type Extent = number | readonly [down: number, across: number];

export function positionsOf({ height, width }: MapShape): number {
  return height * width;
}

/** Both directions, each a whole number from `least`. Throws ValueError, in which `what` is named. */
export function extent(what: string, given: Extent, least: number): readonly [down: number, across: number] {
  const both = typeof given === "number" ? ([given, given] as const) : given;
  if (!Array.isArray(both) || both.length !== 2 || both.some((n) => !Number.isSafeInteger(n) || n < least))
    throw new ValueError(
      `${what} is ${JSON.stringify(given)}: a whole number from ${least}, or two of them, [down, across]`,
    );
  return both;
}

/** How many windows of a size, so far apart, fit: none reaches over the edge. 0 where not even one does. */
export function windows(
  { height, width }: MapShape,
  [rows, columns]: readonly [number, number],
  [down, across]: readonly [number, number],
): MapShape {
  const fit = (length: number, size: number, stride: number) =>
    length < size ? 0 : Math.floor((length - size) / stride) + 1;
  return { height: fit(height, rows, down), width: fit(width, columns, across) };
}
