/** L2 regularisation. */
import { term } from "../term.ts";

/**
 * L2 regularisation: every weight is pulled to 0.
 *
 *     grad <- grad + strength w
 *
 * - `strength`: pull per weight, loss / weight^2, from 0. Default 1e-4.
 *
 * The gradient is changed, as by `weight_decay` in PyTorch's SGD and Adam; for decay that adaptive rules do not rescale see adamW.
 * Silent rows decay too, so silence is not free.
 *
 * A. Krogh, J. A. Hertz: A simple weight decay can improve generalization, NIPS 1991.
 */
export const l2 = term("l2", {
  hyper: { strength: 1e-4 },
  ranges: { strength: "from 0" },
  grad: ({ grad, w, strength }) => grad.add(strength.mul(w)),
});
