/** What begins a season: the preset "seasons", without a trial, and with one. */
import { expect, test } from "vitest";
import { derive, integer, key } from "../../compute/random.ts";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { live } from "../../life/learner.ts";
import { eventsOf } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { sgd } from "../../rules/index.ts";
import type { LifeEvent } from "../events.ts";
import type { StructuralPolicy } from "../policy.ts";
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

/** What a learner has to say of a noisy world that never changes: the sum of two of three even numbers, one answer in ten wrong. */
function inNoise(policy: StructuralPolicy): LifeEvent[] {
  const network = sequential({ inputs: 3, seed: 3 }, [
    ...[16, 16].map((size) => dense(size, relu(), { layerNorm: true })),
    dense(2),
  ]);
  const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd(), structure: [policy] });
  const events = eventsOf(learner);
  for (let i = 0; i < 12_000; i++) {
    const draws = derive(key(11, "noise"), i);
    const [a, b, c, wrong] = [0, 1, 2, 3].map((n) => integer(draws, n, 1000) / 100);
    learner.observe([a, b, c], a + b > 10 === wrong >= 1 ? 1 : 0);
  }
  return events;
}

test("inputs that have nothing in common are not unfamiliar by chance: the first layer stays", () => {
  const events = inNoise(seasons());
  expect(decisions(events).filter(({ why }) => why.includes("unfamiliar"))).toEqual([]);
  expect(events).not.toContainEqual(expect.objectContaining({ treatment: "returned to birth", of: "hidden1" }));
});

test("with a trial, a loss that rose by chance renews nothing", () => {
  const kept = decisions(inNoise(neuroplasticity())).filter(({ outcome }) => outcome === "kept");
  expect(kept.filter(({ proposal }) => proposal === "renewal")).toEqual([]);
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
