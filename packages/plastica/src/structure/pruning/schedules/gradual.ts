/** Gradual pruning: fast while there is much that is useless, slower and slower towards the end. */
import { inTurn, progress, type Schedule } from "./schedule.ts";

/**
 * The cubic schedule of Zhu and Gupta.
 *
 *     gone(t) = target (1 - (1 - (t - start) / (end - start))^3)
 *
 * at `start`, every `every` steps, and at `end`.
 *
 * M. Zhu, S. Gupta: To prune, or not to prune, ICLR 2018 workshop (arXiv 1710.01878).
 */
export const gradual: Schedule = {
  name: "gradual",
  due: inTurn,
  share(step, timing) {
    const left = 1 - progress(step, timing);
    return timing.target * (1 - left * left * left);
  },
};
