/**
 * Effective dimension: a population whose neurons all do something of their own is full. With A what its neurons put out over n examples, and
 *
 *   ED = #{ singular values of A / sqrt(n) above threshold },
 *
 * it grows while ED / width is at least gamma times what it was when it was first looked at, by as many as ED is above gamma times that share of the width, and at least
 * one. There must be more examples than neurons: they bound the dimension.
 *
 * K. Maile et al.: When, where, and how to add new neurons to ANNs, AutoML 2022 (arXiv 2202.08539): NORTH*.
 */
import { SnapshotError, ValueError } from "../../../errors.ts";
import { needed } from "../surroundings.ts";
import { effectiveDimensions, THRESHOLD } from "./activity.ts";
import type { Criterion, Demand, Watch } from "./criterion.ts";

export interface EffectiveDimensionOptions {
  /** Above 0, to 1; the authors take 0.9 to 0.99. Default 0.97. */
  readonly gamma?: number;
  /** Above 0. Default 0.01. */
  readonly threshold?: number;
}

const NAME = "effective-dimension";

/** Throws ValueError for an option out of its range. */
export function effectiveDimension(options: EffectiveDimensionOptions = {}): Criterion {
  const { gamma = 0.97, threshold = THRESHOLD } = options;
  if (!(gamma > 0 && gamma <= 1)) throw new ValueError(`${NAME}: gamma is ${gamma}: above 0, to 1`);
  if (!(threshold > 0 && threshold < Number.POSITIVE_INFINITY))
    throw new ValueError(`${NAME}: threshold is ${threshold}: above 0`);
  return {
    name: NAME,
    options: { gamma, threshold },
    looks: true,
    watch(life): Watch {
      /** ED / width of each population when it was first looked at, by name. */
      let first: Record<string, number> = {};
      return {
        judge({ examples }) {
          return effectiveDimensions(life, needed(examples, NAME), threshold).flatMap(
            ({ population: { name, size }, population, dimension }): Demand[] => {
              first[name] ??= dimension / size;
              const excess = Math.floor(dimension - gamma * first[name] * size);
              if (dimension === 0 || dimension < gamma * first[name] * size) return [];
              return [
                {
                  population,
                  count: Math.max(1, excess),
                  score: dimension / size,
                  why: `of ${size} neurons ${dimension} are of their own`,
                  evidence: { "effective dimension": dimension, "at first": first[name] },
                },
              ];
            },
          );
        },
        save: () => first,
        load(state) {
          const shares = state !== null && typeof state === "object" ? Object.values(state) : [Number.NaN];
          if (shares.some((share) => !(typeof share === "number" && share >= 0)))
            throw new SnapshotError(`the snapshot's effective dimensions are ${JSON.stringify(state)}: shares by name`);
          first = { ...(state as Record<string, number>) };
        },
      };
    },
  };
}
