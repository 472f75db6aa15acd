/** A static mask: synapses drawn by lot at birth, and never exchanged. The control of every method that does (sparse-training.ts). */
import type { StructuralPolicy } from "../policy.ts";
import { type SparseTrainingOptions, sparseTraining } from "./sparse-training.ts";

export type StaticMaskOptions = Pick<SparseTrainingOptions, "density" | "distribution">;

export function staticMask(options: StaticMaskOptions = {}): StructuralPolicy {
  return sparseTraining("static-mask", "nowhere", options, ["density", "distribution"]);
}
