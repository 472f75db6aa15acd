/** Progressive networks: who listens to whom, what stands still, what it survives and what it is for. */
import { describe, expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf } from "../../life/testing.ts";
import { pytorchDefault } from "../../network/initialisers.ts";
import { linear, relu, tanh } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam } from "../../rules/index.ts";
import { dropout } from "../dropout/standard.ts";
import type { StructuralPolicy } from "../policy.ts";
import { density } from "../synapses.ts";
import { survives } from "../turnover/turnover.testing.ts";
import { addStrand, type ProgressiveColumnsOptions, progressiveColumns } from "./progressive-columns.ts";
import { accuracy, heads, learn, said } from "./tasks.testing.ts";

const born = (options?: ProgressiveColumnsOptions, more: readonly StructuralPolicy[] = []) =>
  live(sequential({ inputs: 8, seed: 3 }, [dense(12, tanh()), dense(8, relu()), dense(6)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: options ? [progressiveColumns(options), ...more] : more,
  });

const links = (learner: Learner) => learner.network.projections.map(({ name }) => name).sort();

describe("a new task", () => {
  test("gets layers that listen to those of the tasks before", () => {
    const learner = born({ size: 0.5 });
    for (const task of [0, 1, 2]) learn(learner, task, 0, 20);
    expect(learner.network.populations.map(({ name, size }) => `${name} ${size}`)).toEqual([
      ...["input 8", "hidden1 12", "hidden2 8", "hidden1@2 6", "hidden2@2 4", "hidden1@3 6", "hidden2@3 4", "output 6"],
    ]);
    expect(links(learner)).toEqual(
      [
        ...["input-hidden1", "hidden1-hidden2", "hidden2-output"],
        ...["input-hidden1@2", "hidden1@2-hidden2@2", "hidden2@2-output", "hidden1-hidden2@2"],
        ...["input-hidden1@3", "hidden1@3-hidden2@3", "hidden2@3-output", "hidden1-hidden2@3", "hidden1@2-hidden2@3"],
      ].sort(),
    );
  });

  test("listens through adapters, if it has some, or to nobody", () => {
    const adapted = born({ adapters: 3 });
    for (const task of [0, 1, 2]) learn(adapted, task, 0, 5);
    expect(links(adapted).filter((name) => name.includes("adapter"))).toEqual([
      ...["hidden1-hidden2.adapter@2", "hidden1-hidden2.adapter@3", "hidden1@2-hidden2.adapter@3"],
      ...["hidden2.adapter@2-hidden2@2", "hidden2.adapter@3-hidden2@3"],
    ]);
    const apart = born({ lateral: false });
    for (const task of [0, 1]) learn(apart, task, 0, 5);
    expect(links(apart)).not.toContain("hidden1-hidden2@2");
    // The first strand no longer leads to the second task's outputs.
    const readout = apart.network.projections.find(({ name }) => name === "hidden2-output")!;
    expect(density(readout)).toBeCloseTo(4 / 6, 6);
  });

  test("has layers that lie as those of the first strand do: beside each other, and with ways past them", () => {
    const learner = born({});
    learner.addLayer({ name: "side", from: "input", to: "output", size: 5 });
    for (const task of [0, 1]) learn(learner, task, 0, 20);
    expect(links(learner)).toEqual(
      [
        ...["input-hidden1", "hidden1-hidden2", "hidden2-output", "input-side", "side-output"],
        ...["input-hidden1@2", "hidden1@2-hidden2@2", "hidden1-hidden2@2", "hidden2@2-output"],
        ...["input-side@2", "side@2-output"],
      ].sort(),
    );
  });

  test("leads to its own outputs alone", () => {
    const learner = born({});
    for (const task of [0, 1]) learn(learner, task, 0, 50);
    const { columns } = learner.network.projections.find(({ name }) => name === "hidden2@2-output")!;
    columns.packed("w").forEach((w, i) => {
      expect(w !== 0).toBe(heads[1].includes(i % 6));
    });
  });

  test("changes nothing of what an earlier one says, to the bit", () => {
    const learner = born({});
    learn(learner, 0, 0, 200);
    const first = said(learner, 0);
    learn(learner, 1, 0, 200);
    expect(said(learner, 0)).toEqual(first);
    const second = said(learner, 1);
    learn(learner, 2, 0, 200);
    learn(learner, 0, 200, 220);
    expect(said(learner, 0)).toEqual(first);
    expect(said(learner, 1)).toEqual(second);
    expect(learner.network.populations).toHaveLength(8);
  });
});

test("initialisers that draw biases draw those of the new layers, and leave the outputs' as they are", () => {
  const initialiser = pytorchDefault();
  const layers = [dense(12, tanh(), { initialiser }), dense(6, linear(), { initialiser })];
  const learner = live(sequential({ inputs: 8, seed: 3 }, layers), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: [progressiveColumns()],
  });
  learn(learner, 0, 0, 100);
  const first = said(learner, 0);
  learn(learner, 1, 0, 100);
  expect(said(learner, 0)).toEqual(first);
  const { network } = learner;
  addStrand(network, {}, { step: 200, cause: "by hand" });
  expect(
    network
      .population("hidden1@3")
      .columns.packed("bias")
      .every((bias) => bias !== 0),
  ).toBe(true);
});

