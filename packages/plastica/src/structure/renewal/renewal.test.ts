import { expect, test } from "vitest";
import { adam } from "../../rules/index.ts";
import { example, learnerWith, through } from "../cycle/cycle.testing.ts";
import { beginOptimiserAnew, rejuvenate, returnToBirth, stretch } from "./renewal.ts";
import { Surge } from "./surge.ts";

test("rejuvenated: what a normalised layer says stays, its weights are as long as at birth, its directions the same", () => {
  const learner = learnerWith([]);
  const { network } = learner;
  const [, , second] = network.populations;
  const { columns } = network.projections[1];
  const born = columns.packed("w");
  const length = (w: Float32Array) => Math.sqrt(w.reduce((sum, one) => sum + one * one, 0));
  through(learner, [0], 300);
  second.columns.reset("gain");
  second.columns.reset("shift");
  const [before, said] = [columns.packed("w"), [...learner.predict(example(0, 1).x)]];
  expect(stretch(network, second)).toBeCloseTo(length(before) / length(born), 6);
  rejuvenate(network, second);
  const after = columns.packed("w");
  expect(length(before)).not.toBeCloseTo(length(born), 3);
  expect(length(after)).toBeCloseTo(length(born), 5);
  after.forEach((w, i) => expect(w).toBeCloseTo((before[i] * length(born)) / length(before), 5));
  [...learner.predict(example(0, 1).x)].forEach((value, i) => expect(value).toBeCloseTo(said[i], 3));
});

test("returned to birth: the weights are those it was born with, and only what stands still is not", () => {
  const learner = learnerWith([]);
  const { network } = learner;
  const [projection] = network.projections;
  const born = projection.columns.packed("w");
  through(learner, [0], 100);
  projection.columns.add("plasticity", 1);
  projection.columns.set("plasticity", 3, 2, 0);
  const still = projection.columns.get("w", 3, 2);
  returnToBirth(network, network.populations[1], 0.5);
  const now = projection.columns.packed("w");
  now.forEach((w, i) => expect(w).toBe(i === 3 * 24 + 2 ? still : Math.fround(0.5 * born[i])));
  expect(network.populations[1].columns.packed("gain").every((gain) => gain === 1)).toBe(true);
});

test("an optimiser begun anew steps as one in its first step, and keeps the weights", () => {
  const learner = learnerWith([], adam({ lr: 0.01 }));
  const { network } = learner;
  through(learner, [0], 50);
  const weights = network.projections.map(({ columns }) => columns.packed("w"));
  beginOptimiserAnew(network);
  expect(network.projections.map(({ columns }) => columns.packed("w"))).toEqual(weights);
  const { x, y } = example(0, 77);
  learner.observe(x, y);
  // Adam's first step is of size lr wherever there is a gradient.
  network.projections.forEach(({ columns }, i) => {
    const steps = columns.packed("w").map((w, j) => Math.abs(w - weights[i][j]));
    for (const step of steps) expect(step === 0 || Math.abs(step - 0.01) < 1e-4).toBe(true);
  });
});

test("one bad example is no surge; many are", () => {
  const surge = new Surge({ fast: 50, slow: 2000, share: 0.25 });
  for (let i = 0; i < 60; i++) expect(surge.sense(2.3, 1)).toBe(false);
  for (let i = 0; i < 3000; i++) surge.sense(0.1, 1);
  expect(surge.sense(1e6, 1)).toBe(false);
  for (let i = 0; i < 200; i++) expect(surge.sense(0.1, 1)).toBe(false);
  let delay = 0;
  while (!surge.sense(2.5, 1)) delay++;
  expect(delay).toBeLessThan(25);
});
