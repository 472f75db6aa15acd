/** SNIP: how sensitive the loss is to a synapse's being there. */
import { type Score, synapse } from "./score.ts";

/**
 * Connection sensitivity.
 *
 *     synapse: |grad w|        neuron: the sum over its incoming synapses
 *
 * The authors divide by the sum over the network, which changes no order; they prune once, before learning: `schedule: "one-shot"` with
 * `start: 1`.
 *
 * N. Lee, T. Ajanthan, P. H. S. Torr: SNIP, single-shot network pruning based on connection sensitivity, ICLR 2019 (arXiv 1810.02340).
 */
export const snip: Score = {
  name: "snip",
  ofGradient: { value: synapse.grad.mul(synapse.w).abs() },
  synapses: (projection, gathered) => gathered.gradients(projection),
};
