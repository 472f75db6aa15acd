/** The ways that look at examples, each against what it is for. */
import { describe, expect, test } from "vitest";
import { derive, key } from "../../../compute/random.ts";
import { ShapeError, ValueError } from "../../../errors.ts";
import type { Learner } from "../../../life/learner.ts";
import { observe } from "../../../life/testing.ts";
import { relu, sigmoid, tanh } from "../../../network/neurons.ts";
import type { Population } from "../../../network/population.ts";
import { sgd } from "../../../rules/synaptic/index.ts";
import { gradientOf } from "../../gradients.ts";
import { birth, type Endowment } from "../../structure.ts";
import { growNeurons } from "../grow.ts";
import { gram, lengthOf, matrix, product, singularAbove, transposed } from "../linear-algebra.ts";
import { surroundings } from "../surroundings.ts";
import { smallLife, unseen } from "../testing.ts";
import { drawnIncoming } from "./drawn.ts";
import { firefly } from "./firefly.ts";
import { columnOf, gradmax } from "./gradmax.ts";
import { ways } from "./index.ts";
import { north } from "./north.ts";
import { split } from "./split.ts";
import { tiny } from "./tiny.ts";
import type { Way } from "./way.ts";
import { zeroOut } from "./zero-out.ts";

const examples = unseen(60, 2000);
const options = { cause: "test", examples };
const named = (learner: Learner, name = "hidden1") => learner.network.population(name);
const lossOf = (learner: Learner) => learner.evaluate(examples).loss;
const proposed = (learner: Learner, way: Way, count: number, name = "hidden1") => {
  way.mustSuit?.(learner.network, named(learner, name));
  return way.propose(learner, { population: named(learner, name), count, examples, key: key(1) });
};

test.each(Object.values(ways).map((make) => make()))("$name only proposes: the life stays as it is", (way) => {
  const learner = smallLife();
  const before = learner.fingerprint();
  proposed(learner, way, 3);
  expect(learner.fingerprint()).toBe(before);
  if (way.looks) {
    expect(() => way.propose(learner, { population: named(learner), count: 1, key: key(1) })).toThrow(ShapeError);
    expect(() => way.propose(learner, { population: named(learner), count: 1, key: key(1) })).toThrow(
      `${way.name} looks at examples: none was given`,
    );
  }
});

/** The gradient of each bias: the sum of its neuron's signals. */
function biasGradients({ size, stride, signal, compute }: Population): number[] {
  return Array.from({ length: size }, (_, slot) => {
    let sum = 0;
    for (let row = 0; row < examples.count; row++) sum += compute.arena.f32[((signal + row * stride) >>> 2) + slot];
    return sum;
  });
}

describe("gradmax", () => {
  /** The squared length of the gradient of what newborns hear. */
  function steepness(outgoing: Endowment["outgoing"], count: number): number {
    const learner = smallLife({ model: tanh() });
    const [into, out] = learner.network.projections;
    const incoming = new Map([[into, new Float32Array(7 * count)]]);
    const given = new Map([[out, [...outgoing!.values()][0]]]);
    const { slots } = birth(
      learner.network,
      named(learner),
      count,
      { step: 40, cause: "test" },
      { incoming, outgoing: given },
    );
    let sum = 0;
    learner.examine(examples, {
      population: (one) => {
        if (one !== into.post) return;
        const signals = biasGradients(one);
        for (const slot of slots) sum += signals[slot] ** 2;
      },
      projection: (one) => {
        if (one !== into) return;
        gradientOf(learner.network, one, examples.count).forEach((slope, at) => {
          if (slots.includes(at % one.columns.lanes)) sum += slope * slope;
        });
      },
    });
    return sum;
  }

  test("its newborns learn as fast as can be: the gradient has the length of the first singular values", () => {
    const learner = smallLife({ model: tanh() });
    const { endowment } = proposed(learner, gradmax(), 2);
    const [, out] = learner.network.projections;
    const rows = endowment.outgoing!.get(out)!;
    const length = lengthOf(Float64Array.from(rows.subarray(0, 5)));
    const { b, v } = surroundings(learner, named(learner), examples, "test");
    const m = product(transposed(v), b);
    const gradient = { ...m, data: m.data.map((value) => value / 60) };
    const along = Array.from({ length: 2 }, (_, i) =>
      lengthOf(product(matrix(1, 5, rows.subarray(i * 5, i * 5 + 5)), gradient).data),
    );
    expect(steepness(endowment.outgoing, 2)).toBeCloseTo(along[0] ** 2 + along[1] ** 2, 6);
    for (let seed = 0; seed < 5; seed++) {
      const other = smallLife({ model: tanh() });
      const drawn = ways.random().propose(other, { population: named(other), count: 2, key: key(seed) }).endowment
        .outgoing!;
      const values = [...drawn.values()][0];
      for (const i of [0, 1]) {
        const row = values.subarray(i * 5, i * 5 + 5);
        const times = length / lengthOf(Float64Array.from(row));
        row.forEach((value, j) => (row[j] = value * times));
      }
      expect(steepness(drawn, 2)).toBeLessThan(steepness(endowment.outgoing, 2));
    }
  });

  test("outgoing weights are orthogonal, of half the usual length, and run out", () => {
    const learner = smallLife({ model: tanh() });
    const { count, endowment } = proposed(learner, gradmax(), 100);
    expect(count).toBe(10);
    const rows = matrix(10, 5, [...endowment.outgoing!.values()][0]);
    const products = gram(rows);
    for (let i = 0; i < 5; i++) {
      expect(products.data[i * 10 + i]).toBeCloseTo(products.data[0], 6);
      expect(products.data[i * 10 + i + 5]).toBeCloseTo(-products.data[0], 6);
      for (let j = 0; j < i; j++) expect(products.data[i * 10 + j]).toBeCloseTo(0, 6);
    }
  });
});

