/** Weights that are changed other than by learning, while nobody is born or dies. And injection, in which some are. */
import { expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { ShapeError, ValueError } from "../../errors.ts";
import { live } from "../../life/learner.ts";
import { eventsOf, example, observe } from "../../life/testing.ts";
import { crelu, relu } from "../../network/neurons.ts";
import { conv, dense, sequential } from "../../network/sequential.ts";
import { sgd } from "../../rules/index.ts";
import { prune } from "../synapses.ts";
import { packnet } from "../tasks/packnet.ts";
import { learn, said } from "../tasks/tasks.testing.ts";
import { fire, nearestIsometry } from "./fire.ts";
import { hareAndTortoise } from "./hare-and-tortoise.ts";
import { periodicShrinkAndPerturb } from "./periodic-shrink-and-perturb.ts";
import { injectPlasticity, plasticityInjection } from "./plasticity-injection.ts";
import { lifeUnder } from "./turnover.testing.ts";

test("hare and tortoise: the running mean of the weights, put back in time", () => {
  const learner = lifeUnder(hareAndTortoise({ decay: 0.75, every: 8 }));
  const events = eventsOf(learner);
  const { columns } = learner.network.projections[1];
  const mean = Float64Array.from(columns.packed("w"));
  for (let i = 0; i < 7; i++) {
    observe(learner, i, i + 1);
    columns.packed("w").forEach((w, j) => {
      mean[j] += (w - mean[j]) / 4;
    });
  }
  expect(events).toEqual([]);
  observe(learner, 7, 8);
  const slow = columns.packed("hare-and-tortoise.w");
  expect(columns.packed("w")).toEqual(slow);
  // The eighth update moves it by a quarter of 0.01 at most under Adam.
  slow.forEach((w, j) => expect(Math.abs(w - mean[j])).toBeLessThan(0.02));
  expect(events.map(({ type }) => type)).toEqual(["treated"]);
});

test("shrink and perturb: so much of the old, so much of a fresh draw, each time another; absent stays absent", () => {
  const learner = lifeUnder(periodicShrinkAndPerturb({ keep: 0.5, fresh: 0.25, every: 4 }), { rule: sgd({ lr: 0 }) });
  const [projection] = learner.network.projections;
  prune(learner.network, projection, [5], { step: 0, cause: "test" });
  const before = projection.columns.packed("w");
  const added = [0, 1].map((round) => {
    const w = projection.columns.packed("w");
    observe(learner, 4 * round, 4 * round + 4);
    return projection.columns.packed("w").map((now, i) => (now - 0.5 * w[i]) / 0.25);
  });
  const spread = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  expect(spread(added[0]) / spread(before)).toBeGreaterThan(0.7);
  expect(spread(added[0]) / spread(before)).toBeLessThan(1.4);
  expect(added[0]).not.toEqual(added[1]);
  expect(projection.columns.packed("w")[5]).toBe(0);
});

test.each([hareAndTortoise({ decay: 0.9, every: 20 }), periodicShrinkAndPerturb({ every: 20 }), fire({ every: 20 })])(
  "$name leaves what stands still as it is: a task that packnet keeps is answered as before",
  (policy) => {
    const network = sequential({ inputs: 8, seed: 3 }, [dense(12, relu(), { layerNorm: true }), dense(6)]);
    const structure = [packnet({ retrain: 32, remember: 64 }), policy];
    const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.1 }), structure });
    learn(learner, 0, 0, 110);
    learner.endTask();
    const before = said(learner, 0);
    learn(learner, 1, 0, 110);
    expect(said(learner, 0)).toEqual(before);
  },
);

test.each([
  [6, 4],
  [4, 6],
  [5, 5],
])("fire: the nearest isometry of %i by %i", (rows, lanes) => {
  const matrix = Float64Array.from({ length: rows * lanes }, (_, i) => ((i * i * 31 + i * 7) % 17) / 8 - 1);
  const x = nearestIsometry(matrix, rows, lanes, 40);
  const tall = rows >= lanes;
  const at = (m: Float64Array, i: number, j: number) => (tall ? m[i * lanes + j] : m[j * lanes + i]);
  const [long, short] = tall ? [rows, lanes] : [lanes, rows];
  let [product, likeness] = [0, 0];
  for (let a = 0; a < short; a++) {
    for (let b = 0; b < short; b++) {
      let dot = 0;
      for (let i = 0; i < long; i++) dot += at(x, i, a) * at(x, i, b);
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 9);
    }
  }
  // Nearest: X' W is symmetric and positive.
  for (let a = 0; a < short; a++) {
    for (let b = 0; b < short; b++) {
      let [ab, ba] = [0, 0];
      for (let i = 0; i < long; i++) {
        ab += at(x, i, a) * at(matrix, i, b);
        ba += at(x, i, b) * at(matrix, i, a);
      }
      expect(ab).toBeCloseTo(ba, 8);
    }
  }
  for (let i = 0; i < x.length; i++) {
    product += x[i] * matrix[i];
    likeness += matrix[i] * matrix[i];
  }
  expect(product).toBeGreaterThan(0.5 * Math.sqrt(likeness * short));
});

