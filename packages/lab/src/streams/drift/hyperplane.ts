/**
 * A rotating hyperplane: `d` numbers from 0 to 1, and class 1 on one side of a plane through the middle of their cube,
 *
 *     y = sum w_i x_i >= 1/2 sum w_i,
 *
 * whose first few weights move by `magnitude` an item and turn round with probability `reversal`. This is incremental drift that
 * never stops. Concept `c` is a plane of its own, drawn from the seed and `c`.
 *
 * Hulten, Spencer and Domingos (2001), "Mining time-changing data streams", doi:10.1145/502512.502529; options as in river.
 * Where we differ, since the weights at item `n` must be known without those before:
 * - A weight keeps its speed for `L = 1 / reversal` items, the mean time between two turns; the speed is a normal number whose
 *   standard deviation makes the weight stray as far in the long run as one that turns at random does, `magnitude sqrt(n (1 -
 *   reversal) / reversal)` in `n` items. It is a random walk at items 0, L, 2 L, ..., and straight lines between (`randomWalk`).
 *   Where `reversal` is 0, the speed is `magnitude` for ever.
 * - Weights are thrown back at 0 and 1, so that the plane turns as fast in a long life's end as at its beginning; river's grow.
 * - The noise is what it says, where river's is 1 % lower; the default magnitude is 0.001, where river's is 0: no drift.
 */
import { bernoulli, derive, key, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { randomWalk, reflected } from "./motion.ts";
import { driftShape, mustBeInteger, mustBeShare, scheduleOf, share } from "./options.ts";

export interface HyperplaneOptions {
  seed: number;
  /** Which plane: an integer from 0. Default: 0. */
  concept?: number;
  /** 2 to 10,000. Default: 10. */
  inputs?: number;
  /** How many weights move, 0 to `inputs`. Default: 2. */
  moving?: number;
  /** How far a weight moves in an item, 0 to 1. Default: 0.001. */
  magnitude?: number;
  /** Probability that a weight turns round after an item, 0 to 1. Default: 0.1. */
  reversal?: number;
  /** Share of wrong labels, 0 to 1. Default: 0.05. */
  noise?: number;
}

/** A plane's weights at item `n`. The array holds until the next call. */
export function hyperplaneWeights(options: HyperplaneOptions): (n: number) => Float64Array {
  const { seed, concept = 0, inputs = 10, moving = 2, magnitude = 0.001, reversal = 0.1 } = options;
  mustBeInteger("concept", concept, 0, Number.MAX_SAFE_INTEGER);
  mustBeInteger("inputs", inputs, 2, 10_000);
  mustBeInteger("moving", moving, 0, inputs);
  mustBeShare("magnitude", magnitude);
  mustBeShare("reversal", reversal);
  const draws = key(seed, "hyperplane", "weights", concept);
  const first = Float64Array.from({ length: inputs }, (_, i) => uniform(draws, i));
  const weights = first.slice();
  if (reversal < 1e-15) {
    // no turn in any life
    return (n) => {
      for (let i = 0; i < moving; i++) weights[i] = reflected(first[i] + magnitude * n, 0, 1);
      return weights;
    };
  }
  const stretch = Math.round(1 / reversal); // items at one speed
  const step = magnitude * Math.sqrt((stretch * (1 - reversal)) / reversal);
  const walks = Array.from({ length: moving }, (_, i) => derive(draws, "walk", i));
  const before = new Float64Array(moving); // the walks at the ends of the stretch that `now` is
  const after = new Float64Array(moving);
  let now = -1;
  return (n) => {
    const here = Math.floor(n / stretch);
    if (here !== now) {
      for (let i = 0; i < moving; i++) {
        before[i] = here === now + 1 && now >= 0 ? after[i] : randomWalk(walks[i], here);
        after[i] = randomWalk(walks[i], here + 1);
      }
      now = here;
    }
    const share = (n - here * stretch) / stretch;
    for (let i = 0; i < moving; i++)
      weights[i] = reflected(first[i] + step * (before[i] + (after[i] - before[i]) * share), 0, 1);
    return weights;
  };
}

/** 10 inputs by default, 2 classes. Throws ValueError for an option out of its range. */
export function hyperplane(options: HyperplaneOptions): Concept {
  const { seed, inputs = 10, noise = 0.05 } = options;
  mustBeShare("noise", noise);
  const weightsAt = hyperplaneWeights(options);
  const draws = key(seed, "hyperplane");
  const wrong = key(seed, "hyperplane", "noise");
  const item = { x: new Float32Array(inputs), y: 0 };
  const { x } = item;
  return {
    inputs,
    outputs: 2,
    target: "class",
    at(n) {
      const weights = weightsAt(n);
      let side = 0;
      for (let i = 0; i < inputs; i++) {
        const value = uniform(draws, inputs * n + i);
        x[i] = value;
        side += weights[i] * (value - 0.5);
      }
      item.y = side >= 0 !== bernoulli(wrong, n, noise) ? 1 : 0;
      return item;
    },
  };
}

export const hyperplaneKind = streamKind(
  "A rotating hyperplane between two classes; concepts are planes, numbered from 0.",
  {
    ...driftShape(whole(0), [0]),
    inputs: whole(2, 10_000).default(10),
    moving: whole(0, 10_000).default(2),
    magnitude: share.default(0.001),
    reversal: share.default(0.1),
    noise: share.default(0.05),
  },
  ({ inputs, moving, magnitude, reversal, noise, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) =>
        hyperplane({ seed: context.seed, concept, inputs, moving, magnitude, reversal, noise }),
      ),
      scheduleOf(options, context),
    ),
);
