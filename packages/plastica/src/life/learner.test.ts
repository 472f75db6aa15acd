import { describe, expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy, squaredError } from "../credit/losses.ts";
import { DivergenceError, ShapeError, ValueError } from "../errors.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, gradientClipping, l2, settling, sgd } from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import { type Learner, type LifeOptions, live } from "./learner.ts";
import { example, observe, untidy } from "./testing.ts";

const [INPUTS, CLASSES] = [5, 3];

function learnerWith(options: Partial<LifeOptions> = {}, normalise = false): Learner {
  const normaliseInputs = normalise ? { normaliseInputs: { decay: 0.99 } } : {};
  const net = sequential({ inputs: INPUTS, seed: 3, ...normaliseInputs }, [dense(6, relu()), dense(CLASSES)]);
  const structure = [continualBackprop({ replacementRate: 0.02, maturity: 5 })];
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure, ...options });
}

const x = [1, 0, -1, 0.5, 2];

test("observe returns what predict would have said", () => {
  const learner = learnerWith();
  for (let i = 0; i < 50; i++) {
    const { x, y } = example(i, INPUTS, CLASSES);
    const known = learner.predict(x);
    const seen = learner.observe(x, y);
    expect([...seen.outputs]).toEqual([...known]);
    expect(seen.prediction).toBe(known.indexOf(Math.max(...known)));
    const total = known.reduce((sum, out) => sum + Math.exp(out), 0);
    expect(seen.loss).toBeCloseTo(Math.log(total) - known[y], 5);
  }
  expect(learner.step).toBe(50);
});

test("a batch is seen as its examples are, its loss is their mean, and it is one update", () => {
  const learner = learnerWith();
  const batch = Array.from({ length: 7 }, (_, i) => example(i, INPUTS, CLASSES));
  const known = batch.map(({ x }) => [...learner.predict(x)]);
  const losses = known.map((out, i) => Math.log(out.reduce((sum, o) => sum + Math.exp(o), 0)) - out[batch[i].y]);
  const xs = batch.flatMap(({ x }) => [...x]);
  expect([...learner.predictBatch(xs, 7)]).toEqual(known.flat());
  const seen = learner.observeBatch(
    xs,
    batch.map(({ y }) => y),
  );
  expect([...seen.outputs]).toEqual(known.flat());
  expect([...seen.predictions]).toEqual(known.map((out) => out.indexOf(Math.max(...out))));
  expect(seen.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 7, 5);
  expect(learner.step).toBe(1);
});

test("what observeBatch returned stays as it was", () => {
  const learner = learnerWith();
  const batch = (from: number) => observe(learner, from, from + 3, 3);
  batch(0);
  const seen = learner.observeBatch(new Float32Array(15).fill(0.3), [0, 1, 2]);
  const copy = [...seen.outputs];
  batch(3);
  expect([...seen.outputs]).toEqual(copy);
});

test.each([false, true])("predict learns nothing (inputs normalised: %s)", (normalise) => {
  const learner = learnerWith({}, normalise);
  observe(learner, 0, 20);
  const before = learner.fingerprint();
  const said = [...learner.predict(x)];
  learner.predictBatch([...x, ...x], 2);
  expect(learner.fingerprint()).toBe(before);
  expect([...learner.predict(x)]).toEqual(said);
});

test("a batch's targets are classes or values, in whatever array", () => {
  const [xs, classes] = [Array.from({ length: 20 }, (_, i) => Math.cos(i)), [2, 0, 1, 1]];
  const values = classes.flatMap((y) => [0, 1, 2].map((i) => Number(i === y)));
  const targets = [classes, Uint8Array.from(classes), values, Float32Array.from(values), { ...values, length: 12 }];
  const lives = targets.map((ys) => {
    const learner = learnerWith();
    observe(learner, 0, 4, 4); // so that other targets have been there before
    const { loss, predictions } = learner.observeBatch(xs, ys);
    return [loss, ...predictions, learner.fingerprint()];
  });
  for (const life of lives) expect(life).toEqual(lives[0]);
});

