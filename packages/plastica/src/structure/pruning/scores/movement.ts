/** Movement: which weights learning drives away from zero. */
import { type Score, synapse } from "./score.ts";

/**
 * How far gradient descent has moved the weight away from 0.
 *
 *     synapse: - sum over updates of grad w        neuron: the sum over its incoming synapses
 *
 * A large weight on its way to 0 goes before a small one on its way up. It is summed from the policy's beginning (`from: "running"`): of one
 * batch it would be the direction of the next step alone. The weight is that after the update.
 *
 * V. Sanh, T. Wolf, A. M. Rush: Movement pruning, adaptive sparsity by fine-tuning, NeurIPS 2020 (arXiv 2005.07683).
 */
export const movement: Score = {
  name: "movement",
  ofGradient: { value: synapse.grad.mul(synapse.w).neg(), sums: true },
  synapses: (projection, gathered) => gathered.gradients(projection),
};
