/** Regularisation towards the weights' beginnings. */
import { term } from "../term.ts";

/**
 * L2 Init: every weight is pulled to where it was at its synapse's birth, which keeps a network able to learn.
 *
 *     grad <- grad + strength (w - origin)
 *
 * - `strength`: pull per weight, loss / weight^2, from 0. Default 1e-2.
 * - state `origin`: the weight at birth; of a synapse that is born later, its weight then.
 *
 * S. Kumar, H. Marklund, B. Van Roy: Maintaining plasticity in continual learning via regenerative regularization, CoLLAs 2024
 * (arXiv 2308.11958). Their penalty is lambda |w - origin|^2: strength is 2 lambda.
 */
export const l2Init = term("l2Init", {
  hyper: { strength: 1e-2 },
  ranges: { strength: "from 0" },
  state: { origin: "w" },
  grad: ({ grad, w, origin, strength }) => grad.add(strength.mul(w.sub(origin))),
});
