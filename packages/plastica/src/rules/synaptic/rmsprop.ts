/** Gradient descent in units of the gradient's recent size. */
import { rule } from "../rule.ts";

/**
 * RMSprop, in PyTorch's form (not centred, no momentum): each gradient is divided by its root mean square.
 *
 *     square <- alpha square + (1 - alpha) grad^2
 *     w      <- w - lr grad / (sqrt(square) + eps)
 *
 * - `lr`: step size in units of weight, from 0. Default 0.01.
 * - `alpha`: what is kept of the mean square at each step, in [0, 1). Default 0.99.
 * - `eps`: added to the root, in units of gradient, above 0. Default 1e-8.
 * - state `square`, from 0.
 *
 * T. Tieleman, G. Hinton: Lecture 6.5, Neural networks for machine learning, 2012.
 */
export const rmsprop = rule(
  "rmsprop",
  {
    hyper: { lr: 0.01, alpha: 0.99, eps: 1e-8 },
    ranges: { lr: "from 0", alpha: "from 0, below 1", eps: "above 0" },
    state: { square: 0 },
  },
  ({ w, square, grad, lr, alpha, eps }) => {
    const mean = alpha.mul(square).add(alpha.neg().add(1).mul(grad.square()));
    return { w: w.sub(lr.mul(grad).div(mean.sqrt().add(eps))), square: mean };
  },
);
