import { describe, expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { ValueError } from "../../errors.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, example, observe, untidy } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam } from "../../rules/index.ts";
import type { Died } from "../events.ts";
import { type PruningOptions, pruning } from "./pruning.ts";
import { scores } from "./scores/index.ts";

const [INPUTS, CLASSES] = [6, 3];

function learnerWith(options: PruningOptions, widths = [20, 12]): Learner {
  const network = sequential({ inputs: INPUTS, seed: 3 }, [...widths.map((n) => dense(n, relu())), dense(CLASSES)]);
  const structure = [pruning({ granularity: "neuron", ...options })];
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 0.005 }), structure });
}

const dead = (learner: Learner) => {
  const events = eventsOf(learner);
  return () => events.filter((event): event is Died => event.type === "died");
};

describe("neurons", () => {
  test("the lowest of all hidden neurons die, and their mean goes to the biases that they fed", () => {
    const options = { score: "magnitude", schedule: "one-shot", start: 40, target: 0.25, examples: 16 } as const;
    const learner = learnerWith(options);
    const deaths = dead(learner);
    observe(learner, 0, 39);
    const twin = learnerWith(options);
    twin.restore(learner.snapshot());
    // The same update without the policy's hand in it.
    const { x, y } = example(39, INPUTS, CLASSES);
    twin.practise({ count: 1, xs: x, ys: [y] });
    const { network } = twin;
    const sums = network.projections.slice(0, 2).flatMap(({ columns, post }) => {
      const w = columns.packed("w");
      return post.neurons.map(({ id }, lane) => ({
        id,
        sum: w.reduce((sum, value, i) => sum + (i % columns.lanes === lane ? Math.abs(value) : 0), 0),
      }));
    });
    const lowest = sums.toSorted((a, b) => a.sum - b.sum).slice(0, 8);
    const seen = Array.from({ length: 16 }, (_, i) => example(24 + i, INPUTS, CLASSES).x);
    const means = new Map<number, number>();
    for (const input of seen) {
      twin.predict(input);
      for (const population of network.populations.slice(1, 3))
        for (const [slot, value] of population.outputs(1).entries()) {
          const { id } = population.neurons[slot];
          means.set(id, (means.get(id) ?? 0) + value / seen.length);
        }
    }
    const expected = network.projections
      .slice(1)
      .map(({ pre, post, columns }) =>
        post.neurons.map((_, lane) =>
          pre.neurons.reduce(
            (bias, { id }, row) =>
              lowest.some((each) => each.id === id) ? bias + means.get(id)! * columns.get("w", row, lane) : bias,
            post.columns.get("bias", 0, lane),
          ),
        ),
      );
    const before = network.populations.map(({ neurons }) => neurons.map(({ id }) => id));

    observe(learner, 39, 40);
    expect(
      deaths()
        .flatMap(({ neurons }) => neurons)
        .toSorted((a, b) => a - b),
    ).toEqual(lowest.map(({ id }) => id).toSorted((a, b) => a - b));
    for (const { neurons, utility } of deaths())
      utility!.forEach((score, i) => expect(score).toBeCloseTo(sums.find(({ id }) => id === neurons[i])!.sum, 4));
    for (const [l, { columns, neurons }] of learner.network.populations.slice(2).entries()) {
      for (const [slot, { id }] of neurons.entries()) {
        expect(columns.get("bias", 0, slot)).toBeCloseTo(expected[l][before[l + 2].indexOf(id)], 5);
      }
    }
    expect(untidy(learner.network)).toEqual([]);
  });

  test("within each layer, the same share goes; the best stays; the young are safe", () => {
    const each = learnerWith({ scope: "layer", start: 5, end: 30, every: 5, target: 0.5 });
    observe(each, 0, 30);
    expect(each.network.populations.map(({ size }) => size)).toEqual([6, 10, 6, 3]);

    const nearlyAll = learnerWith({ schedule: "one-shot", start: 5, target: 0.99 });
    observe(nearlyAll, 0, 6);
    expect(nearlyAll.network.populations.map(({ size }) => size)).toEqual([6, 1, 1, 3]);

    const young = learnerWith({ schedule: "one-shot", start: 20, target: 0.9, maturity: 20 });
    observe(young, 0, 10);
    const ids = [...young.grow("hidden1", 3), ...young.grow("hidden2", 2)];
    observe(young, 10, 20);
    const left = young.network.populations.slice(1, 3).flatMap(({ neurons }) => neurons.map(({ id }) => id));
    for (const id of ids) expect(left).toContain(id);
    expect(left.length).toBe(7);
  });
});

test.each(Object.keys(scores) as (keyof typeof scores)[])(
  "%s, running or not: births and deaths by other hands, a snapshot in the middle, and the same life goes on",
  (score) => {
    for (const from of ["batch", "running"] as const) {
      if (score === "movement" && from === "batch") continue;
      const options = { score, from, start: 20, end: 60, every: 7, target: 0.5, examples: 8 };
      const one = learnerWith(options, [9, 7]);
      const two = learnerWith(options, [9, 7]);
      observe(one, 0, 24);
      one.grow("hidden1", 4);
      one.remove("hidden2", [one.network.population("hidden2").neurons[0].id]);
      observe(one, 24, 40, 4);
      two.restore(one.snapshot());
      const [deathsOfOne, deathsOfTwo] = [dead(one), dead(two)];
      expect(observe(two, 40, 70)).toEqual(observe(one, 40, 70));
      expect(deathsOfOne().length).toBeGreaterThan(0);
      expect(deathsOfTwo()).toEqual(deathsOfOne());
      expect(two.fingerprint()).toBe(one.fingerprint());
      expect(untidy(one.network)).toEqual([]);
    }
  },
);

test.each([
  [{ score: "luck" }, /score is "luck": one of magnitude, activity/],
  [{ score: "movement" }, /from is "batch": movement is summed over the stream: running/],
  [{ target: 1 }, /target is 1: a share between 0 and 1/],
  [{ start: 0 }, /start is 0: an update/],
  [{ start: 9, end: 8 }, /end is 8: an update from 9/],
  [{ every: 0 }, /every is 0/],
  [{ rounds: 1.5 }, /rounds is 1.5/],
  [{ decay: 1 }, /decay is 1: from 0 to 1, without 1/],
  [{ orphans: "false" as never }, /orphans is "false": true or false/],
  [{ rewindTo: 3 }, /rewindTo is 3: an update from 0, before start, where the schedule is iterative; else -1/],
  [{ schedule: "iterative", start: 5, rewindTo: 5 }, /rewindTo is 5: an update from 0, before start/],
  [{ lanes: 6 }, /lanes is 6: a multiple of 4/],
  [{ granularity: "neuron", schedule: "dynamic" }, /neurons do not come back/],
])("options out of range say so: %j", (options, message) => {
  expect(() => pruning(options as PruningOptions)).toThrow(ValueError);
  expect(() => pruning(options as PruningOptions)).toThrow(message);
});
