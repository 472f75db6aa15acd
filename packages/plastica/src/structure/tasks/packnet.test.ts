/** PackNet: what is kept, given back and protected; what it survives; and what it is for. */
import { describe, expect, test, vi } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, observe } from "../../life/testing.ts";
import { relu, tanh } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam, sgd } from "../../rules/index.ts";
import type { StructuralPolicy } from "../policy.ts";
import { absent, density } from "../synapses.ts";
import { survives } from "../turnover/turnover.testing.ts";
import { type PacknetOptions, packnet } from "./packnet.ts";
import { accuracy, heads, item, learn, said } from "./tasks.testing.ts";

const born = (structure: readonly StructuralPolicy[], hidden = [24, 16]) =>
  live(sequential({ inputs: 8, seed: 3 }, [...hidden.map((size) => dense(size, relu())), dense(6)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure,
  });

const quick: PacknetOptions = { share: 0.6, retrain: 64, remember: 100 };

describe("a task", () => {
  test("gives back the smallest share of what it used, layer by layer, and freezes the rest", () => {
    const learner = born([packnet({ ...quick, every: 100, retrain: 20 })]);
    learn(learner, 0, 0, 79);
    const [projection] = learner.network.projections;
    learn(learner, 0, 79, 80);
    expect(density(projection)).toBeCloseTo(1 - Math.round(0.6 * 8 * 24) / (8 * 24), 6);
    const left = absent(projection);
    learn(learner, 0, 80, 100);
    const before = projection.columns.packed("w");
    expect(left.every((place) => before[place] === 0)).toBe(true);
    learn(learner, 1, 0, 50);
    const after = projection.columns.packed("w");
    const free = new Set(left);
    for (let i = 0; i < after.length; i++) {
      if (!free.has(i)) expect(after[i]).toBe(before[i]);
    }
    expect([...left].some((place) => after[place] !== 0)).toBe(true);
    // Its outputs have all their synapses to themselves.
    const readout = learner.network.projections[2];
    expect(density(readout)).toBe(1);
  });

  test("prunes the smallest weights of those that are free", () => {
    const learner = born([packnet({ share: 0.5, every: 50, retrain: 0 })]);
    const plain = born([]);
    learn(plain, 0, 0, 50);
    learn(learner, 0, 0, 50);
    const sizes = plain.network.projections[1].columns.packed("w").map(Math.abs);
    const border = [...sizes].sort((a, b) => a - b)[sizes.length / 2];
    const gone = new Set(absent(learner.network.projections[1]));
    sizes.forEach((size, i) => {
      expect(gone.has(i)).toBe(size < border);
    });
  });

  test("is answered by what it kept, to the bit, whatever comes later", () => {
    const learner = born([packnet(quick)]);
    learn(learner, 0, 0, 200);
    learner.endTask();
    const first = said(learner, 0);
    learn(learner, 1, 0, 200);
    expect(said(learner, 0)).toEqual(first);
    learner.endTask();
    const second = said(learner, 1);
    learn(learner, 2, 0, 150);
    expect(said(learner, 0)).toEqual(first);
    expect(said(learner, 1)).toEqual(second);
    expect(said(learner, 2)).not.toEqual(first);
  });

  test.each([{}, { batchNorm: true }])(
    "is answered as before by neurons that were born in a later task, too (%j)",
    (norm) => {
      const layers = [24, 16].map((size) => dense(size, tanh(), norm));
      const learner = live(sequential({ inputs: 8, seed: 3 }, [...layers, dense(6)]), {
        credit: backprop({ loss: crossEntropy() }),
        rule: sgd({ lr: 0.1 }),
        structure: [packnet(quick)],
      });
      learn(learner, 0, 0, 150);
      learn(learner, 1, 0, 20);
      learner.grow("hidden1", 4);
      learn(learner, 1, 20, 200);
      learner.endTask();
      const [first, second] = [said(learner, 0), said(learner, 1)];
      learn(learner, 2, 0, 200);
      learner.endTask();
      expect(said(learner, 0)).toEqual(first);
      expect(said(learner, 1)).toEqual(second);
    },
  );

  test("ends when other outputs take part, before anything is learned for these", () => {
    const [told, seen] = [born([packnet(quick)]), born([packnet(quick)])];
    for (const one of [told, seen]) learn(one, 0, 0, 120);
    told.endTask();
    for (const one of [told, seen]) learn(one, 1, 0, 30);
    expect(told.fingerprint()).toBe(seen.fingerprint());
  });

  test("is trained again on examples of its own, and on so many", () => {
    const learner = born([packnet({ ...quick, retrain: 70 })]);
    const practise = vi.spyOn(learner, "practise");
    const retrained = () => practise.mock.calls.splice(0).map(([{ count, outputs }]) => [count, outputs]);
    learn(learner, 0, 0, 200);
    learn(learner, 1, 0, 20);
    expect(retrained()).toEqual([
      [32, heads[0]],
      [32, heads[0]],
      [6, heads[0]],
    ]);
    // The first comes back, and is not remembered for the third.
    learn(learner, 0, 200, 220);
    expect(retrained()).toEqual([
      [20, heads[1]],
      [20, heads[1]],
      [20, heads[1]],
      [10, heads[1]],
    ]);
    learn(learner, 2, 0, 1);
    learner.endTask();
    const last = retrained();
    expect(last).toHaveLength(70);
    expect(new Set(last.map(String))).toEqual(new Set(["1,4,5"]));
  });

  test("that comes back is known, and not learned again", () => {
    const learner = born([packnet(quick)]);
    for (const task of [0, 1]) learn(learner, task, 0, 150);
    learner.endTask();
    const [first, second] = [said(learner, 0), said(learner, 1)];
    learn(learner, 0, 150, 170);
    expect(said(learner, 0)).toEqual(first);
    expect(said(learner, 1)).toEqual(second);
    learn(learner, 2, 0, 100);
    expect(said(learner, 1)).toEqual(second);
  });
});

test("asking changes nothing", () => {
  const learner = born([packnet(quick)]);
  for (const task of [0, 1, 2]) learn(learner, task, 0, 100);
  const before = learner.fingerprint();
  said(learner, 0);
  learner.evaluate({ count: 1, xs: item(1, 0).x, ys: [item(1, 0).y], outputs: heads[1] });
  expect(learner.fingerprint()).toBe(before);
});

test("what happens is told", () => {
  const learner = born([packnet(quick)]);
  const events = eventsOf(learner);
  for (const task of [0, 1]) learn(learner, task, 0, 80);
  expect(events.map(({ type }) => type)).toEqual([
    "rewired",
    "rewired",
    "frozen",
    "frozen",
    "frozen",
    "rewired",
    "rewired",
  ]);
});

test("it survives births, deaths, new layers and a snapshot", () => {
  expect(survives(() => packnet({ every: 30, retrain: 10 }))).toEqual([]);
  expect(survives(() => packnet({ heads: false }))).toEqual([]);
});

test.each([60, 130, 210])(
  "a snapshot at example %d lives on to the same bits, whatever task is asked for meanwhile",
  (at) => {
    const lives = (learner: Learner, from: number, to: number) => {
      for (let i = from; i < to; i++) learn(learner, [0, 1, 0, 2][Math.floor(i / 70)], i, i + 1);
    };
    const [one, other] = [born([packnet(quick)]), born([packnet(quick)])];
    lives(one, 0, at);
    other.restore(one.snapshot());
    said(one, 0);
    for (const each of [one, other]) lives(each, at, 280);
    expect(other.fingerprint()).toBe(one.fingerprint());
  },
);

test("what cannot be is told at once", () => {
  expect(() => packnet({ share: 1 })).toThrow("share is 1");
  expect(() => packnet({ every: 100, retrain: 100 })).toThrow("fewer examples than a task has (100)");
  expect(() => packnet({ every: -1 })).toThrow("every is -1");
  const learner = born([packnet(quick)]);
  observe(learner, 0, 3);
});

test("three tasks one after the other: none is forgotten, and each is learned as if it were alone", () => {
  const after = (structure: readonly StructuralPolicy[], tasks: readonly number[]) => {
    const learner = born(structure);
    for (const task of tasks) learn(learner, task, 0, 1000);
    return tasks.map((task) => accuracy(learner, task));
  };
  const kept = after([packnet({ every: 1000, retrain: 300 })], [0, 1, 2]);
  const lost = after([], [0, 1, 2]);
  for (const task of [0, 1, 2]) expect(kept[task]).toBeGreaterThan(after([], [task])[0] - 0.05);
  expect(kept[0] - lost[0]).toBeGreaterThan(0.1);
});
