/**
 * Stochastic depth: a whole layer is silent for an example, and what goes round it is all there is. It acts only where something does go
 * round: a projection or other layers lead from the inputs to the outputs without it (see `addLayer`). In a plain chain a layer's
 * silence would cut the network in two, so there nothing is silenced; that may change as layers come and go, and is asked anew each time.
 *
 *   mask[example] ~ Bernoulli(1 - rate) / (1 - rate), the same for all neurons of the layer
 *
 * Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth", ECCV 2016, arXiv 1603.09382. There a batch drops a layer as
 * one and prediction scales it by 1 - rate; here each example draws, and scaling is done while learning.
 */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Dropout } from "../../network/silencing.ts";
import { mustBeRate } from "./ranges.ts";
import type { DropoutOptions } from "./standard.ts";

/** `rate` from 0 to 1, without 1; default 0.5. Throws ValueError beyond. */
export function stochasticDepth({ rate = 0.5 }: DropoutOptions = {}): Dropout {
  mustBeRate("stochasticDepth", "rate", rate);
  const louder = 1 / (1 - rate);
  return {
    name: "stochastic-depth",
    options: { rate },
    attach(population) {
      let [layout, free] = [-1, false];
      return {
        draw(layer) {
          const { network } = layer;
          if (network.layout !== layout) [layout, free] = [network.layout, hasWayRound(network, population)];
          let [last, mask] = [-1, 1];
          layer.fill((row) => {
            const example = Math.floor(row / layer.positions);
            if (example !== last) {
              last = example;
              mask = !free ? 1 : layer.uniformOfLayer(example) < rate ? 0 : louder;
            }
            return mask;
          });
        },
      };
    },
  };
}

/** Whether activity reaches the outputs without this population. */
function hasWayRound({ populations, projections, inputs, outputs }: Network, population: Population): boolean {
  const reached = new Set([inputs]);
  for (const next of populations) {
    if (next === population) continue;
    if (projections.some(({ pre, post }) => post === next && reached.has(pre))) reached.add(next);
  }
  return reached.has(outputs);
}
