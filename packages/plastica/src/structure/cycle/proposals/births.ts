/**
 * Births: some neurons are born beside those that are there, when a criterion of growth asks for them, where it asks, in one of its ways (../../growth),
 * as many as it asks for, or the `births` share of the layer, as far as the budget has room.
 */

import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import { effectiveDimensions } from "../../growth/criteria/activity.ts";
import { growNeurons } from "../../growth/grow.ts";
import { ways } from "../../growth/ways/index.ts";
import { placed } from "../../growth/where.ts";
import { hiddenOf } from "../../pruning/neuron-death.ts";
import { type Cost, costOf } from "../budget.ts";
import type { Proposal, Situation } from "./proposal.ts";

export const births: Proposal = {
  name: "births",
  propose(situation) {
    const { life, options, occasion, recent } = situation;
    const { network } = life;
    const way = ways[options.way]();
    const { multiple = 1 } = way;
    const now = costOf(network);
    const roomIn = (population: Population) => roomFor(population, network, now, situation.budget.limit);
    if (hiddenOf(network).every((population) => roomIn(population) < multiple)) return undefined;
    const examples = recent.examples();
    const wanted = asked(situation).flatMap(({ population, demand }) => {
      const room = roomIn(population);
      const pieces = Math.ceil((demand.count ?? Math.ceil(options.births * population.size)) / multiple);
      const count = multiple * Math.min(pieces, Math.floor(room / multiple));
      return count > 0 ? [{ population, demand, count }] : [];
    });
    if (wanted.length === 0) return undefined;
    return {
      ...(wanted.length === 1 ? { population: wanted[0].population.name } : {}),
      count: wanted.reduce((sum, { count }) => sum + count, 0),
      why: wanted.map(({ population, demand, count }) => `${count} in ${population.name}: ${demand.why}`).join("; "),
      evidence: Object.assign({}, ...wanted.map(({ demand }) => demand.evidence)),
      apply(announce) {
        for (const { population, count } of wanted) {
          const { event } = growNeurons(life, population, count, way, { cause: occasion.cause, examples });
          if (event) announce(event);
        }
      },
    };
  },
};

/** What is asked for, and where. */
function asked({ life, options, watch, recent, season }: Situation) {
  const examples = recent.examples();
  const demands = watch?.judge({ step: life.step, examples }) ?? [];
  return placed(life.network, demands, options.where, {
    familiarity: () => season.familiarity,
    scores: () =>
      new Map(
        effectiveDimensions(life, examples).map(({ population, dimension }) => [
          population,
          dimension / population.size,
        ]),
      ),
  });
}

/** How many neurons more a layer may have, by all limits. */
function roomFor(population: Population, network: Network, now: Cost, limit: Cost): number {
  let [parameters, operations] = [population.parameters.length, 0];
  for (const { pre, fanIn, operations: all } of network.incoming(population)) {
    parameters += fanIn;
    operations += ((pre === network.inputs ? 2 : 3) * all) / population.size;
  }
  for (const { columns, operations: all } of network.outgoing(population)) {
    parameters += (columns.planes * columns.rows * columns.lanes) / population.size;
    operations += (3 * all) / population.size;
  }
  return Math.min(
    limit.neurons - now.neurons,
    (limit.parameters - now.parameters) / parameters,
    (limit.operations - now.operations) / operations,
  );
}
