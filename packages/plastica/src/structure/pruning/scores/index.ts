/** The scores that come with the engine, by name. */
import { activity } from "./activity.ts";
import { fisher } from "./fisher.ts";
import { groupNorm } from "./group-norm.ts";
import { magnitude } from "./magnitude.ts";
import { movement } from "./movement.ts";
import type { Score } from "./score.ts";
import { snip } from "./snip.ts";
import { synapticFlow } from "./synaptic-flow.ts";
import { taylor } from "./taylor.ts";
import { utility } from "./utility.ts";

export const scores = {
  magnitude,
  activity,
  taylor,
  utility,
  snip,
  "synaptic-flow": synapticFlow,
  fisher,
  movement,
  "group-norm": groupNorm,
} as const satisfies Record<string, Score>;

export type ScoreName = keyof typeof scores;
