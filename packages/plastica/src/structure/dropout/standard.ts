/**
 * Dropout: each neuron is silent with probability `rate`, for each example anew; those that stay speak louder for it, so that what
 * arrives further on is the same on average, and predicting needs no change.
 *
 *   mask ~ Bernoulli(1 - rate) / (1 - rate)
 *
 * Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent neural networks from overfitting",
 * JMLR 15 (2014). They scale weights when predicting; scaling while learning ("inverted") is the same on average.
 */
import type { Dropout, Silencing } from "../../network/silencing.ts";
import { mustBeRate } from "./ranges.ts";

export interface DropoutOptions {
  /** Probability of silence: from 0 to 1, without 1. Default 0.5. */
  rate?: number;
}

/** `dropout(0.5)`, or `dropout({ rate: 0.5 })`. Throws ValueError for a rate out of its range. */
export function dropout(options: number | DropoutOptions = {}): Dropout {
  const { rate = 0.5 } = typeof options === "number" ? { rate: options } : options;
  mustBeRate("dropout", "rate", rate);
  return { name: "dropout", options: { rate }, attach: () => ({ draw: (layer) => silence(layer, rate) }) };
}

/** Silences each neuron with this probability, row by row; the others make up for them. */
export function silence(layer: Silencing, rate: number): void {
  layer.bernoulli(rate, 1 / (1 - rate));
}
