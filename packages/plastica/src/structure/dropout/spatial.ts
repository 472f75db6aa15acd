/**
 * Spatial dropout: a whole channel is silent, in all positions of an example. Neighbouring positions say much the same, so that dropping
 * one of them hides nothing.
 *
 *   mask[example, position, channel] = mask[example, channel] ~ Bernoulli(1 - rate) / (1 - rate)
 *
 * Tompson, Goroshin, Jain, LeCun and Bregler, "Efficient object localization using convolutional networks", CVPR 2015, arXiv 1411.4280.
 * In a population without positions it is ordinary dropout, to the bit.
 */
import type { Dropout } from "../../network/silencing.ts";
import { mustBeRate } from "./ranges.ts";
import type { DropoutOptions } from "./standard.ts";

/** `rate` from 0 to 1, without 1; default 0.2. Throws ValueError beyond. */
export function spatialDropout({ rate = 0.2 }: DropoutOptions = {}): Dropout {
  mustBeRate("spatialDropout", "rate", rate);
  const louder = 1 / (1 - rate);
  return {
    name: "spatial",
    options: { rate },
    attach: () => ({
      draw(layer) {
        const { positions } = layer;
        layer.fill((row, slot) => (layer.uniform(Math.floor(row / positions), slot) < rate ? 0 : louder));
      },
    }),
  };
}
