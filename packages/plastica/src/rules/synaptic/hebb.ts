/** Plain Hebbian learning. */
import { rule } from "../rule.ts";

/**
 * Hebb's rule: what fires together, wires together.
 *
 *     w <- w + lr pre post
 *
 * - `lr`: step size, weight / activity^2. Default 0.01; below 0 it unlearns (anti-Hebbian).
 *
 * No state, no gradient. Silence is free. Nothing bounds the weights: for that, take oja, or compose with weightClipping.
 *
 * D. O. Hebb: The organization of behavior, Wiley 1949.
 */
export const hebb = rule("hebb", { hyper: { lr: 0.01 } }, ({ w, pre, post, lr }) => ({
  w: w.add(lr.mul(pre).mul(post)),
}));
