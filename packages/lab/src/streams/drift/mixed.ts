/**
 * Mixed: two truths `v` and `w`, and two numbers from 0 to 1 which give a third,
 *
 *     z = x3 < 1/2 + 3/10 sin(3 pi x2);
 *
 * class 0 where at least two of the three are true, else 1. Concept 1 is the opposite.
 *
 * Gama, Medas, Castillo and Rodrigues (2004), "Learning with drift detection", doi:10.1007/978-3-540-28645-5_29; as in river.
 * A truth is one input, 1 or 0.
 */
import { integer, key, sinTurns, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { balanced } from "./balance.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { driftShape, flag, mustBeInteger, scheduleOf } from "./options.ts";

export interface MixedOptions {
  seed: number;
  /** 0 or 1. Default: 0. */
  concept?: number;
  /** Both classes equally often; as it is they nearly are. Default: false. */
  balance?: boolean;
}

/** 4 inputs (v, w and the two numbers), 2 classes. Throws ValueError for a concept that is none. */
export function mixed({ seed, concept = 0, balance = false }: MixedOptions): Concept {
  mustBeInteger("concept", concept, 0, 1);
  const item = { x: new Float32Array(4), y: 0 };
  const { x } = item;
  const classOf = balanced(key(seed, "mixed"), balance, (draws, n) => {
    const truths = integer(draws, 3 * n, 4);
    x[0] = truths & 1;
    x[1] = truths >>> 1;
    x[2] = uniform(draws, 3 * n + 1);
    x[3] = uniform(draws, 3 * n + 2);
    const z = x[3] < 0.5 + 0.3 * sinTurns(1.5 * x[2]) ? 1 : 0;
    return x[0] + x[1] + z >= 2 ? concept : 1 - concept;
  });
  return {
    inputs: 4,
    outputs: 2,
    target: "class",
    at(n) {
      item.y = classOf(n);
      return item;
    },
  };
}

export const mixedKind = streamKind(
  "Mixed: two truths and two numbers, two of three conditions hold; concept 1 is the opposite of 0.",
  { ...driftShape(whole(0, 1), [0, 1]), balance: flag.default(false) },
  ({ balance, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) => mixed({ seed: context.seed, concept, balance })),
      scheduleOf(options, context),
    ),
);
