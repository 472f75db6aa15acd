import { describe, expect, test } from "vitest";
import { adam } from "../../rules/index.ts";
import { example, learnerWith, through } from "../cycle/cycle.testing.ts";
import { dropin } from "../growth/dropin.ts";
import { packnet } from "../tasks/packnet.ts";
import { hareAndTortoise } from "../turnover/hare-and-tortoise.ts";
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
  second.columns.initialiseAll(["gain"]);
  second.columns.initialiseAll(["shift"]);
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

const renewals = [
  ["returned to birth", returnToBirth],
  ["rejuvenated", rejuvenate],
] as const;

describe.each(renewals)("%s beside policies", (_, renew) => {
  test("what packnet keeps stays its own: the task is answered as before", () => {
    const learner = learnerWith([packnet({ retrain: 64, remember: 64 })]);
    const task = (classes: readonly number[], from: number) => {
      for (let i = from; i < from + 150; i++) {
        const { x, y } = example(0, i);
        if (classes.includes(y)) learner.observe(x, y, { outputs: classes });
      }
    };
    const said = () => [...learner.predict(example(0, 900).x, { outputs: [0, 1] })].slice(0, 2);
    task([0, 1], 0);
    learner.endTask();
    const before = said();
    const { network } = learner;
    renew(network, network.populations[1]);
    network.changed();
    expect(said()).toEqual(before);
    task([2, 3], 0);
    expect(said()).toEqual(before);
  });

  test("what dropin masks learns on when the mask is taken away", () => {
    const policy = dropin({ when: "schedule", where: "all", old: "masked", warmUp: 50, every: 100, cooldown: 100 });
    const learner = learnerWith([policy]);
    through(learner, [0], 110);
    const { network } = learner;
    renew(network, network.populations[1]);
    network.changed();
    through(learner, [0], 60);
    for (const { columns } of network.projections)
      if (columns.has("plasticity")) expect(columns.packed("plasticity")).not.toContain(0);
  });

  test("what begins as a copy of the weights is one of the new", () => {
    const learner = learnerWith([hareAndTortoise()]);
    through(learner, [0], 50);
    const { network } = learner;
    const [, population] = network.populations;
    renew(network, population);
    for (const [columns, name] of [
      [network.projections[0].columns, "w"] as const,
      [population.columns, "gain"] as const,
    ])
      expect(columns.packed(`hare-and-tortoise.${name}`)).toEqual(columns.packed(name));
  });
});

test.each(renewals)("a layer %s steps under Adam as in its first step, and so does what it says", (_, renew) => {
  const learner = learnerWith([], adam({ lr: 0.01 }));
  const { network } = learner;
  through(learner, [0], 300);
  const [[into, out], [, population]] = [network.projections, network.populations];
  const learned = () => [
    into.columns.packed("w"),
    out.columns.packed("w"),
    ...["gain", "shift"].map((name) => population.columns.packed(name)),
  ];
  renew(network, population);
  network.changed();
  const before = learned();
  const { x, y } = example(0, 777);
  learner.observe(x, y);
  const steps = learned().flatMap((after, i) => [...after].map((value, j) => Math.abs(value - before[i][j])));
  expect(steps.filter((step) => step > 0).length).toBeGreaterThan(400);
  for (const step of steps) expect(step === 0 || Math.abs(step - 0.01) < 1e-4).toBe(true);
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
