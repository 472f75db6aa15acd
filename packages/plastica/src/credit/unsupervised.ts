/**
 * No credit: every synapse learns from what its own two neurons do, and no signal comes from anywhere. For rules that read no
 * signal (Hebb, Oja); one that reads a gradient finds it zero. `observe` takes the input alone. Biases do not learn.
 */
import type { Network } from "../network/network.ts";
import type { Credit, Learning } from "./credit.ts";

export function unsupervised(): Credit {
  return { name: "unsupervised", loss: { name: "none", classes: false, programs: [] }, repeats: true, assign };
}

function assign(network: Network, _examples: number, learning: Learning): void {
  for (const projection of network.projections) learning.synapses(projection);
}
