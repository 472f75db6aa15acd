/** Fisher: the curvature of the loss, as far as single gradients tell it. */
import { type Score, synapse } from "./score.ts";

/**
 * The loss that is lost with a synapse, to second order, with the empirical Fisher information in the place of the Hessian's diagonal.
 *
 *     synapse: w^2 / 2 times the mean over examples of grad^2        neuron: the sum over its incoming synapses
 *
 * From remembered examples, each one's gradient is formed by itself. Over a stream the gradients are those of updates, of one example or a
 * batch, whose squares are smaller by up to its size: between synapses that is no difference.
 *
 * L. Theis et al.: Faster gaze prediction with dense networks and Fisher pruning, arXiv 1801.05787; Y. LeCun, J. S. Denker, S. A. Solla:
 * Optimal brain damage, NIPS 1989.
 */
export const fisher: Score = {
  name: "fisher",
  ofGradient: { value: synapse.grad.square(), each: true },
  synapses(projection, gathered) {
    const information = gathered.gradients(projection);
    return projection.columns.packed("w").map((w, i) => 0.5 * w * w * information[i]);
  },
};
