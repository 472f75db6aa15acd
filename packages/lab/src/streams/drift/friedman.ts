/**
 * Friedman: ten numbers from 0 to 1 and a target that five of them make,
 *
 *     y = 10 sin(pi x0 x1) + 20 (x2 - 1/2)^2 + 10 x3 + 5 x4 + noise z,    z normal.
 *
 * The other concepts are what it drifts to:
 *
 *     swapped        10 sin(pi x3 x4) + 20 (x1 - 1/2)^2 + 10 x0 + 5 x2
 *     swapped-again  10 sin(pi x1 x4) + 20 (x3 - 1/2)^2 + 10 x2 + 5 x0
 *     local-1 to -3  as the first, but in two regions of the inputs, which grow from one to the next:
 *                    10 x0 x1 + 20 (x2 - 1/2) + 10 x3 + 5 x4             where x1, x2 < 0.3 (-2: and x3 > 0.7; -1: and x4 < 0.3)
 *                    10 cos(x0 x1) + 20 (x2 - 1/2) + exp(x3) + 5 x4^2    where x1, x2 > 0.7 (-2: and x3 < 0.3; -1: and x4 > 0.7)
 *
 * So global recurring abrupt drift (GRA) is `friedman, swapped` in turn; global and slow gradual (GSG) `friedman, swapped,
 * swapped-again` with a width; local and expanding abrupt (LEA) `friedman, local-1, local-2, local-3`.
 *
 * Friedman (1991), "Multivariate adaptive regression splines", doi:10.1214/aos/1176347963; the drifts: Ikonomovska, Gama and
 * Džeroski (2011), "Learning model trees from evolving data streams", doi:10.1007/s10618-010-0201-y. Where we differ from river:
 * its GRA multiplies x3 by x5, which is an input that means nothing, where ours takes x4 as in GSG; in its GSG old and new are
 * equally likely all through the transition, where in ours the new grows ever more likely (`concept-drift.ts`).
 */
import { cosTurns, key, normal, sinTurns, uniform, ValueError } from "plastica";
import { oneOf } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { type Concept, conceptDrift, incrementalDrift } from "./concept-drift.ts";
import { atLeast, driftShape, flag, mustBeAtLeast, scheduleOf } from "./options.ts";

const INPUTS = 10;
const TURN = 6.283185307179586476925;

const concepts = {
  friedman: first,
  swapped: (x) => shape(x[3], x[4], x[1], x[0], x[2]),
  "swapped-again": (x) => shape(x[1], x[4], x[3], x[2], x[0]),
  "local-1": (x) => local(x, x[3] > 0.7 && x[4] < 0.3, x[3] < 0.3 && x[4] > 0.7),
  "local-2": (x) => local(x, x[3] > 0.7, x[3] < 0.3),
  "local-3": (x) => local(x, true, true),
} satisfies Record<string, (x: Float32Array) => number>;

export type FriedmanConcept = keyof typeof concepts;

export interface FriedmanOptions {
  seed: number;
  /** Default: "friedman". */
  concept?: FriedmanConcept;
  /** Standard deviation of the noise, from 0. Default: 1. */
  noise?: number;
}

function first(x: Float32Array): number {
  return shape(x[0], x[1], x[2], x[3], x[4]);
}

function shape(a: number, b: number, c: number, d: number, e: number): number {
  return 10 * sinTurns((a * b) / 2) + 20 * (c - 0.5) * (c - 0.5) + 10 * d + 5 * e;
}

function local(x: Float32Array, low: boolean, high: boolean): number {
  if (low && x[1] < 0.3 && x[2] < 0.3) return 10 * x[0] * x[1] + 20 * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];
  if (high && x[1] > 0.7 && x[2] > 0.7)
    return 10 * cosTurns((x[0] * x[1]) / TURN) + 20 * (x[2] - 0.5) + exp(x[3]) + 5 * x[4] * x[4];
  return first(x);
}

/** The series of e^x to x^18 / 18!, for x from 0 to 1: within 1e-16. `Math.exp` may differ from host to host. */
function exp(x: number): number {
  let sum = 1;
  for (let k = 18; k > 0; k--) sum = 1 + (x / k) * sum;
  return sum;
}

/** 10 inputs, 1 value from about -10 to 30. Throws ValueError for an option out of its range. */
export function friedman({ seed, concept = "friedman", noise = 1 }: FriedmanOptions): Concept {
  mustBeAtLeast("noise", noise, 0);
  if (!Object.hasOwn(concepts, concept))
    throw new ValueError(`concept is ${JSON.stringify(concept)}, must be one of ${Object.keys(concepts).join(", ")}`);
  const value = concepts[concept];
  const draws = key(seed, "friedman");
  const noises = key(seed, "friedman", "noise");
  const x = new Float32Array(INPUTS);
  const y = new Float32Array(1);
  const item = { x, y };
  return {
    inputs: INPUTS,
    outputs: 1,
    target: "values",
    at(n) {
      for (let i = 0; i < INPUTS; i++) x[i] = uniform(draws, INPUTS * n + i);
      y[0] = value(x) + (noise === 0 ? 0 : noise * normal(noises, n));
      return item;
    },
  };
}

export const friedmanKind = streamKind(
  `Friedman's regression, of five numbers among ten; concepts ${Object.keys(concepts).join(", ")}.`,
  {
    ...driftShape(oneOf(...(Object.keys(concepts) as FriedmanConcept[])), ["friedman", "swapped"]),
    /** The target itself moves, in place of a mixture of old and new. */
    incremental: flag.default(false),
    noise: atLeast(0).default(1),
  },
  ({ incremental, noise, ...options }, context) => {
    const made = options.concepts.map((concept) => friedman({ seed: context.seed, concept, noise }));
    return (incremental ? incrementalDrift : conceptDrift)(made, scheduleOf(options, context));
  },
);
