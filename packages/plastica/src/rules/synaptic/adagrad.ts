/** Gradient descent in units of all gradients so far. */
import { rule } from "../rule.ts";

/**
 * Adagrad, in PyTorch's form (no decay of lr or weights): each gradient is divided by the root of the sum of the squares of all that its
 * synapse has seen. Steps only ever shrink, so a network that is to learn for life comes to rest with it; it is here to compare with.
 *
 *     sum <- sum + grad^2
 *     w   <- w - lr grad / (sqrt(sum) + eps)
 *
 * - `lr`: the size of the first step, in units of weight, from 0. Default 0.01.
 * - `eps`: added to the root, in units of gradient, above 0. Default 1e-10.
 * - state `sum`, from 0.
 *
 * J. Duchi, E. Hazan, Y. Singer: Adaptive subgradient methods for online learning and stochastic optimization, JMLR 12:2121-2159, 2011.
 */
export const adagrad = rule(
  "adagrad",
  { hyper: { lr: 0.01, eps: 1e-10 }, ranges: { lr: "from 0", eps: "above 0" }, state: { sum: 0 } },
  ({ w, sum, grad, lr, eps }) => {
    const total = sum.add(grad.square());
    return { w: w.sub(lr.mul(grad).div(total.sqrt().add(eps))), sum: total };
  },
);
