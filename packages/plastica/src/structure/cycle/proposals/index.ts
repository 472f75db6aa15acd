import { awakening } from "./awakening.ts";
import { births } from "./births.ts";
import { consolidation } from "./consolidation.ts";
import { deaths } from "./deaths.ts";
import type { Proposal } from "./proposal.ts";
import { renewal } from "./renewal.ts";
import { rewiring } from "./rewiring.ts";

/** Every kind of proposal, in the order in which they are asked; of equals, the first is kept. */
export const proposalKinds = {
  renewal,
  awakening,
  births,
  deaths,
  rewiring,
  consolidation,
} as const satisfies Readonly<Record<string, Proposal>>;
