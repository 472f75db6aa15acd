/**
 * Consolidation: what matters learns less from now on. Of the synapses that still learn as they were born to (plasticity 1) the `consolidated`
 * share with the largest Fisher information on what was last learned from,
 *
 *   F = mean over examples of (dloss / dw)^2,
 *
 * has its plasticity set to `firmness`. Only what is judged by remembered examples too is likely to be kept: firmness costs the present something.
 */
import { PLASTICITY } from "../../../rules/plasticity.ts";
import { Gauge } from "../../pruning/gauge.ts";
import { scores } from "../../pruning/scores/index.ts";
import { lowest } from "../../pruning/selection.ts";
import type { Proposal } from "./proposal.ts";

export const consolidation: Proposal = {
  name: "consolidation",
  bySynapse: true,
  propose({ life, options, occasion, recent }) {
    const { network } = life;
    const { consolidated, firmness } = options;
    if (recent.size === 0) return undefined;
    const groups = network.projections.map((projection) => {
      const plasticity = projection.columns.packed(PLASTICITY);
      return { projection, candidates: [...plasticity.keys()].filter((place) => plasticity[place] === 1) };
    });
    const count = Math.round(consolidated * groups.reduce((sum, { candidates }) => sum + candidates.length, 0));
    if (count < 1) return undefined;
    return {
      count,
      why: `${count} synapses matter most for what was last seen`,
      evidence: { firmness },
      apply(announce) {
        const gauge = new Gauge(life, scores.fisher, { from: "batch", decay: 0, owner: "cycle" });
        gauge.look(recent);
        const stocks = groups.map(({ projection, candidates }) => ({
          of: projection,
          scores: gauge.synapses(projection).map((score) => -score),
          candidates,
        }));
        for (const [projection, places] of lowest(stocks, count)) {
          if (places.length === 0) continue;
          const { columns } = projection;
          for (const place of places) columns.setPlace(PLASTICITY, place, firmness);
          announce({
            type: "consolidated",
            ...occasion,
            of: projection.name,
            count: places.length,
            plasticity: firmness,
          });
        }
        network.changed();
      },
    };
  },
};