describe("tiny", () => {
  test("what comes out of its newborns is uncorrelated, as strong as their singular values; the loss falls by the line search", () => {
    const learner = smallLife({ model: tanh() });
    const before = lossOf(learner);
    const { count, endowment, evidence } = proposed(learner, tiny(), 3);
    expect(count).toBe(3);
    const { b, into } = surroundings(learner, named(learner), examples, "test");
    const weights = endowment.incoming!.get(into[0])!;
    const alpha = matrix(8, 3, [...weights, ...endowment.bias!]);
    const said = gram(transposed(product(b, alpha)));
    const amplitude = evidence.amplitude;
    for (let i = 0; i < 3; i++) for (let j = 0; j < i; j++) expect(said.data[i * 3 + j] / 60).toBeCloseTo(0, 5);
    expect(said.data[0] / 60 / amplitude).toBeCloseTo(evidence["largest singular value"], 4);
    const { slots } = growNeurons(learner, named(learner), 3, tiny(), options);
    expect(slots).toEqual([6, 7, 8]);
    expect(lossOf(learner)).toBeLessThan(before);
    expect(lossOf(learner)).toBeCloseTo(evidence["loss after"], 3);
  });

  test("what the population can do already is left to it", () => {
    // The outputs can be moved in three directions, and so many neurons, doing different things, can do all of it.
    const learner = smallLife({ widths: [6, 64] });
    const { count, evidence } = proposed(learner, tiny({ threshold: 0.05 }), 4, "hidden2");
    expect(count).toBe(0);
    expect(evidence.directions).toBe(0);
    const { event, slots } = growNeurons(learner, named(learner, "hidden2"), 4, tiny({ threshold: 0.05 }), options);
    expect([event, slots]).toEqual([undefined, []]);
  });

  test("a ReLU needs two newborns a direction; a sigmoid is refused", () => {
    const learner = smallLife({ model: relu() });
    const { endowment } = proposed(learner, tiny(), 4);
    const w = [...endowment.incoming!.values()][0];
    for (let row = 0; row < 7; row++) expect(w[row * 4]).toBe(-w[row * 4 + 1]);
    expect(() => proposed(smallLife({ model: sigmoid() }), tiny(), 4)).toThrow(ValueError);
  });
});

describe("split", () => {
  test("the loss changes by the eigenvalue: distance^2 / 2 lambda", () => {
    const learner = smallLife({ model: tanh(), widths: [2, 5] });
    observe(learner, 40, 400);
    const before = lossOf(learner);
    const distance = 0.02;
    const { count, evidence, endowment } = proposed(learner, split({ distance }), 1);
    expect(count).toBe(1);
    const parent = named(learner).neurons.findIndex(({ id }) => id === endowment.parents![0]);
    const { columns } = learner.network.projections[0];
    const theta = [0, 1, 2, 3, 4, 5, 6].map((row) => columns.get("w", row, parent));
    const length = lengthOf(Float64Array.from([...theta, named(learner).columns.get("bias", 0, parent)]));
    const { event } = growNeurons(learner, named(learner), 1, split({ distance }), options);
    expect(event!.parents).toEqual(endowment.parents);
    const expected = ((distance * length) ** 2 / 2) * evidence["lowest eigenvalue"];
    expect(expected).toBeLessThan(0);
    expect((lossOf(learner) - before) / expected).toBeGreaterThan(0.8);
    expect((lossOf(learner) - before) / expected).toBeLessThan(1.2);
  });

  test("only neurons at a saddle split, and not in a normalised layer", () => {
    const learner = smallLife({ widths: [40, 5] });
    const { count, endowment } = proposed(learner, split(), 40);
    expect(count).toBeLessThan(41);
    expect(new Set(endowment.parents).size).toBe(count);
    expect(() => proposed(smallLife({ layerNorm: true }), split(), 1, "hidden2")).toThrow("it is normalised");
  });
});

