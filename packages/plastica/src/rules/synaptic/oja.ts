/** Oja's rule. */
import { rule } from "../rule.ts";

/**
 * Oja's rule: Hebbian learning with a decay that keeps each neuron's weight vector near length 1, on the first principal component
 * of its inputs.
 *
 *     w <- w + lr post (pre - post w)
 *
 * - `lr`: step size, 1 / activity^2, from 0. Default 0.01.
 *
 * No state, no gradient. Silence is not free: a silent synapse of an active neuron decays.
 *
 * E. Oja: A simplified neuron model as a principal component analyzer, Journal of Mathematical Biology 15, 1982.
 */
export const oja = rule("oja", { hyper: { lr: 0.01 }, ranges: { lr: "from 0" } }, ({ w, pre, post, lr }) => ({
  w: w.add(lr.mul(post).mul(pre.sub(post.mul(w)))),
}));
