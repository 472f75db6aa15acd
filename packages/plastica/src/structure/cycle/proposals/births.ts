/** Births */
import { hiddenOf } from "../../pruning/neuron-death.ts";
import { birth } from "../../structure.ts";
import { costOf } from "../budget.ts";
import type { Proposal } from "./proposal.ts";

export const births: Proposal = {
  name: "births",
  propose({ life, options, occasion, budget }) {
    const { network } = life;
    const room = budget.limit.parameters - costOf(network).parameters;
    const layers = hiddenOf(network)
      .map((population) => {
        const into = network.incoming(population).reduce((s, p) => s + p.fanIn, 0);
        const out = network.outgoing(population).reduce((s, p) => s + p.columns.planes * p.post.size, 0);
        const each = into + out + population.parameters.length;
        return { population, count: Math.min(Math.ceil(options.births * population.size), Math.floor(room / each)) };
      })
      .filter(({ count }) => count > 0);
    if (layers.length === 0) return undefined;
    const { population, count } = layers[layers.length - 1];
    return {
      population: population.name,
      count,
      why: "there is room",
      evidence: {},
      apply: (announce) => announce(birth(network, population, count, occasion).event),
    };
  },
};
