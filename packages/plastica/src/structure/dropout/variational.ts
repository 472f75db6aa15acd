/**
 * Variational dropout: Gaussian dropout whose variance alpha is learned, for a layer or for each neuron, along with the weights. What it
 * minimises is the loss and a pull towards noise, the divergence from a prior that knows no scale:
 *
 *   mask = 1 + sqrt(alpha) * epsilon,   epsilon ~ Normal(0, 1)
 *   -KL(alpha) = k1 * sigmoid(k2 + k3 * ln alpha) - ln(1 + 1 / alpha) / 2 - k1,   k1, k2, k3 = 0.63576, 1.87320, 1.48695
 *   d mask / d ln alpha = (mask - 1) / 2
 *   ln alpha <- ln alpha - lr * (sum over examples of dLoss/dMask * (mask - 1) / 2 + divergence * dKL / d ln alpha)
 *
 * Kingma, Salimans and Welling, "Variational dropout and the local reparameterization trick", NIPS 2015, arXiv 1506.02557; the divergence as
 * Molchanov, Ashukha and Vetrov fit it, ICML 2017, arXiv 1701.05369. Noise is on activities (their type A), so there is one divergence for
 * each neuron, not for each weight. alpha is at most `most`, by default Kingma's 1; a step of plain gradient descent, not Adam.
 */
import { exponential, ln } from "../../compute/elementary.ts";
import type { Dropout } from "../../network/silencing.ts";
import { LayerValue, mustBePer } from "./layer-value.ts";
import { must, mustBePositive } from "./ranges.ts";

export interface VariationalDropoutOptions {
  /** The variance that a layer, or a newborn, begins with: from 1e-4 to `most`. Default 0.1. */
  alpha?: number;
  /** "neuron" (default) or "layer": who has an alpha of its own. */
  per?: string;
  /** Weight of the divergence: 1 / number of examples there are, in theory. From 0; default 1e-4. */
  divergence?: number;
  /** Step size of ln alpha: from 0. Default 0.1. */
  lr?: number;
  /** The largest alpha: from 1e-4 to 100. Default 1. */
  most?: number;
}

/** Below it there is no noise to speak of. */
const LEAST = 1e-4;

/** Throws ValueError for options out of their range. */
export function variationalDropout(options: VariationalDropoutOptions = {}): Dropout {
  const { alpha = 0.1, per = "neuron", divergence = 1e-4, lr = 0.1, most = 1 } = options;
  const kind = "variationalDropout";
  must(kind, "most", most, most >= LEAST && most <= 100, `from ${LEAST} to 100`);
  must(kind, "alpha", alpha, alpha >= LEAST && alpha <= most, `from ${LEAST} to ${most}`);
  mustBePer(kind, per);
  mustBePositive(kind, "divergence", divergence);
  mustBePositive(kind, "lr", lr);
  const [low, high] = [ln(LEAST), ln(most)];
  return {
    name: "variational",
    options: { alpha, per, divergence, lr, most },
    attach(population) {
      const logAlpha = new LayerValue(population, "logAlpha", ln(alpha), per);
      return {
        columns: logAlpha.own,
        draw(layer) {
          layer.normal((slot) => Math.sqrt(exponential(logAlpha.get(slot))));
        },
        learn(layer) {
          const pull = (slot: number) => {
            let sum = 0;
            for (let row = 0; row < layer.rows; row++) sum += (layer.pull(row, slot) * (layer.at(row, slot) - 1)) / 2;
            return sum;
          };
          logAlpha.learn(population.size, pull, (value, sum, slots) => {
            const moved = value - lr * (sum + divergence * slots * divergenceSlope(value));
            return Math.min(high, Math.max(low, moved));
          });
        },
      };
    },
  };
}

/** dKL / d ln alpha: negative, as more noise is nearer to the prior. */
export function divergenceSlope(logAlpha: number): number {
  const s = 1 / (1 + exponential(-(1.8732 + 1.48695 * logAlpha)));
  return -(0.63576 * 1.48695 * s * (1 - s)) - 0.5 / (1 + exponential(logAlpha));
}
