/**
 * The engine beside PyTorch: gradients of every neuron model, loss and batch size, and weights after 1,000 steps of each
 * rule. What PyTorch says is in torch.fixture.json, which bench/torch/reference.py writes; the tests need no PyTorch.
 */
import { expect, test } from "vitest";
import { live } from "../life/learner.ts";
import { neuronModels, relu, tanh } from "../network/neurons.ts";
import { adagrad, adam, adamW, momentum, nesterov, rmsprop, sgd } from "../rules/synaptic/index.ts";
import { l2 } from "../rules/terms/index.ts";
import { backprop } from "./backprop.ts";
import { crossEntropy, losses } from "./losses.ts";
import { drawnNetwork, draws, gradients, type Parameters, parameters, stream } from "./testing.ts";
import fixture from "./torch.fixture.json" with { type: "json" };

const found = fixture as {
  gradients: Record<string, Record<string, string>>;
  training: Record<string, Record<string, string>>;
};
const numbers = (text: string) => text.split(" ").map(Number);

/** Of all parameters, the largest difference from PyTorch's, as a share of `scale` of PyTorch's values. */
function farthest(ours: Parameters, theirs: Record<string, string>, scale: (values: number[]) => number): number {
  let far = 0;
  for (const [name, values] of ours) {
    const right = numbers(theirs[name]);
    expect(values.length, name).toBe(right.length);
    const unit = scale(right);
    values.forEach((value, i) => {
      far = Math.max(far, Math.abs(value - right[i]) / unit);
    });
  }
  return far;
}

const cases = Object.keys(neuronModels).flatMap((model) =>
  Object.keys(losses).flatMap((loss) =>
    [1, 3, 16].flatMap((batch) => [false, true].map((norm) => ({ model, loss, batch, norm }))),
  ),
) as { model: keyof typeof neuronModels; loss: keyof typeof losses; batch: number; norm: boolean }[];

test("the fixture holds a gradient for every model, loss, batch size and normalisation", () => {
  const names = cases.map(({ model, loss, batch, norm }) => `${model} ${loss} ${batch}${norm ? " norm" : ""}`);
  expect(Object.keys(found.gradients).sort()).toEqual(names.sort());
});

test.each(cases)("gradients of $model, $loss, batch $batch, normalised: $norm", ({ model, loss, batch, norm }) => {
  const right = found.gradients[`${model} ${loss} ${batch}${norm ? " norm" : ""}`];
  const net = drawnNetwork([5, 4, 3], neuronModels[model]({}), norm, stream.parameters);
  const ours = gradients(net, losses[loss](), batch);
  expect(Math.abs(ours.loss / Number(right.loss) - 1)).toBeLessThan(1e-6);
  // Relative to the largest gradient of the same parameter: single ones may be differences of large numbers.
  const largest = (values: number[]) => Math.max(...values.map(Math.abs));
  expect(farthest(ours.gradients, right, largest)).toBeLessThan(1e-5);
});

const rules = {
  sgd: { rule: sgd({ lr: 0.01 }) },
  "sgd, l2": { rule: sgd({ lr: 0.01 }), terms: [l2({ strength: 0.01 })] },
  momentum: { rule: momentum({ lr: 0.01, momentum: 0.9 }) },
  nesterov: { rule: nesterov({ lr: 0.01, momentum: 0.9 }) },
  adagrad: { rule: adagrad({ lr: 0.01, eps: 1e-10 }) },
  rmsprop: { rule: rmsprop({ lr: 0.001, alpha: 0.99, eps: 1e-8 }) },
  adam: { rule: adam({ lr: 0.001, b1: 0.9, b2: 0.999, eps: 1e-8 }) },
  adamw: { rule: adamW({ lr: 0.001, b1: 0.9, b2: 0.999, eps: 1e-8, weightDecay: 0.1 }) },
};
const STEPS = 1000;

test.each(Object.entries(found.training))("weights after 1,000 steps: %s", (name, right) => {
  const [model, ...middle] = name.split(", ");
  const batch = Number(middle.pop());
  const net = drawnNetwork([20, 16, 12, 5], { tanh, relu }[model]!(), false, stream.start);
  const learner = live(net, {
    credit: backprop({ loss: crossEntropy() }),
    ...rules[middle.join(", ") as keyof typeof rules],
  });

  const x = Float32Array.from(draws(stream.inputs, STEPS * batch * 20), (u) => 2 * u - 1);
  const labels = taught(x);
  for (let step = 0; step < STEPS; step++) {
    const seen = x.subarray(step * batch * 20, (step + 1) * batch * 20);
    if (batch === 1) learner.observe(seen, labels[step]);
    else learner.observeBatch(seen, labels.slice(step * batch, (step + 1) * batch));
  }
  expect(farthest(parameters(net), right, () => 1)).toBeLessThan(1e-4);
});

/** The classes that a linear teacher with weights -1, 0 and 1 gives: exact in float64, whatever the order of the sum. */
function taught(x: Float32Array): number[] {
  const teacher = draws(stream.teacher, 100).map((u) => Math.floor(3 * u) - 1);
  return Array.from({ length: x.length / 20 }, (_, row) => {
    const sums = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20; i++) for (let j = 0; j < 5; j++) sums[j] += x[row * 20 + i] * teacher[i * 5 + j];
    return sums.indexOf(Math.max(...sums));
  });
}
