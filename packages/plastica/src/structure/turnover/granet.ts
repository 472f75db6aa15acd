/**
 * GraNet: a network is pruned gradually, and each time some of what was pruned before grows again where the gradient is largest. It is pruning
 * on the dynamic schedule (../pruning/schedules/dynamic.ts).
 *
 * S. Liu et al.: Sparse training via boosting pruning plasticity with neuroregeneration, NeurIPS 2021 (arXiv 2106.10404).
 */
import type { StructuralPolicy } from "../policy.ts";
import { type PruningOptions, pruning } from "../pruning/pruning.ts";

export type GranetOptions = Pick<PruningOptions, "target" | "start" | "end" | "every" | "examples" | "scope">;

export function granet(options: GranetOptions = {}): StructuralPolicy {
  const { options: all, attach } = pruning({ ...options, schedule: "dynamic" });
  const told = ["target", "start", "end", "every", "examples", "scope"].map((name) => [name, all[name]]);
  return { name: "granet", options: Object.fromEntries(told), attach };
}
