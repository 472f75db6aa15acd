/**
 * A synaptic rule as a user writes one, in a file of their own: the formula of the built-in `sgd`. The benchmark holds the
 * two side by side, since a rule from outside must run as fast as one from inside.
 */
import { rule } from "plastica";

/** w := w - lr * grad. `lr` is the step, default 0.01. */
export const ownSgd = rule("own-sgd", { hyper: { lr: 0.01 } }, ({ w, grad, lr }) => ({ w: w.sub(lr.mul(grad)) }));
