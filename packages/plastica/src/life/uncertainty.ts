/**
 * How sure a network is, by Monte Carlo: the same input is passed through with several drawn masks (of dropout), and what the answers
 * have in common and where they part says what is known and what is not.
 *
 *   mean = mean_s p_s,   deviation = standard deviation over s of p_s
 *   entropy = H[mean_s p_s]                            how unsure the answer is, for whatever reason
 *   information = H[mean_s p_s] - mean_s H[p_s]        how much of that is the network not knowing (BALD's mutual information)
 *
 * p is the softmax of outputs, or the sigmoid of each, as the loss takes them; entropies in nats. Where outputs are values, mean and
 * deviation are theirs, and there are no entropies: NaN.
 *
 * Gal and Ghahramani, "Dropout as a Bayesian approximation", ICML 2016, arXiv 1506.02142; Houlsby et al., arXiv 1112.5745 (information).
 */
import { exponential, ln } from "../compute/elementary.ts";
import type { Loss } from "../credit/loss.ts";

type Logits = Loss["logits"];

export interface Uncertainty {
  /** An output each: of probabilities, or of values. */
  readonly mean: Float64Array;
  /** Population standard deviation over the samples; of probabilities, or of values. */
  readonly deviation: Float64Array;
  /** Predictive entropy, in nats, from 0 to ln n; summed over outputs that are a yes or no each. */
  readonly entropy: number;
  /** Mutual information of answer and mask, in nats, from 0 to `entropy`. */
  readonly information: number;
}

/** Of `samples` answers of `n` outputs each, one after the other. */
export function uncertaintyOf(outputs: Float32Array, samples: number, logits: Logits): Uncertainty {
  const n = outputs.length / samples;
  const mean = new Float64Array(n);
  const squares = new Float64Array(n);
  let entropies = 0;
  const answers = Array.from({ length: samples }, (_, s) => chances(outputs.subarray(s * n, (s + 1) * n), logits));
  for (const answer of answers) {
    answer.forEach((p, j) => {
      mean[j] += p / samples;
    });
    entropies += entropyOf(answer, logits) / samples;
  }
  for (const answer of answers) {
    answer.forEach((p, j) => {
      squares[j] += ((p - mean[j]) * (p - mean[j])) / samples;
    });
  }
  const entropy = entropyOf(mean, logits);
  // By rounding it may come out a little below 0, which it never is.
  return { mean, deviation: squares.map(Math.sqrt), entropy, information: Math.max(0, entropy - entropies) };
}

function chances(outputs: Float32Array, logits: Logits): Float64Array {
  if (logits === undefined) return Float64Array.from(outputs);
  if (logits === "each") return Float64Array.from(outputs, (x) => 1 / (1 + exponential(-x)));
  const peak = outputs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const likely = Float64Array.from(outputs, (x) => exponential(x - peak));
  const total = likely.reduce((a, b) => a + b, 0);
  return likely.map((p) => p / total);
}

function entropyOf(chance: Float64Array, logits: Logits): number {
  if (logits === undefined) return Number.NaN;
  const surprise = (p: number) => (p > 0 ? -p * ln(p) : 0);
  return chance.reduce((sum, p) => sum + surprise(p) + (logits === "each" ? surprise(1 - p) : 0), 0);
}
