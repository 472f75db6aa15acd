import { describe, expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { type Learner, live } from "../life/learner.ts";
import { example, observe, untidy } from "../life/testing.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { crelu, relu, tanh } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, sgd } from "../rules/synaptic/index.ts";

const credit = backprop({ loss: crossEntropy() });

function learnerWith(model: NeuronModel, sizes: [number, number] = [6, 5], layerNorm = false): Learner {
  const net = sequential({ inputs: 7, seed: 4 }, [
    dense(sizes[0], model),
    dense(sizes[1], model, { layerNorm }),
    dense(3),
  ]);
  const learner = live(net, { credit, rule: adam({ lr: 0.01 }) });
  observe(learner, 0, 40);
  return learner;
}

/** What the network answers to ten questions it has not seen, alone and in a batch. */
function answers(learner: Learner): number[] {
  const asked = Array.from({ length: 10 }, (_, i) => example(1000 + i, 7, 3).x);
  const xs = asked.flatMap((x) => [...x]);
  return [...asked.flatMap((x) => [...learner.predict(x)]), ...learner.predictBatch(xs, 10)];
}

/** Makes neurons of hidden1 silent towards hidden2. */
function silence({ network }: Learner, slots: readonly number[]): void {
  const { columns } = network.projections[1];
  for (const slot of slots) {
    for (let plane = 0; plane < columns.planes; plane++) {
      const from = (plane * columns.rowCapacity + slot) * columns.laneCapacity;
      columns.view("w").fill(0, from, from + columns.lanes);
    }
  }
}

const idsIn = (learner: Learner, population: string) =>
  learner.network.population(population).neurons.map(({ id }) => id);

for (const [name, model] of Object.entries({ relu: relu(), tanh: tanh(), crelu: crelu() })) {
  describe(`a network of ${name}`, () => {
    test("answers the same to the bit after births, whether there was room or not", () => {
      const learner = learnerWith(model, [6, 5], true);
      const before = answers(learner);
      learner.grow("hidden1", 1);
      expect(learner.network.population("hidden1").capacity).toBe(8);
      expect(answers(learner)).toEqual(before);
      learner.grow("hidden1", 30);
      expect(learner.network.population("hidden1").capacity).toBe(40);
      expect(answers(learner)).toEqual(before);
      const unnormalised = learnerWith(model);
      const was = answers(unnormalised);
      unnormalised.grow("hidden2", 9);
      unnormalised.grow("hidden1", 1);
      expect(answers(unnormalised)).toEqual(was);
    });

    test("answers the same to the bit after the silent last neuron has died, and nearly so after another", () => {
      const last = learnerWith(model);
      silence(last, [5]);
      const before = answers(last);
      last.remove("hidden1", [idsIn(last, "hidden1")[5]]);
      expect(answers(last)).toEqual(before);

      const some = learnerWith(model);
      silence(some, [0, 3]);
      const was = answers(some);
      const [first, , , fourth] = idsIn(some, "hidden1");
      some.remove("hidden1", [fourth, first]);
      const now = answers(some);
      for (const [i, value] of now.entries()) expect(Math.abs(value - was[i])).toBeLessThan(1e-6);
      expect(untidy(some.network)).toEqual([]);
    });

    test("answers the same to the bit after silent neurons have been replaced", () => {
      const learner = learnerWith(model);
      silence(learner, [1, 2]);
      const before = answers(learner);
      learner.replace("hidden1", idsIn(learner, "hidden1").slice(1, 3));
      expect(answers(learner)).toEqual(before);
    });
  });
}

test("a newborn's weights are of the initialiser's scale, its bias is 0, and all else is new", () => {
  const learner = learnerWith(relu(), [6, 5]);
  const ids = learner.grow("hidden1", 50);
  const { network } = learner;
  const population = network.population("hidden1");
  const [into, out] = network.projections;
  const incoming = into.columns.packed("w").filter((_, i) => i % population.size >= 6);
  const bound = Math.SQRT2 * Math.sqrt(3 / 7);
  expect(Math.max(...incoming.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect(Math.max(...incoming)).toBeGreaterThan(0.95 * bound);
  expect(Math.min(...incoming)).toBeLessThan(-0.95 * bound);
  expect(new Set(incoming).size).toBeGreaterThan(340);
  expect(out.columns.packed("w").slice(6 * 5)).toEqual(new Float32Array(50 * 5));
  for (const column of ["bias", "age", "bias.m", "bias.v"]) {
    expect(population.columns.packed(column).slice(6)).toEqual(new Float32Array(50));
  }
  expect(population.neurons.slice(6)).toEqual(ids.map((id) => ({ id, born: 40, cause: "by hand" })));
});

test("a newborn has the same weights whenever and beside whomever it is born, but others by another seed", () => {
  const weightsOf = (learner: Learner, id: number) => {
    const [{ columns, post }] = learner.network.projections;
    const slot = post.neurons.findIndex((neuron) => neuron.id === id);
    return columns.packed("w").filter((_, i) => i % post.size === slot);
  };
  const early = live(sequential({ inputs: 7, seed: 4 }, [dense(6, relu()), dense(3)]), { credit, rule: sgd() });
  const [a, b] = early.grow("hidden1", 2);
  const late = live(sequential({ inputs: 7, seed: 4 }, [dense(6, relu()), dense(3)]), { credit, rule: sgd() });
  observe(late, 0, 10);
  late.remove("hidden1", [8, 9]);
  late.grow("hidden1", 1);
  late.grow("hidden1", 1);
  expect(weightsOf(late, a)).toEqual(weightsOf(early, a));
  expect(weightsOf(late, b)).toEqual(weightsOf(early, b));
  const other = live(sequential({ inputs: 7, seed: 5 }, [dense(6, relu()), dense(3)]), { credit, rule: sgd() });
  other.grow("hidden1", 1);
  expect(weightsOf(other, a)).not.toEqual(weightsOf(early, a));
});

test("ids are never used again", () => {
  const learner = learnerWith(relu());
  const seen = new Set(learner.network.populations.flatMap(({ neurons }) => neurons.map(({ id }) => id)));
  expect(seen.size).toBe(7 + 6 + 5 + 3);
  for (let round = 0; round < 20; round++) {
    const population = round % 3 ? "hidden1" : "hidden2";
    const born = [...learner.grow(population, 3)];
    learner.remove(population, born.slice(1));
    learner.replace(population, idsIn(learner, population).slice(0, 1));
    born.push(idsIn(learner, population)[0]);
    for (const id of born) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
    }
  }
});

test("room doubles when births need it, and is given back when a third is not used", () => {
  const learner = learnerWith(relu(), [4, 4]);
  const population = learner.network.population("hidden1");
  const used = learner.network.compute.arena.used;
  const capacities: number[] = [];
  for (let i = 0; i < 13; i++) {
    learner.grow("hidden1", 1);
    capacities.push(population.capacity);
  }
  expect(capacities).toEqual([...Array(4).fill(8), ...Array(8).fill(16), 32]);
  learner.grow("hidden1", 100);
  expect(population.capacity).toBe(120);
  learner.remove("hidden1", idsIn(learner, "hidden1").slice(12));
  expect([population.size, population.capacity]).toEqual([12, 16]);
  learner.remove("hidden1", idsIn(learner, "hidden1").slice(4));
  expect([population.size, population.capacity]).toEqual([4, 8]);
  observe(learner, 40, 60);
  expect(learner.network.compute.arena.used).toBeLessThan(1.5 * used);
  expect(untidy(learner.network)).toEqual([]);
});

test("neurons named in any order die, and the last ones take their places", () => {
  for (const order of [
    [1, 6, 3],
    [6, 3, 1],
    [3, 1, 6],
  ]) {
    const learner = learnerWith(relu(), [7, 5]);
    const ids = idsIn(learner, "hidden1");
    learner.remove(
      "hidden1",
      order.map((slot) => ids[slot]),
    );
    expect(idsIn(learner, "hidden1")).toEqual([ids[0], ids[4], ids[2], ids[5]]);
  }
});

describe("what cannot be done changes nothing", () => {
  const learner = learnerWith(crelu());
  const [first, second] = idsIn(learner, "hidden1");
  const [anInput, anOutput] = [idsIn(learner, "input")[0], idsIn(learner, "output")[0]];
  const attempts: [string, () => unknown, new () => Error, RegExp][] = [
    ["birth in the inputs", () => learner.grow("input", 1), ShapeError, /input cannot be born/],
    ["birth in the outputs", () => learner.grow("output", 1), ShapeError, /output cannot be born/],
    ["death in the outputs", () => learner.remove("output", [anOutput]), ShapeError, /output cannot be removed/],
    ["replacement of inputs", () => learner.replace("input", [anInput]), ShapeError, /input cannot be replaced/],
    ["an unknown population", () => learner.grow("hidden9", 1), ValueError, /"hidden9": there are input, hidden1/],
    ["no births", () => learner.grow("hidden1", 0), ValueError, /^0 neurons to be born in hidden1: a whole number/],
    ["half a birth", () => learner.grow("hidden1", 1.5), ValueError, /^1.5 neurons/],
    ["NaN births", () => learner.grow("hidden1", Number.NaN), ValueError, /^NaN neurons/],
    ["more births than memory", () => learner.grow("hidden1", 2 ** 31), ValueError, /4 GiB/],
    ["more births than numbers", () => learner.grow("hidden1", 2 ** 53), ValueError, /a whole number/],
    ["death of a stranger", () => learner.remove("hidden1", [first, 999]), ValueError, /neuron 999 does not live in/],
    ["death of a neighbour", () => learner.remove("hidden2", [first]), ValueError, /does not live in hidden2/],
    ["death twice", () => learner.remove("hidden1", [first, second, first]), ValueError, /one is named twice/],
    ["death of nobody", () => learner.remove("hidden1", []), ValueError, /no neuron of hidden1 is named/],
    ["death of all", () => learner.remove("hidden1", idsIn(learner, "hidden1")), ValueError, /at least one must stay/],
    ["replacement of a stranger", () => learner.replace("hidden1", [-1]), ValueError, /neuron -1 does not live/],
    ["replacement twice", () => learner.replace("hidden1", [first, first]), ValueError, /one is named twice/],
    ["replacement of nobody", () => learner.replace("hidden1", []), ValueError, /no neuron of hidden1 is named/],
  ];
  const before = learner.fingerprint();
  test.each(attempts)("%s", (_, attempt, error, message) => {
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(message);
    expect(learner.fingerprint()).toBe(before);
    expect(untidy(learner.network)).toEqual([]);
  });

  test("all of a population may be replaced, and all but one may die", () => {
    learner.replace("hidden1", idsIn(learner, "hidden1"));
    learner.remove("hidden1", idsIn(learner, "hidden1").slice(1));
    expect(observe(learner, 100, 110).every(Number.isFinite)).toBe(true);
  });
});

test("a death is a death also where memory is too full to move who is left", () => {
  const [full, other] = [learnerWith(relu(), [40, 5]), learnerWith(relu(), [40, 5])];
  const { arena } = full.network.compute;
  const allocate = arena.allocate.bind(arena);
  for (const learner of [full, other]) {
    observe(learner, 40, 64, 8);
    if (learner === full)
      arena.allocate = (bytes) => {
        throw new ValueError(`${bytes} more bytes do not fit`);
      };
    learner.remove(
      "hidden1",
      learner.network
        .population("hidden1")
        .neurons.slice(0, 30)
        .map(({ id }) => id),
    );
  }
  arena.allocate = allocate;
  expect(observe(full, 64, 128, 8)).toEqual(observe(other, 64, 128, 8));
});
