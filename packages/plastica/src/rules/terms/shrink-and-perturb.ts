/** Shrinking weights and adding noise, a little at every step. */
import { noise as draw } from "../expression.ts";
import { term } from "../term.ts";

/**
 * Shrink and perturb, in the continuous form of Dohare et al.: a pull to 0 in the gradient, and noise after the rule.
 *
 *     grad <- grad + shrink w
 *     w    <- next + noise N(0, 1)
 *
 * - `shrink`: pull per weight, loss / weight^2, from 0. Default 1e-4.
 * - `noise`: standard deviation of what is added to a weight at each step, in units of weight, from 0. Default 1e-5.
 *
 * J. T. Ash, R. P. Adams: On warm-starting neural network training, NeurIPS 2020 (which shrinks and perturbs once, between tasks);
 * S. Dohare et al.: Loss of plasticity in deep continual learning, Nature 632:768-774, 2024 (this form).
 */
export const shrinkAndPerturb = term("shrinkAndPerturb", {
  hyper: { shrink: 1e-4, noise: 1e-5 },
  ranges: { shrink: "from 0", noise: "from 0" },
  grad: ({ grad, w, shrink }) => grad.add(shrink.mul(w)),
  weight: ({ next, noise }) => next.add(noise.mul(draw(0))),
});
