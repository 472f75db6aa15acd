/** Neurons that are reset because they are silent: ReDo and self-normalised resets. */
import { expect, test } from "vitest";
import { ValueError } from "../../errors.ts";
import type { Learner } from "../../life/learner.ts";
import { eventsOf, example, observe } from "../../life/testing.ts";
import { sgd } from "../../rules/index.ts";
import type { Died, LifeEvent } from "../events.ts";
import { redo } from "./redo.ts";
import { selfNormalisedResets } from "./self-normalised-resets.ts";
import { lifeUnder } from "./turnover.testing.ts";

const deaths = (events: LifeEvent[]) => events.filter((event): event is Died => event.type === "died");

/** Makes a neuron of hidden1 fire never again. */
function silence({ network }: Learner, slot: number): number {
  const population = network.population("hidden1");
  population.columns.set("bias", 0, slot, -1e3);
  return population.neurons[slot].id;
}

test("redo: of mean activities since the last time, those at most a share of their layer's mean are recycled", () => {
  const learner = lifeUnder(redo({ threshold: 0.2, every: 20 }), { rule: sgd({ lr: 0 }) });
  const events = eventsOf(learner);
  const dead = silence(learner, 4);
  const { network } = learner;
  const sums = new Map(network.hidden.map((one) => [one.name, new Float64Array(one.size)]));
  for (let i = 0; i < 20; i++) {
    learner.predict(example(i, 7, 3).x);
    for (const [name, sum] of sums)
      network
        .population(name)
        .outputs(1)
        .forEach((h, slot) => void (sum[slot] += h));
  }
  const right = [...sums].map(([name, sum]) => {
    const mean = sum.reduce((a, b) => a + b, 0) / sum.length;
    const { neurons } = network.population(name);
    return [name, neurons.filter((_, slot) => sum[slot] <= 0.2 * mean).map(({ id }) => id)] as const;
  });
  observe(learner, 0, 20);
  expect(deaths(events).map(({ population, neurons }) => [population, [...neurons]])).toEqual(
    right.filter(([, ids]) => ids.length > 0).map(([name, ids]) => [name, ids]),
  );
  expect(deaths(events)[0].neurons).toContain(dead);
});

test("self-normalised resets: a neuron that always fires is reset soon after it stops, one that seldom does is not", () => {
  const learner = lifeUnder(selfNormalisedResets({ rejection: 0.02, cap: 10_000 }), { rule: sgd({ lr: 0 }) });
  const events = eventsOf(learner);
  const { network } = learner;
  const { columns, neurons } = network.population("hidden1");
  // One fires in every example, one in one of forty.
  const into = network.projections[0].columns;
  for (const slot of [0, 1]) for (let row = 0; row < 7; row++) into.set("w", row, slot, 0);
  columns.set("bias", 0, 0, 1);
  const [often, seldom] = [neurons[0].id, neurons[1].id];
  for (let i = 0; i < 2000; i++) {
    columns.set("bias", 0, 1, i % 40 === 0 ? 1 : -1);
    observe(learner, i, i + 1);
  }
  const reset = () => deaths(events).flatMap((event) => [...event.neurons]);
  expect(reset()).not.toContain(often);
  columns.set("bias", 0, 0, -1);
  columns.set("bias", 0, 1, -1);
  observe(learner, 2000, 2020);
  expect(reset()).toContain(often);
  expect(reset()).not.toContain(seldom);
  observe(learner, 2020, 2200);
  expect(reset()).toContain(seldom);
});

test("one that has hardly ever fired is judged by the cap", () => {
  const learner = lifeUnder(selfNormalisedResets({ cap: 50 }), { rule: sgd({ lr: 0 }) });
  const events = eventsOf(learner);
  const dead = silence(learner, 3);
  observe(learner, 0, 50);
  expect(deaths(events).flatMap((event) => [...event.neurons])).not.toContain(dead);
  observe(learner, 50, 52);
  expect(deaths(events).flatMap((event) => [...event.neurons])).toContain(dead);
});

test.each([
  ["redo", () => redo({ threshold: 0.05, every: 200 })],
  ["self-normalised resets", () => selfNormalisedResets({ rejection: 0.02, cap: 200 })],
])("%s: a network that lost most of its neurons learns again", (_, policy) => {
  const loss = [policy(), redo({ every: 1e9 })].map((one) => {
    const learner = lifeUnder(one, { rule: sgd({ lr: 0.05 }), widths: [12] });
    for (let slot = 0; slot < 11; slot++) silence(learner, slot);
    let sum = 0;
    for (let i = 0; i < 3000; i++) {
      const { x } = example(i, 7, 3);
      const y = x[0] > -0.2 ? (x[1] > -0.2 ? 2 : 1) : x[2] > -0.2 ? 1 : 0;
      const seen = learner.observe(x, y);
      if (i >= 2000) sum += seen.loss / 1000;
    }
    return sum;
  });
  expect(loss[0]).toBeLessThan(0.6 * loss[1]);
});

test("what lies out of range is named", () => {
  expect(() => redo({ threshold: -1 })).toThrow(ValueError);
  expect(() => redo({ every: 0 })).toThrow("redo: every is 0");
  expect(() => selfNormalisedResets({ rejection: 1 })).toThrow("self-normalised-resets: rejection is 1");
  expect(() => selfNormalisedResets({ cap: 0.5 })).toThrow("cap is 0.5");
  expect(() => selfNormalisedResets({ cap: 2 ** 24 })).toThrow("cap is 16777216: a whole number from 1, below 2^24");
});
