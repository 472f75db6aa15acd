/**
 * Shrink and perturb, now and then: all that is learned is shrunk towards zero and mixed with what it could have been at birth,
 *
 *   w <- keep w + fresh w',     w' drawn anew by the projection's initialiser; biases and shifts shrink, gains go the same way to 1.
 *
 * J. Ash, R. P. Adams: On warm-starting neural network training, NeurIPS 2020 (arXiv 1910.08475). The form that does a little of it in each
 * update is a term: shrinkAndPerturb in ../../rules/terms.
 */
import { ValueError } from "../../errors.ts";
import { blockOf, reweigh } from "../../network/weights.ts";
import { type Announce, comesRound, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";

export interface PeriodicShrinkAndPerturbOptions {
  /** Share of what is learned that stays, 0 to 1. Default 0.8. */
  keep?: number;
  /** Of fresh weights, from 0. Default 0.1. */
  fresh?: number;
  /** Updates from one time to the next, from 1. Default 10,000. */
  every?: number;
}

const NAME = "periodic-shrink-and-perturb";

/** Throws ValueError for an option out of its range. */
export function periodicShrinkAndPerturb(options: PeriodicShrinkAndPerturbOptions = {}): StructuralPolicy {
  const { keep = 0.8, fresh = 0.1, every = 10_000 } = options;
  if (!(keep >= 0 && keep <= 1)) throw new ValueError(`${NAME}: keep is ${keep}: a share from 0 to 1`);
  if (!(fresh >= 0 && Number.isFinite(fresh))) throw new ValueError(`${NAME}: fresh is ${fresh}: a number from 0`);
  if (!Number.isSafeInteger(every) || every < 1)
    throw new ValueError(`${NAME}: every is ${every}: a whole number of updates from 1`);
  return {
    name: NAME,
    options: { keep, fresh, every },
    attach({ network }): PolicyAtWork {
      return {
        after(moment: Moment, announce: Announce) {
          if (!comesRound(every, moment)) return;
          const { step } = moment;
          for (const projection of network.projections) {
            const { columns, post, initialiser, name } = projection;
            const drawn = initialiser.fill(
              blockOf(projection, post.size),
              network.keyOf(NAME, name, step),
              post.model.gain,
            );
            reweigh(columns, "w", (w, i) => keep * w + fresh * drawn[i]);
          }
          for (const { columns, parameters } of network.populations)
            for (const name of parameters) {
              const home = name === "gain" ? 1 : 0;
              reweigh(columns, name, (value) => home + keep * (value - home));
            }
          announce({ type: "treated", step, cause: NAME, treatment: "shrunk and perturbed" });
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}
