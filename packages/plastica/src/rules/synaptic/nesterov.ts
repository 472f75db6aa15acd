/** Gradient descent with Nesterov's momentum. */
import { rule } from "../rule.ts";

/**
 * Nesterov's accelerated gradient, in PyTorch's form: momentum that looks one step ahead.
 *
 *     velocity <- momentum velocity + grad
 *     w        <- w - lr (grad + momentum velocity)
 *
 * - `lr`: step size, weight^2 / loss, from 0. Default 0.01.
 * - `momentum`: what is kept of the velocity at each step, in [0, 1). Default 0.9.
 * - state `velocity`, from 0.
 *
 * Y. Nesterov: A method of solving a convex programming problem with convergence rate O(1/k^2), 1983; the form is that of
 * I. Sutskever, J. Martens, G. Dahl, G. Hinton: On the importance of initialization and momentum in deep learning, ICML 2013.
 */
export const nesterov = rule(
  "nesterov",
  { hyper: { lr: 0.01, momentum: 0.9 }, ranges: { lr: "from 0", momentum: "from 0, below 1" }, state: { velocity: 0 } },
  ({ w, velocity, grad, lr, momentum }) => {
    const faster = momentum.mul(velocity).add(grad);
    return { w: w.sub(lr.mul(grad.add(momentum.mul(faster)))), velocity: faster };
  },
);
