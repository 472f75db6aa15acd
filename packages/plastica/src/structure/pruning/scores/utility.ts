/** Utility: what a neuron passes on. */
import { passing } from "./activity.ts";
import { overOutgoing, type Score } from "./score.ts";

/**
 * The contribution utility of continual backprop.
 *
 *     synapse: mean |h| |w|        neuron: the sum over its outgoing synapses
 *
 * with h the activity of its presynaptic neuron. A neuron's is what the next layer gets of it.
 *
 * S. Dohare et al.: Loss of plasticity in deep continual learning, Nature 632:768-774, 2024.
 */
export const utility: Score = {
  name: "utility",
  ofActivity: (out) => Math.abs(out),
  synapses: passing,
  neurons: (population, gathered) => overOutgoing(utility, population, gathered),
};
