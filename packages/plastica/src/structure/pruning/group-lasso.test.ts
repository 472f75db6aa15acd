import { expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { squaredError } from "../../credit/losses.ts";
import { ValueError } from "../../errors.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, untidy } from "../../life/testing.ts";
import type { NeuronModel } from "../../network/neuron.ts";
import { crelu, relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { momentum, sgd } from "../../rules/index.ts";
import { freeze } from "../synapses.ts";
import { type GroupLassoOptions, groupLasso } from "./group-lasso.ts";

function learnerWith(options: GroupLassoOptions, model: NeuronModel = relu(), lr = 0): Learner {
  const network = sequential({ inputs: 6, seed: 4 }, [dense(9, model), dense(7, relu()), dense(3)]);
  const structure = [groupLasso(options)];
  return live(network, { credit: backprop({ loss: squaredError() }), rule: momentum({ lr }), structure });
}

const still = (learner: Learner, updates: number) => {
  for (let i = 0; i < updates; i++) learner.observe([1, 0, -1, 0.5, 0, 1], [0, 1, 0]);
};

test.each([
  ["relu", relu()],
  ["crelu", crelu()],
])("each neuron's outgoing weights are shrunk as one (%s)", (_, model) => {
  const learner = learnerWith({ strength: 0.01, every: 3, maturity: 0, deaths: false }, model);
  const [, out] = learner.network.projections;
  const before = out.columns.packed("w");
  still(learner, 5);
  const after = out.columns.packed("w");
  const each = model.planes * 7;
  for (let slot = 0; slot < 9; slot++) {
    const mine = [...before.keys()].filter((i) => Math.floor(i / 7) % 9 === slot);
    expect(mine.length).toBe(each);
    const norm = Math.sqrt(mine.reduce((sum, i) => sum + before[i] ** 2, 0));
    const left = Math.max(0, 1 - (0.03 * Math.sqrt(each)) / norm);
    for (const i of mine) expect(after[i]).toBeCloseTo(before[i] * left, 6);
  }
  expect(learner.network.projections[0].columns.packed("w")).not.toContain(0);
});

test("synapses that stand still are not pulled, and who has one that leads somewhere does not die", () => {
  const learner = learnerWith({ strength: 0.9, every: 1, maturity: 0 });
  const { network } = learner;
  const [, out, readout] = network.projections;
  const { columns } = out;
  freeze(network, readout, [...Array(21).keys()], { step: 0, cause: "test" });
  // All of the first neuron's synapses, and of the second's all but the first; the third learns at half the pace.
  const frozen = Array.from({ length: 14 }, (_, i) => i).filter((i) => i !== 7);
  freeze(network, out, frozen, { step: 0, cause: "test" });
  for (let lane = 0; lane < 7; lane++) columns.set("plasticity", 2, lane, 0.5);
  const before = columns.packed("w");
  const [first, second, third] = network.population("hidden1").neurons.map(({ id }) => id);
  still(learner, 1);
  expect(network.population("hidden1").neurons.map(({ id }) => id)).toEqual([first, second, third]);
  const after = columns.packed("w");
  for (const place of frozen) expect(after[place]).toBe(before[place]);
  expect(Math.abs(after[7])).toBe(0);
  for (let place = 14; place < 21; place++) expect(after[place]).toBeCloseTo(before[place] / 2, 6);
});

test("neurons whose group is 0 die, but the last, and a life goes on from its snapshot", () => {
  const [one, two] = [
    learnerWith({ strength: 0.004, maturity: 20 }, relu(), 0.01),
    learnerWith({ strength: 0.004, maturity: 20 }, relu(), 0.01),
  ];
  const events = eventsOf(one);
  const learn = (learner: Learner, from: number, to: number) => {
    for (let i = from; i < to; i++) learner.observe([i % 3, 1, -1, i % 2, 0, 1], [i % 2, 1, 0]);
  };
  learn(one, 0, 25);
  const newborns = one.grow("hidden2", 3);
  learn(one, 25, 31);
  expect(one.network.population("hidden2").neurons.map(({ id }) => id)).toEqual(expect.arrayContaining([...newborns]));
  two.restore(one.snapshot());
  learn(one, 31, 400);
  learn(two, 31, 400);
  expect(two.fingerprint()).toBe(one.fingerprint());
  expect(events.filter(({ type }) => type === "died").length).toBeGreaterThan(0);
  expect(one.network.populations.slice(1, 3).every(({ size }) => size >= 1)).toBe(true);
  expect(untidy(one.network)).toEqual([]);
});

/** A target that two hidden neurons can make, learned by forty: how many are left, and how well they do. */
function afterLearning(structure: ReturnType<typeof groupLasso>[]): { size: number; loss: number } {
  const network = sequential({ inputs: 4, seed: 2 }, [dense(40, relu()), dense(1)]);
  const learner = live(network, { credit: backprop({ loss: squaredError() }), rule: sgd({ lr: 0.02 }), structure });
  const draw = (i: number) => {
    const x = Array.from({ length: 4 }, (_, j) => ((i * 7919 + j * 104729 + ((i * j) % 13) * 31) % 200) / 100 - 1);
    return { x, y: [Math.max(0, x[0] + x[1]) - Math.max(0, x[2] - x[3])] };
  };
  let loss = 0;
  for (let i = 0; i < 12_000; i++) {
    const { x, y } = draw(i);
    const seen = learner.observe(x, y);
    if (i >= 11_000) loss += seen.loss / 1000;
  }
  return { size: network.population("hidden1").size, loss };
}

test("it finds a small network where a large one is not needed", () => {
  const [with40, pulled] = [afterLearning([]), afterLearning([groupLasso({ strength: 1e-4 })])];
  expect(with40.size).toBe(40);
  expect(pulled.size).toBeLessThan(12);
  expect(pulled.loss).toBeLessThan(with40.loss + 0.001);
});

test("options out of range say so", () => {
  expect(() => groupLasso({ strength: -1 })).toThrow(ValueError);
  expect(() => groupLasso({ strength: -1 })).toThrow("strength is -1: a weight from 0 to 1");
  expect(() => groupLasso({ maturity: -1 })).toThrow("maturity is -1: a whole number of updates from 0");
  expect(() => groupLasso({ every: 0 })).toThrow("every is 0: a whole number of updates from 1");
});
