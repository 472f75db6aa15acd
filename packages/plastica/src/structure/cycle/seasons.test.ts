/** The preset "seasons": renewal without a trial. */
import { expect, test } from "vitest";
import { eventsOf } from "../../life/testing.ts";
import { sgd } from "../../rules/index.ts";
import { decisions, learnerWith, through } from "./cycle.testing.ts";
import { type NeuroplasticityOptions, neuroplasticity } from "./neuroplasticity.ts";

const seasons = (options: NeuroplasticityOptions = {}) => neuroplasticity({ preset: "seasons", ...options });

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

test("over many changes a network with seasons stays young, its twin without grows old", () => {
  const tasks = Array.from({ length: 16 }, (_, i) => i);
  const late = (accuracies: number[]) => accuracies.slice(8).reduce((sum, share) => sum + share / 8, 0);
  const young = learnerWith([seasons({ settling: 1000 })], sgd({ lr: 0.05 }));
  const old = learnerWith([], sgd({ lr: 0.02 }));
  expect(late(through(young, tasks, 1000))).toBeGreaterThan(late(through(old, tasks, 1000)) + 0.01);
});
