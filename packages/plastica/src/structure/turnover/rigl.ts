/**
 * RigL: synapses with the smallest weights go, and as many grow where the gradient is largest, with a weight of 0 (sparse-training.ts).
 *
 * U. Evci et al.: Rigging the lottery: making all tickets winners, ICML 2020 (arXiv 1911.11134). There one that goes may come back at once;
 * here it stays away until the next exchange.
 */
import type { StructuralPolicy } from "../policy.ts";
import { type SparseTrainingOptions, sparseTraining } from "./sparse-training.ts";

export type RiglOptions = SparseTrainingOptions;

export function rigl(options: RiglOptions = {}): StructuralPolicy {
  return sparseTraining("rigl", "steepest", options, [
    "density",
    "distribution",
    "fraction",
    "every",
    "end",
    "examples",
  ]);
}
