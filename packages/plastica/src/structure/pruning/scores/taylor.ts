/** Taylor: by how much the loss would change, to first order. */
import { overPlanes, type Score, synapse } from "./score.ts";

/**
 * First-order Taylor expansion of the loss around the weight, or the activity, being 0.
 *
 *     synapse: mean of (grad w)^2        neuron: sum over planes of the mean over examples of |h dLoss/dh|,
 *                                            of a map of |the mean over its positions of h dLoss/dh|
 *
 * From a batch of remembered examples there is one gradient, that of their mean loss; over a stream each update has one.
 *
 * P. Molchanov et al.: Importance estimation for neural network pruning, CVPR 2019 (arXiv 1906.10771), synapses; P. Molchanov et al.:
 * Pruning convolutional neural networks for resource efficient inference, ICLR 2017 (arXiv 1611.06440), neurons. Where a neuron has
 * several planes we add the sizes of its outputs' terms.
 */
export const taylor: Score = {
  name: "taylor",
  ofGradient: { value: synapse.grad.mul(synapse.w).square() },
  ofActivity: (out, back) => out * back,
  ofExample: Math.abs,
  synapses: (projection, gathered) => gathered.gradients(projection),
  neurons: overPlanes,
};
