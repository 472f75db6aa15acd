/**
 * Random: the old weights are the top left corner of the new ones, all else is drawn, incoming and outgoing; biases are 0. What the network says
 * changes. The widening of the dropin authors' code.
 *
 * Y. Li, R. Shao, M. Milling and B. Schuller: Enhancing efficiency and performance in deepfake audio detection through neuron-level dropin and
 * neuroplasticity mechanisms, IJCNN 2026 (arXiv 2603.24343). There all is drawn Xavier-uniform; here by the initialiser of each projection.
 */
import { drawnOutgoing } from "./drawn.ts";
import type { Way } from "./way.ts";

export const random = (): Way => ({
  name: "random",
  options: {},
  preserves: "no",
  looks: false,
  propose: ({ network }, { population, count, key }) => ({
    count,
    endowment: { outgoing: drawnOutgoing(network, population, count, key) },
    evidence: {},
  }),
});
