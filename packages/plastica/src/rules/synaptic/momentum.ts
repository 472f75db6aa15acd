/** Gradient descent with momentum. */
import { rule } from "../rule.ts";

/**
 * Heavy-ball momentum, in PyTorch's form (no dampening): the steps are a decaying sum of gradients.
 *
 *     velocity <- momentum velocity + grad
 *     w        <- w - lr velocity
 *
 * - `lr`: step size, weight^2 / loss, from 0. Default 0.01.
 * - `momentum`: what is kept of the velocity at each step, in [0, 1). Default 0.9.
 * - state `velocity`, from 0.
 *
 * B. T. Polyak: Some methods of speeding up the convergence of iteration methods, USSR Comp. Math. and Math. Physics 4, 1964.
 */
export const momentum = rule(
  "momentum",
  { hyper: { lr: 0.01, momentum: 0.9 }, ranges: { lr: "from 0", momentum: "from 0, below 1" }, state: { velocity: 0 } },
  ({ w, velocity, grad, lr, momentum }) => {
    const faster = momentum.mul(velocity).add(grad);
    return { w: w.sub(lr.mul(faster)), velocity: faster };
  },
);
