/** Adam and AdamW. */
import type { Expression } from "../expression.ts";
import type { Signals } from "../reads.ts";
import { rule } from "../rule.ts";
import { biasCorrection } from "./bias-correction.ts";

const ranges = { lr: "from 0", b1: "from 0, below 1", b2: "from 0, below 1", eps: "above 0" } as const;

interface Moments {
  readonly m: Expression;
  readonly v: Expression;
  readonly lr: Expression;
  readonly b1: Expression;
  readonly b2: Expression;
  readonly eps: Expression;
}

/** The step to take from the weight, and the new moments. */
function adaptiveStep({
  grad,
  age,
  preAge,
  m,
  v,
  lr,
  b1,
  b2,
  eps,
}: Pick<Signals, "grad" | "age" | "preAge"> & Moments) {
  const mean = b1.mul(m).add(b1.neg().add(1).mul(grad));
  const square = b2.mul(v).add(b2.neg().add(1).mul(grad.square()));
  const root = square.sqrt().mul(biasCorrection(b2, { age, preAge }, (correction) => correction.sqrt()));
  const step = mean.mul(lr.mul(biasCorrection(b1, { age, preAge }))).div(root.add(eps));
  return { step, m: mean, v: square };
}

/**
 * Adam, in PyTorch's form: steps in units of the gradient's size, from running averages of the gradient and its square.
 *
 *     m <- b1 m + (1 - b1) grad,   v <- b2 v + (1 - b2) grad^2
 *     w <- w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 *
 * - `lr`: step size in units of weight, from 0. Default 1e-3.
 * - `b1`, `b2`: what is kept of m and v at each step, in [0, 1). Default 0.9, 0.999.
 * - `eps`: added to the root, in units of gradient, above 0. Default 1e-8.
 * - state `m` and `v`, from 0. t is the age of the synapse, so a newborn one is corrected like one of a new network.
 *
 * D. P. Kingma, J. Ba: Adam, a method for stochastic optimization, ICLR 2015 (arXiv 1412.6980).
 */
export const adam = rule(
  "adam",
  { hyper: { lr: 1e-3, b1: 0.9, b2: 0.999, eps: 1e-8 }, ranges, state: { m: 0, v: 0 } },
  (given) => {
    const { step, m, v } = adaptiveStep(given);
    return { w: given.w.sub(step), m, v };
  },
);

/**
 * AdamW: Adam, with weight decay that is not rescaled.
 *
 *     w <- (1 - lr weightDecay) w - (Adam's step)
 *
 * - `weightDecay`: per unit of lr, 1 / weight, from 0. Default 0.01.
 * - otherwise as adam.
 *
 * I. Loshchilov, F. Hutter: Decoupled weight decay regularization, ICLR 2019 (arXiv 1711.05101).
 */
export const adamW = rule(
  "adamW",
  {
    hyper: { lr: 1e-3, b1: 0.9, b2: 0.999, eps: 1e-8, weightDecay: 0.01 },
    ranges: { ...ranges, weightDecay: "from 0" },
    state: { m: 0, v: 0 },
  },
  (given) => {
    const { step, m, v } = adaptiveStep(given);
    const kept = given.lr.mul(given.weightDecay).neg().add(1);
    return { w: given.w.mul(kept).sub(step), m, v };
  },
);
