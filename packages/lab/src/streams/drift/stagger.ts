/**
 * STAGGER: objects of a size (small, medium, large), a colour (red, blue, green) and a shape (circle, square, triangle), each drawn
 * evenly, and a boolean concept of them:
 *
 *     0: small and red        1: green or a circle        2: medium or large
 *
 * Schlimmer and Granger (1986), "Incremental learning from noisy data", doi:10.1007/BF00116895, with the concepts numbered as in
 * river. Where we differ: a network gets each attribute as three inputs, of which one is 1; in the order size, colour, shape.
 */
import { integer, key } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { balanced } from "./balance.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { driftShape, flag, mustBeInteger, scheduleOf } from "./options.ts";

export interface StaggerOptions {
  seed: number;
  /** 0 to 2. Default: 0. */
  concept?: number;
  /** Both classes equally often; else they occur 1 to 8, 5 to 4 and 2 to 1. Default: false. */
  balance?: boolean;
}

const concepts: readonly ((size: number, colour: number, shape: number) => boolean)[] = [
  (size, colour) => size === 0 && colour === 0,
  (_, colour, shape) => colour === 2 || shape === 0,
  (size) => size !== 0,
];

/** 9 inputs, 2 classes. Throws ValueError for a concept that is none. */
export function stagger({ seed, concept = 0, balance = false }: StaggerOptions): Concept {
  mustBeInteger("concept", concept, 0, 2);
  const holds = concepts[concept];
  const item = { x: new Float32Array(9), y: 0 };
  const { x } = item;
  const classOf = balanced(key(seed, "stagger"), balance, (draws, n) => {
    const object = integer(draws, n, 27); // one of 3 x 3 x 3
    const size = Math.floor(object / 9);
    const colour = Math.floor(object / 3) % 3;
    const shape = object % 3;
    x.fill(0);
    x[size] = 1;
    x[3 + colour] = 1;
    x[6 + shape] = 1;
    return holds(size, colour, shape) ? 1 : 0;
  });
  return {
    inputs: 9,
    outputs: 2,
    target: "class",
    at(n) {
      item.y = classOf(n);
      return item;
    },
  };
}

export const staggerKind = streamKind(
  "STAGGER: boolean concepts of an object's size, colour and shape; concepts 0 to 2.",
  { ...driftShape(whole(0, 2), [0, 1, 2]), balance: flag.default(false) },
  ({ balance, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) => stagger({ seed: context.seed, concept, balance })),
      scheduleOf(options, context),
    ),
);