describe("bad input changes nothing, and the learner goes on as if it had never come", () => {
  const bad = [...x.slice(1), Number.NaN];
  const attempts: [string, (learner: Learner) => unknown, new () => Error, RegExp][] = [
    ["too few inputs", (l) => l.observe(x.slice(1), 0), ShapeError, /an input of 4 values for an example of 5/],
    ["too many inputs", (l) => l.observe([...x, 1], 0), ShapeError, /an input of 6 values/],
    ["NaN", (l) => l.observe(bad, 0), ValueError, /input 4 is NaN/],
    ["infinity", (l) => l.observe([1, 2, -Infinity, 4, 5], 0), ValueError, /input 2 is -Infinity/],
    ["more than float32", (l) => l.observe([1, 2, 1e39, 4, 5], 0), ValueError, /input 2 is 1e\+39/],
    ["a class too high", (l) => l.observe(x, 3), ValueError, /label 3 is out of range: classes are 0 to 2/],
    ["a class below 0", (l) => l.observe(x, -1), ValueError, /label -1/],
    ["half a class", (l) => l.observe(x, 0.5), ValueError, /label 0.5/],
    ["NaN as class", (l) => l.observe(x, Number.NaN), ValueError, /label NaN/],
    ["too few targets", (l) => l.observe(x, [1, 0]), ShapeError, /a target of 2 values for 3 outputs/],
    ["NaN among targets", (l) => l.observe(x, [1, 0, Number.NaN]), ValueError, /target 2 is NaN/],
    ["an output that is not there", (l) => l.observe(x, 0, { outputs: [0, 3] }), ValueError, /output 3/],
    ["an output twice", (l) => l.observe(x, 0, { outputs: [0, 0] }), ValueError, /named twice/],
    ["no output", (l) => l.observe(x, [1, 0, 0], { outputs: [] }), ValueError, /no output takes part/],
    ["a class that takes no part", (l) => l.observe(x, 2, { outputs: [0, 1] }), ValueError, /label 2 is not among/],
    ["a batch of one and a bit", (l) => l.observeBatch([...x, 1], [0]), ShapeError, /a batch of 1.2 examples/],
    ["an empty batch", (l) => l.observeBatch([], []), ShapeError, /a batch of 0 examples/],
    ["a batch with NaN", (l) => l.observeBatch([...x, ...bad], [0, 1]), ValueError, /input 4 of example 1 is NaN/],
    ["a batch of three classes for two", (l) => l.observeBatch([...x, ...x], [0, 1, 2]), ShapeError, /3 targets for 2/],
    ["a batch with a wrong class", (l) => l.observeBatch([...x, ...x], [0, 7]), ValueError, /label 7/],
    [
      "a batch with NaN for a value",
      (l) => l.observeBatch([...x, ...x], [1, 0, 0, 0, Number.NaN, 1]),
      ValueError,
      /t 1 is NaN/,
    ],
    ["a batch without targets", (l) => l.observeBatch([...x, ...x]), ShapeError, /no target, but cross-entropy needs/],
    [
      "a batch with null for targets",
      (l) => l.observeBatch(x, null as unknown as []),
      ShapeError,
      /the target is null/,
    ],
    ["a large batch with a wrong class", (l) => l.observeBatch(Array(45).fill(1), Array(9).fill(8)), ValueError, /8/],
    ["a question too short", (l) => l.predict([1]), ShapeError, /an input of 1 values/],
    ["a question of NaN", (l) => l.predict(bad), ValueError, /input 4 is NaN/],
    ["a batch of half a question", (l) => l.predictBatch(x, 0.5), ShapeError, /a batch of 0.5 examples/],
    ["an unknown hyper-parameter", (l) => l.set("rate", 1), ValueError, /"rate": there are lr, b1, b2, eps/],
    ["lr below 0", (l) => l.set("lr", -1), ValueError, /lr is -1: it is a number from 0/],
    ["lr NaN", (l) => l.set("lr", Number.NaN), ValueError, /lr is NaN: it is a finite float32 number/],
    ["lr beyond float32", (l) => l.set("lr", 1e300), ValueError, /lr is 1e\+300/],
  ];
  for (const normalise of [false, true]) {
    test.each(attempts)(`%s (inputs normalised: ${normalise})`, (_, attempt, error, message) => {
      const [learner, spared] = [learnerWith({}, normalise), learnerWith({}, normalise)];
      for (const l of [learner, spared]) observe(l, 0, 20);
      const before = learner.fingerprint();
      expect(() => attempt(learner)).toThrow(error);
      expect(() => attempt(learner)).toThrow(message);
      expect(learner.fingerprint()).toBe(before);
      expect(observe(learner, 20, 60)).toEqual(observe(spared, 20, 60));
      expect(observe(learner, 60, 72, 4)).toEqual(observe(spared, 60, 72, 4));
      expect(learner.fingerprint()).toBe(spared.fingerprint());
    });
  }
});

test.each([
  ["settling.steps", 0, "settling.steps is 0: it is a number from 1"],
  ["settling.to", 1.5, "settling.to is 1.5: it is a number from 0 to 1"],
])("a term's hyper-parameter out of its range is refused: %s", (name, value, message) => {
  const terms = [settling({ steps: 50, to: 0.5 })];
  const credit = backprop({ loss: crossEntropy() });
  const learner = live(sequential({ inputs: 2, seed: 1 }, [dense(2)]), { credit, rule: sgd(), terms });
  expect(() => learner.set(name, value)).toThrow(message);
  expect(learner.hyper).toMatchObject({ "settling.steps": 50, "settling.to": 0.5 });
});

