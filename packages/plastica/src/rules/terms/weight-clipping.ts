/** Weights kept within a bound. */
import { term } from "../term.ts";

/**
 * Weight clipping: after the rule, every weight is brought back into an interval around 0.
 *
 *     w <- min(max(next, -bound), bound),   bound = kappa / sqrt(fanIn)
 *
 * - `kappa`: bound in units of the uniform initialisation U(-1, 1) / sqrt(fanIn), above 0. Default 2.
 *
 * Silence is not proved free: that a silent weight is within the bound already is true but not visible in the expression.
 *
 * M. Elsayed, Q. Lan, C. Lyle, A. R. Mahmood: Weight clipping for deep continual and reinforcement learning, RLC 2024
 * (arXiv 2407.01704).
 */
export const weightClipping = term("weightClipping", {
  hyper: { kappa: 2 },
  ranges: { kappa: "above 0" },
  weight: ({ next, fanIn, kappa }) => {
    const bound = kappa.div(fanIn.sqrt());
    return next.clamp(bound.neg(), bound);
  },
});
