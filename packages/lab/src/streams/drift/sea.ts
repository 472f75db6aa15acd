/**
 * SEA: three numbers from 0 to 10, of which the third means nothing; class 1 where the first two together exceed a threshold,
 *
 *     y = x0 + x1 > threshold.
 *
 * The four concepts are the thresholds 8, 9, 7 and 9.5. A share of the labels is wrong.
 *
 * Street and Kim (2001), "A streaming ensemble algorithm (SEA) for large-scale classification", doi:10.1145/502512.502568; its
 * noise is 10 %, ours by default too (river's is 0). As in river, class 1 is above the threshold.
 */
import { bernoulli, key, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { type Concept, conceptDrift, moving } from "./concept-drift.ts";
import { driftShape, flag, mustBeShare, scheduleOf, share } from "./options.ts";

export const seaThresholds: readonly number[] = [8, 9, 7, 9.5];

export interface SeaOptions {
  seed: number;
  /** 0 to 20, or what it is at item `n`. Default: 8, of the first concept. */
  threshold?: number | ((n: number) => number);
  /** Share of wrong labels, 0 to 1. Default: 0.1. */
  noise?: number;
}

/** 3 inputs, 2 classes. Throws ValueError for a noise outside 0 to 1. */
export function sea({ seed, threshold = seaThresholds[0], noise = 0.1 }: SeaOptions): Concept {
  mustBeShare("noise", noise);
  const draws = key(seed, "sea");
  const wrong = key(seed, "sea", "noise");
  const thresholdAt = typeof threshold === "number" ? () => threshold : threshold;
  const item = { x: new Float32Array(3), y: 0 };
  const { x } = item;
  return {
    inputs: 3,
    outputs: 2,
    target: "class",
    at(n) {
      for (let i = 0; i < 3; i++) x[i] = 10 * uniform(draws, 3 * n + i);
      const above = x[0] + x[1] > thresholdAt(n);
      item.y = above !== bernoulli(wrong, n, noise) ? 1 : 0;
      return item;
    },
  };
}

export const seaKind = streamKind(
  "SEA: two numbers and a threshold on their sum that changes; concepts 0 to 3.",
  {
    ...driftShape(whole(0, 3), [0, 1, 2, 3]),
    /** The threshold itself moves, in place of a mixture of old and new. */
    incremental: flag.default(false),
    noise: share.default(0.1),
  },
  ({ incremental, noise, ...options }, context) => {
    const { seed } = context;
    const schedule = scheduleOf(options, context);
    const thresholds = options.concepts.map((concept) => seaThresholds[concept]);
    return incremental
      ? conceptDrift([sea({ seed, threshold: moving(thresholds, schedule), noise })], schedule)
      : conceptDrift(
          thresholds.map((threshold) => sea({ seed, threshold, noise })),
          schedule,
        );
  },
);
