/**
 * Neuroplastic expansion: a network that is born sparse and grows denser, where the gradient is largest, while a part of what is there is
 * exchanged (sparse-training.ts).
 *
 * J. Liu et al.: Neuroplastic expansion in deep reinforcement learning, ICLR 2025 (arXiv 2410.07994): from a density of 0.2 to one of
 * 0.75. There two fifths as many go as grow; here the share that is exchanged is RigL's.
 */
import type { StructuralPolicy } from "../policy.ts";
import { type SparseGrowthOptions, sparseTraining } from "./sparse-training.ts";

export type NeuroplasticExpansionOptions = SparseGrowthOptions;

export function neuroplasticExpansion(options: NeuroplasticExpansionOptions = {}): StructuralPolicy {
  const defaults = { density: 0.2, finalDensity: 0.75 };
  return sparseTraining("neuroplastic-expansion", "steepest", { ...defaults, ...options }, [
    ...["density", "finalDensity", "distribution", "fraction", "every", "end", "examples"],
  ] as (keyof SparseGrowthOptions)[]);
}
