/** What a schedule of pruning is: when to prune, and what share of the whole is gone after that. */

import { hasCome, type Moment } from "../../policy.ts";

/** Steps are updates of the life, from 1. */
export interface Timing {
  /** First and last step at which something goes. */
  readonly start: number;
  readonly end: number;
  /** Steps from one time to the next. */
  readonly every: number;
  /** Share that is gone at the end, in (0, 1). */
  readonly target: number;
}

export interface Schedule {
  readonly name: string;
  due(moment: Moment, timing: Timing): boolean;
  /** Share that is gone after a step at which it is due. */
  share(step: number, timing: Timing): number;
  /** Share of what is there that is exchanged then: so much more goes, and as much comes back elsewhere. Left out: none. */
  exchanged?(step: number, timing: Timing): number;
  /** Whether what stays may be put back to what it was early in life, each time. */
  readonly rewinds?: boolean;
}

/** Every `every` steps from `start`, and at `end`. */
export function inTurn(moment: Moment, { start, end, every }: Pick<Timing, "start" | "end" | "every">): boolean {
  const { step } = moment;
  const last = step >= end ? end : step - ((step - start) % every);
  return step >= start && hasCome(last, moment);
}

/** From 0 at `start` to 1 at `end`. */
export function progress(step: number, { start, end }: Timing): number {
  return end > start ? Math.min(1, Math.max(0, (step - start) / (end - start))) : 1;
}
