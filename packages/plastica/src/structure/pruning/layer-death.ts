/** Pruning layer by layer. */
import type { Population } from "../../network/population.ts";
import { canRemove, removeLayer } from "../layers.ts";
import type { Culling } from "./culling.ts";
import { lowest } from "./selection.ts";

/**
 * Removes hidden layers until `share` of the `founders` that there were is gone; one stays in any case. A layer is worth the mean score of
 * its neurons. Where it was the only way on, what it did is put in its place as if it had been linear (../layers.ts); layers for which that
 * cannot be done, most convolutions, stay.
 */
export function pruneLayers({ life, gauge, occasion, announce }: Culling, founders: number, share: number): void {
  const { network } = life;
  const layers = network.hidden;
  const scores = layers.map((layer) => gauge.neurons(layer).reduce((sum, score) => sum + score / layer.size, 0));
  const count = Math.min(Math.round(share * founders) - (founders - layers.length), layers.length - 1);
  const isSafe = ({ neurons }: Population) => neurons.some((neuron) => network.isProtected(neuron, occasion.step));
  const candidates = [...layers.keys()].filter((i) => !isSafe(layers[i]) && canRemove(network, layers[i]));
  const going = lowest([{ of: network, scores, candidates }], count).get(network)!;
  for (const i of going) {
    if (!canRemove(network, layers[i])) continue;
    for (const event of removeLayer(network, layers[i], occasion).events) announce(event);
  }
}
