/** Published numbers for the same experiment, with where they come from and how far they can be trusted. */
import type { Recipe } from "../recipe/recipe.ts";

export interface Published {
  readonly source: string;
  readonly link: string;
  /** How the numbers were had: printed in a paper, or read off a figure. */
  readonly standing: string;
  readonly setting: string;
  /** Accuracy of plain backprop in the first task, at its best, and in task `lastTask` (from 1). */
  readonly first: number;
  readonly peak: number;
  readonly last: number;
  readonly lastTask: number;
}

/** Dohare et al. 2024: backprop of 100 units a layer, step 0.003. */
export const dohare2024: Published = {
  source: "Dohare et al. (2024), Loss of plasticity in deep continual learning, Nature 632, 768–774",
  link: "https://doi.org/10.1038/s41586-024-07711-7",
  standing:
    "read off the figure in the authors' code repository by eye, so ± 0.2 points; the last is where the curve leaves the figure",
  setting: "plain backprop, 784-100-100-100-10, step 0.003, 150 tasks of 60,000",
  first: 0.921,
  peak: 0.933,
  last: 0.88,
  lastTask: 150,
};

/** The published numbers that a recipe can be held against, and the learner that they are about; undefined when none fit. */
export function publishedFor({
  stream,
  network,
  learners,
}: Recipe): { published: Published; learner: string } | undefined {
  const same =
    stream.dataset === "mnist" &&
    stream.examplesPerTask === 60000 &&
    network.hidden.join() === "100,100,100" &&
    network.activation.kind === "relu" &&
    !network.layerNorm &&
    network.inputNormalisation === false;
  const plain = Object.entries(learners).find(
    ([, { rule, terms, structure }]) =>
      rule.kind === "sgd" && rule.lr === 0.003 && terms.length === 0 && structure.length === 0,
  );
  return same && plain !== undefined ? { published: dohare2024, learner: plain[0] } : undefined;
}
