/** What a schedule of pruning is: when to prune, and what share of the whole is gone after that. */

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
  due(step: number, timing: Timing): boolean;
  /** Share that is gone after a step at which it is due. */
  share(step: number, timing: Timing): number;
  /** Share of what is there that is exchanged then: so much more goes, and as much comes back elsewhere. Left out: none. */
  exchanged?(step: number, timing: Timing): number;
  /** Whether what stays may be put back to what it was early in life, each time. */
  readonly rewinds?: boolean;
}

/** Every `every` steps from `start`, and at `end`. */
export function inTurn(step: number, { start, end, every }: Timing): boolean {
  return step === end || (step >= start && step < end && (step - start) % every === 0);
}

/** From 0 at `start` to 1 at `end`. */
export function progress(step: number, { start, end }: Timing): number {
  return end > start ? Math.min(1, Math.max(0, (step - start) / (end - start))) : 1;
}
