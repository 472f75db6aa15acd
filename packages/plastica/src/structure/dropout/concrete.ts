/**
 * Concrete dropout: the rate p itself is learned, by the gradient through a mask that is all but 0 or 1 (the concrete distribution), against
 * a reward for entropy, without which p would go to 0.
 *
 *   z = sigmoid((ln p - ln(1 - p) + ln u - ln(1 - u)) / temperature),   u uniform,   mask = (1 - z) / (1 - p)
 *   d mask / d logit p = mask * (p - z / temperature)
 *   logit p <- logit p - lr * (sum of dLoss/dMask * d mask / d logit p - entropy * neurons * dH(p) / d logit p)
 *
 * with H(p) = -p ln p - (1 - p) ln(1 - p), so -dH / d logit p = logit p * p * (1 - p). Gal, Hron and Kendall, "Concrete dropout", NIPS 2017,
 * arXiv 1705.07832. Their term of the weights, which also grows with p, is left to l2(). A mask of less than 2^-24 is a 0: who says that
 * little is silent.
 */
import { exponential, ln } from "../../compute/elementary.ts";
import type { Dropout } from "../../network/silencing.ts";
import { LayerValue, mustBePer } from "./layer-value.ts";
import { must, mustBePositive } from "./ranges.ts";

export interface ConcreteDropoutOptions {
  /** The rate that a layer, or a newborn, begins with: between 0 and 1. Default 0.1. */
  rate?: number;
  /** "layer" (default) or "neuron": who has a rate of its own. */
  per?: string;
  /** How far the mask may be from 0 and 1: from 0.01 to 10. Default 0.1, the authors'. */
  temperature?: number;
  /** Weight of the entropy, for each neuron: 1 / number of examples there are, in theory. From 0; default 1e-4. */
  entropy?: number;
  /** Step size of logit p: from 0. Default 0.1. */
  lr?: number;
}

/** logit p stays within this: p from 0.0009 to 0.9991. */
const FARTHEST = 7;
const SILENT = 2 ** -24;

/** Throws ValueError for options out of their range. */
export function concreteDropout(options: ConcreteDropoutOptions = {}): Dropout {
  const { rate = 0.1, per = "layer", temperature = 0.1, entropy = 1e-4, lr = 0.1 } = options;
  const kind = "concreteDropout";
  must(kind, "rate", rate, rate >= 0.001 && rate <= 0.999, "from 0.001 to 0.999");
  mustBePer(kind, per);
  must(kind, "temperature", temperature, temperature >= 0.01 && temperature <= 10, "from 0.01 to 10");
  mustBePositive(kind, "entropy", entropy);
  mustBePositive(kind, "lr", lr);
  return {
    name: "concrete",
    options: { rate, per, temperature, entropy, lr },
    attach(population) {
      const logit = new LayerValue(population, "logit", ln(rate / (1 - rate)), per);
      return {
        columns: logit.own,
        draw(layer) {
          const rates = ratesOf(logit, population.size);
          layer.fill((row, slot) => {
            const u = layer.uniform(row, slot) + SILENT / 2; // never 0
            const z = 1 / (1 + exponential(-(logit.get(slot) + ln(u / (1 - u))) / temperature));
            return 1 - z < SILENT ? 0 : (1 - z) / (1 - rates[slot]);
          });
        },
        learn(layer) {
          const rates = ratesOf(logit, population.size);
          const pull = (slot: number) => {
            let sum = 0;
            for (let row = 0; row < layer.rows; row++) {
              const mask = layer.at(row, slot);
              if (mask === 0) continue;
              const z = 1 - mask * (1 - rates[slot]);
              sum += layer.pull(row, slot) * mask * (rates[slot] - z / temperature);
            }
            return sum;
          };
          logit.learn(population.size, pull, (value, sum, slots) => {
            const p = sigmoid(value);
            const moved = value - lr * (sum + entropy * slots * value * p * (1 - p));
            return Math.min(FARTHEST, Math.max(-FARTHEST, moved));
          });
        },
      };
    },
  };
}

function ratesOf(logit: LayerValue, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, slot) => sigmoid(logit.get(slot)));
}

function sigmoid(x: number): number {
  return 1 / (1 + exponential(-x));
}
