/**
 * What a network does on the items that come next, looked at before it learns from them.
 *
 * Dormant neurons are those of a hidden layer that are silent, exactly zero in every plane, on every item of the probe. A dormant
 * ReLU neuron has no gradient and seldom comes back; their share is the commonest sign of lost plasticity. Dohare et al. (2024)
 * count "dead units" in the same way, on the first 2,000 images of a task.
 *
 * Operations are the multiply-adds of a forward pass in which the synapses of silent neurons are left out, as the engine does:
 * sum over projections of (active presynaptic neurons) x (synapses that leave one, on average), mean over the first items of the probe. Of
 * convolutions all are counted.
 */
import type { Learner } from "plastica";
import type { Stream } from "../streams/stream.ts";

/** Items in a probe, at most. */
export const PROBE = 2000;
/** Of these, how many have their operations counted. */
const COUNTED = 100;

export interface Probed {
  /** The share of dormant neurons in each hidden layer, from 0 to 1. */
  dormant: number[];
  operations: number;
}

/** Looks at items `from` to `to - 1`. Learns nothing. */
export function probe(learner: Learner, stream: Stream, from: number, to: number): Probed {
  const { hidden: layers, projections } = learner.network;
  const awake = layers.map((layer) => new Uint8Array(layer.size));
  let asleep = layers.reduce((sum, layer) => sum + layer.size, 0);
  const counted = Math.min(from + COUNTED, to);
  const costs = projections.map(({ pre, shared, fanIn, operations: all }) => ({ pre, shared, all, each: all / fanIn }));
  let operations = 0;
  for (let n = from; n < to && (asleep > 0 || n < counted); n++) {
    learner.predict(stream.at(n).x);
    if (n < counted) for (const { pre, shared, all, each } of costs) operations += shared ? all : pre.active * each;
    layers.forEach((layer, l) => {
      const outputs = layer.outputs(1);
      for (let i = 0; i < outputs.length; i++) {
        if (outputs[i] === 0 || awake[l][i % layer.size] === 1) continue;
        awake[l][i % layer.size] = 1;
        asleep--;
      }
    });
  }
  const dormant = awake.map((seen) => seen.reduce((silent, is) => silent + 1 - is, 0) / seen.length);
  return { dormant, operations: operations / Math.max(1, counted - from) };
}
