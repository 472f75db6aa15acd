import { describe, expect, test } from "vitest";
import { backprop } from "../../../credit/backprop.ts";
import { crossEntropy } from "../../../credit/losses.ts";
import { ShapeError } from "../../../errors.ts";
import { live } from "../../../life/learner.ts";
import { observe, untidy } from "../../../life/testing.ts";
import { mapExamples, mapNetwork } from "../../../network/maps.testing.ts";
import { crelu, leakyRelu, relu, sigmoid, tanh } from "../../../network/neurons.ts";
import { l2Init } from "../../../rules/index.ts";
import { sgd } from "../../../rules/synaptic/index.ts";
import { prune } from "../../synapses.ts";
import { holding, without } from "../../testing.ts";
import { growNeurons } from "../grow.ts";
import { answers, farthest, smallLife, unseen } from "../testing.ts";
import { copy } from "./copy.ts";
import { ways } from "./index.ts";
import { paired } from "./paired.ts";
import { random } from "./random.ts";
import { moves, zeroIn } from "./zero-in.ts";
import { zeroOut } from "./zero-out.ts";

const options = { cause: "test", examples: unseen(40, 2000) };
const all = Object.values(ways).map((make) => make());

describe.each(Object.entries({ relu: relu(), tanh: tanh(), crelu: crelu(), leaky: leakyRelu() }))("%s", (_, model) => {
  test.each(all.filter(({ preserves }) => preserves !== "no"))("$name keeps what is said: $preserves", (way) => {
    for (const [population, layerNorm] of [
      ["hidden1", true],
      ["hidden1", false],
      ["hidden2", false],
    ] as const) {
      const learner = smallLife({ model, layerNorm });
      const was = answers(learner);
      const { slots } = growNeurons(learner, learner.network.population(population), 4, way, options);
      expect(slots.length).toBeGreaterThan(0);
      const now = answers(learner);
      if (way.preserves === "exactly") expect(now).toEqual(was);
      expect(farthest(now, was)).toBeLessThan(1e-6);
    }
  });
});

test.each(all)("$name leaves what is kept of the old neurons alone, learns on, and is the same life twice", (way) => {
  const [one, two] = [smallLife(), smallLife()].map((learner) => {
    const { network } = learner;
    const before = holding(network);
    const state = (held: typeof before) => [...held].filter(([place]) => !/\/(w|bias) /.test(place));
    for (const name of ["hidden1", "hidden2"]) {
      const { slots, event } = growNeurons(learner, network.population(name), 3, way, options);
      expect(event?.neurons.length ?? 0).toBe(slots.length);
    }
    const born = network.populations.flatMap(({ neurons }) =>
      neurons.filter(({ cause }) => cause === "test").map(({ id }) => id),
    );
    expect(born.length).toBeGreaterThan(0);
    expect(state(without(holding(network), born))).toEqual(state(before));
    observe(learner, 40, 90);
    observe(learner, 90, 130, 8);
    expect(untidy(network)).toEqual([]);
    return learner.fingerprint();
  });
  expect(one).toBe(two);
});

test("random: old weights stay where they are, the new ones are drawn on both sides", () => {
  const learner = smallLife();
  const { network } = learner;
  const before = holding(network);
  const was = answers(learner);
  const { event } = growNeurons(learner, network.population("hidden1"), 3, random(), options);
  expect(without(holding(network), event!.neurons)).toEqual(before);
  const out = network.projections[1].columns;
  for (let slot = 6; slot < 9; slot++)
    for (let lane = 0; lane < 5; lane++) expect(out.get("w", slot, lane)).not.toBe(0);
  expect(farthest(answers(learner), was)).toBeGreaterThan(0.01);
});

test("zero-in: zeros, outgoing weights as large as the others', and a signal at once", () => {
  const learner = smallLife({ model: tanh(), rule: sgd({ lr: 0.1 }) });
  const [into, out] = learner.network.projections;
  growNeurons(learner, learner.network.population("hidden1"), 2, zeroIn(), options);
  const incoming = () => Array.from({ length: 7 }, (_, row) => into.columns.get("w", row, 6));
  expect(incoming()).toEqual(new Array(7).fill(0));
  expect(out.columns.get("w", 6, 0)).not.toBe(0);
  observe(learner, 40, 41);
  expect(incoming().some((w) => w !== 0)).toBe(true);
  const other = smallLife({ model: sigmoid() });
  expect(() => growNeurons(other, other.network.population("hidden1"), 2, zeroIn(), options)).toThrow(
    "sigmoid puts out 0.5 there",
  );
  expect([relu(), crelu(), tanh(), leakyRelu()].map(moves)).toEqual([false, false, true, true]);
});

test("paired: twins with opposite outgoing weights; an odd one gets a twin", () => {
  const learner = smallLife();
  const [into, out] = learner.network.projections;
  const { slots } = growNeurons(learner, learner.network.population("hidden1"), 3, paired(), options);
  expect(slots).toEqual([6, 7, 8, 9]);
  for (const slot of [6, 8]) {
    for (let row = 0; row < 7; row++)
      expect(into.columns.get("w", row, slot)).toBe(into.columns.get("w", row, slot + 1));
    for (let lane = 0; lane < 5; lane++)
      expect(out.columns.get("w", slot, lane)).toBe(-out.columns.get("w", slot + 1, lane));
  }
  expect(into.columns.get("w", 0, 6)).not.toBe(into.columns.get("w", 0, 8));
});

