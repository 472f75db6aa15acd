import { describe, expect, test } from "vitest";
import { readSafetensors } from "../compute/safetensors.ts";
import { backprop } from "../credit/backprop.ts";
import { binaryCrossEntropy, crossEntropy } from "../credit/losses.ts";
import { SnapshotError, ValueError } from "../errors.ts";
import { type Initialiser, kaimingUniform, xavierUniform } from "../network/initialisers.ts";
import { crelu, leakyRelu, relu, tanh } from "../network/neurons.ts";
import { type DenseOptions, dense, type SequentialOptions, sequential } from "../network/sequential.ts";
import * as rules from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import { type Learner, type LifeOptions, live } from "./learner.ts";
import { eventsOf, observe } from "./testing.ts";

const { adam, l2, l2Init, sgd, shrinkAndPerturb, weightClipping } = rules;

interface Making extends Partial<LifeOptions> {
  net?: Partial<SequentialOptions>;
  first?: DenseOptions;
  model?: ReturnType<typeof relu>;
}

function learnerWith({ net, first, model = crelu(), ...options }: Making = {}): Learner {
  const network = sequential({ inputs: 4, seed: 6, ...net }, [dense(6, model, first), dense(5, tanh()), dense(3)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd(), ...options });
}

/** Thirty steps, alone and in batches, with a birth, a death and a replacement by hand; and what was said. */
function episode(learner: Learner, from: number): unknown {
  const events = eventsOf(learner);
  const said = [...observe(learner, from, from + 12), ...observe(learner, from + 12, from + 24, 4)];
  learner.grow("hidden1", 2);
  said.push(...observe(learner, from + 24, from + 30));
  learner.replace("hidden2", [learner.network.population("hidden2").neurons[1].id]);
  learner.remove(
    "hidden1",
    [2, 6].map((slot) => learner.network.population("hidden1").neurons[slot].id),
  );
  said.push(...observe(learner, from + 30, from + 36, 2), ...observe(learner, from + 36, from + 45));
  return { said, events, step: learner.step, fingerprint: learner.fingerprint() };
}

/** A life that has gone another way: other sizes, other weights, another step. */
function elsewhere(making: Making): Learner {
  const learner = learnerWith(making);
  observe(learner, 500, 533);
  learner.grow("hidden1", 30);
  observe(learner, 533, 541, 8);
  learner.grow("hidden2", 3);
  learner.remove(
    "hidden2",
    learner.network
      .population("hidden2")
      .neurons.slice(0, 6)
      .map(({ id }) => id),
  );
  learner.set(Object.keys(learner.hyper)[0], 0.0123);
  return learner;
}

const all: Record<string, rules.Rule> = {
  sgd: sgd(),
  momentum: rules.momentum(),
  nesterov: rules.nesterov(),
  rmsprop: rules.rmsprop(),
  adagrad: rules.adagrad(),
  adam: adam(),
  adamW: rules.adamW(),
  upgd: rules.upgd(),
  "upgd, non-protecting": rules.upgdNonProtecting(),
  hebb: rules.hebb({ lr: 1e-3 }),
  oja: rules.oja({ lr: 1e-3 }),
};
const termLists: rules.Term[][] = [
  [],
  [l2(), rules.gradientClipping({ value: 0.5 })],
  [l2Init(), rules.gradientClipping({ norm: 0.5 }), weightClipping()],
  [shrinkAndPerturb({ noise: 1e-3 })],
];
const policyLists = [
  [],
  [continualBackprop({ replacementRate: 0.05, maturity: 3, refresh: 7 })],
  [continualBackprop({ replacementRate: 0.03, maturity: 4, utility: "random", accumulate: false })],
];
const makings = Object.entries(all).flatMap(([name, rule]) =>
  termLists.flatMap((terms, i) =>
    policyLists.map((structure, j): [string, Making] => [
      `${name}, ${terms.map((term) => term.name).join(" ") || "no terms"}, ${["no policy", "continual backprop", "by lot"][j]}`,
      { rule, terms, structure, net: i % 2 ? { normaliseInputs: { decay: 0.9 } } : {}, first: { layerNorm: j > 0 } },
    ]),
  ),
);

