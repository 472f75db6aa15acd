/** Synaptic flow: how much of what could flow from the inputs to the outputs passes a synapse, whatever the data. */
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Score } from "./score.ts";

/**
 * Synaptic flow (SynFlow).
 *
 *     R = 1^T (product of |W|) 1,     synapse: |w| dR/d|w| / R = forth(pre) |w| back(post) / R
 *
 * `forth` is what arrives at a neuron when every input is 1 and every weight its size, `back` what from there arrives at the outputs. A
 * neuron's is the sum over its incoming synapses: the share of all flow that passes it. Biases, normalisation and neuron models take no
 * part, and no example is looked at. Pruned in many small rounds (`rounds: 100` is the authors'), no layer is lost before another.
 *
 * H. Tanaka, D. Kunin, D. L. K. Yamins, S. Ganguli: Pruning neural networks without any data by iteratively conserving synaptic flow,
 * NeurIPS 2020 (arXiv 2006.05467). The division by R is ours, and changes no order.
 */
export const synapticFlow: Score = {
  name: "synaptic-flow",
  synapses({ pre, post, columns }, { network }) {
    const { forth, back } = flow(network);
    const [from, to] = [forth.get(pre)!, back.get(post)!];
    const all = forth.get(network.outputs)!.reduce((sum, arriving) => sum + arriving, 0);
    const { lanes, rows } = columns;
    const share = all > 0 ? 1 / all : 0;
    return columns.packed("w").map((w, i) => from[Math.floor(i / lanes) % rows] * Math.abs(w) * to[i % lanes] * share);
  },
};

type Flow = Map<Population, Float64Array>;

function flow(network: Network): { forth: Flow; back: Flow } {
  const { populations, projections, inputs, outputs } = network;
  const filled = (source: Population): Flow =>
    new Map(
      populations.map((population) => [population, new Float64Array(population.size).fill(+(population === source))]),
    );
  const [forth, back] = [filled(inputs), filled(outputs)];
  for (const population of populations) {
    for (const { pre, columns } of network.incoming(population)) {
      const [from, into] = [forth.get(pre)!, forth.get(population)!];
      const { lanes, rows } = columns;
      for (const [i, w] of columns.packed("w").entries())
        into[i % lanes] += from[Math.floor(i / lanes) % rows] * Math.abs(w);
    }
  }
  for (const population of populations.toReversed()) {
    for (const { post, columns } of projections.filter(({ pre }) => pre === population)) {
      const [from, into] = [back.get(post)!, back.get(population)!];
      const { lanes, rows } = columns;
      for (const [i, w] of columns.packed("w").entries())
        into[Math.floor(i / lanes) % rows] += from[i % lanes] * Math.abs(w);
    }
  }
  return { forth, back };
}
