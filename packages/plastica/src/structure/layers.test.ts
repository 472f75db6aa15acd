import { describe, expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy, squaredError } from "../credit/losses.ts";
import { ShapeError, SnapshotError, ValueError } from "../errors.ts";
import { type Learner, live } from "../life/learner.ts";
import { eventsOf, example, observe, untidy } from "../life/testing.ts";
import { presentIn } from "../network/absent.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { crelu, linear, relu, tanh } from "../network/neurons.ts";
import type { Population } from "../network/population.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, l2Init, sgd } from "../rules/index.ts";
import { continualBackprop } from "./continual-backprop.ts";
import { go as liveOn, learnerOf as mapLearner, xs } from "./maps-life.testing.ts";
import { density, freeze, prune } from "./synapses.ts";

function learnerWith(model: NeuronModel = relu(), options: { layerNorm?: boolean; seed?: number } = {}): Learner {
  const { layerNorm = false, seed = 4 } = options;
  const net = sequential({ inputs: 7, seed }, [dense(6, model), dense(5, model, { layerNorm }), dense(3)]);
  const structure = [continualBackprop({ replacementRate: 0.01, maturity: 10 })];
  const learner = live(net, {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure,
  });
  observe(learner, 0, 40);
  return learner;
}

function answers(learner: Learner): number[] {
  const xs = Array.from({ length: 10 }, (_, i) => [...example(1000 + i, 7, 3).x]);
  return [...xs.flatMap((x) => [...learner.predict(x)]), ...learner.predictBatch(xs.flat(), 10)];
}

const shape = ({ network }: Learner) => network.populations.map(({ name, size }) => `${name} ${size}`).join(", ");

describe("a layer in between", () => {
  test.each([
    ["relu after relu", relu(), relu()],
    ["crelu after relu", relu(), crelu()],
    ["linear after tanh", tanh(), linear()],
    ["relu after crelu", crelu(), relu()],
  ])("%s: the outputs stay the same to the bit, and it learns on", (_, before, model) => {
    const learner = learnerWith(before);
    const told = eventsOf(learner);
    const was = answers(learner);
    const name = learner.insertLayer("hidden1-hidden2", { model });
    expect(answers(learner)).toEqual(was);
    expect(shape(learner)).toBe(`input 7, hidden1 6, ${name} ${6 * before.planes}, hidden2 5, output 3`);
    expect(told.map(({ type }) => type)).toEqual(["layer-born", "born"]);
    const weights = learner.network.incoming(learner.network.population(name))[0].columns.packed("w");
    observe(learner, 40, 80);
    expect(learner.network.incoming(learner.network.population(name))[0].columns.packed("w")).not.toEqual(weights);
    expect(untidy(learner.network)).toEqual([]);
  });

  test("crelu after values of both signs: the outputs stay the same to rounding", () => {
    const learner = learnerWith(tanh());
    const was = answers(learner);
    learner.insertLayer("hidden1-hidden2", { model: crelu() });
    for (const [i, value] of answers(learner).entries()) expect(Math.abs(value - was[i])).toBeLessThan(1e-6);
  });

  test("the old weights keep their moments", () => {
    const learner = learnerWith();
    const [, old] = learner.network.projections;
    const kept = ["w", "m", "v"].map((name) => old.columns.packed(name));
    const name = learner.insertLayer("hidden1-hidden2");
    const out = learner.network.outgoing(learner.network.population(name))[0];
    expect(["w", "m", "v"].map((column) => out.columns.packed(column))).toEqual(kept);
  });

  test("crelu: what is absent and what stands still is so in both planes, and what remembers a weight remembers it turned", () => {
    const net = sequential({ inputs: 7, seed: 4 }, [dense(6, tanh()), dense(3)]);
    const learner = live(net, {
      credit: backprop({ loss: crossEntropy() }),
      rule: adam({ lr: 0.01 }),
      terms: [l2Init({ strength: 0.01 })],
    });
    observe(learner, 0, 20);
    const [, old] = net.projections;
    const by = { step: 20, cause: "by hand" };
    prune(net, old, [0, 1, 2, 3, 4, 5, 6, 7, 8], by);
    freeze(net, old, [9, 10, 11], by);
    const kept = ["plasticity", "w", "l2Init.origin", "v"].map((name) => [...old.columns.packed(name)]);
    const there = density(old);
    const { parameters } = net;
    const [out] = net.outgoing(net.population(learner.insertLayer(old.name, { model: crelu() })));
    expect(density(out)).toBe(there);
    const [plasticity, w, origin, v] = kept;
    const minus = (values: number[]) => values.map((value) => -value || 0);
    const found = ["plasticity", "w", "l2Init.origin", "v"].map((name) =>
      [...out.columns.packed(name)].map((x) => x || 0),
    );
    expect(found).toEqual([
      [...plasticity, ...plasticity],
      [...w, ...minus(w)],
      [...origin, ...minus(origin)],
      [...v, ...v],
    ]);
    expect(net.parameters).toBe(parameters + 6 * 6 + 6 + 9);
    observe(learner, 20, 40);
    expect([...out.columns.packed("w")].slice(9, 12)).toEqual(w.slice(9, 12));
    expect([...out.columns.packed("w")].slice(27, 30)).toEqual(minus(w.slice(9, 12)));
  });

  test("a model that is no identity there is refused, and nothing has changed", () => {
    const learner = learnerWith(tanh());
    const before = learner.fingerprint();
    expect(() => learner.insertLayer("hidden1-hidden2")).toThrow(ValueError);
    expect(() => learner.insertLayer("hidden1-hidden2")).toThrow("relu after tanh is no identity");
    expect(() => learner.insertLayer("input-hidden1")).toThrow("relu after linear");
    expect(() => learner.insertLayer("hidden1-output")).toThrow('no projection is called "hidden1-output"');
    expect(learner.fingerprint()).toBe(before);
  });

  test("as an identity it leaves without a trace in what the network answers", () => {
    for (const model of [relu(), crelu()]) {
      const learner = learnerWith();
      const was = answers(learner);
      learner.removeLayer(learner.insertLayer("hidden1-hidden2", { model }));
      expect(shape(learner)).toBe("input 7, hidden1 6, hidden2 5, output 3");
      expect(answers(learner)).toEqual(was);
      observe(learner, 40, 60);
    }
  });
});

