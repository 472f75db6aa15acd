/**
 * Awakening: the world has changed, and what was learned may still be of use. The step size is at its peak again (../season.ts), and nothing
 * else changes. The mild alternative to renewal.
 */
import type { Proposal } from "./proposal.ts";

export const awakening: Proposal = {
  name: "awakening",
  propose({ turn, season, occasion }) {
    if (!turn) return undefined;
    return {
      why: `the loss went from ${turn.slow.toFixed(2)} to ${turn.fast.toFixed(2)}`,
      evidence: { ...turn },
      burden: 0,
      apply(announce) {
        season.begin();
        announce({ type: "treated", ...occasion, treatment: "awakened" });
      },
    };
  },
};
