/**
 * Dormant neurons: those of a hidden layer that are silent, exactly zero in every plane, on every one of a probe of images. A
 * dormant ReLU neuron has no gradient and seldom comes back; their share is the commonest sign of lost plasticity.
 *
 * Dohare et al. (2024) count "dead units" in the same way, on the first 2,000 images of a task before learning from them.
 */
import type { Learner } from "plastica";
import type { Stream } from "../streams/permuted.ts";

/** Images in a probe. */
export const PROBE = 2000;

/** The share of dormant neurons in each hidden layer, from 0 to 1, on items `from` to `from + count - 1`. Learns nothing. */
export function dormantShares(learner: Learner, stream: Stream, from: number, count: number): number[] {
  const layers = learner.network.populations.slice(1, -1);
  const awake = layers.map((layer) => new Uint8Array(layer.size));
  let asleep = layers.reduce((sum, layer) => sum + layer.size, 0);
  for (let n = from; n < from + count && asleep > 0; n++) {
    learner.predict(stream.at(n).x);
    layers.forEach((layer, l) => {
      const outputs = layer.outputs(1);
      for (let i = 0; i < outputs.length; i++) {
        if (outputs[i] === 0 || awake[l][i % layer.size] === 1) continue;
        awake[l][i % layer.size] = 1;
        asleep--;
      }
    });
  }
  return awake.map((seen) => seen.reduce((silent, is) => silent + 1 - is, 0) / seen.length);
}
