/**
 * Reset probe: is what the network lacks plasticity? On a branch it learns the remembered examples again, as many at a time as lately, for some steps, and so does one whose layers have been returned to their birth. If
 * the fresh one ends lower,
 *
 *   L_fresh(steps) < (1 - margin) L_present(steps),
 *
 * the present one has lost the ability to learn them, and new neurons are to bring it back.
 *
 * Plasticity injection as a diagnostic (E. Nikishin et al., NeurIPS 2023, arXiv 2305.15555), with births for an answer; how it is measured is ours.
 */
import { ValueError } from "../../../errors.ts";
import type { Examples } from "../../policy.ts";
import { returnToBirth } from "../../renewal/renewal.ts";
import { needed } from "../surroundings.ts";
import { tried } from "../tried.ts";
import type { Criterion, Watch } from "./criterion.ts";

export interface ResetProbeOptions {
  /** Updates of each branch, from 1. Default 100. */
  readonly steps?: number;
  /** How many layers are fresh, from the last back, the output counted; 0, the default, is all. */
  readonly layers?: number;
  /** A share, from 0, below 1. Default 0. */
  readonly margin?: number;
}

const NAME = "reset-probe";

/** Throws ValueError for an option out of its range. */
export function resetProbe({ steps = 100, layers = 0, margin = 0 }: ResetProbeOptions = {}): Criterion {
  const must = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${value}: ${right}`);
  };
  must("steps", steps, Number.isSafeInteger(steps) && steps >= 1, "a whole number of updates from 1");
  must("layers", layers, Number.isSafeInteger(layers) && layers >= 0, "a whole number from 0");
  must("margin", margin, margin >= 0 && margin < 1, "a share from 0, below 1");
  return {
    name: NAME,
    options: { steps, layers, margin },
    looks: true,
    watch(life): Watch {
      let batch = 1;
      return {
        sense: (moment) => void (batch = moment.examples),
        judge({ examples }) {
          const seen = needed(examples, NAME);
          const after = (fresh: boolean) =>
            tried(life, () => {
              const { network } = life;
              const begins = network.populations.slice(1).slice(-layers);
              for (const population of fresh ? begins : []) returnToBirth(network, population);
              network.changed();
              for (let i = 0; i < steps; i++) life.practise(part(seen, i * batch, batch));
              return life.evaluate(seen).loss;
            });
          const [present, fresh] = [after(false), after(true)];
          if (!(fresh < (1 - margin) * present)) return [];
          return [
            {
              score: present / Math.max(fresh, Number.MIN_VALUE),
              why: `begun anew it learns what it saw to a loss of ${fresh.toPrecision(3)}, as it is to ${present.toPrecision(3)}`,
              evidence: { present, fresh },
            },
          ];
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}

/** So many examples from there on, round and round. */
function part({ count, xs, ys, outputs }: Examples, from: number, size: number): Examples {
  const which = Array.from({ length: Math.min(size, count) }, (_, i) => (from + i) % count);
  const of = (values: ArrayLike<number>) => {
    const width = values.length / count;
    return Float32Array.from(
      { length: which.length * width },
      (_, i) => values[which[Math.floor(i / width)] * width + (i % width)],
    );
  };
  const each = outputs !== undefined && outputs.length > 0 && typeof outputs[0] !== "number";
  const heads = each ? which.map((i) => (outputs as readonly (readonly number[] | undefined)[])[i]) : outputs;
  return { count: which.length, xs: of(xs), ys: ys && of(ys), outputs: heads };
}