test.each(makings)("a life goes on from a snapshot to the bit: %s", (_, making) => {
  const learner = learnerWith(making);
  episode(learner, 0);
  const bytes = learner.snapshot();
  const then = learner.fingerprint();
  const next = episode(learner, 45);

  const fresh = learnerWith(making);
  fresh.restore(bytes);
  expect(fresh.fingerprint()).toBe(then);
  expect(fresh.snapshot()).toEqual(bytes);
  expect(episode(fresh, 45)).toEqual(next);

  const other = elsewhere(making);
  other.restore(bytes);
  expect(other.fingerprint()).toBe(then);
  expect(other.hyper).toEqual(fresh.hyper);
  expect(episode(other, 45)).toEqual(next);
});

test("a life goes on from any of its steps, also from just after births and deaths", () => {
  const making = { rule: adam(), structure: policyLists[1] };
  const live = (learner: Learner, step: number) => {
    observe(learner, step, step + 1);
    const { neurons } = learner.network.population("hidden2");
    if (step % 9 === 4) learner.grow("hidden2", 1);
    if (step % 9 === 7) learner.remove("hidden2", [neurons[0].id]);
  };
  const learner = learnerWith(making);
  const snapshots: Uint8Array[] = [];
  for (let step = 0; step < 30; step++) {
    live(learner, step);
    snapshots.push(learner.snapshot());
  }
  const again = learnerWith(making);
  for (const [taken, bytes] of snapshots.entries()) {
    again.restore(bytes);
    for (let step = taken + 1; step < 30; step++) live(again, step);
    expect(again.fingerprint()).toBe(learner.fingerprint());
  }
});

test("a structural change is undone in full by the snapshot from before", () => {
  const learner = learnerWith({ rule: adam(), structure: policyLists[1] });
  episode(learner, 0);
  const [bytes, before] = [learner.snapshot(), learner.fingerprint()];
  const changes = [
    () => learner.grow("hidden1", 1),
    () => learner.grow("hidden2", 200),
    () =>
      learner.remove(
        "hidden1",
        learner.network
          .population("hidden1")
          .neurons.slice(1)
          .map(({ id }) => id),
      ),
    () =>
      learner.replace(
        "hidden2",
        learner.network.population("hidden2").neurons.map(({ id }) => id),
      ),
  ];
  for (const change of changes) {
    change();
    expect(learner.fingerprint()).not.toBe(before);
    observe(learner, 45, 50);
    learner.restore(bytes);
    expect(learner.fingerprint()).toBe(before);
  }
});

test("notes come back as they were", () => {
  const learner = learnerWith();
  const notes = [
    { at: "task 7", seen: [1, 2.5, -0.1, 1e-300], deep: { null: null } },
    null,
    "ü𝄞\u0000\ud800",
    0,
    false,
    [],
  ];
  for (const note of notes) expect(learner.restore(learner.snapshot(note))).toEqual(note);
  expect(learner.restore(learner.snapshot())).toBe(null);
  expect(() => learner.snapshot(() => 1)).toThrow(ValueError);
  expect(() => learner.snapshot(() => 1)).toThrow(/the note is a function: it is plain JSON data/);
});

test("a running sum that has overflowed comes back, and the life goes on as it would have", () => {
  const [learner, other] = [learnerWith({ rule: adam() }), learnerWith({ rule: adam() })];
  observe(learner, 0, 1);
  learner.network.projections[0].columns.set("v", 0, 0, Infinity);
  other.restore(learner.snapshot());
  expect(episode(other, 1)).toEqual(episode(learner, 1));
  expect(other.fingerprint()).toBe(learner.fingerprint());
});

test("numbers that no column holds come back exactly", () => {
  const structure = [continualBackprop({ replacementRate: 0.0123456789, maturity: 0, refresh: 13 })];
  const making = { structure, net: { normaliseInputs: { decay: 1 / 3 } } };
  const [learner, other] = [learnerWith(making), learnerWith(making)];
  observe(learner, 0, 700);
  learner.set("lr", 0.1 + 0.2);
  other.restore(learner.snapshot());
  expect(other.hyper.lr).toBe(0.1 + 0.2);
  expect(other.fingerprint()).toBe(learner.fingerprint());
  expect(other.network.inputNorm!.power).toBe(learner.network.inputNorm!.power);
});

