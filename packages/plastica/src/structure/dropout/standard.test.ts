import { expect, it } from "vitest";
import { relu, tanh } from "../../network/neurons.ts";
import { dropout } from "./index.ts";
import { learnerWith, masks, mean } from "./testing.ts";

it.each([0, 0.2, 0.5, 0.9])("silences a share of %f, and lets the others make up for it", (rate) => {
  const all = masks(learnerWith({ dropout: dropout(rate), sizes: [500] }), 1, { examples: 40 }).flat();
  const spread = Math.sqrt((rate * (1 - rate)) / all.length);
  expect(Math.abs(all.filter((mask) => mask === 0).length / all.length - rate)).toBeLessThanOrEqual(4 * spread);
  expect(new Set(all.filter((mask) => mask !== 0))).toEqual(new Set([Math.fround(1 / (1 - rate))]));
  expect(Math.abs(mean(all) - 1)).toBeLessThanOrEqual((4.5 * spread) / (1 - rate));
});

it("draws what its twin draws, by step, example and neuron", () => {
  const learner = learnerWith({ dropout: dropout(0.3), sizes: [23] });
  const { silencing } = learner.network.populations[1];
  const seen = new Set<string>();
  for (const step of [1, 2, 2 ** 33]) {
    for (const [row, mask] of masks(learner, step, { examples: 3 }).entries()) {
      expect(mask).toEqual(mask.map((_, slot) => (silencing!.uniform(row, slot) < 0.3 ? 0 : Math.fround(1 / 0.7))));
      seen.add(String(mask));
    }
  }
  expect(seen.size).toBe(9);
});

it.each([relu(), tanh()])("a dropped $name neuron is a silent one", (model) => {
  const learner = learnerWith({ dropout: dropout(0.5), sizes: [200], model });
  const { network } = learner;
  const population = network.populations[1];
  learner.predict(new Float32Array(6).fill(0.5));
  const active = population.active;
  masks(learner, 1);
  expect(population.active).toBeGreaterThan(0.35 * active);
  expect(population.active).toBeLessThan(0.65 * active);
  // Its outgoing weights stay as they are, to the bit, and those of the others do not.
  const before = network.projections[1].columns.packed("w");
  learner.observe(new Float32Array(6).fill(0.5), 1);
  const after = network.projections[1].columns.packed("w");
  const speaks = population.outputs(1);
  speaks.forEach((value, slot) => {
    expect(after[slot * 3] === before[slot * 3], `slot ${slot}, which says ${value}`).toBe(value === 0);
  });
});

it("silence of a whole layer leaves biases to answer, and nothing breaks", () => {
  const learner = learnerWith({ dropout: dropout(0.95), sizes: [3] });
  const silent = [1, 2, 3, 4, 5, 6].filter((step) => masks(learner, step)[0].every((mask) => mask === 0));
  expect(silent.length).toBeGreaterThan(0);
  for (let i = 0; i < 20; i++) expect(learner.observe(new Float32Array(6).fill(0.5), 1).loss).toBeLessThan(2);
});

it.each([-0.1, 1, Number.NaN])("refuses a rate of %f", (rate) => {
  expect(() => dropout(rate)).toThrow(/dropout: rate is (-0.1|1|null): it is from 0 to 1, without 1/);
});
