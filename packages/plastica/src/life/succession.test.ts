/** A student takes the place of a network: without a gap, under new ids, and snapshots from before and after both go on to the same bits. */
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu, relu, tanh } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import { pruning } from "../structure/pruning/pruning.ts";
import { live } from "./learner.ts";
import { eventsOf, observe, untidy } from "./testing.ts";

const normaliseInputs = { decay: 0.99 };
const born = (structure: Parameters<typeof live>[1]["structure"] = []) =>
  live(sequential({ inputs: 7, seed: 5, normaliseInputs }, [dense(12, relu()), dense(9, crelu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure,
  });
const student = (inputs = 7) =>
  live(sequential({ inputs, seed: 8, normaliseInputs }, [dense(5, tanh(), { layerNorm: true }), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
  });

const policies = () => [continualBackprop({ replacementRate: 0.05, maturity: 5 })];

test("what it says and learns from then on is what the student says and learns, to the bit", () => {
  const [learner, heir] = [born(), student()];
  observe(learner, 0, 30);
  observe(heir, 0, 40, 2);
  learner.succeed(heir);
  expect(observe(learner, 40, 120)).toEqual(observe(heir, 40, 120));
  expect(observe(learner, 120, 180, 6)).toEqual(observe(heir, 120, 180, 6));
  expect(untidy(learner.network)).toEqual([]);
});

test("it is told in full, and nobody gets an id that somebody had", () => {
  const learner = born();
  observe(learner, 0, 30);
  const events = eventsOf(learner);
  const { populations } = learner.network;
  const before = populations.slice(1, -1).map(({ neurons }) => neurons.map(({ id }) => id));
  const parametersBefore = learner.network.parameters;
  learner.succeed(student(), "it was too large");
  const ids = learner.network.population("hidden1.31").neurons.map(({ id }) => id);
  const occasion = { step: 30, cause: "it was too large" };
  expect(events).toEqual([
    { type: "layer-died", ...occasion, population: "hidden1" },
    { type: "died", ...occasion, population: "hidden1", neurons: before[0], born: Array(12).fill(0) },
    { type: "layer-died", ...occasion, population: "hidden2" },
    { type: "died", ...occasion, population: "hidden2", neurons: before[1], born: Array(9).fill(0) },
    { type: "layer-born", ...occasion, population: "hidden1.31" },
    { type: "born", ...occasion, population: "hidden1.31", neurons: ids },
    { type: "succeeded", ...occasion, evidence: { parametersBefore, parameters: learner.network.parameters } },
  ]);
  expect(Math.min(...ids)).toBeGreaterThan(Math.max(...before.flat()));
  expect(learner.step).toBe(30);
});

test("snapshots from before and from after live on to the same bits, in any learner made alike", () => {
  const learner = born(policies());
  observe(learner, 0, 30);
  const before = learner.snapshot();
  const heir = student();
  observe(heir, 0, 20);
  learner.succeed(heir);
  observe(learner, 30, 45);
  const after = learner.snapshot();
  const said = observe(learner, 45, 90);
  const other = born(policies());
  other.restore(after);
  expect(observe(other, 45, 90)).toEqual(said);
  expect(other.fingerprint()).toBe(learner.fingerprint());
  // Back to the time before, and the same again.
  learner.restore(before);
  const third = born(policies());
  third.restore(before);
  expect(observe(learner, 30, 60)).toEqual(observe(third, 30, 60));
});

test("policies and births go on in the student's layers", () => {
  const [learner, heir] = [born(policies()), student()];
  observe(learner, 0, 30);
  observe(heir, 0, 40, 2);
  learner.succeed(heir);
  observe(learner, 40, 200);
  const layer = learner.network.populations[1];
  expect(layer.neurons.some(({ cause }) => cause === "continual-backprop")).toBe(true);
  learner.grow(layer.name, 3);
  observe(learner, 200, 230);
  expect(untidy(learner.network)).toEqual([]);
});

test("synapses that a student lacks stay away", () => {
  const heir = live(sequential({ inputs: 7, seed: 8, normaliseInputs }, [dense(6, relu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: [pruning({ target: 0.5, schedule: "one-shot", start: 5, examples: 4 })],
  });
  observe(heir, 0, 10);
  const learner = born();
  observe(learner, 0, 10);
  learner.succeed(heir);
  expect(learner.network.parameters).toBe(heir.network.parameters);
  expect(observe(learner, 10, 40)).toEqual(observe(heir, 10, 40));
});

test("a student that does not fit is refused, and nothing has changed", () => {
  const learner = born();
  observe(learner, 0, 10);
  const before = learner.fingerprint();
  expect(() => learner.succeed(student(6))).toThrow("a student of 6 inputs for a learner of 7");
  expect(() => learner.succeed(learner)).toThrow("a network cannot take its own place");
  const raw = sequential({ inputs: 7, seed: 1 }, [dense(3)]);
  expect(() => learner.succeed({ network: raw })).toThrow(
    "the student normalises its inputs not at all: the learner with decay 0.99 and epsilon 0.00001",
  );
  const unbiased = sequential({ inputs: 7, seed: 1, normaliseInputs }, [dense(3, undefined, { bias: false })]);
  expect(() => learner.succeed({ network: unbiased })).toThrow('"bias":false');
  expect(learner.fingerprint()).toBe(before);
});