test("a linear layer that listens to two layers and speaks to one leaves without a trace, its bias given once", () => {
  const net = sequential({ inputs: 3, seed: 1 }, [dense(4, linear()), dense(4, linear()), dense(2)]);
  const learner = live(net, { credit: backprop({ loss: squaredError() }), rule: sgd({ lr: 0.05 }) });
  learner.addLayer({ from: "hidden1", to: "hidden2", size: 3, model: linear(), name: "side" });
  for (let i = 0; i < 50; i++) learner.observe([Math.sin(i), Math.cos(i), 0.3], [1 + 0.2 * Math.sin(i), -1]);
  const asked = [0.3, -0.2, 0.5];
  const was = [...learner.predict(asked)];
  expect(
    net
      .population("hidden2")
      .columns.packed("bias")
      .some((bias) => Math.abs(bias) > 0.01),
  ).toBe(true);
  learner.removeLayer("hidden2");
  expect(net.projections.map(({ name }) => name)).toEqual(expect.arrayContaining(["hidden1-output", "side-output"]));
  for (const [i, value] of learner.predict(asked).entries()) expect(Math.abs(value - was[i])).toBeLessThan(1e-6);
});

describe("a layer beside", () => {
  test.each([false, true])("the outputs stay the same to the bit, and it learns on; normalised: %s", (layerNorm) => {
    const learner = learnerWith(relu(), { layerNorm });
    const was = answers(learner);
    const name = learner.addLayer({ from: "input", to: "output", size: 4, layerNorm });
    expect(shape(learner)).toBe(`input 7, ${name} 4, hidden1 6, hidden2 5, output 3`);
    expect(answers(learner)).toEqual(was);
    observe(learner, 40, 80);
    const out = learner.network.outgoing(learner.network.population(name))[0].columns;
    expect(out.packed("w").some((w) => w !== 0)).toBe(true);
    learner.grow(name, 3);
    observe(learner, 80, 120, 5);
    expect(untidy(learner.network)).toEqual([]);
    learner.removeLayer(name);
    expect(shape(learner)).toBe("input 7, hidden1 6, hidden2 5, output 3");
    observe(learner, 120, 130);
  });

  test("what cannot be is refused by name", () => {
    const learner = learnerWith();
    const add = (options: object) => () => learner.addLayer({ from: "input", to: "output", size: 4, ...options });
    expect(add({ from: "hidden2", to: "hidden1" })).toThrow("hidden2 must fire before hidden1");
    expect(add({ to: "nobody" })).toThrow('no population is called "nobody"');
    expect(add({ size: 0 })).toThrow("a layer of 0 neurons");
    expect(add({ name: "hidden1" })).toThrow('a layer is called "hidden1"');
    expect(() => learner.removeLayer("output")).toThrow(ShapeError);
  });

  test("two lives that grow the same layer are the same life", () => {
    const [a, b] = [learnerWith(), learnerWith()];
    for (const learner of [a, b]) {
      learner.addLayer({ from: "hidden1", to: "output", size: 3 });
      observe(learner, 40, 60);
    }
    expect(a.fingerprint()).toBe(b.fingerprint());
  });
});

