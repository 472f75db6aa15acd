/**
 * Waveform: three triangles over 21 places, 6 high, around places 6, 14 and 10. Each class is a random mixture of two of them, with
 * noise on every place:
 *
 *     x_i = u h_a(i) + (1 - u) h_b(i) + z_i,    (a, b) = (0, 1), (0, 2), (1, 2) for class 0, 1, 2,
 *
 * u uniform and z normal. 19 inputs of noise alone may be added. Concept 0 is that; each other concept has the inputs in an order
 * of its own, drawn from the seed and the concept.
 *
 * Breiman, Friedman, Olshen and Stone (1984), "Classification and regression trees"; the best that can be done is about 86 % right.
 * As in river, which has no concepts.
 */
import { integer, key, normal, permutation, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { driftShape, flag, mustBeInteger, scheduleOf } from "./options.ts";

const PLACES = 21;
const tops = [6, 14, 10];
const triangles = tops.map((top) => Array.from({ length: PLACES }, (_, i) => Math.max(0, 6 - Math.abs(i - top))));
const pairs = [
  [triangles[0], triangles[1]],
  [triangles[0], triangles[2]],
  [triangles[1], triangles[2]],
];

export interface WaveformOptions {
  seed: number;
  /** Which order of the inputs: an integer from 0. Default: 0, in order. */
  concept?: number;
  /** Whether there are 19 inputs of noise alone. Default: false. */
  irrelevant?: boolean;
}

/** 21 inputs, or 40 with those of noise; 3 classes. Throws ValueError for a concept that is no integer from 0. */
export function waveform({ seed, concept = 0, irrelevant = false }: WaveformOptions): Concept {
  mustBeInteger("concept", concept, 0, Number.MAX_SAFE_INTEGER);
  const inputs = irrelevant ? 40 : PLACES;
  const order =
    concept === 0
      ? Uint32Array.from({ length: inputs }, (_, i) => i)
      : permutation(key(seed, "waveform", "order", concept), inputs);
  const classes = key(seed, "waveform", "class");
  const mixtures = key(seed, "waveform", "mixture");
  const noises = key(seed, "waveform", "noise");
  const item = { x: new Float32Array(inputs), y: 0 };
  const { x } = item;
  return {
    inputs,
    outputs: 3,
    target: "class",
    at(n) {
      item.y = integer(classes, n, 3);
      const [a, b] = pairs[item.y];
      const u = uniform(mixtures, n);
      for (let i = 0; i < inputs; i++) {
        const wave = i < PLACES ? u * a[i] + (1 - u) * b[i] : 0;
        x[order[i]] = wave + normal(noises, inputs * n + i);
      }
      return item;
    },
  };
}

export const waveformKind = streamKind(
  "Waveform: mixtures of two of three triangles under noise; concepts are orders of the inputs, numbered from 0.",
  { ...driftShape(whole(0), [0, 1]), irrelevant: flag.default(false) },
  ({ irrelevant, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) => waveform({ seed: context.seed, concept, irrelevant })),
      scheduleOf(options, context),
    ),
);
