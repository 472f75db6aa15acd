/**
 * Slowly-changing regression (bit-flipping): twenty bits in, one number out. Five bits are fresh in every example, fifteen
 * stay as they are for ten thousand examples, then change. The number is what a fixed network of a hundred threshold units
 * says of all twenty, too much for the few units of a learner: it must follow what is right for the slow bits of the day,
 * again and again, for ever.
 *
 * The target network has `features` units. With `m` bits in all, unit `i` has weights `w_i` and a bias `b_i`, and the output
 * weights `v` and a bias `c`, each -1 or 1:
 *
 *     y = c + sum_i v_i [ sum_j w_ij x_j + b_i > theta_i ],   theta_i = beta (m + 1) - S_i,   S_i = (m - sum_j w_ij + b_i) / 2
 *
 * with `x_j` 0 or 1: a unit fires where more than a share `beta`, about, of its inputs and bias are as its weights would have
 * them.
 *
 * Bits and weights are addressed: the weights, biases and output of unit `i` are the bits of draws `(m + 2) i` to `(m + 2) i
 * + m + 1` of `key(seed, "target")`, `c` that of draw `(m + 2) features`; the random bits of example `n` are
 * `integer(key(seed, "random"), n, 2^randomBits)`; the slow bits of task `t` are `integer(key(seed, "slow"), t, 2^slowBits)`
 * or, flipping one, those of task 0 with bit `integer(key(seed, "flip"), s, slowBits)` flipped for each `s` from 1 to `t`. A
 * task has 2^randomBits different items, which are worked out when it begins; an example is then one draw and one look into a
 * table: about 0.1 microseconds.
 *
 * Dohare, Sutton and Mahmood (2021), "Continual backprop: stochastic gradient descent with persistent randomness", arXiv
 * 2108.06325, and Dohare et al. (2024), doi:10.1038/s41586-024-07711-7, with the sizes of their code, which are the defaults.
 */
import { integer, key, ValueError } from "plastica";
import { fitting, oneOf, whole } from "../options/checks.ts";
import { mustBeWhole } from "./images.ts";
import { streamKind } from "./kind.ts";
import { equalTasks, type Item, mustHave, type Stream } from "./stream.ts";

export interface SlowlyChangingOptions {
  /** Of the target and of every bit: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How often the slow bits are new, from 1. Default 100: a million examples. */
  tasks?: number;
  /** Examples between changes, from 1. Default 10000. */
  examplesPerTask?: number;
  /** Bits that stay through a task, the first of `x`, from 1 to 30. Default 15. */
  slowBits?: number;
  /** Bits that are fresh in each example, the last of `x`, from 1 to 12. Default 5. */
  randomBits?: number;
  /** Units of the target network, from 1 to 10000. Default 100. */
  features?: number;
  /** Of the units' thresholds: 0 to 1. Default 0.7. */
  beta?: number;
  /** What changes: all slow bits are drawn anew, or one is flipped. Default "all". */
  flip?: "all" | "one";
}

/**
 * The stream; `target` is "values", of one value.
 *
 * @throws ValueError for an option outside its range
 */
export function slowlyChanging(options: SlowlyChangingOptions): Stream {
  const { seed, tasks = 100, examplesPerTask = 10_000, slowBits = 15, randomBits = 5, flip = "all" } = options;
  mustBeWhole("tasks", tasks, 1);
  mustBeWhole("examplesPerTask", examplesPerTask, 1);
  const target = targetOf(options);
  const length = tasks * examplesPerTask;
  const random = key(seed, "random");
  const combinations = 2 ** randomBits;
  const y = new Float32Array(1);
  const item: Item = { x: new Float32Array(slowBits + randomBits), y };
  const { x } = item;
  const slowBitsOf = slowly(seed, slowBits, flip);
  let task = -1;
  let said = new Float32Array(0); // the target's answer to each combination of random bits, in this task

  function enter(next: number): void {
    const slow = slowBitsOf(next);
    for (let bit = 0; bit < slowBits; bit++) x[bit] = (slow >>> bit) & 1;
    said = Float32Array.from({ length: combinations }, (_, fast) => {
      writeBits(x, slowBits, randomBits, fast);
      return target(x);
    });
    task = next;
  }

  return {
    inputs: x.length,
    outputs: 1,
    target: "values",
    starts: equalTasks(tasks, examplesPerTask),
    length,
    at(n) {
      mustHave(n, length);
      const wanted = Math.floor(n / examplesPerTask);
      if (wanted !== task) enter(wanted);
      const fast = integer(random, n, combinations);
      writeBits(x, slowBits, randomBits, fast);
      y[0] = said[fast];
      return item;
    },
  };
}

function writeBits(x: Float32Array, from: number, count: number, bits: number): void {
  for (let bit = 0; bit < count; bit++) x[from + bit] = (bits >>> bit) & 1;
}

/** The slow bits of a task, the first in the lowest place. */
function slowly(seed: number, bits: number, flip: "all" | "one"): (task: number) => number {
  const drawn = key(seed, "slow");
  if (flip === "all") return (task) => integer(drawn, task, 2 ** bits);
  const flips = key(seed, "flip");
  let task = 0;
  let state = integer(drawn, 0, 2 ** bits);
  return (wanted) => {
    // Forwards and backwards alike: a flip undoes itself.
    while (task < wanted) state ^= 1 << integer(flips, ++task, bits);
    while (task > wanted) state ^= 1 << integer(flips, task--, bits);
    return state;
  };
}

/** The target network as a function of its bits. */
function targetOf({ seed, slowBits = 15, randomBits = 5, features = 100, beta = 0.7 }: SlowlyChangingOptions) {
  mustBeWhole("slowBits", slowBits, 1, 30);
  mustBeWhole("randomBits", randomBits, 1, 12);
  mustBeWhole("features", features, 1, 10_000);
  if (!isShare(beta)) throw new ValueError(`beta is ${beta}, must be from 0 to 1`);
  const m = slowBits + randomBits;
  const drawn = key(seed, "target");
  const sign = (index: number) => 2 * integer(drawn, index, 2) - 1;
  const units = Array.from({ length: features }, (_, i) => {
    const weights = Int8Array.from({ length: m }, (_, j) => sign((m + 2) * i + j));
    const bias = sign((m + 2) * i + m);
    const sum = weights.reduce((total, w) => total + w, 0);
    return { weights, bias, threshold: beta * (m + 1) - (m - sum + bias) / 2, says: sign((m + 2) * i + m + 1) };
  });
  const outputBias = sign((m + 2) * features);
  return (x: Float32Array): number => {
    let output = outputBias;
    for (const { weights, bias, threshold, says } of units) {
      let sum = bias;
      for (let j = 0; j < m; j++) sum += weights[j] * x[j];
      if (sum > threshold) output += says;
    }
    return output;
  };
}

function isShare(beta: unknown): boolean {
  return typeof beta === "number" && beta >= 0 && beta <= 1;
}

/** What a recipe calls `slowly-changing-regression`. */
export const slowlyChangingKind = streamKind(
  "Twenty bits, of which fifteen change once in ten thousand examples; the target is what a fixed network says of them.",
  {
    tasks: whole(1, 1_000_000).default(100),
    examplesPerTask: whole(1).default(10_000),
    slowBits: whole(1, 30).default(15),
    randomBits: whole(1, 12).default(5),
    features: whole(1, 10_000).default(100),
    beta: fitting<number>("a number from 0 to 1", isShare).default(0.7),
    flip: oneOf("all", "one").default("all"),
  },
  (options, { seed }) => slowlyChanging({ ...options, seed }),
);