describe("north", () => {
  const saysOf = (learner: Learner) => {
    learner.evaluate(examples);
    const population = named(learner);
    return matrix(60, population.size, population.outputs(60));
  };

  test.each(["select", "pre-activation", "weight"] as const)("%s says more than what is drawn", (by) => {
    const [chosen, drawn] = [north({ by, candidates: 32 }), zeroOut()].map((way) => {
      const learner = smallLife({ widths: [12, 5] });
      growNeurons(learner, named(learner), 8, way, options);
      return learner;
    });
    const threshold = 0.02 * Math.sqrt(60);
    expect(singularAbove(saysOf(chosen), threshold)).toBeGreaterThanOrEqual(singularAbove(saysOf(drawn), threshold));
  });

  test("by weight: orthogonal to what is heard already, as long as they were drawn", () => {
    const learner = smallLife({ widths: [4, 5] });
    growNeurons(learner, named(learner), 2, north({ by: "weight" }), options);
    const w = learner.network.projections[0].columns.packed("w");
    const { columns } = named(learner);
    const heard = (slot: number) => [
      ...Array.from({ length: 7 }, (_, row) => w[row * 6 + slot]),
      columns.get("bias", 0, slot),
    ];
    const products = gram(matrix(2, 8, [...heard(4), ...heard(5)]));
    expect(products.data[1]).toBeCloseTo(0, 5);
    expect(products.data[0]).toBeGreaterThan(0.1);
  });

  test("by pre-activation: what comes to it is orthogonal to what comes to the others", () => {
    const learner = smallLife({ widths: [3, 5] });
    growNeurons(learner, named(learner), 2, north({ by: "pre-activation" }), options);
    const { input } = surroundings(learner, named(learner), examples, "test");
    const products = gram(
      matrix(
        5,
        60,
        [0, 1, 2, 3, 4].flatMap((slot) => [...columnOf(input, slot)]),
      ),
    );
    const cosine = (i: number, j: number) =>
      products.data[i * 5 + j] / Math.sqrt(products.data[i * 6] * products.data[j * 6]);
    for (const i of [3, 4]) for (let j = 0; j < i; j++) expect(Math.abs(cosine(i, j))).toBeLessThan(1e-3);
  });
});

test("firefly: the loss falls, splits and new ones are told apart, those of no use are not born", () => {
  const learner = smallLife({ rule: sgd({ lr: 0.05 }) });
  const before = lossOf(learner);
  const { event, slots, evidence } = growNeurons(learner, named(learner), 3, firefly(), options);
  expect(slots.length).toBeGreaterThan(0);
  expect(event!.parents!.filter((parent) => parent >= 0)).toHaveLength(evidence.splits);
  expect(lossOf(learner)).toBeLessThan(before - 0.005);
  observe(learner, 40, 60);
});

test("firefly: what a new one hears moves no farther than its reach lets it", () => {
  const learner = smallLife({ rule: sgd({ lr: 0.05 }) });
  const [reach, steps] = [0.001, 9];
  const { count, endowment } = proposed(learner, firefly({ candidates: 4, steps, reach }), 6);
  const [into] = learner.network.incoming(named(learner));
  const drawn = drawnIncoming(learner.network, named(learner), 24, derive(key(1), "in")).get(into)!;
  const lane = (packed: Float32Array, lanes: number, of: number) =>
    Float64Array.from(packed.filter((_, i) => i % lanes === of));
  const fresh = endowment.parents!.flatMap((parent, i) =>
    parent < 0 ? [lane(endowment.incoming!.get(into)!, count, i)] : [],
  );
  expect(fresh.length).toBeGreaterThan(0);
  for (const weights of fresh) {
    const moved = Array.from({ length: 24 }, (_, i) => {
      const first = lane(drawn, 24, i);
      return lengthOf(weights.map((w, j) => w - first[j])) / lengthOf(first);
    });
    expect(Math.min(...moved)).toBeGreaterThan(0);
    expect(Math.min(...moved)).toBeLessThan(reach * Math.sqrt(steps));
  }
});

test("for the same number of newborns, the ways that look at the loss make it less than birth alone", () => {
  const losses = (way: Way) => {
    const learner = smallLife({ widths: [4, 5], rule: sgd({ lr: 0.1 }) });
    growNeurons(learner, named(learner), 4, way, options);
    for (let i = 0; i < 160; i++) learner.practise(examples);
    return lossOf(learner);
  };
  const alone = losses(zeroOut());
  expect(losses(gradmax())).toBeLessThan(alone);
  for (const way of [tiny(), firefly()]) expect(losses(way)).toBeLessThan(alone - 0.03);
});

test("options out of their range are refused by name", () => {
  expect(() => gradmax({ scale: 0 })).toThrow("gradmax: scale is 0");
  expect(() => tiny({ threshold: -1 })).toThrow("tiny: threshold is -1");
  expect(() => split({ distance: 0 })).toThrow("split: distance is 0");
  expect(() => north({ by: "luck" as "select" })).toThrow('north: by is "luck"');
  expect(() => north({ candidates: 0 })).toThrow("north: candidates is 0");
  expect(() => firefly({ steps: 0.5 })).toThrow("firefly: steps is 0.5");
});
