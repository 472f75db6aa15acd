/**
 * The engine beside PyTorch: gradients of every neuron model, loss and batch size, and weights after 1,000 steps of each
 * rule. What PyTorch says is in torch.fixture.json, which bench/torch/reference.py writes; the tests need no PyTorch.
 */
import { expect, test } from "vitest";
import { type Learner, live } from "../life/learner.ts";
import { crelu, neuronModels, relu, softplus, tanh } from "../network/neurons.ts";
import { averagePool, globalAverage, maxPool } from "../network/pooling.ts";
import { conv, dense, type LayerSpec, sequential } from "../network/sequential.ts";
import { adagrad, adam, adamW, momentum, nesterov, rmsprop, sgd } from "../rules/synaptic/index.ts";
import { l2 } from "../rules/terms/index.ts";
import { birth, death } from "../structure/structure.ts";
import { backprop } from "./backprop.ts";
import { crossEntropy, losses } from "./losses.ts";
import { drawnNetwork, drawParameters, draws, gradients, type Parameters, parameters, stream } from "./testing.ts";
import fixture from "./torch.fixture.json" with { type: "json" };

const found = fixture as {
  gradients: Record<string, Record<string, string>>;
  training: Record<string, Record<string, string>>;
  changing: Record<string, Record<string, string>>;
  maps: Record<string, Record<string, string>>;
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

const maps: Record<string, LayerSpec[]> = {
  "stride and padding": [conv(5, tanh(), { kernel: [3, 2], stride: [2, 1], padding: [1, 2] })],
  pools: [
    conv(6, relu(), { kernel: 3, padding: 1, pool: maxPool(2) }),
    conv(5, tanh(), { kernel: 2, pool: averagePool([2, 1], { stride: 1 }) }),
  ],
  "pools that overlap": [conv(4, relu(), { kernel: 2, pool: maxPool(3, { stride: [1, 2] }) })],
  "global average": [conv(9, softplus(), { kernel: 3, padding: 1, pool: globalAverage() })],
  groups: [conv(6, tanh(), { kernel: 3, groups: 3 }), conv(4, relu(), { kernel: 2, groups: 2 })],
  "two planes": [conv(3, crelu(), { kernel: 3, pool: maxPool(2) }), conv(5, crelu(), { kernel: 2 })],
  "layer norm": [conv(5, tanh(), { kernel: 3, layerNorm: true, pool: maxPool(2) })],
  "batch norm": [
    conv(5, relu(), { kernel: 3, batchNorm: true, pool: maxPool(2) }),
    conv(4, tanh(), { kernel: 2, batchNorm: true }),
  ],
};

test("the fixture holds every network of maps", () => {
  expect(Object.keys(found.maps)).toEqual(Object.keys(maps));
});

test.each(Object.entries(found.maps))("gradients of maps: %s", (kind, right) => {
  const inputs = { height: 7, width: 6, channels: 3 };
  const net = sequential({ inputs, seed: 1 }, [...maps[kind], dense(3)]);
  // Between groups nothing is drawn into: there is no synapse.
  const allowed = net.projections.map(({ columns, groups }) =>
    columns.packed("w").map((_, place) => (groups && !groups.allows(place) ? 0 : 1)),
  );
  drawParameters(net, stream.parameters);
  for (const [i, { columns }] of net.projections.entries())
    columns.unpack(
      "w",
      columns.packed("w").map((w, place) => w * allowed[i][place]),
    );
  const ours = gradients(net, crossEntropy(), 3);
  expect(Math.abs(ours.loss / Number(right.loss) - 1)).toBeLessThan(1e-6);
  const largest = (values: number[]) => Math.max(...values.map(Math.abs), 0.05);
  expect(farthest(ours.gradients, right, largest)).toBeLessThan(1e-5);
  for (const { name, columns } of net.populations)
    for (const column of ["running.mean", "running.var"]) {
      if (!columns.has(column)) continue;
      numbers(right[`${name}.${column}`]).forEach((value, slot) => {
        expect(columns.get(column, 0, slot)).toBeCloseTo(value, 5);
      });
    }
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

  train(learner, batch);
  expect(farthest(parameters(net), right, () => 1)).toBeLessThan(1e-4);
});

/** PyTorch's has Adam rebuilt at each change, and the moments carried over by hand. */
test.each(Object.entries(found.changing))("three neurons are born and two die on the way, batch %s", (name, right) => {
  const [born, dead] = [3, [2, 5]];
  const net = drawnNetwork([20, 16, 12, 5], tanh(), false, stream.start);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), ...rules.adam });
  const [, hidden] = net.populations;
  const [into, out] = net.projections;
  const founders = hidden.neurons.map(({ id }) => id);
  train(learner, Number(name), (step) => {
    if (step === 300) {
      const drawn = Float32Array.from(draws(stream.newborn, born * 33), (u) => u - 0.5);
      birth(
        net,
        hidden,
        born,
        { step, cause: "test" },
        {
          incoming: new Map([[into, drawn.slice(0, 20 * born)]]),
          bias: drawn.slice(20 * born, 21 * born),
          outgoing: new Map([[out, drawn.slice(21 * born)]]),
        },
      );
    }
    if (step === 700) death(net, hidden, dead, { step, cause: "test" });
  });
  // Theirs have the old neurons before the new ones, and in their order; ours moved the last into the free places.
  const theirs = [
    ...founders.filter((_, i) => !dead.includes(i)),
    ...[...Array(born).keys()].map((i) => net.nextId - born + i),
  ];
  const slots = theirs.map((id) => hidden.neurons.findIndex((neuron) => neuron.id === id));
  const row = (name: string, length: number, i: number) => numbers(right[name]).slice(i * length, (i + 1) * length);
  let far = 0;
  const compare = (ours: number, exact: number) => (far = Math.max(far, Math.abs(ours - exact)));
  for (const [place, slot] of slots.entries()) {
    for (let i = 0; i < 20; i++) {
      const all = [...row("hidden1.w", 14, i), ...row("new.w", born, i)];
      compare(into.columns.get("w", i, slot), all[place]);
    }
    compare(
      hidden.columns.get("bias", 0, slot),
      [...numbers(right["hidden1.bias"]), ...numbers(right["new.bias"])][place],
    );
    const outgoing = place < 14 ? row("hidden2.w", 12, place) : row("new.out", 12, place - 14);
    for (const [lane, w] of outgoing.entries()) compare(out.columns.get("w", slot, lane), w);
  }
  const rest = new Map([...parameters(net)].filter(([key]) => key === "hidden2.bias" || key.startsWith("output")));
  expect(
    Math.max(
      far,
      farthest(rest, right, () => 1),
    ),
  ).toBeLessThan(1e-4);
  expect(rest.size).toBe(3);
});

/** 1,000 steps on the taught examples. `before` is told of each. */
function train(learner: Learner, batch: number, before: (step: number) => void = () => {}): void {
  const x = Float32Array.from(draws(stream.inputs, STEPS * batch * 20), (u) => 2 * u - 1);
  const labels = taught(x);
  for (let step = 0; step < STEPS; step++) {
    before(step);
    const seen = x.subarray(step * batch * 20, (step + 1) * batch * 20);
    if (batch === 1) learner.observe(seen, labels[step]);
    else learner.observeBatch(seen, labels.slice(step * batch, (step + 1) * batch));
  }
}

/** The classes that a linear teacher with weights -1, 0 and 1 gives: exact in float64, whatever the order of the sum. */
function taught(x: Float32Array): number[] {
  const teacher = draws(stream.teacher, 100).map((u) => Math.floor(3 * u) - 1);
  return Array.from({ length: x.length / 20 }, (_, row) => {
    const sums = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20; i++) for (let j = 0; j < 5; j++) sums[j] += x[row * 20 + i] * teacher[i * 5 + j];
    return sums.indexOf(Math.max(...sums));
  });
}