test("is a safetensors file of live shapes", () => {
  const learner = learnerWith({ rule: adam(), first: { layerNorm: true } });
  learner.grow("hidden1", 1);
  const { tensors, metadata } = readSafetensors(learner.snapshot({ a: 1 }));
  const shapes = Object.fromEntries(
    [...tensors].map(([name, { dtype, shape }]) => [name, `${dtype} ${shape.join(" ")}`]),
  );
  expect(shapes).toMatchObject({
    "input/id": "F64 4",
    "hidden1/id": "F64 7",
    "hidden1/born": "F64 7",
    "hidden1/cause": "F64 7",
    "hidden1/bias": "F32 7",
    "hidden1/gain": "F32 7",
    "hidden1/gain.m": "F32 7",
    "hidden1/age": "F32 7",
    "input-hidden1/w": "F32 4 7",
    "hidden1-hidden2/w": "F32 14 5",
    "hidden1-hidden2/m": "F32 14 5",
    "hidden2-output/v": "F32 5 3",
  });
  expect([...(tensors.get("hidden1/id")!.data as Float64Array)].at(-1)).toBe(18);
  expect(tensors.get("hidden1-hidden2/w")!.data).toEqual(learner.network.projections[1].columns.packed("w"));
  expect(metadata.note).toBe('{"a":1}');
});

describe("a learner made in another way does not take it up, and says why", () => {
  const structure = [continualBackprop({ replacementRate: 0.01 })];
  const own: Initialiser = { ...kaimingUniform(), options: { scale: 2 } };
  const others: [string, Making, RegExp][] = [
    ["rule", { rule: adam() }, /rule is "sgd", this learner's is "adam"/],
    ["terms", { terms: [l2()] }, /terms is \[\], this learner's is \["l2"\]/],
    ["no policy", { structure: [] }, /structure is \[\{"name":"continual-backprop".*this learner's is \[\]/],
    ["policy options", { structure: [continualBackprop({ maturity: 7 })] }, /"maturity":100.*"maturity":7/],
    ["seed", { net: { seed: 7 } }, /seed is 6, this learner's is 7/],
    ["model", { model: relu() }, /populations is .*"crelu".* this learner's is .*"relu"/],
    ["model's options", { model: leakyRelu({ slope: 0.2 }) }, /"slope":0.2/],
    ["name", { first: { name: "first" } }, /"hidden1".* this learner's is .*"first"/],
    ["initialiser", { first: { initialiser: xavierUniform() } }, /"kaiming-uniform".*"xavier-uniform"/],
    ["initialiser's options", { first: { initialiser: own } }, /projections is .* this learner's is .*"scale":2/],
    ["bias", { first: { bias: false } }, /a tensor "hidden1\/bias", for which this learner has no place/],
    ["layer norm", { first: { layerNorm: true } }, /no tensor "hidden1\/gain"/],
    ["inputs", { net: { inputs: 5 } }, /input has 4 neurons of 4, this learner's has 5 of 8/],
    ["normalised inputs", { net: { normaliseInputs: { decay: 0.9 } } }, /inputNorm is null, this learner's is 0.9/],
    [
      "inputs normalised with an epsilon",
      { net: { normaliseInputs: { decay: 0.9, epsilon: 0.1 } } },
      /inputNorm is null, this learner's is \{"decay":0.9,"epsilon":0.1\}/,
    ],
    [
      "loss",
      { credit: backprop({ loss: binaryCrossEntropy() }) },
      /loss is "cross-entropy", this.*"binary-cross-entropy"/,
    ],
  ];
  const source = learnerWith({ structure });
  observe(source, 0, 10);
  const bytes = source.snapshot();
  test.each(others)("%s", (_, making, message) => {
    const learner = learnerWith({ structure, ...making });
    const before = learner.fingerprint();
    expect(() => learner.restore(bytes)).toThrow(SnapshotError);
    expect(() => learner.restore(bytes)).toThrow(message);
    expect(learner.fingerprint()).toBe(before);
  });
  test("arithmetic", () => {
    const learner = learnerWith({ structure });
    Object.defineProperty(learner.network.compute, "arithmetic", { value: "fused" });
    expect(() => learner.restore(bytes)).toThrow(/arithmetic is "plain", this learner's is "fused"/);
  });
});
