/** Activity: a neuron that is silent nearly always is seldom missed. */
import type { Projection } from "../../../network/projection.ts";
import { type Gathered, overPlanes, type Score } from "./score.ts";

/**
 * The share of examples in which a neuron is active: one minus the average percentage of zeros (APoZ).
 *
 *     neuron: share of examples with out != 0, summed over its planes
 *     synapse: |w| times that share of the output that it comes from
 *
 * Hu et al. judge neurons only; that of a synapse is ours.
 *
 * H. Hu, R. Peng, Y.-W. Tai, C.-K. Tang: Network trimming, arXiv 1607.03250.
 */
export const activity: Score = {
  name: "activity",
  ofActivity: (out) => (out === 0 ? 0 : 1),
  synapses: passing,
  neurons: overPlanes,
};

/** |w| times what was collected of the activity that it carries. */
export function passing({ pre, columns }: Projection, gathered: Gathered): Float32Array {
  const activities = gathered.activities(pre);
  const outputs = activities.length;
  const { lanes } = columns;
  // Where a projection has more planes of rows than its population has outputs, they read the same outputs again.
  return columns.packed("w").map((w, i) => Math.abs(w) * activities[Math.floor(i / lanes) % outputs]);
}