describe("snapshots", () => {
  function changed(): Learner {
    const learner = learnerWith();
    learner.insertLayer("hidden1-hidden2", { model: crelu() });
    learner.addLayer({ from: "input", to: "output", size: 4, layerNorm: true });
    observe(learner, 40, 60);
    learner.removeLayer("hidden2");
    observe(learner, 60, 70);
    return learner;
  }

  test("a newborn learner takes up a life in which layers came and went, and lives on to the same bits", () => {
    const learner = changed();
    const bytes = learner.snapshot();
    const heir = learnerWith();
    heir.restore(bytes);
    expect(heir.fingerprint()).toBe(learner.fingerprint());
    expect(observe(heir, 70, 120)).toEqual(observe(learner, 70, 120));
    expect(heir.fingerprint()).toBe(learner.fingerprint());
  });

  test("coming and going is undone in full", () => {
    const learner = learnerWith();
    const before = learner.fingerprint();
    const undo = learner.branch();
    const name = learner.insertLayer("hidden1-hidden2");
    observe(learner, 40, 50);
    learner.removeLayer("hidden2");
    observe(learner, 50, 60);
    undo();
    expect(learner.fingerprint()).toBe(before);
    expect(learner.network.populations.some((one) => one.name === name)).toBe(false);
    const twin = learnerWith();
    expect(observe(learner, 60, 100)).toEqual(observe(twin, 60, 100));
  });

  test("a layer that was taken back may come again, as it may in a newborn learner", () => {
    const [learner, heir] = [learnerWith(), learnerWith()];
    const bytes = learner.snapshot();
    for (const one of [learner, heir]) {
      if (one === learner) {
        learner.insertLayer("hidden1-hidden2", { model: crelu() });
        learner.addLayer({ name: "side", from: "input", to: "output", size: 4 });
      }
      one.restore(bytes);
      one.insertLayer("hidden1-hidden2", { model: crelu() });
      one.addLayer({ name: "side", from: "hidden1", to: "output", size: 3 });
      observe(one, 40, 60);
    }
    expect(learner.fingerprint()).toBe(heir.fingerprint());
  });

  test("a layer of the same name that is made of something else is another one", () => {
    const [learner, other] = [learnerWith(), learnerWith()];
    learner.addLayer({ name: "side", from: "input", to: "output", size: 4, model: tanh() });
    other.addLayer({ name: "side", from: "hidden1", to: "output", size: 4, model: relu() });
    other.restore(learner.snapshot());
    expect(other.network.population("side").model.name).toBe("tanh");
    expect(observe(other, 40, 60)).toEqual(observe(learner, 40, 60));
    expect(other.fingerprint()).toBe(learner.fingerprint());
  });

  test("one that cannot be taken up changes nothing", () => {
    const bytes = changed().snapshot();
    const other = learnerWith(relu(), { seed: 5 });
    const before = other.fingerprint();
    expect(() => other.restore(bytes)).toThrow(SnapshotError);
    expect(other.fingerprint()).toBe(before);
  });
});

