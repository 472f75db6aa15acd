/** Magnitude: what is small does little. */
import type { Score } from "./score.ts";

/**
 * The size of the weight.
 *
 *     synapse: |w|        neuron: the sum over its incoming synapses
 *
 * Reads no examples, so there is nothing to average over a stream.
 *
 * S. Han, J. Pool, J. Tran, W. J. Dally: Learning both weights and connections for efficient neural networks, NIPS 2015
 * (arXiv 1506.02626); of neurons H. Li et al., arXiv 1608.08710.
 */
export const magnitude: Score = {
  name: "magnitude",
  synapses: ({ columns }) => columns.packed("w").map(Math.abs),
};
