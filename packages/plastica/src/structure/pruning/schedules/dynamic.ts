/** Dynamic pruning: who was pruned may come back. */
import { cosTurns } from "../../../compute/elementary.ts";
import { gradual } from "./gradual.ts";
import { progress, type Schedule } from "./schedule.ts";

/** Share of the synapses that is exchanged at first. */
const FIRST = 0.2;

/**
 * As gradual, and each time some of what is left is exchanged: more goes than must, and where the loss falls most, as much comes back.
 *
 *     exchanged(t) = 0.2 / 2 (1 + cos(pi (t - start) / (end - start)))        of the synapses that are left
 *
 * Of the synapses that were absent before, those grow whose gradients on the remembered examples are largest; their weights begin at 0. At `end`
 * nothing is exchanged any more.
 *
 * S. Liu et al.: Sparse training via boosting pruning plasticity with neuroregeneration, NeurIPS 2021 (arXiv 2106.10404); the decay is
 * that of RigL (U. Evci et al., arXiv 1911.11134). That what was pruned may return was shown first by Y. Guo, A. Yao, Y. Chen: Dynamic
 * network surgery, NIPS 2016 (arXiv 1608.04493), with weights that go on learning unseen.
 */
export const dynamic: Schedule = {
  ...gradual,
  name: "dynamic",
  exchanged: (step, timing) => (FIRST / 2) * (1 + cosTurns(progress(step, timing) / 2)),
};
