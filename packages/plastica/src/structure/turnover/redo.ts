/**
 * ReDo: dormant neurons are recycled. Every so many updates, a neuron whose mean |h| is at most `threshold` times the mean of its layer,
 *
 *   s_i = mean |h_i| / (1 / H sum_k mean |h_k|) <= threshold,
 *
 * over the examples since the last time, is replaced by a newborn: fresh incoming weights, outgoing ones of zero, all state new.
 *
 * G. Sokar et al.: The dormant neuron phenomenon in deep reinforcement learning, ICML 2023 (arXiv 2302.12902). There the means are over a batch
 * from memory; in a stream they are over what was seen.
 */
import { ValueError } from "../../errors.ts";
import { type Announce, comesRound, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";
import { replace } from "../structure.ts";
import { Activity } from "./activity.ts";
import { HiddenPopulations } from "./hidden-populations.ts";

export interface RedoOptions {
  /** From 0. Default 0.025. */
  threshold?: number;
  /** Updates from one time to the next, from 1. Default 1000. */
  every?: number;
}

const NAME = "redo";

/** Throws ValueError for an option out of its range. */
export function redo({ threshold = 0.025, every = 1000 }: RedoOptions = {}): StructuralPolicy {
  if (!(threshold >= 0 && threshold < 1)) throw new ValueError(`redo: threshold is ${threshold}: from 0, below 1`);
  if (!Number.isSafeInteger(every) || every < 1)
    throw new ValueError(`redo: every is ${every}: a whole number of updates from 1`);
  return {
    name: NAME,
    options: { threshold, every },
    attach({ network }): PolicyAtWork {
      const hidden = new HiddenPopulations(network, (one) => new Activity(network, one, `${NAME}.activity`));
      return {
        after(moment: Moment, announce: Announce) {
          const { step, examples } = moment;
          for (const { of } of hidden) of.sense(examples);
          if (!comesRound(every, moment)) return;
          for (const { population, of } of hidden) {
            const sums = of.take();
            const mean = sums.reduce((sum, one) => sum + one, 0) / sums.length;
            const dormant = [...sums.keys()].filter(
              (slot) => sums[slot] <= threshold * mean && !network.isProtected(population.neurons[slot], step),
            );
            if (dormant.length === 0) continue;
            const scores = dormant.map((slot) => (mean > 0 ? sums[slot] / mean : 0));
            for (const event of replace(network, population, dormant, { step, cause: NAME }, scores)) announce(event);
          }
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}
