/** Iterative pruning: each time the same share of what is left. */
import { exponential, ln } from "../../../compute/elementary.ts";
import { inTurn, type Schedule, type Timing } from "./schedule.ts";

/**
 * n times from `start` to `end`, of what is left then the same share goes.
 *
 *     gone after time k = 1 - (1 - target)^(k / n)
 *
 * It may rewind: what stays is put back to what it was early in life, and learns again.
 *
 * S. Han, J. Pool, J. Tran, W. J. Dally, arXiv 1506.02626; with rewinding J. Frankle, M. Carbin, arXiv 1803.03635.
 */
export const iterative: Schedule = {
  name: "iterative",
  due: inTurn,
  share: (step, timing) => goneAfter(timesUntil(step, timing), timesUntil(timing.end, timing), timing.target),
  rewinds: true,
};

/** 1 - (1 - target)^(k / n). */
export function goneAfter(k: number, n: number, target: number): number {
  return k === n ? target : 1 - exponential((ln(1 - target) * k) / n);
}

/** How many times it was due by `step`. */
function timesUntil(step: number, { start, end, every }: Timing): number {
  const turns = Math.ceil((end - start) / every);
  return step >= end ? turns + 1 : Math.floor((step - start) / every) + 1;
}
