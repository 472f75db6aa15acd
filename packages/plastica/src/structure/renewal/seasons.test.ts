import { expect, test } from "vitest";
import { derive, integer, key, normal } from "../../compute/random.ts";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { ValueError } from "../../errors.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { sgd } from "../../rules/index.ts";
import type { Decided, LifeEvent } from "../events.ts";
import type { StructuralPolicy } from "../policy.ts";
import { rejuvenate, returnToBirth } from "./renewal.ts";
import { seasons } from "./seasons.ts";
import { Surge } from "./surge.ts";

const [INPUTS, CLASSES] = [20, 4];

function learnerWith(structure: StructuralPolicy[], lr = 0.02): Learner {
  const layers = [24, 16].map((size) => dense(size, relu(), { layerNorm: true }));
  const network = sequential({ inputs: INPUTS, seed: 3 }, [...layers, dense(CLASSES)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr }), structure });
}

/** Example `i` of a task: a class's own picture, its values moved about by the task, and some noise. */
function example(task: number, i: number): { x: Float32Array; y: number } {
  const draws = derive(key(7, "seasons"), i);
  const y = integer(draws, 0, CLASSES);
  const x = Float32Array.from({ length: INPUTS }, (_, j) => {
    const place = (j * (1 + 2 * task) + 5 * task) % INPUTS;
    return (place < 8 ? 0.5 : 0) + normal(derive(key(1, "picture"), y), place) * 0.4 + 0.4 * normal(draws, 1 + j);
  });
  return { x, y };
}

/** Share of right predictions in each task of `length` examples. */
function through(learner: Learner, tasks: readonly number[], length: number, relabel = 0): number[] {
  return tasks.map((task, nth) => {
    let right = 0;
    for (let i = 0; i < length; i++) {
      const { x, y } = example(task, nth * length + i);
      const aim = (y + relabel * nth) % CLASSES;
      if (learner.observe(x, aim).prediction === aim) right++;
    }
    return right / length;
  });
}

const decisions = (events: LifeEvent[]) => events.filter((event): event is Decided => event.type === "decided");

test("a season begins within some twenty examples of a change of inputs, with its evidence, and never without one", () => {
  const learner = learnerWith([seasons({ settling: 1000 })]);
  const events = eventsOf(learner);
  through(learner, [0, 0, 1, 2], 1500);
  const found = decisions(events);
  expect(found.map(({ outcome }) => outcome)).toEqual(["kept", "kept"]);
  for (const [i, { step, evidence, why }] of found.entries()) {
    expect(step - 3000 - 1500 * i).toBeGreaterThan(0);
    expect(step - 3000 - 1500 * i).toBeLessThan(20);
    expect(evidence.familiarity).toBeLessThan(0.5);
    expect(why).toContain("unfamiliar");
  }
  const treated = events.flatMap((event) => (event.type === "treated" ? [`${event.of} ${event.treatment}`] : []));
  expect(treated.slice(0, 3)).toEqual(["hidden1 returned to birth", "hidden2 rejuvenated", "output returned to birth"]);
});

test("where only the labels change, the loss tells, and the first layer stays", () => {
  const learner = learnerWith([seasons({ settling: 1000 })]);
  const events = eventsOf(learner);
  through(learner, [0, 0], 1500, 1);
  const [{ step, why }] = decisions(events);
  expect(step).toBeGreaterThan(1500);
  expect(step).toBeLessThan(1600);
  expect(why).toContain("as before");
  const treated = events.flatMap((event) => (event.type === "treated" ? [`${event.of} ${event.treatment}`] : []));
  expect(treated[0]).toBe("hidden1 rejuvenated");
});

test("the step size settles by its formula, and comes back with a new season", () => {
  const learner = learnerWith([seasons({ settling: 500 })]);
  through(learner, [0], 1001);
  expect(learner.hyper.lr).toBeCloseTo(0.02 / (1 + 1001 / 500) ** 2, 7);
  through(learner, [1], 99);
  expect(learner.hyper.lr).toBeGreaterThan(0.015);
});

test("a dry run says when it would begin a season, and changes nothing", () => {
  const [dry, plain] = [learnerWith([seasons({ dryRun: true })]), learnerWith([])];
  const events = eventsOf(dry);
  const [a, b] = [dry, plain].map((learner) => through(learner, [0, 1], 1000));
  expect(decisions(events).map(({ outcome }) => outcome)).toEqual(["would try"]);
  expect(a).toEqual(b);
  const weights = ({ network }: Learner) => network.projections.map(({ columns }) => columns.packed("w"));
  expect(weights(dry)).toEqual(weights(plain));
});

test("a life is resumed in the middle of a season, to the same bits", () => {
  const [one, heir] = [learnerWith([seasons()]), learnerWith([seasons()])];
  through(one, [0, 1], 700);
  heir.restore(one.snapshot());
  expect(through(heir, [2, 3], 700)).toEqual(through(one, [2, 3], 700));
  expect(heir.fingerprint()).toBe(one.fingerprint());
});

test("over many changes a network with seasons stays young, its twin without grows old", () => {
  const tasks = Array.from({ length: 16 }, (_, i) => i);
  const late = ([structure, lr]: [StructuralPolicy[], number]) =>
    through(learnerWith(structure, lr), tasks, 1000)
      .slice(8)
      .reduce((sum, share) => sum + share / 8, 0);
  const [young, old] = (
    [
      [[seasons({ settling: 1000 })], 0.05],
      [[], 0.02],
    ] as [StructuralPolicy[], number][]
  ).map(late);
  expect(young).toBeGreaterThan(old + 0.01);
});

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

test("what lies out of range is named", () => {
  expect(() => seasons({ settling: 0 })).toThrow(ValueError);
  expect(() => seasons({ familiar: 2 })).toThrow("seasons: familiar is 2: from 0 to 1");
  expect(() => seasons({ fast: 1.5 })).toThrow("seasons: fast is 1.5");
});
