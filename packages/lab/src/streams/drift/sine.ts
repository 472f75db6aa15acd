/**
 * Sine: two numbers from 0 to 1, and class 1 below a curve,
 *
 *     0: x0 < sin(x1)    2: x0 < 1/2 + 3/10 sin(3 pi x1)
 *
 * with concepts 1 and 3 their opposites. Two more numbers that mean nothing may be added.
 *
 * Gama, Medas, Castillo and Rodrigues (2004), "Learning with drift detection", doi:10.1007/978-3-540-28645-5_29; numbered as in river.
 */
import { key, sinTurns, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { balanced } from "./balance.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { driftShape, flag, mustBeInteger, scheduleOf } from "./options.ts";

const TURN = 6.283185307179586476925;

export interface SineOptions {
  seed: number;
  /** 0 to 3. Default: 0. */
  concept?: number;
  /** Both classes equally often. Default: false. */
  balance?: boolean;
  /** Whether there are two numbers that mean nothing. Default: false. */
  irrelevant?: boolean;
}

/** 2 inputs, or 4 with those that mean nothing; 2 classes. Throws ValueError for a concept that is none. */
export function sine({ seed, concept = 0, balance = false, irrelevant = false }: SineOptions): Concept {
  mustBeInteger("concept", concept, 0, 3);
  const inputs = irrelevant ? 4 : 2;
  const more = key(seed, "sine", "irrelevant");
  const item = { x: new Float32Array(inputs), y: 0 };
  const { x } = item;
  const curve = concept < 2 ? (at: number) => sinTurns(at / TURN) : (at: number) => 0.5 + 0.3 * sinTurns(1.5 * at);
  const below = concept % 2 === 0 ? 1 : 0;
  const classOf = balanced(key(seed, "sine"), balance, (draws, n) => {
    x[0] = uniform(draws, 2 * n);
    x[1] = uniform(draws, 2 * n + 1);
    return x[0] < curve(x[1]) ? below : 1 - below;
  });
  return {
    inputs,
    outputs: 2,
    target: "class",
    at(n) {
      item.y = classOf(n);
      for (let i = 2; i < inputs; i++) x[i] = uniform(more, 2 * n + i - 2);
      return item;
    },
  };
}

export const sineKind = streamKind(
  "Sine: above or below one of two sine curves; concepts 0 to 3.",
  { ...driftShape(whole(0, 3), [0, 1, 2, 3]), balance: flag.default(false), irrelevant: flag.default(false) },
  ({ balance, irrelevant, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) => sine({ seed: context.seed, concept, balance, irrelevant })),
      scheduleOf(options, context),
    ),
);