test("a strand is silenced as the first one is", () => {
  const layers = [dense(12, tanh(), { dropout: dropout(0.3) }), dense(6, linear())];
  const network = sequential({ inputs: 8, seed: 3 }, layers);
  addStrand(network, {}, { step: 0, cause: "by hand" });
  expect(network.population("hidden1@2").silencing?.kind.options).toEqual({ rate: 0.3 });
});

test("what comes is as strong as one projection would be", () => {
  const { network } = born();
  addStrand(network, {}, { step: 0, cause: "by hand" });
  const incoming = network.incoming(network.population("hidden2@2"));
  const squares = incoming.flatMap(({ columns }) => [...columns.packed("w")]).reduce((sum, w) => sum + w * w, 0);
  const first = network.incoming(network.population("hidden2"))[0].columns.packed("w");
  expect(squares / first.reduce((sum, w) => sum + w * w, 0)).toBeCloseTo(1, 0);
});

test("a task ends by hand, by its examples, or by its outputs, and that is told", () => {
  const [byHand, counted, seen] = [born({ heads: false }), born({ every: 40, heads: false }), born({})];
  const events = [byHand, counted, seen].map(eventsOf);
  for (const one of [byHand, counted, seen]) learn(one, 0, 0, 40);
  byHand.endTask();
  for (const one of [byHand, counted, seen]) learn(one, 1, 0, 10);
  const types = events.map((some) => some.map(({ type }) => type));
  expect(types[0]).toEqual([...["frozen", "frozen", "frozen", "layer-born", "born", "layer-born", "born", "rewired"]]);
  expect(types[1]).toEqual(types[0]);
  expect(types[2]).toEqual(types[0]);
  expect(counted.network.population("hidden1@2").size).toBe(12);
});

test("it survives births, deaths, new layers and a snapshot", () => {
  expect(survives(() => progressiveColumns({ every: 35 }))).toEqual([]);
  expect(survives(() => progressiveColumns({ every: 50, adapters: 3 }))).toEqual([]);
});

test("a snapshot from before a strand came lives on to the same bits, also in a learner that has been further", () => {
  const one = born({});
  learn(one, 0, 0, 30);
  const file = one.snapshot();
  learn(one, 1, 0, 30);
  const after = one.fingerprint();
  one.restore(file);
  learn(one, 1, 0, 30);
  expect(one.fingerprint()).toBe(after);
  const other = born({});
  other.restore(one.snapshot());
  for (const each of [one, other]) learn(each, 2, 0, 30);
  expect(other.fingerprint()).toBe(one.fingerprint());
});

test("what cannot be is told at once", () => {
  expect(() => progressiveColumns({ size: 0 })).toThrow("size is 0");
  expect(() => progressiveColumns({ adapters: 0.5 })).toThrow("adapters is 0.5");
  const { network } = born();
  expect(() => addStrand(network, { outputs: [6] }, { step: 0, cause: "by hand" })).toThrow("outputs are 0 to 5");
  const flat = sequential({ inputs: 2, seed: 1 }, [dense(2)]);
  const options = { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure: [progressiveColumns()] };
  expect(() => live(flat, options)).toThrow("without hidden layers");
});

test("three tasks one after the other: none is forgotten, and each is learned as if it were alone", () => {
  const after = (options: ProgressiveColumnsOptions | undefined, tasks: readonly number[]) => {
    const learner = born(options);
    for (const task of tasks) learn(learner, task, 0, 700);
    return tasks.map((task) => accuracy(learner, task));
  };
  const [kept, lost] = [after({}, [0, 1, 2]), after(undefined, [0, 1, 2])];
  for (const task of [0, 1, 2]) expect(kept[task]).toBeGreaterThan(after(undefined, [task])[0] - 0.05);
  expect(kept[0] - lost[0]).toBeGreaterThan(0.05);
});
