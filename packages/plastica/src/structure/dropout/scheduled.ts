/**
 * Scheduled dropout: the rate is a function of the step. Curriculum dropout begins with everybody, as a network that knows nothing yet
 * has nothing to over-learn, and makes the task harder as it learns; `from` above `to` is the early dropout that helps networks which
 * are too small for their data.
 *
 *   exponential   rate(t) = to + (from - to) * exp(-10 t / steps)
 *   linear        rate(t) = from + (to - from) * min(1, t / steps)
 *
 * Morerio, Cavazza, Volpi, Vidal and Murino, "Curriculum dropout", ICCV 2017, arXiv 1703.06229 (exponential, its gamma = 10 / steps);
 * Liu, Xu, Jin, Shen and Darrell, "Dropout reduces underfitting", ICML 2023, arXiv 2303.01500 (early, linear).
 */
import { exponential } from "../../compute/elementary.ts";
import type { Dropout } from "../../network/silencing.ts";
import { must, mustBeRate } from "./ranges.ts";
import { silence } from "./standard.ts";

export interface ScheduledDropoutOptions {
  /** The rate at the first step: from 0 to 1, without 1. Default 0. */
  from?: number;
  /** The rate in the end: from 0 to 1, without 1. Default 0.5. */
  to?: number;
  /** Updates until it is (all but) reached: from 1. Default 10000. */
  steps?: number;
  /** "exponential" (default) or "linear". */
  shape?: string;
}

/** Throws ValueError for options out of their range. */
export function scheduledDropout(options: ScheduledDropoutOptions = {}): Dropout {
  const { from = 0, to = 0.5, steps = 10_000, shape = "exponential" } = options;
  mustBeRate("scheduledDropout", "from", from);
  mustBeRate("scheduledDropout", "to", to);
  must("scheduledDropout", "steps", steps, steps >= 1 && steps < 2 ** 53, "a number of updates from 1");
  must("scheduledDropout", "shape", shape, shape === "exponential" || shape === "linear", '"exponential" or "linear"');
  const all = { from, to, steps, shape };
  return {
    name: "scheduled",
    options: all,
    attach: () => ({ draw: (layer) => silence(layer, scheduledRate(all, layer.step)) }),
  };
}

/** The rate at a step. */
export function scheduledRate({ from, to, steps, shape }: Required<ScheduledDropoutOptions>, step: number): number {
  if (shape === "linear") return from + (to - from) * Math.min(1, step / steps);
  return to + (from - to) * exponential((-10 * step) / steps);
}
