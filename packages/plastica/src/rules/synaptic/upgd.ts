/** Utility-based perturbed gradient descent. */
import type { Expression } from "../expression.ts";
import { powerOfTwo } from "../functions.ts";
import type { Signals } from "../reads.ts";
import { rule } from "../rule.ts";
import { biasCorrection } from "./bias-correction.ts";

const hyper = { lr: 0.01, decay: 0.999, sigma: 0.001, weightDecay: 0 } as const;
const ranges = { lr: "from 0", decay: "from 0, below 1", sigma: "from 0", weightDecay: "from 0" } as const;

type Surveyed = Pick<Signals, "w" | "grad"> & { readonly utility: Expression; readonly decay: Expression };

/** The first-order utility of a weight: by how much the loss would rise without it, averaged. */
function survey({ w, grad, utility, decay }: Surveyed): { utility: Expression } {
  return { utility: decay.mul(utility).sub(decay.neg().add(1).mul(grad).mul(w)) };
}

type Gated = Pick<Signals, "age" | "preAge"> & Record<"utility" | "decay" | "peak", Expression>;

/**
 * 1 / (1 - S) = 1 + e^(corrected utility / peak), by which what is kept from useful weights is divided: 2 while the peak is 0, or too
 * small to divide by. A power of two within 2^-64 and 2^64 is less than half the work of `sigmoid`, and S means nothing beyond.
 */
function protection({ utility, decay, peak, age, preAge }: Gated): Expression {
  const perPeak = peak
    .abs()
    .less(2 ** -100)
    .then(0, peak.reciprocal());
  const exponent = utility.mul(perPeak.mul(Math.LOG2E)).mul(biasCorrection(decay, { age, preAge }));
  return powerOfTwo(exponent.clamp(-64, 64)).add(1);
}

/**
 * UPGD (first order, by weight): gradient descent with noise, from both of which useful weights are protected.
 *
 *     utility <- decay utility + (1 - decay) (-grad w)
 *     S = sigmoid(utility / (1 - decay^t) / peak),   peak = max of utility over the network
 *     w <- (1 - lr weightDecay) w - lr (grad + sigma N(0, 1)) (1 - S)
 *
 * - `lr`: step size, weight^2 / loss, from 0. Default 0.01.
 * - `decay`: what is kept of the utility at each step, in [0, 1). Default 0.999.
 * - `sigma`: standard deviation of the noise, in units of gradient, from 0. Default 0.001.
 * - `weightDecay`: per unit of lr, 1 / weight, from 0. Default 0.
 * - state `utility`, from 0. t is the age of the synapse.
 *
 * The peak is that of the uncorrected utility, as in the experiments of the authors' code; its README multiplies lr by 2, which we do not.
 *
 * M. Elsayed, A. R. Mahmood: Addressing loss of plasticity and catastrophic forgetting in continual learning, ICLR 2024
 * (arXiv 2404.00781).
 */
export const upgd = rule(
  "upgd",
  { hyper, ranges, state: { utility: 0 }, survey, over: { peak: { max: "utility" } } },
  ({ lr, sigma, weightDecay, w, grad, noise, ...rest }) => ({
    w: w.mul(lr.mul(weightDecay).neg().add(1)).sub(lr.mul(grad.add(sigma.mul(noise))).div(protection(rest))),
  }),
);

/**
 * UPGD, non-protecting: only the noise is kept from useful weights; gradients act in full.
 *
 *     w <- (1 - lr weightDecay) w - lr (grad + sigma N(0, 1) (1 - S))
 *
 * Options and state as upgd.
 */
export const upgdNonProtecting = rule(
  "upgdNonProtecting",
  { hyper, ranges, state: { utility: 0 }, survey, over: { peak: { max: "utility" } } },
  ({ lr, sigma, weightDecay, w, grad, noise, ...rest }) => ({
    w: w.mul(lr.mul(weightDecay).neg().add(1)).sub(lr.mul(grad.add(sigma.mul(noise).div(protection(rest))))),
  }),
);
