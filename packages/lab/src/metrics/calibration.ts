/**
 * Calibration: whether a network is as often right as it believes.
 *
 *     ECE = sum_b n_b / n | accuracy_b - confidence_b |
 *
 * over ten equal bins of the probability of the predicted class. From 0 to 1, lower is better. Naeini, Cooper and Hauskrecht 2015
 * (AAAI 29, 2901-2907); Guo et al. 2017, arXiv 1706.04599, who take fifteen bins: more bins give a larger error.
 */
import type { CalibrationBin } from "../runs/record.ts";

/** The expected calibration error; undefined where no prediction was made. */
export function calibrationError(bins: readonly CalibrationBin[]): number | undefined {
  const total = bins.reduce((sum, { examples }) => sum + examples, 0);
  if (total === 0) return undefined;
  const filled = bins.filter(({ examples }) => examples > 0); // an empty bin has no mean
  return filled.reduce((sum, bin) => sum + (bin.examples / total) * Math.abs(bin.accuracy - bin.confidence), 0);
}
