/**
 * Standout: a neuron's probability to speak follows from its own input. The belief network that says so shares the layer's weights, as
 * the authors propose, so it is the input x itself, scaled and shifted.
 *
 *   keep = sigmoid(alpha * x + beta),   learning: mask ~ Bernoulli(keep),   predicting: mask = keep
 *
 * Nothing speaks louder while learning: keep may be near 0, and 1 / keep is without bound. Credit passes through the mask, not through
 * keep. Ba and Frey, "Adaptive dropout for training deep neural networks", NIPS 2013.
 */
import { exponential } from "../../compute/elementary.ts";
import { ValueError } from "../../errors.ts";
import type { Dropout, Silencing } from "../../network/silencing.ts";
import { must } from "./ranges.ts";

export interface StandoutOptions {
  /** How much keep follows the input: from -100 to 100. Default 1. Negative: who is much excited is silenced. */
  alpha?: number;
  /** keep is sigmoid(beta) where the input is 0: from -100 to 100. Default 0. */
  beta?: number;
}

/** Throws ValueError for options out of their range, or on a map that is pooled. */
export function standout({ alpha = 1, beta = 0 }: StandoutOptions = {}): Dropout {
  must("standout", "alpha", alpha, Math.abs(alpha) <= 100, "from -100 to 100");
  must("standout", "beta", beta, Math.abs(beta) <= 100, "from -100 to 100");
  return {
    name: "standout",
    options: { alpha, beta },
    attach({ name, pool }) {
      if (pool)
        throw new ValueError(
          `standout on ${name}: what a pool puts out has no input of its own; choose another dropout`,
        );
      return {
        draw(layer) {
          const keep = keeping(layer, alpha, beta);
          layer.fill((row, slot) => (layer.uniform(row, slot) < keep(row, slot) ? 1 : 0));
        },
        mean: (layer) => layer.fill(keeping(layer, alpha, beta)),
      };
    },
  };
}

function keeping({ population }: Silencing, alpha: number, beta: number): (row: number, slot: number) => number {
  const { compute, norm, input, capacity } = population;
  const { f32 } = compute.arena;
  const at = (norm ? norm.drive : input) >>> 2;
  return (row, slot) => 1 / (1 + exponential(-(alpha * f32[at + row * capacity + slot] + beta)));
}
