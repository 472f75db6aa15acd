/**
 * The forward pass once more, in float64 and in the plainest way, straight from a network's packed columns: what tests hold
 * networks to.
 */
import type { Network } from "./network.ts";
import type { neuronModels } from "./neurons.ts";
import type { Population } from "./population.ts";

const positive = (x: number) => Math.max(x, 0);

/** erf by its series, which is exact enough below 4; beyond it is 1 to 1.5e-8. */
function erf(x: number): number {
  if (Math.abs(x) >= 4) return Math.sign(x);
  let [sum, term] = [0, x];
  for (let k = 0; k < 120; k++) {
    sum += term / (2 * k + 1);
    term *= (-x * x) / (k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** What a neuron of each model makes of its input, plane by plane. */
export const models: Record<keyof typeof neuronModels, (x: number) => number[]> = {
  linear: (x) => [x],
  relu: (x) => [positive(x)],
  "leaky-relu": (x) => [x > 0 ? x : 0.01 * x],
  tanh: (x) => [Math.tanh(x)],
  sigmoid: (x) => [1 / (1 + Math.exp(-x))],
  gelu: (x) => [(x / 2) * (1 + erf(x / Math.SQRT2))],
  softplus: (x) => [Math.log1p(Math.exp(x))],
  crelu: (x) => [positive(x), positive(-x)],
};

/** The outputs of every population for one example; plane after plane. */
export function forward(network: Network, x: readonly number[]): Map<Population, number[]> {
  const outputs = new Map<Population, number[]>([[network.inputs, [...x]]]);
  for (const population of network.populations.slice(1)) {
    const column = (name: string, otherwise: number) =>
      population.columns.has(name) ? [...population.columns.packed(name)] : population.neurons.map(() => otherwise);
    let input = column("bias", 0);
    for (const { pre, columns } of network.incoming(population)) {
      const w = columns.packed("w");
      const from = outputs.get(pre)!;
      input = input.map((sum, j) => from.reduce((s, value, i) => s + value * w[i * population.size + j], sum));
    }
    if (population.norm) {
      const mean = input.reduce((sum, v) => sum + v, 0) / input.length;
      const variance = input.reduce((sum, v) => sum + (v - mean) ** 2, 0) / input.length;
      const [gain, shift] = [column("gain", 1), column("shift", 0)];
      input = input.map((v, j) => (gain[j] * (v - mean)) / Math.sqrt(variance + 1e-5) + shift[j]);
    }
    const fired = input.map(models[population.model.name as keyof typeof models]);
    outputs.set(
      population,
      fired[0].flatMap((_, plane) => fired.map((planes) => planes[plane])),
    );
  }
  return outputs;
}
