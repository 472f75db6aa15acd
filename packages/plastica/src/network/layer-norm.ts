/**
 * Layer normalisation of a population's summed input, before its model (Ba, Kiros and Hinton, arXiv 1607.06450):
 *
 *   x^_j = (x_j - mean(x)) / sqrt(var(x) + 1e-5),   drive_j = gain_j * x^_j + shift_j
 *
 * over the live neurons of one example; of a map over all its channels and positions, as PyTorch's GroupNorm(1, channels) and, but for the
 * gains, LayerNorm([channels, height, width]). `gain` (from 1) and `shift` (from 0), one a neuron or channel, are columns of the population,
 * trained by its rule.
 */
import type { Normalisation } from "./normalisation.ts";
import type { Population } from "./population.ts";

export class LayerNorm implements Normalisation {
  readonly kind = "layer";
  /** gain * x^ + shift, the model's input. */
  drive = 0;
  /** What `gain` and `shift` learn from: dLoss / dGain and dLoss / dShift, example by example. */
  gainSignal = 0;
  shiftSignal = 0;
  /** x^, and the sum of squared deviations of each example. */
  #normal = 0;
  #squares = 0;
  #gain = 0;
  #shift = 0;
  readonly #population: Population;

  constructor(population: Population) {
    this.#population = population;
    population.columns.add("gain", 1);
    population.columns.add("shift", 0);
  }

  /** Bytes of the buffers that its population must give it for `batch` examples. */
  sizes(batch: number): number[] {
    const { positions, stride } = this.#population;
    const cells = batch * positions * stride;
    return [cells, cells, cells, cells, batch * 4];
  }

  place(buffers: readonly number[]): void {
    [this.drive, this.#normal, this.gainSignal, this.shiftSignal, this.#squares] = buffers;
  }

  point(): void {
    const { columns } = this.#population;
    this.#gain = columns.pointer("gain");
    this.#shift = columns.pointer("shift");
  }

  forward(examples: number): void {
    const { compute, input, stride, size, positions } = this.#population;
    compute.kernels.normaliseLayer(
      this.drive,
      this.#normal,
      this.#squares,
      input,
      stride,
      this.#gain,
      this.#shift,
      size,
      positions,
      0,
      examples,
    );
  }

  /** Turns the population's `signal`, dLoss / dDrive, into dLoss / dInput. */
  backward(examples: number): void {
    const { compute, signal, stride, size, positions } = this.#population;
    compute.kernels.denormaliseLayer(
      signal,
      this.gainSignal,
      this.shiftSignal,
      this.#normal,
      this.#squares,
      stride,
      this.#gain,
      size,
      positions,
      0,
      examples,
    );
  }
}
