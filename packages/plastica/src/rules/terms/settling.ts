/** Learning that settles: steps become smaller with time. */
import { ValueError } from "../../errors.ts";
import { type Term, term } from "../term.ts";

export interface SettlingOptions {
  /** The update at which the steps have become as small as they will: a whole number from 1, below 2^24. Default 10,000. */
  steps?: number;
  /** What is left of a step from then on: a share from 0 to 1. Default 0, at which nothing is learned any more. */
  to?: number;
}

const definition = term("settling", {
  hyper: { steps: 10_000, to: 0 },
  ranges: { steps: "from 1", to: "from 0 to 1" },
  weight: ({ w, next, step, steps, to }) => {
    const left = step.div(steps).min(1).mul(to.sub(1)).add(1);
    return w.add(next.sub(w).mul(left));
  },
});

/**
 * Every update's step is shrunk, whatever the rule makes of it, on a straight line from its whole to a share of it:
 *
 *     w <- w + (next - w) (1 - (1 - to) min(step / steps, 1))
 *
 * with `next` what the rule, and the terms before this one, have made of the weight. It is a learning rate that falls linearly, for any rule; what the
 * rule keeps (moments, traces) is as without it. For lifelong learning there is no last step: then a `to` above 0 is right, or none of this.
 *
 * Throws ValueError for an option out of its range.
 */
export function settling({ steps = 10_000, to = 0 }: SettlingOptions = {}): Term {
  if (!Number.isSafeInteger(steps) || steps < 1 || steps >= 2 ** 24)
    throw new ValueError(`settling: steps is ${steps}: a whole number of updates from 1, below 2^24`);
  if (!(to >= 0 && to <= 1)) throw new ValueError(`settling: to is ${to}: a share from 0 to 1`);
  return definition({ steps, to });
}