describe("copy", () => {
  test("without noise each of n shares has an n-th; more copies than parents come round again", () => {
    const learner = smallLife();
    const [into, out] = learner.network.projections;
    const before = out.columns.packed("w");
    const { event } = growNeurons(learner, learner.network.population("hidden1"), 8, copy({ noise: 0 }), options);
    const { neurons } = learner.network.population("hidden1");
    const counts = new Map<number, number>();
    for (const id of event!.parents!) counts.set(id, (counts.get(id) ?? 1) + 1);
    expect([...counts.values()].sort()).toEqual([2, 2, 2, 2, 3, 3]);
    event!.parents!.forEach((id, i) => {
      const parent = neurons.findIndex((neuron) => neuron.id === id);
      for (let lane = 0; lane < 5; lane++) {
        const share = before[parent * 5 + lane] / counts.get(id)!;
        expect(out.columns.get("w", 6 + i, lane)).toBeCloseTo(share, 6);
        expect(out.columns.get("w", parent, lane)).toBeCloseTo(share, 6);
      }
      for (let row = 0; row < 7; row++)
        expect(into.columns.get("w", row, 6 + i)).toBe(into.columns.get("w", row, parent));
      const { columns } = learner.network.population("hidden1");
      expect(columns.get("bias", 0, 6 + i)).toBe(columns.get("bias", 0, parent));
    });
  });

  test("with noise, copies go their own ways under a rule without state", () => {
    const apart = [0, 0.1].map((noise) => {
      const learner = smallLife({ rule: sgd({ lr: 0.05 }) });
      const { event } = growNeurons(learner, learner.network.population("hidden1"), 1, copy({ noise }), options);
      observe(learner, 40, 100);
      const parent = learner.network.population("hidden1").neurons.findIndex(({ id }) => id === event!.parents![0]);
      const { columns } = learner.network.projections[0];
      return farthest(
        Array.from({ length: 7 }, (_, row) => columns.get("w", row, parent)),
        Array.from({ length: 7 }, (_, row) => columns.get("w", row, 6)),
      );
    });
    expect(apart[0]).toBe(0);
    expect(apart[1]).toBeGreaterThan(1e-4);
  });

  test("what is absent in the parent is absent in the copy, and what pulls at the parent pulls as before", () => {
    const learner = smallLife({ terms: [l2Init({ strength: 0.01 })] });
    const { network } = learner;
    const [into, out] = network.projections;
    prune(network, into, [...Array(6).keys()], { step: 40, cause: "test" });
    const names = out.columns.names.filter((name) => out.columns.initial(name) === "w");
    expect(names).toHaveLength(1);
    const pulls = () =>
      Array.from({ length: 30 }, (_, i) => {
        const at = [Math.floor(i / 5), i % 5] as const;
        return out.columns.get("w", ...at) - out.columns.get(names[0], ...at);
      });
    const before = pulls();
    growNeurons(learner, network.population("hidden1"), 6, copy(), options);
    expect(farthest(pulls(), before)).toBeLessThan(1e-6);
    for (let slot = 6; slot < 12; slot++) {
      expect(into.columns.get("w", 0, slot)).toBe(0);
      expect(into.columns.get("plasticity", 0, slot)).toBe(0);
    }
  });
});

test("zero-out is what a birth does by itself", () => {
  const [one, two] = [smallLife(), smallLife()];
  growNeurons(one, one.network.population("hidden1"), 3, zeroOut(), { cause: "by hand" });
  two.grow("hidden1", 3);
  expect(one.fingerprint()).toBe(two.fingerprint());
});

test("options out of their range are refused by name", () => {
  expect(() => copy({ noise: -1 })).toThrow("copy: noise is -1");
  expect(() => zeroIn({ epsilon: 1 })).toThrow("zero-in: epsilon is 1");
});

describe("channels of a map", () => {
  const kinds = ["two of them", "max pool", "two planes", "batch norm", "global average", "groups"];
  test.each(kinds)("%s: ways that keep what is said keep it, or say why they do not go", (kind) => {
    for (const way of all) {
      const network = mapNetwork(kind);
      const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.02 }) });
      const { xs, ys } = mapExamples(24);
      for (let i = 0; i < 12; i += 4) learner.observeBatch(xs.slice(i, i + 4).flat(), ys.slice(i, i + 4));
      const asked = xs.slice(12).flat();
      const was = [...learner.predictBatch(asked, 12)];
      const looked = { cause: "test", examples: { count: 12, xs: asked, ys: ys.slice(12) } };
      const before = learner.fingerprint();
      try {
        growNeurons(learner, network.populations[1], 4, way, looked);
      } catch (error) {
        expect(error).toBeInstanceOf(ShapeError);
        expect((error as Error).message).toMatch(/is not dense|has groups|is normalised/);
        expect(learner.fingerprint()).toBe(before);
        continue;
      }
      const now = [...learner.predictBatch(asked, 12)];
      if (way.preserves === "exactly") expect(now).toEqual(was);
      if (way.preserves === "nearly") expect(farthest(now, was)).toBeLessThan(2e-6);
      learner.observeBatch(xs.slice(0, 4).flat(), ys.slice(0, 4));
      expect(untidy(network)).toEqual([]);
    }
  });
});
