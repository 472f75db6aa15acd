/**
 * Backprop beside central differences. The network is computed once more here, in float64 and in the plainest way, straight
 * from the formulas; its loss, with one parameter moved a little up and a little down, says what the gradient has to be.
 */
import { expect, test } from "vitest";
import { neuronModels } from "../network/neurons.ts";
import { losses } from "./losses.ts";
import { drawnExamples, drawnNetwork, gradients, parameters, stream } from "./testing.ts";

type Values = ReadonlyMap<string, Float64Array>;

/** erf by its series, sum (-1)^k x^(2k+1) / (k! (2k+1)): exact enough for the small inputs here. */
function erf(x: number): number {
  let [sum, term] = [0, x];
  for (let k = 0; k < 80; k++) {
    sum += term / (2 * k + 1);
    term *= (-x * x) / (k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const models: Record<keyof typeof neuronModels, (x: number[]) => number[]> = {
  linear: (x) => x,
  relu: (x) => x.map((v) => Math.max(v, 0)),
  "leaky-relu": (x) => x.map((v) => (v > 0 ? v : 0.01 * v)),
  tanh: (x) => x.map(Math.tanh),
  sigmoid: (x) => x.map((v) => 1 / (1 + Math.exp(-v))),
  gelu: (x) => x.map((v) => (v / 2) * (1 + erf(v / Math.SQRT2))),
  softplus: (x) => x.map((v) => Math.log1p(Math.exp(v))),
  crelu: (x) => [...x.map((v) => Math.max(v, 0)), ...x.map((v) => Math.max(-v, 0))],
};

const lossOf: Record<keyof typeof losses, (out: number[], target: number[]) => number> = {
  "cross-entropy": (out, target) => {
    const total = Math.log(out.reduce((sum, v) => sum + Math.exp(v), 0));
    return out.reduce((sum, v, j) => sum + target[j] * (total - v), 0);
  },
  "binary-cross-entropy": (out, target) => {
    const each = out.map((v, j) => {
      const p = 1 / (1 + Math.exp(-v));
      return -target[j] * Math.log(p) - (1 - target[j]) * Math.log(1 - p);
    });
    return each.reduce((sum, v) => sum + v, 0) / out.length;
  },
  "squared-error": (out, target) => out.reduce((sum, v, j) => sum + (v - target[j]) ** 2, 0) / out.length,
};

/** `x W + bias`, for weights `[pre][post]`. */
function weighted(x: number[], w: Float64Array, bias: Float64Array): number[] {
  return Array.from(bias, (b, j) => x.reduce((sum, v, i) => sum + v * w[i * bias.length + j], b));
}

/** To mean 0 and variance 1 over the layer, then `gain x + shift`. */
function normalised(x: number[], gain: Float64Array, shift: Float64Array): number[] {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, j) => (gain[j] * (v - mean)) / Math.sqrt(variance + 1e-5) + shift[j]);
}

function forward(model: keyof typeof models, p: Values, x: number[]): number[] {
  const at = (name: string) => p.get(name) as Float64Array;
  let hidden = weighted(x, at("hidden1.w"), at("hidden1.bias"));
  if (p.has("hidden1.gain")) hidden = normalised(hidden, at("hidden1.gain"), at("hidden1.shift"));
  return weighted(models[model](hidden), at("output.w"), at("output.bias"));
}

const STEP = 1e-5;

const cases = Object.keys(neuronModels).flatMap((model) =>
  Object.keys(losses).flatMap((loss) => [1, 3, 16].map((batch) => ({ model, loss, batch }))),
) as { model: keyof typeof neuronModels; loss: keyof typeof losses; batch: number }[];

test.each(cases)("$model, $loss, batch $batch, plain and normalised", ({ model, loss, batch }) => {
  for (const norm of [false, true]) {
    const net = drawnNetwork([5, 4, 3], neuronModels[model]({}), norm, stream.parameters);
    const values = new Map([...parameters(net)].map(([name, value]) => [name, Float64Array.from(value)]));
    const { x, y } = drawnExamples(losses[loss](), batch, 5);
    const meanLoss = () => {
      let sum = 0;
      for (let row = 0; row < batch; row++) {
        const target =
          loss === "cross-entropy"
            ? [0, 1, 2].map((j) => (y[row] === j ? 1 : 0))
            : Array.from({ length: 3 }, (_, j) => y[3 * row + j]);
        sum += lossOf[loss](forward(model, values, [...x.subarray(5 * row, 5 * row + 5)]), target);
      }
      return sum / batch;
    };

    const ours = gradients(net, losses[loss](), batch);
    expect(Math.abs(ours.loss / meanLoss() - 1)).toBeLessThan(1e-6);
    expect([...ours.gradients.keys()]).toEqual([...values.keys()]);
    for (const [name, value] of values) {
      const right = value.map((was, i) => {
        value[i] = was + STEP;
        const above = meanLoss();
        value[i] = was - STEP;
        const below = meanLoss();
        value[i] = was;
        return (above - below) / (2 * STEP);
      });
      const largest = right.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      const gradient = ours.gradients.get(name) as Float32Array;
      right.forEach((g, i) => expect(Math.abs(gradient[i] - g), `${name} ${i}`).toBeLessThan(1e-5 * largest));
    }
  }
});
