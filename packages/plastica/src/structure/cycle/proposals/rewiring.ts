/**
 * Rewiring: of each projection that is sparse, the `rewired` share of its synapses with the smallest |w| goes, and as many grow where the loss
 * is steepest, with a weight of 0, as in RigL (../../turnover/rigl.ts). Dense projections have no place to grow in, and stay.
 */
import { steepness } from "../../gradients.ts";
import { highest, lowest } from "../../pruning/selection.ts";
import { absent, present, rewire } from "../../synapses.ts";
import type { Proposal } from "./proposal.ts";

export const rewiring: Proposal = {
  name: "rewiring",
  bySynapse: true,
  propose({ life, options, occasion, recent }) {
    if (recent.size === 0) return undefined;
    const examples = recent.examples();
    const exchanges = life.network.projections.flatMap((projection) => {
      const [there, free] = [present(projection), absent(projection)];
      const count = Math.min(Math.round(options.rewired * there.length), free.length, there.length - 1);
      return count > 0 ? [{ projection, there, free, count }] : [];
    });
    if (exchanges.length === 0) return undefined;
    const count = exchanges.reduce((sum, one) => sum + one.count, 0);
    return {
      count,
      why: `${count} synapses may be of more use elsewhere`,
      evidence: {},
      apply(announce) {
        const slopes = steepness(life, examples);
        for (const { projection, there, free, count } of exchanges) {
          const worth = slopes.get(projection)!;
          const weights = projection.columns.packed("w").map(Math.abs);
          const grown = highest([{ of: projection, scores: worth, candidates: free }], count).get(projection)!;
          const pruned = lowest([{ of: projection, scores: weights, candidates: there }], count).get(projection)!;
          announce(rewire(life.network, projection, { pruned, grown }, occasion));
        }
      },
    };
  },
};