test("who takes a removed layer's place is new, whether or not one of that name was once here", () => {
  const learner = learnerWith();
  const { network } = learner;
  prune(network, network.projections[1], [0, 3], { step: 40, cause: "test" });
  const name = learner.insertLayer("hidden1-hidden2");
  // A newborn learner has never had that projection.
  const heir = learnerWith();
  heir.restore(learner.snapshot());
  for (const one of [learner, heir]) {
    one.removeLayer(name);
    expect(density(one.network.projections.find((each) => each.name === "hidden1-hidden2")!)).toBe(1);
    observe(one, 40, 60);
  }
  expect(heir.fingerprint()).toBe(learner.fingerprint());
});

test("a map beside a map listens as that one does, is heard as it is, and changes no output until it learns", () => {
  const learner = mapLearner(undefined);
  liveOn(learner, 0, 6);
  const { network } = learner;
  const was = learner.predictBatch(xs.slice(0, 4).flat(), 4);
  const name = learner.addLayer({ from: "input", to: "hidden2", size: 4, like: "hidden1" });
  expect([...learner.predictBatch(xs.slice(0, 4).flat(), 4)]).toEqual([...was]);
  const [old, beside] = ["hidden1", name].map((one) => network.population(one));
  for (const what of ["map", "outMap", "pool"] as const) expect(beside[what]).toEqual(old[what]);
  const kernels = (one: Population) => [network.incoming(one)[0], network.outgoing(one)[0]].map(({ kernel }) => kernel);
  expect(kernels(beside)).toEqual(kernels(old));
  // Half of its synapses lead to each of the two groups.
  const [out] = network.outgoing(beside);
  expect(presentIn(out.columns)).toBe((out.columns.planes * 4 * 8) / 2);
  liveOn(learner, 6, 16);
  expect(out.columns.packed("w").some((w) => w !== 0)).toBe(true);
  const heir = mapLearner(undefined);
  heir.restore(learner.snapshot());
  for (const one of [learner, heir]) liveOn(one, 16, 20);
  expect(heir.fingerprint()).toBe(learner.fingerprint());
  learner.removeLayer(name);
  expect(network.populations.map((one) => one.name)).toEqual(["input", "hidden1", "hidden2", "hidden3", "output"]);
});

test("the groups of a convolution go with it: where one was tried or removed, a life is one that never had it", () => {
  const learner = mapLearner(undefined);
  const add = () => learner.addLayer({ from: "input", to: "hidden3", size: 4, like: "hidden2" });
  const hasGroups = () => learner.network.inputs.columns.names.includes("groups.2.out");
  liveOn(learner, 0, 6);
  const before = learner.fingerprint();
  const undo = learner.branch();
  add();
  expect(hasGroups()).toBe(true);
  liveOn(learner, 6, 9);
  undo();
  expect(learner.fingerprint()).toBe(before);
  const name = add();
  liveOn(learner, 6, 9);
  learner.removeLayer(name);
  expect(hasGroups()).toBe(false);
  const heir = mapLearner(undefined);
  heir.restore(learner.snapshot());
  for (const one of [learner, heir]) liveOn(one, 9, 15);
  expect(heir.fingerprint()).toBe(learner.fingerprint());
});

test("a map that cannot be heard, or cannot listen, is refused by name, and nothing has changed", () => {
  const learner = mapLearner(undefined);
  const before = learner.fingerprint();
  const add = (options: object) => () => learner.addLayer({ from: "input", to: "hidden2", size: 4, ...options });
  expect(add({})).toThrow("a layer from input to hidden2: hidden2 is a map, to which only convolutions lead");
  expect(add({ like: "hidden3" })).toThrow("hidden2 is a map, to which only convolutions lead");
  expect(add({ like: "hidden2" })).toThrow("hidden2 is a map, to which only convolutions lead");
  expect(add({ from: "hidden1", like: "hidden1" })).toThrow("a kernel of 2 by 2 on a map of 1 by 1");
  expect(add({ from: "hidden3", to: "output", like: "hidden2" })).toThrow("hidden2 is a map, and hidden3 none");
  expect(add({ like: "output" })).toThrow("a layer like output: that is not a hidden one");
  expect(add({ like: "nobody" })).toThrow('no population is called "nobody"');
  expect(learner.fingerprint()).toBe(before);
});
