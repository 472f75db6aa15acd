/**
 * A pool of normal draws, made once for a network, from which a kernel takes a row's noise for the price of a load. To draw and
 * transform anew for every synapse costs nine times as much as all the rest of an Adam step.
 *
 * The pool's second half is the first one negated, and both are scaled: its mean is exactly 0, its variance 1 to float32 rounding.
 * A row of synapses takes a window of it: lane l has pool[(start + l) mod 2^18], where `start` is an addressed draw of the step, the set
 * of synapses, the row and the noise's stream (../rules/random.ts). What that is, given the pool, beside a draw for every synapse:
 *
 * - As there: a synapse's noise over time, and the noise of synapses in different rows (those into one neuron, for example), are
 *   independent draws, from 2^18 values. No two values of a row in a step are the same place in the pool, up to 2^18 lanes.
 * - Not as there: the lanes of a row move together. Over time, the noise of two that are d apart correlates as the pool does with itself
 *   shifted by d, which is of the order of sqrt(2 / 2^18) = 0.003 and stays what it is; that of two that are 2^17 apart by -1.
 * - Not as there: the windows of two rows of n lanes overlap with probability 2 n / 2^18 and then show the same values, shifted against
 *   each other (not shifted: one pair of rows in 2^18), and as often one shows the other's negatives. With 300 lanes: one pair in 440.
 * - No draw is further from 0 than the pool's extremes, about 4.5.
 *
 * So means and variances are right, of a weight and of any sum with one synapse a row; joint statistics of the lanes of a row are right
 * to the order above.
 *
 * The precedent is the noise table of T. Salimans, J. Ho, X. Chen, S. Sidor, I. Sutskever: Evolution strategies as a scalable alternative
 * to reinforcement learning (arXiv 1703.03864), 2017, section 2.1: parameters are perturbed by slices, at random places, of one block of
 * normal draws made at the start; they say that this is not strictly independent, and found no harm in it.
 */
import { type Key, normal } from "./random.ts";

/**
 * Values in the pool, a power of two: 1 MiB, which the second-level caches of today hold beside a layer's weights. Measured on 784-300-150-10,
 * a draw takes 0.20 ns; from a pool a quarter as large 0.14 ns, for twice the correlations and four times the overlaps; from one four times
 * as large 0.32 ns.
 */
export const POOL = 2 ** 18;

/** The bytes that a pool takes: its first three values are repeated after its end, so that four can be loaded from anywhere. */
export const POOL_BYTES = (POOL + 4) * 4;

/** Fills `out`, POOL_BYTES long, with the pool of `key`. */
export function fillPool(key: Key, out: Float32Array): void {
  const half = POOL / 2;
  const draws = Float64Array.from({ length: half }, (_, i) => normal(key, i));
  const scale = 1 / Math.sqrt(draws.reduce((sum, z) => sum + z * z, 0) / half);
  for (let i = 0; i < half; i++) {
    out[i] = draws[i] * scale;
    out[half + i] = -out[i];
  }
  out.copyWithin(POOL, 0, 4);
}
