import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import type { LifeEvent } from "../structure/events.ts";
import { type Learner, live } from "./learner.ts";
import { eventsOf, observe } from "./testing.ts";

// Inputs are neurons 0 to 3, hidden1 4 to 11, hidden2 12 to 17, outputs 18 to 20.
function learnerWith(replacementRate = 0): Learner {
  const net = sequential({ inputs: 4, seed: 3 }, [dense(8, relu()), dense(6, relu()), dense(3)]);
  const structure = [continualBackprop({ replacementRate, maturity: 5 })];
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd(), structure });
}

test("of what is done by hand are told in full", () => {
  const learner = learnerWith();
  const events = eventsOf(learner);
  observe(learner, 0, 7);
  expect(events).toEqual([]);
  expect(learner.grow("hidden1", 2)).toEqual([21, 22]);
  observe(learner, 7, 10);
  expect(learner.replace("hidden1", [22, 4], "too quiet")).toEqual([23, 24]);
  learner.remove("hidden1", [23, 5, 21]);
  const [population, byHand] = ["hidden1", "by hand"];
  expect(events).toEqual([
    { type: "born", step: 7, population, cause: byHand, neurons: [21, 22] },
    { type: "died", step: 10, population, cause: "too quiet", neurons: [22, 4], born: [7, 0] },
    { type: "born", step: 10, population, cause: "too quiet", neurons: [23, 24] },
    { type: "died", step: 10, population, cause: byHand, neurons: [23, 5, 21], born: [10, 0, 7] },
  ]);
  expect(learner.network.population("hidden1").neurons[0]).toEqual({ id: 24, born: 10, cause: "too quiet" });
});

test("tell a life completely: who lives now can be worked out from them", () => {
  const learner = learnerWith(0.05);
  const living = new Map(learner.network.populations.map(({ name, neurons }) => [name, neurons.map(({ id }) => id)]));
  let last = 0;
  learner.on((event) => {
    if (event.type !== "born" && event.type !== "died") throw new Error(`an event ${event.type}`);
    const ids = living.get(event.population)!;
    if (event.type === "born") ids.push(...event.neurons);
    else for (const id of event.neurons) ids.splice(ids.indexOf(id), 1);
    expect(event.step).toBeGreaterThanOrEqual(last);
    last = event.step;
  });
  for (let round = 0; round < 30; round++) {
    observe(learner, 10 * round, 10 * round + 10);
    if (round % 3) learner.grow("hidden2", 2);
    else
      learner.remove(
        "hidden2",
        learner.network
          .population("hidden2")
          .neurons.slice(1, 3)
          .map(({ id }) => id),
      );
  }
  expect(last).toBe(300);
  for (const { name, neurons } of learner.network.populations) {
    expect(living.get(name)!.sort((a, b) => a - b)).toEqual(neurons.map(({ id }) => id).sort((a, b) => a - b));
  }
});

test("come in the order in which things happened, deaths before births, to every listener until it leaves", () => {
  const learner = learnerWith(0.2);
  const [all, some]: LifeEvent[][] = [[], []];
  learner.on((event) => all.push(event));
  const leave = learner.on((event) => some.push(event));
  observe(learner, 0, 12);
  expect(some).toEqual(all);
  leave();
  leave();
  observe(learner, 12, 20);
  expect(all.length).toBeGreaterThan(some.length);
  expect(all.slice(0, some.length)).toEqual(some);
  const inStep = all.filter(({ step }) => step === all.at(-1)!.step);
  expect(inStep.map((event) => `${"population" in event ? event.population : ""} ${event.type}`)).toEqual([
    "hidden1 died",
    "hidden1 born",
    "hidden2 died",
    "hidden2 born",
  ]);
  const died = all.filter((event) => event.type === "died");
  for (const { neurons, born, utility } of died)
    expect([born.length, utility!.length]).toEqual([neurons.length, neurons.length]);
});

test("a listener may leave, look and act on what it hears: the step is complete", () => {
  const [learner, other] = [learnerWith(0.2), learnerWith(0.2)];
  const fingerprints: string[] = [];
  const leave = learner.on(() => {
    fingerprints.push(learner.fingerprint());
    if (fingerprints.length === 2) leave();
    if (fingerprints.length <= 2) learner.grow("hidden1", 5);
  });
  const events = eventsOf(learner);
  while (fingerprints.length === 0) observe(learner, learner.step, learner.step + 1);
  observe(other, 0, learner.step);
  expect(fingerprints).toHaveLength(2);
  expect(fingerprints[0]).toBe(other.fingerprint());
  expect(learner.network.population("hidden1").size).toBe(18);
  const [died, born, ...answers] = events.map(({ type, cause }) => `${cause} ${type}`);
  expect([died, born]).toEqual(["continual-backprop died", "continual-backprop born"]);
  expect(answers.slice(-2)).toEqual(["by hand born", "by hand born"]);
  expect(observe(learner, 100, 200).every(Number.isFinite)).toBe(true);
});

test("a listener that throws harms nobody but the caller", () => {
  const [learner, other] = [learnerWith(0.2), learnerWith(0.2)];
  const leave = learner.on(() => {
    throw new Error("no news is good news");
  });
  let at = 0;
  while (at === learner.step) {
    try {
      observe(learner, at, at + 1);
      at++;
    } catch (error) {
      expect((error as Error).message).toBe("no news is good news");
    }
  }
  leave();
  observe(other, 0, learner.step);
  expect(learner.fingerprint()).toBe(other.fingerprint());
  expect(observe(learner, 50, 80)).toEqual(observe(other, 50, 80));
});
