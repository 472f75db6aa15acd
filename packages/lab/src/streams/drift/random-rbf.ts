/**
 * Random radial basis functions: centroids in a cube, each with a class, a weight and a spread. An item is of a centroid, chosen by
 * weight, and lies off it in a random direction, as far as a normal number times the spread says:
 *
 *     x = c + z s v / |v|,    y = the centroid's class.
 *
 * Centroids move in straight lines at `speed`, each in a direction of its own, and are thrown back by the cube's walls: incremental
 * drift. Concept `c` is a set of centroids of its own, drawn from the seed and `c`.
 *
 * As in MOA (Bifet, Holmes, Kirkby and Pfahringer 2010) and river's RandomRBFDrift. Where we differ: a centroid is thrown back
 * by a wall, where river sets it on the wall, so that where it is at item `n` is a closed form (`reflected`); it sets out in any
 * direction, where river's all set out towards the same corner; the default speed is 0.001, river's is 0.
 */
import { derive, integer, key, normal, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { reflected } from "./motion.ts";
import { atLeast, driftShape, mustBeAtLeast, mustBeInteger, scheduleOf } from "./options.ts";

export interface RandomRbfOptions {
  seed: number;
  /** Which set of centroids: an integer from 0. Default: 0. */
  concept?: number;
  /** 1 to 10,000. Default: 10. */
  inputs?: number;
  /** 2 to 1000. Default: 2. */
  classes?: number;
  /** 1 to 100,000. Default: 50. */
  centroids?: number;
  /** How many centroids move, 0 to all. Default: all. */
  moving?: number;
  /** How far a centroid moves in an item, from 0; the cube's side is 1. Default: 0.001. */
  speed?: number;
}

/** 10 inputs and 2 classes by default. Throws ValueError for an option out of its range. */
export function randomRbf(options: RandomRbfOptions): Concept {
  const { seed, concept = 0, inputs = 10, classes = 2, centroids = 50, moving = centroids, speed = 0.001 } = options;
  mustBeInteger("concept", concept, 0, Number.MAX_SAFE_INTEGER);
  mustBeInteger("inputs", inputs, 1, 10_000);
  mustBeInteger("classes", classes, 2, 1000);
  mustBeInteger("centroids", centroids, 1, 100_000);
  mustBeInteger("moving", moving, 0, centroids);
  mustBeAtLeast("speed", speed, 0);
  const model = key(seed, "random-rbf", "model", concept);
  const [places, ways, labels, spreads, weights] = ["places", "ways", "classes", "spreads", "weights"].map((part) =>
    derive(model, part),
  );
  const centre = Float64Array.from({ length: centroids * inputs }, (_, i) => uniform(places, i));
  const velocity = new Float64Array(centroids * inputs);
  for (let c = 0; c < moving; c++) {
    const way = velocity.subarray(c * inputs, (c + 1) * inputs);
    const norm = direction(way, (i) => uniform(ways, c * inputs + i));
    for (let i = 0; i < inputs; i++) way[i] *= speed / norm;
  }
  const classOf = Int32Array.from({ length: centroids }, (_, c) => integer(labels, c, classes));
  const spread = Float64Array.from({ length: centroids }, (_, c) => uniform(spreads, c));
  let sum = 0;
  const below = Float64Array.from({ length: centroids }, (_, c) => (sum += uniform(weights, c)));

  const [choices, offsets, distances] = ["choice", "offset", "distance"].map((part) => key(seed, "random-rbf", part));
  const item = { x: new Float32Array(inputs), y: 0 };
  const { x } = item;
  const offset = new Float64Array(inputs);
  return {
    inputs,
    outputs: classes,
    target: "class",
    at(n) {
      const c = place(below, uniform(choices, n) * sum);
      const norm = direction(offset, (i) => uniform(offsets, inputs * n + i));
      const scale = (normal(distances, n) * spread[c]) / norm;
      for (let i = 0; i < inputs; i++) {
        const at = c * inputs + i;
        x[i] = reflected(centre[at] + velocity[at] * n, 0, 1) + offset[i] * scale;
      }
      item.y = classOf[c];
      return item;
    },
  };
}

/** Fills `way` with numbers from -1 to 1 and returns its length, or 1 where that is 0. */
function direction(way: Float64Array, draw: (i: number) => number): number {
  let squares = 0;
  for (let i = 0; i < way.length; i++) {
    way[i] = 2 * draw(i) - 1;
    squares += way[i] * way[i];
  }
  return Math.sqrt(squares) || 1;
}

/** The first of the ascending `bounds` that lies above `value`. */
function place(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const randomRbfKind = streamKind(
  "Random radial basis functions: classes around centroids that move; concepts are sets of centroids, numbered from 0.",
  {
    ...driftShape(whole(0), [0]),
    inputs: whole(1, 10_000).default(10),
    classes: whole(2, 1000).default(2),
    centroids: whole(1, 100_000).default(50),
    moving: whole(0, 100_000).optional(),
    speed: atLeast(0).default(0.001),
  },
  ({ inputs, classes, centroids, moving, speed, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) =>
        randomRbf({ seed: context.seed, concept, inputs, classes, centroids, moving, speed }),
      ),
      scheduleOf(options, context),
    ),
);
