/**
 * SET: sparse evolutionary training. Synapses with the smallest weights go, and as many grow by lot (sparse-training.ts).
 *
 * D. C. Mocanu et al.: Scalable training of artificial neural networks with adaptive sparse connectivity inspired by network science, Nature
 * Communications 9:2383 (2018). There the share that goes stays the same; here it falls to 0, as in RigL, so that the two differ in one thing.
 */
import type { StructuralPolicy } from "../policy.ts";
import { type SparseTrainingOptions, sparseTraining } from "./sparse-training.ts";

export type SparseEvolutionaryTrainingOptions = Omit<SparseTrainingOptions, "examples">;

export function sparseEvolutionaryTraining(options: SparseEvolutionaryTrainingOptions = {}): StructuralPolicy {
  return sparseTraining("set", "lot", options, ["density", "distribution", "fraction", "every", "end"]);
}