test("fire as a policy: weights become isometric, and twice as wide means longer", () => {
  const learner = lifeUnder(fire({ every: 5, iterations: 40 }), { rule: sgd({ lr: 0 }) });
  observe(learner, 0, 5);
  const { columns, fanIn, post } = learner.network.projections[1];
  const w = columns.packed("w");
  const length = (lane: number) =>
    Math.sqrt(Array.from({ length: fanIn }, (_, i) => w[i * post.size + lane] ** 2).reduce((a, b) => a + b));
  for (let lane = 0; lane < post.size; lane++) expect(length(lane)).toBeCloseTo(Math.sqrt(post.size / fanIn), 4);
});

test.each([relu(), crelu()])(
  "plasticity injection into $name: the outputs stay, what was learned stands still, and it learns",
  (model) => {
    const learner = lifeUnder(plasticityInjection({ at: 40 }), { model });
    const events = eventsOf(learner);
    const ask = () => Array.from({ length: 8 }, (_, i) => [...learner.predict(example(500 + i, 7, 3).x)]).flat();
    observe(learner, 0, 39);
    const twin = lifeUnder(plasticityInjection({ at: 1e6 }), { model });
    observe(twin, 0, 40);
    observe(learner, 39, 40);
    const before = Array.from({ length: 8 }, (_, i) => [...twin.predict(example(500 + i, 7, 3).x)]).flat();
    ask().forEach((value, i) => expect(Math.abs(value - before[i])).toBeLessThan(1e-5));
    expect(learner.network.population("hidden2").size).toBe(24);
    const [, into, out] = learner.network.projections;
    const [w, v] = [into.columns.packed("w"), out.columns.packed("w")];
    observe(learner, 40, 120);
    const [w2, v2] = [into.columns.packed("w"), out.columns.packed("w")];
    const moved = (a: Float32Array, b: Float32Array, lanes: number, of: (i: number) => number) => {
      const slots = new Set<number>();
      a.forEach((value, i) => value !== b[i] && slots.add(of(i) % lanes));
      return [...slots].sort((x, y) => x - y);
    };
    const young = [8, 9, 10, 11, 12, 13, 14, 15];
    for (const slot of moved(w, w2, 24, (i) => i)) expect(young).toContain(slot);
    for (const slot of moved(v, v2, 24, (i) => Math.floor(i / 3))) expect(young).toContain(slot);
    expect(moved(v, v2, 24, (i) => Math.floor(i / 3)).length).toBeGreaterThan(2);
    expect(events.filter(({ type }) => type === "born").length).toBe(1);
  },
);

test("plasticity injection that cannot be done any more is refused, and the life goes on", () => {
  const learner = lifeUnder(plasticityInjection({ at: 5 }));
  const events = eventsOf(learner);
  for (const { name } of learner.network.hidden) learner.removeLayer(name);
  observe(learner, 0, 10);
  expect(events.at(-1)).toMatchObject({
    ...{ type: "decided", step: 5, proposal: "injection", outcome: "refused" },
    why: "plasticity injection needs a hidden population",
  });
});

test("plasticity injection helps a network whose plasticity is gone", () => {
  const losses = [60, 1e6].map((at) => {
    const learner = lifeUnder(plasticityInjection({ at }), { rule: sgd({ lr: 0.05 }) });
    const { network } = learner;
    // All of the last hidden layer is dead.
    const { columns, size } = network.population("hidden2");
    for (let slot = 0; slot < size; slot++) columns.set("bias", 0, slot, -1e3);
    let sum = 0;
    for (let i = 0; i < 2000; i++) {
      const { x } = example(i, 7, 3);
      const seen = learner.observe(x, x[0] > -0.2 ? 2 : x[1] > -0.2 ? 1 : 0);
      if (i >= 1500) sum += seen.loss / 500;
    }
    return sum;
  });
  expect(losses[0]).toBeLessThan(0.6 * losses[1]);
});

test("what lies out of range, or cannot be injected into, is named", () => {
  expect(() => hareAndTortoise({ decay: 1 })).toThrow(ValueError);
  expect(() => periodicShrinkAndPerturb({ keep: 2 })).toThrow("keep is 2");
  expect(() => fire({ iterations: 0 })).toThrow("iterations is 0");
  expect(() => plasticityInjection({ at: 0 })).toThrow("at is 0");
  expect(() => lifeUnder(plasticityInjection(), { widths: [] })).toThrow(ShapeError);
  const image = { height: 4, width: 4, channels: 2 };
  const grouped = conv(4, relu(), { kernel: 3, groups: 2 });
  const network = sequential({ inputs: image, seed: 1 }, [conv(4, relu(), { kernel: 1 }), grouped, dense(2)]);
  const refusal = "plasticity-injection in hidden2: hidden1-hidden2 has groups";
  expect(() => injectPlasticity(network, { step: 0, cause: "test" })).toThrow(refusal);
  const options = { credit: backprop({ loss: crossEntropy() }), rule: sgd(), structure: [plasticityInjection()] };
  expect(() => live(network, options)).toThrow(refusal);
});
