import { expect, test } from "vitest";
import { uniform } from "../compute/random.ts";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { sgd } from "../rules/synaptic/index.ts";
import { mapExamples, mapNetwork } from "./maps.testing.ts";
import { relu, tanh } from "./neurons.ts";
import { dense, sequential } from "./sequential.ts";

const lifeOf = (net = mapNetwork("batch norm")): Learner =>
  live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0 }) });
const { xs, ys } = mapExamples(5);
const column = ({ network }: Learner, population: number, name: string) =>
  network.populations[population].columns.packed(name);

/** What came into a population in the last pass, by neuron. */
function inputs({ network }: Learner, population: number, rows: number): number[][] {
  const { input, size, capacity, compute } = network.populations[population];
  const at = (row: number, slot: number) => compute.arena.f32[(input >>> 2) + row * capacity + slot];
  return Array.from({ length: size }, (_, slot) => Array.from({ length: rows }, (_, row) => at(row, slot)));
}

const mean = (all: readonly number[]) => all.reduce((sum, x) => sum + x, 0) / all.length;

test.each([
  ["channels, over examples and positions", 1, 5 * 20],
  ["neurons, over examples", 2, 5],
])("running statistics of %s", (_, population, rows) => {
  const learner = lifeOf();
  learner.observeBatch(xs.flat(), ys);
  inputs(learner, population, rows).forEach((seen, slot) => {
    const about = mean(seen);
    const variance = seen.reduce((sum, x) => sum + (x - about) ** 2, 0) / (rows - 1);
    expect(column(learner, population, "running.mean")[slot]).toBeCloseTo(0.1 * about, 6);
    expect(column(learner, population, "running.var")[slot]).toBeCloseTo(1 + 0.1 * (variance - 1), 6);
  });
});

test("a dense layer that learns from one example takes it into running statistics, by which it is normalised", () => {
  const learner = lifeOf();
  learner.observeBatch(xs.flat(), ys);
  const before = ["running.mean", "running.var"].map((name) => column(learner, 2, name));
  learner.observe(xs[1], ys[1]);
  inputs(learner, 2, 1).forEach(([x], slot) => {
    const [about, variance] = before.map((values) => values[slot]);
    const after = about + 0.1 * (x - about);
    expect(column(learner, 2, "running.mean")[slot]).toBeCloseTo(after, 6);
    expect(column(learner, 2, "running.var")[slot]).toBeCloseTo(
      variance + 0.1 * ((x - about) * (x - after) - variance),
      6,
    );
  });
});

test("prediction, evaluation and what cannot be learned leave them alone", () => {
  const learner = lifeOf();
  learner.observeBatch(xs.flat(), ys);
  const before = learner.fingerprint();
  learner.predictBatch(xs.flat(), 5);
  learner.evaluate({ count: 5, xs: xs.flat(), ys });
  learner.examine({ count: 5, xs: xs.flat(), ys }, {});
  expect(() => learner.observeBatch(xs.flat(), [0, 1, 2, 3, 9])).toThrow("label 9");
  expect(learner.fingerprint()).toBe(before);
});

test("a channel that is born begins with statistics of its own", () => {
  const learner = lifeOf();
  for (let i = 0; i < 3; i++) learner.observeBatch(xs.flat(), ys);
  const before = column(learner, 1, "running.var");
  learner.grow("hidden1", 1);
  expect([...column(learner, 1, "running.var")]).toEqual([...before, 1]);
  expect(column(learner, 1, "running.mean")[5]).toBe(0);
  expect(column(learner, 1, "gain")[5]).toBe(1);
});

test("one norm at a time", () => {
  expect(() => sequential({ inputs: 2 }, [dense(3, relu(), { layerNorm: true, batchNorm: true }), dense(2)])).toThrow(
    "hidden1 is normalised by layer and by batch: one of these can be chosen",
  );
});

/** The mean loss of the last batches on two classes that a narrow, deep network has to tell apart in inputs far from 0. */
function lossAfter(batchNorm: boolean): number {
  const layers = Array.from({ length: 6 }, () => dense(12, tanh(), { batchNorm }));
  const net = sequential({ inputs: 4, seed: 3 }, [...layers, dense(2)]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.1 }) });
  let sum = 0;
  for (let step = 0; step < 150; step++) {
    const u = Float32Array.from({ length: 64 }, (_, i) => uniform({ k0: 8, k1: 1 }, 64 * step + i));
    const ys = Array.from({ length: 16 }, (_, e) => (u[4 * e] > u[4 * e + 1] ? 1 : 0));
    const { loss } = learner.observeBatch(
      u.map((x) => 20 + 5 * x),
      ys,
    );
    if (step >= 120) sum += loss / 30;
  }
  return sum;
}

test("what it is for: a deep network learns from inputs that are far from 0", () => {
  const [without, within] = [lossAfter(false), lossAfter(true)];
  expect(within).toBeLessThan(0.6 * without);
});
