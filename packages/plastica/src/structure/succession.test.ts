/** Succession: a student learns beside the network and takes its place, without a gap. */
import { expect, test } from "vitest";
import { derive, integer, key, normal } from "../compute/random.ts";
import { backprop } from "../credit/backprop.ts";
import type { Loss } from "../credit/loss.ts";
import { crossEntropy, squaredError } from "../credit/losses.ts";
import { unsupervised } from "../credit/unsupervised.ts";
import { type Learner, live } from "../life/learner.ts";
import { eventsOf, observe } from "../life/testing.ts";
import { distillation } from "../memory/distillation.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, oja } from "../rules/index.ts";
import type { Decided, Succeeded } from "./events.ts";
import { type SuccessionOptions, succession } from "./succession.ts";
import { survives } from "./turnover/turnover.testing.ts";

const now = { at: 20, hidden: "5,4", window: 30, margin: 1 };

const born = (options: SuccessionOptions, loss: Loss = crossEntropy()) =>
  live(sequential({ inputs: 7, seed: 5 }, [dense(12, relu()), dense(3)]), {
    credit: backprop({ loss }),
    rule: adam({ lr: 0.01 }),
    structure: [succession(options)],
  });

test("the student learns what a distilled network learns, and the next prediction is its own", () => {
  const learner = born(now);
  const plain = live(sequential({ inputs: 7, seed: 5 }, [dense(12, relu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
  });
  // Until then the network says what it would have said without a student.
  expect(observe(learner, 0, 50)).toEqual(observe(plain, 0, 50));
  const student = live(sequential({ inputs: 7, seed: 5 }, [dense(5, relu()), dense(4, relu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: [distillation({ teacher: plain })],
  });
  const twin = live(sequential({ inputs: 7, seed: 5 }, [dense(12, relu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
  });
  observe(twin, 0, 20);
  const taught = live(student.network, {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: [distillation({ teacher: twin })],
  });
  for (let i = 20; i < 50; i++) {
    observe(taught, i, i + 1);
    observe(twin, i, i + 1);
  }
  expect(learner.network.population("hidden1.22").size).toBe(5);
  expect(observe(learner, 50, 90)).toEqual(
    observe(live(taught.network, { credit: taught.credit, rule: taught.rule }), 50, 90),
  );
});

test("what happened is told, with what was measured", () => {
  const learner = born(now);
  const events = eventsOf(learner);
  const before = learner.network.parameters;
  observe(learner, 0, 60);
  const begun = events.find((event): event is Decided => event.type === "decided")!;
  expect(begun).toMatchObject({ step: 20, cause: "succession", outcome: "kept" });
  const told = events.find((event): event is Succeeded => event.type === "succeeded")!;
  expect(told).toMatchObject({ step: 50, cause: "succession" });
  const { examples, teacher, student, agreement, parameters, parametersBefore } = told.evidence;
  expect([examples, parametersBefore, parameters]).toEqual([30, before, learner.network.parameters]);
  for (const share of [teacher, student, agreement]) expect(share * 30).toBeCloseTo(Math.round(share * 30), 9);
  const taken = events.filter((event): event is Decided => event.type === "decided").at(-1)!;
  expect(taken).toMatchObject({ step: 50, cause: "succession", outcome: "kept", evidence: { teacher, student } });
  expect(taken.why).toMatch(
    /^the student takes the network's place: of 30 examples its accuracy was [\d.]+, the network's [\d.]+$/,
  );
});

test("a student that is not good enough never takes over", () => {
  const learner = born({ ...now, agreement: 1, window: 100 });
  const events = eventsOf(learner);
  observe(learner, 0, 320);
  expect(events.map(({ type }) => type)).toEqual(["decided"]);
});

test("values are judged by their loss", () => {
  const learner = born({ ...now, margin: 1e9 }, squaredError());
  const events = eventsOf(learner);
  for (let i = 0; i < 60; i++) learner.observe([1, 0, i % 3, 0, 1, 0, i % 2], [i % 2, i % 3, 1]);
  const told = events.find((event): event is Succeeded => event.type === "succeeded")!;
  expect(told.evidence.student).toBeGreaterThan(0);
});

test.each([25, 45, 70])("a snapshot at step %d lives on to the same bits, through the succession", (step) => {
  const one = born(now);
  observe(one, 0, step);
  const file = one.snapshot();
  const said = observe(one, step, 100);
  const other = born(now);
  observe(other, 0, 60); // whatever it has been through
  other.restore(file);
  expect(observe(other, step, 100)).toEqual(said);
  expect(other.fingerprint()).toBe(one.fingerprint());
});

test("it survives births, deaths and new layers", () => {
  expect(survives(() => succession({ at: 40, window: 40, margin: 1 }))).toEqual([]);
  expect(survives(() => succession({ at: 80, window: 1000 }))).toEqual([]);
});

test("what cannot be is told at once", () => {
  expect(() => succession({ hidden: "a few" })).toThrow('hidden is "a few"');
  expect(() => succession({ shrink: 0 })).toThrow("shrink is 0");
  expect(() => succession({ temperature: -1 })).toThrow("temperature is -1");
  const network = sequential({ inputs: 2, seed: 1 }, [dense(2)]);
  expect(() => live(network, { credit: unsupervised(), rule: oja(), structure: [succession()] })).toThrow(
    "without a loss",
  );
});

/** Six classes in ten dimensions. */
function feed(learner: Learner, from: number, to: number): number {
  let right = 0;
  for (let i = from; i < to; i++) {
    const draws = derive(key(3, "stream"), i);
    const y = integer(draws, 0, 6);
    const centre = derive(key(3, "centres"), y);
    const x = Float32Array.from({ length: 10 }, (_, j) => 0.8 * normal(centre, j) + normal(draws, j + 1));
    if (learner.observe(x, y).prediction === y) right++;
  }
  return right / (to - from);
}

test("a tenth of the neurons takes over and nobody notices", () => {
  const network = sequential({ inputs: 10, seed: 2 }, [dense(100, relu()), dense(6)]);
  const learner = live(network, {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.003 }),
    structure: [succession({ shrink: 0.1, at: 4000, weight: 0.8, window: 2000, margin: 0.01 })],
  });
  const parameters = network.parameters;
  const events = eventsOf(learner);
  feed(learner, 0, 4000);
  let [before, step] = [0, 4000];
  const taken = () => events.find(({ type }) => type === "succeeded");
  for (; !taken() && step < 20_000; step += 2000) before = feed(learner, step, step + 2000);
  expect(taken()?.step).toBe(step);
  expect(network.parameters).toBeLessThan(parameters / 8);
  expect(feed(learner, step, step + 3000)).toBeGreaterThan(before - 0.02);
});
