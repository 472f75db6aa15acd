/** The neuron models that come with the engine. Each is an expression; a model of your own is made in the same way. */
import { ValueError } from "../errors.ts";
import { type NeuronModel, neuron } from "./neuron.ts";

/** f(x) = x. */
export const linear = (): NeuronModel => neuron("linear", { gain: 1 }, (x) => [x]);

/** f(x) = max(x, 0). Nair and Hinton, 2010. The derivative at 0 is 0. */
export const relu = (): NeuronModel => neuron("relu", { gain: Math.SQRT2, gated: true }, (x) => [x.max(0)]);

/** f(x) = x for x > 0, else slope * x. `slope` from 0 to 1, default 0.01. Maas et al., 2013. */
export function leakyRelu({ slope = 0.01 }: { slope?: number } = {}): NeuronModel {
  if (!(slope >= 0 && slope <= 1)) throw new ValueError(`leaky-relu: slope is ${slope}: it is a number from 0 to 1`);
  const definition = { gain: Math.sqrt(2 / (1 + slope * slope)), options: { slope } };
  return neuron("leaky-relu", definition, (x) => [x.greater(0).then(x, x.mul(slope))]);
}

/** f(x) = tanh x. */
export const tanh = (): NeuronModel => neuron("tanh", { gain: 5 / 3 }, (x) => [x.tanh()]);

/** f(x) = 1 / (1 + exp(-x)). */
export const sigmoid = (): NeuronModel => neuron("sigmoid", { gain: 1 }, (x) => [x.sigmoid()]);

/** f(x) = x * Phi(x) = x / 2 * (1 + erf(x / sqrt 2)), the exact form. Hendrycks and Gimpel, arXiv 1606.08415. */
export const gelu = (): NeuronModel =>
  neuron("gelu", { gain: Math.SQRT2 }, (x) => [x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1))]);

/** f(x) = log(1 + exp x). Dugas et al., 2001. */
export const softplus = (): NeuronModel => neuron("softplus", { gain: 1 }, (x) => [x.softplus()]);

/**
 * f(x) = [max(x, 0), max(-x, 0)]: two planes, of which one is silent, so the neuron always passes something on. Shang et al.,
 * arXiv 1603.05201; against loss of plasticity, Abbas et al., arXiv 2303.07507.
 */
export const crelu = (): NeuronModel => neuron("crelu", { gain: Math.SQRT2 }, (x) => [x.max(0), x.neg().max(0)]);

/** Every model by name, for recipes and snapshots. */
export const neuronModels = {
  linear,
  relu,
  "leaky-relu": leakyRelu,
  tanh,
  sigmoid,
  gelu,
  softplus,
  crelu,
} satisfies Record<string, (options: { slope?: number }) => NeuronModel>;
