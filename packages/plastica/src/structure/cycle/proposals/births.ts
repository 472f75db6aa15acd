/**
 * Births: the `births` share of a layer is born beside those that are there, in one of the ways of growth (../../growth), as far as the budget has
 * room. Of the layers with room it is the one of whose neurons the fewest are dormant: where some are, there is room already.
 */

import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import { growNeurons } from "../../growth/grow.ts";
import { ways } from "../../growth/ways/index.ts";
import { type Cost, costOf } from "../budget.ts";
import { examplesOf, type Proposal } from "./proposal.ts";

export const births: Proposal = {
  name: "births",
  propose(situation) {
    const { life, options, occasion, budget, signs } = situation;
    const { network } = life;
    const now = costOf(network);
    const open = signs.layers.flatMap(({ population, dormant }) => {
      const room = Math.floor(roomFor(population, network, now, budget.limit));
      const count = Math.min(Math.ceil(options.births * population.size), room);
      return count > 0 ? [{ population, count, dormant }] : [];
    });
    if (open.length === 0) return undefined;
    const fullest = open.reduce((best, one) => (one.dormant < best.dormant ? one : best));
    const chosen = options.everywhere ? open : [fullest];
    const said = ({ population, count, dormant }: (typeof open)[number]) =>
      `of ${population.size} neurons of ${population.name} ${Math.round(dormant * population.size)} are dormant, and there is room for ${count} more`;
    return {
      ...(options.everywhere ? {} : { population: fullest.population.name }),
      count: chosen.reduce((sum, { count }) => sum + count, 0),
      why: chosen.map(said).join("; "),
      evidence: {},
      apply(announce) {
        const way = ways[options.way]();
        for (const { population, count } of chosen) {
          const { event } = growNeurons(life, population, count, way, { ...occasion, examples: examplesOf(situation) });
          if (event) announce(event);
        }
      },
    };
  },
};

/** How many neurons more a layer may have, by all limits. */
function roomFor(population: Population, network: Network, now: Cost, limit: Cost): number {
  let [parameters, operations] = [population.parameters.length, 0];
  for (const { pre, fanIn, operations: all } of network.incoming(population)) {
    parameters += fanIn;
    operations += ((pre === network.inputs ? 2 : 3) * all) / population.size;
  }
  for (const { post, columns, operations: all } of network.outgoing(population)) {
    parameters += columns.planes * post.size;
    operations += (3 * all) / population.size;
  }
  return Math.min(
    limit.neurons - now.neurons,
    (limit.parameters - now.parameters) / parameters,
    (limit.operations - now.operations) / operations,
  );
}
