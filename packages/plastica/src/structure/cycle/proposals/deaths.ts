/**
 * Deaths: the `deaths` share of the hidden neurons that are missed least, by one of pruning's scores on what was last learned from; what they
 * passed on in the mean is given to the biases that they fed. The best of each layer stays, and who is younger than `maturity`. As long as parameters
 * have no `price` only neurons beyond the number at birth may die: a probe of the present does not know what the future will have use for.
 *
 * By position: whoever came last goes first, until each layer is as large as at birth. That is how Li, Shao, Milling and Schuller (arXiv
 * 2603.24343, their code) truncate: no score decides.
 */
import type { Announce } from "../../policy.ts";
import { Gauge } from "../../pruning/gauge.ts";
import { pruneNeurons } from "../../pruning/neuron-death.ts";
import { scores } from "../../pruning/scores/index.ts";
import { death } from "../../structure.ts";
import type { Plan, Proposal, Situation } from "./proposal.ts";

export const deaths: Proposal = {
  name: "deaths",
  propose: (situation) => (situation.options.score === "position" ? byPosition(situation) : byScore(situation)),
};

function byScore({ life, options, recent, occasion, founders }: Situation): Plan | undefined {
  const { score, deaths: share, maturity, price } = options;
  if (score === "position" || recent.size === 0) return undefined;
  const { network, step } = life;
  const mature = network.hidden.flatMap(({ neurons }) => neurons.filter(({ born }) => step - born >= maturity));
  const hidden = network.hidden.reduce((sum, { size }) => sum + size, 0);
  const born = [...founders.values()].reduce((sum, size) => sum + size, 0);
  const spare = Math.min(mature.length - network.hidden.length, price > 0 ? hidden : hidden - born);
  const count = Math.min(Math.round(share * hidden), spare);
  if (count < 1) return undefined;
  return {
    count,
    why: `${count} of ${hidden} hidden neurons may be missed least, by ${score}`,
    evidence: {},
    apply(announce) {
      const gauge = new Gauge(life, scores[score], { from: "batch", decay: 0, owner: "cycle" });
      if (gauge.looks) gauge.look(recent);
      const founders = new Map(network.hidden.map((population) => [population.name, population.size]));
      pruneNeurons(
        { life, gauge, memory: recent, scope: "global", occasion, announce, founders, maturity },
        count / hidden,
      );
    },
  };
}

function byPosition({ life, founders, occasion }: Situation): Plan | undefined {
  const { network } = life;
  const above = network.hidden.filter(({ name, size }) => size > (founders.get(name) ?? size));
  if (above.length === 0) return undefined;
  const count = above.reduce((sum, { name, size }) => sum + size - founders.get(name)!, 0);
  const apply = (announce: Announce) => {
    for (const population of above) {
      const first = founders.get(population.name)!;
      const slots = Array.from({ length: population.size - first }, (_, i) => first + i);
      announce(death(network, population, slots, occasion));
    }
  };
  return { count, why: `the ${count} neurons beyond the first of each layer go, as they came`, evidence: {}, apply };
}
