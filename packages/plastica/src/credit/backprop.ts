/**
 * Backpropagation: signals go back through the weights that carried the activity forward (Rumelhart, Hinton and Williams,
 * Nature 323, 1986). signal_pre = f'(input_pre) * sum_post w * signal_post.
 */
import type { Network } from "../network/network.ts";
import type { Projection } from "../network/projection.ts";
import type { Credit, Learning } from "./credit.ts";
import type { Loss } from "./loss.ts";

export function backprop({ loss }: { loss: Loss }): Credit {
  return { name: "backprop", loss, repeats: true, assign };
}

function assign(network: Network, examples: number, learning: Learning): void {
  const { populations, projections } = network;
  const last = projections.length - 1;
  for (let i = populations.length - 1; i > 0; i--) {
    const population = populations[i];
    learning.pull?.(population);
    population.differentiate(examples);
    learning.neurons(population);
    for (let j = last; j >= 0; j--) {
      const projection = projections[j];
      if (projection.post !== population) continue;
      const { pre } = projection;
      if (pre === network.inputs) learning.synapses(projection);
      else carryBack(projection, examples, sendsLater(projections, j), learning);
    }
  }
}

/** Whether a projection after number `j` comes from the same population, whose `back` then has its share already. */
function sendsLater(projections: readonly Projection[], j: number): boolean {
  for (let k = j + 1; k < projections.length; k++) if (projections[k].pre === projections[j].pre) return true;
  return false;
}

/** One example's rows go back and learn in groups, so that a large projection is read from memory once and not twice. */
function carryBack(projection: Projection, examples: number, add: boolean, learning: Learning): void {
  const { pre } = projection;
  const group = examples === 1 && pre.gated ? learning.groupOf(projection) : 0;
  if (group === 0 || group >= pre.values || group >= pre.active) {
    projection.project(examples, add);
    learning.synapses(projection);
    return;
  }
  for (let from = 0; from < pre.active; from += group) {
    const to = Math.min(pre.active, from + group);
    projection.projectEntries(from, to, true, add);
    learning.entries(projection, from, to);
  }
}
