/**
 * Births: some neurons are born beside those that are there, when a criterion of growth asks for them, where it asks, in one of its ways (../../growth),
 * as many as it asks for, or the `births` share of the layer, as far as the budget has room.
 */

import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import { sharesInUse } from "../../growth/criteria/activity.ts";
import { growNeurons } from "../../growth/grow.ts";
import { ways } from "../../growth/ways/index.ts";
import { placed } from "../../growth/where.ts";
import { type Cost, costOf } from "../budget.ts";
import type { Proposal, Situation } from "./proposal.ts";

const kinds = ["neurons", "parameters", "operations"] as const;

export const births: Proposal = {
  name: "births",
  propose(situation) {
    const { life, options, occasion, recent } = situation;
    const { network } = life;
    const way = ways[options.way]();
    const { multiple = 1 } = way;
    const { limit } = situation.budget;
    let now = costOf(network);
    const coming = new Map<Population, number>();
    const roomIn = (population: Population) => roomFor(costOfOne(network, population, coming), now, limit);
    if (network.hidden.every((population) => roomIn(population) < multiple)) return undefined;
    const examples = recent.examples();
    const wanted = asked(situation).flatMap(({ population, demand }) => {
      const pieces = Math.ceil((demand.count ?? Math.ceil(options.births * population.size)) / multiple);
      const count = multiple * Math.min(pieces, Math.floor(roomIn(population) / multiple));
      if (count <= 0) return [];
      now = sumOf(now, costOfOne(network, population, coming), count);
      coming.set(population, count);
      return [{ population, demand, count }];
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
    scores: () => sharesInUse(life, examples),
  });
}

/** What a newborn in a layer costs, where so many others come into the layers that it listens to. */
function costOfOne(network: Network, population: Population, coming: ReadonlyMap<Population, number>): Cost {
  let [parameters, operations] = [population.parameters.length, 0];
  for (const { pre, fanIn, operations: all } of network.incoming(population)) {
    const wider = 1 + (coming.get(pre) ?? 0) / pre.size;
    parameters += fanIn * wider;
    operations += ((pre === network.inputs ? 2 : 3) * all * wider) / population.size;
  }
  for (const { columns, operations: all } of network.outgoing(population)) {
    parameters += (columns.planes * columns.rows * columns.lanes) / population.size;
    operations += (3 * all) / population.size;
  }
  return { neurons: 1, parameters, operations };
}

/** How many neurons more there may be, of such a cost, by all limits. */
function roomFor(one: Cost, now: Cost, limit: Cost): number {
  return Math.min(...kinds.map((kind) => (limit[kind] - now[kind]) / one[kind]));
}

function sumOf(now: Cost, one: Cost, count: number): Cost {
  const [neurons, parameters, operations] = kinds.map((kind) => now[kind] + count * one[kind]);
  return { neurons, parameters, operations };
}
