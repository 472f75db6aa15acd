/** Gradient descent. */
import { rule } from "../rule.ts";

/**
 * Stochastic gradient descent: each weight goes a step against its gradient.
 *
 *     w <- w - lr grad
 *
 * - `lr`: step size, weight^2 / loss, from 0. Default 0.01.
 *
 * No state. Silence is free.
 *
 * H. Robbins, S. Monro: A stochastic approximation method, Annals of Mathematical Statistics 22, 1951.
 */
export const sgd = rule("sgd", { hyper: { lr: 0.01 }, ranges: { lr: "from 0" } }, ({ w, grad, lr }) => ({
  w: w.sub(lr.mul(grad)),
}));