test("a network that diverges says at which step, and the example that showed it is not learned", () => {
  const net = sequential({ inputs: INPUTS, seed: 3 }, [dense(6, relu()), dense(CLASSES)]);
  const learner = live(net, { credit: backprop({ loss: squaredError() }), rule: sgd({ lr: 1e6 }) });
  let thrown: Error | undefined;
  let before = "";
  for (let i = 0; i < 100 && !thrown; i++) {
    before = learner.fingerprint();
    try {
      learner.observe(example(i, INPUTS, CLASSES).x, [1, 0, -1]);
    } catch (error) {
      thrown = error as Error;
    }
  }
  expect(thrown).toBeInstanceOf(DivergenceError);
  expect(thrown!.message).toMatch(new RegExp(`the loss is (NaN|Infinity) at step ${learner.step}: .*diverged`));
  expect(learner.step).toBeGreaterThan(1);
  expect(learner.fingerprint()).toBe(before);
});

test("two structural policies of one name are refused", () => {
  const structure = [continualBackprop(), continualBackprop({ maturity: 7 })];
  expect(() => learnerWith({ structure })).toThrow(/two structural policies are called continual-backprop/);
});

describe("hyper-parameters", () => {
  test("go by their names and those of their terms, and change what comes after", () => {
    const options = { rule: sgd({ lr: 0.1 }), terms: [l2({ strength: 0.5 }), gradientClipping({ norm: 3 })] };
    const learner = learnerWith(options);
    expect(learner.hyper).toEqual({ lr: 0.1, "l2.strength": 0.5, "gradientClipping.norm": 3 });
    observe(learner, 0, 10);
    learner.set("l2.strength", 0.25);
    expect(learner.hyper["l2.strength"]).toBe(0.25);

    const direct = learnerWith({ rule: sgd({ lr: 0.2 }) });
    const set = learnerWith({ rule: sgd({ lr: 0.1 }) });
    set.set("lr", 0.2);
    expect(observe(set, 0, 50)).toEqual(observe(direct, 0, 50));
    expect(set.fingerprint()).toBe(direct.fingerprint());
    set.set("lr", 0);
    const stopped = set.predict(x);
    const still = learnerWith({ rule: sgd({ lr: 0 }), structure: [] });
    const asked = still.predict(x);
    observe(still, 0, 20);
    expect(still.predict(x)).toEqual(asked);
    expect(stopped).not.toEqual(asked);
  });
});

describe("ages", () => {
  const ages = ({ network }: Learner, population: string) => {
    const { columns, neurons } = network.population(population);
    return new Map([...columns.packed("age")].map((age, slot) => [neurons[slot].id, age]));
  };
  const young = (learner: Learner) => [...ages(learner, "hidden1")].filter(([id]) => id >= 14).map(([, age]) => age);

  test("are 1 in the first update, and count updates since birth, of batches as well", () => {
    const learner = learnerWith({ structure: [] });
    observe(learner, 0, 1);
    expect([...ages(learner, "input").values()]).toEqual(Array(INPUTS).fill(1));
    observe(learner, 1, 10);
    learner.grow("hidden1", 2);
    observe(learner, 10, 22, 4);
    expect(young(learner)).toEqual([3, 3]);
    const [founder] = ages(learner, "hidden1").keys();
    learner.replace("hidden1", [founder]);
    learner.remove("hidden1", [14]);
    observe(learner, 22, 27);
    expect(young(learner).sort()).toEqual([5, 8]);
    for (const [id, age] of ages(learner, "hidden1")) if (id < 14) expect(age).toBe(18);
    expect(new Set(ages(learner, "output").values())).toEqual(new Set([18]));
    learner.predict(x);
    expect(() => learner.observe(x, 9)).toThrow(ValueError);
    expect(new Set(ages(learner, "output").values())).toEqual(new Set([18]));
    expect(untidy(learner.network)).toEqual([]);
  });

  test("correct a newborn's optimiser state from its own beginning: its first step has Adam's full size", () => {
    const learner = learnerWith({ rule: adam({ lr: 0.01 }), structure: [] });
    observe(learner, 0, 500);
    const [id] = learner.grow("hidden1", 1);
    const { columns, pre } = learner.network.projections[1];
    const slot = pre.neurons.findIndex((neuron) => neuron.id === id);
    // Which is active for one of these examples, as its incoming weights do not learn before it is.
    for (let i = 0; i < 50 && pre.outputs(1)[slot] === 0; i++) observe(learner, i, i + 1);
    const step = columns.packed("w").slice(slot * CLASSES, (slot + 1) * CLASSES);
    const age = pre.columns.view("age")[slot];
    const first = 0.1 / (1 - 0.9 ** age) / Math.sqrt(0.001 / (1 - 0.999 ** age));
    for (const w of step) expect(Math.abs(w)).toBeCloseTo(0.01 * first, 5);
  });
});
