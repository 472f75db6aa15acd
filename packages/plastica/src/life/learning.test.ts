import { describe, expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy, squaredError } from "../credit/losses.ts";
import type { Network } from "../network/network.ts";
import { crelu, leakyRelu, linear, relu, tanh } from "../network/neurons.ts";
import { dense, type LayerSpec, sequential } from "../network/sequential.ts";
import { plan } from "../rules/plan.ts";
import { type Rule, rule } from "../rules/rule.ts";
import * as rules from "../rules/synaptic/index.ts";
import { type Term, term } from "../rules/term.ts";
import { gradientClipping, l2, l2Init, shrinkAndPerturb, weightClipping } from "../rules/terms/index.ts";
import { type Learner, live } from "./learner.ts";
import { columnsOf, observe, untidy } from "./testing.ts";

/** Changes nothing, but nobody can prove that: with it, no row is skipped. */
const opaque = term("opaque", { hyper: {}, weight: ({ next }) => next.max(-3e38) });
/** Changes nothing, but waits until all signals are known. */
const patient = gradientClipping({ norm: 1e30 });

function learnerOf(layers: readonly LayerSpec[], rule: Rule, terms: readonly Term[] = [], inputs = 6): Learner {
  const net = sequential({ inputs, seed: 4 }, layers);
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule, terms });
}

/** Every column that is there in both, packed. */
function state(net: Network): Record<string, Float32Array> {
  const all = columnsOf(net).flatMap(({ name, columns }) =>
    columns.names.map((column) => [`${name}/${column}`, columns.packed(column)] as const),
  );
  return Object.fromEntries(all);
}

describe("silence", () => {
  const layers = {
    relu: () => [dense(13, relu()), dense(9, relu(), { layerNorm: true }), dense(3)],
    crelu: () => [dense(13, crelu()), dense(6, crelu()), dense(3)],
    "relu, so wide that rows learn in groups": () => [dense(900, relu()), dense(300, relu()), dense(3)],
  };
  const skipping = { sgd: rules.sgd({ lr: 0.1 }), adagrad: rules.adagrad(), hebb: rules.hebb({ lr: 1e-3 }) };
  const cases = Object.entries(layers).flatMap(([name, make]) =>
    Object.entries(skipping).flatMap(([which, rule]) => [1, 5].map((batch) => ({ name, make, which, rule, batch }))),
  );

  it.each(cases)("is skipped exactly: $which, $name, batch $batch", ({ make, rule, batch }) => {
    expect([plan(rule, [], "example").silenceFree, plan(rule, [opaque()], "example").silenceFree]).toEqual([
      true,
      false,
    ]);
    const seen = [[], [opaque()], [patient], [opaque(), patient]].map((terms) => {
      const learner = learnerOf(make(), rule, terms);
      return { said: observe(learner, 0, 20, batch), state: state(learner.network), untidy: untidy(learner.network) };
    });
    expect(seen[0].untidy).toEqual([]);
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0]);
  });

  it("the rows of silent neurons are not even written", () => {
    const learner = learnerOf([dense(8, relu()), dense(3)], rules.sgd({ lr: 0.1 }));
    learner.observe([1, 0, 2, 0, 0, 3], 1);
    const before = learner.network.projections[0].columns.packed("w");
    learner.observe([0, 1, 0, 0, 0, 0], 2);
    const after = learner.network.projections[0].columns.packed("w");
    const changed = [...after].map((w, i) => (w === before[i] ? -1 : Math.floor(i / 8))).filter((row) => row >= 0);
    expect(new Set(changed)).toEqual(new Set([1]));
  });

  it.each([1, 3])("a rule that reads the age of a neuron with two rows finds it for both, batch %i", (batch) => {
    const aged = rule("aged", { state: { seen: 0 } }, ({ w, grad, preAge, seen }) => ({
      w: w.sub(grad.mul(0.1)),
      seen: grad.equals(0).then(seen, preAge),
    }));
    expect(plan(aged(), [], "example").silenceFree).toBe(true);
    for (const terms of [[], [opaque()]]) {
      const learner = learnerOf([dense(7, crelu()), dense(3)], aged(), terms);
      observe(learner, 0, 6, batch);
      learner.grow("hidden1", 3);
      observe(learner, 6, 12, batch);
      const [, { pre, columns }] = learner.network.projections;
      const ages = pre.columns.packed("age");
      expect(new Set(ages)).toEqual(new Set([12 / batch, 6 / batch]));
      const active = new Set([...pre.outputs(batch)].flatMap((out, i) => (out === 0 ? [] : [i % (2 * pre.size)])));
      expect([...active].some((row) => row >= pre.size)).toBe(true);
      const seen = columns.packed("seen");
      for (const row of active) for (let j = 0; j < 3; j++) expect(seen[3 * row + j]).toBe(ages[row % pre.size]);
    }
  });
});

describe("every rule and term", () => {
  /** y = (x0 x1, x2 - x0): sixteen examples that a line does not fit. */
  const inputs = Array.from({ length: 16 }, (_, i) => [0, 1, 2].map((j) => Math.fround(Math.sin(i * (j + 2) + j))));
  const targets = inputs.map(([a, b, c]) => [a * b, c - a]);

  function train(rule: Rule, terms: readonly Term[], batch: boolean) {
    const net = sequential({ inputs: 3, seed: 6 }, [
      dense(16, tanh()),
      dense(12, crelu(), { layerNorm: true }),
      dense(2),
    ]);
    const learner = live(net, { credit: backprop({ loss: squaredError() }), rule, terms });
    const loss = () => {
      const out = learner.predictBatch(inputs.flat(), 16);
      return out.reduce((sum, v, i) => sum + (v - targets.flat()[i]) ** 2, 0) / out.length;
    };
    const before = loss();
    for (let epoch = 0; epoch < 60; epoch++) {
      if (batch)
        for (let i = 0; i < 16; i += 4)
          learner.observeBatch(inputs.slice(i, i + 4).flat(), targets.slice(i, i + 4).flat());
      else inputs.forEach((x, i) => learner.observe(x, targets[i]));
    }
    const values = Object.values(state(net)).flatMap((column) => [...column]);
    return { before, after: loss(), finite: values.every(Number.isFinite), values };
  }

  const gradientRules = {
    sgd: rules.sgd({ lr: 0.05 }),
    momentum: rules.momentum({ lr: 0.01 }),
    nesterov: rules.nesterov({ lr: 0.01 }),
    rmsprop: rules.rmsprop({ lr: 0.003 }),
    adagrad: rules.adagrad({ lr: 0.05 }),
    adam: rules.adam({ lr: 0.01 }),
    adamW: rules.adamW({ lr: 0.01 }),
    upgd: rules.upgd({ lr: 0.05 }),
    upgdNonProtecting: rules.upgdNonProtecting({ lr: 0.05 }),
  };
  const terms = {
    none: [],
    l2: [l2()],
    l2Init: [l2Init()],
    shrinkAndPerturb: [shrinkAndPerturb()],
    weightClipping: [weightClipping()],
    "gradientClipping by value": [gradientClipping({ value: 0.5 })],
    "gradientClipping by norm": [gradientClipping({ norm: 0.5 })],
    all: [l2(), l2Init(), shrinkAndPerturb(), weightClipping(), gradientClipping({ norm: 0.5 })],
  };
  const cases = Object.entries(gradientRules).flatMap(([name, rule]) =>
    [false, true].flatMap((batch) => [{ name, rule, with: "none" as const, batch }]),
  );
  const termCases = Object.keys(terms).flatMap((name) =>
    [false, true].map((batch) => ({ name: "sgd", rule: gradientRules.sgd, with: name as keyof typeof terms, batch })),
  );
  const mixed = Object.entries(gradientRules).map(([name, rule]) => ({
    name,
    rule,
    with: "all" as const,
    batch: true,
  }));

  it.each([...cases, ...termCases, ...mixed])("learns: $name with $with, batches: $batch", (one) => {
    const { before, after, finite } = train(one.rule, terms[one.with], one.batch);
    expect(finite).toBe(true);
    expect(after).toBeLessThan(before / 3);
  });

  it.each([false, true])("rules without a gradient stay finite and change the network, batches: %s", (batch) => {
    for (const rule of [rules.oja({ lr: 0.002 }), rules.hebb({ lr: 1e-4 })]) {
      const { finite, values } = train(rule, [weightClipping({ kappa: 4 })], batch);
      expect(finite).toBe(true);
      expect(values).not.toEqual(train(rules.sgd({ lr: 0 }), [weightClipping({ kappa: 4 })], batch).values);
    }
  });
});

describe("batches", () => {
  it.each([rules.adam(), rules.upgd(), rules.oja({ lr: 1e-3 })])(
    "a batch of one is a single example: $name",
    (rule) => {
      const run = (batched: boolean) => {
        const learner = learnerOf([dense(8, crelu(), { layerNorm: true }), dense(3)], rule, [
          gradientClipping({ norm: 0.3 }),
        ]);
        for (let i = 0; i < 10; i++) {
          const x = [1, 2, 3, 4, 5, 6].map((k) => Math.fround(Math.sin(k * (i + 1))));
          if (batched) learner.observeBatch(x, [i % 3]);
          else learner.observe(x, i % 3);
        }
        return learner.fingerprint();
      };
      expect(run(true)).toBe(run(false));
    },
  );

  it.each([rules.hebb({ lr: 0.01 }), rules.oja({ lr: 0.01 })])(
    "$name is applied to one example after the other",
    (rule) => {
      const learner = learnerOf([dense(5, crelu(), { layerNorm: true }), dense(3, leakyRelu())], rule);
      const { network } = learner;
      const before = state(network);
      const x = Array.from({ length: 24 }, (_, i) => Math.sin(i * 1.3));
      learner.predictBatch(x, 4);
      const outs = network.populations.map((population) => population.outputs(4));
      learner.observeBatch(x, [0, 1, 2, 0]);
      const one = (w: number, pre: number, post: number) =>
        rule.name === "hebb" ? w + 0.01 * pre * post : w + 0.01 * post * (pre - post * w);
      const check = (name: string, pre: (row: number, i: number) => number, population: number, rows: number) => {
        const after = state(network)[name];
        const { size, model } = network.populations[population];
        const right = [...before[name]].map((w, at) => {
          const [i, j] = [Math.floor(at / size), at % size];
          for (let row = 0; row < 4; row++) w = one(w, pre(row, i), outs[population][row * size * model.planes + j]);
          return w;
        });
        expect(after.length).toBe(rows * size);
        after.forEach((w, i) => expect(Math.abs(w - right[i]), `${name} ${i}`).toBeLessThan(1e-6));
      };
      check("input-hidden1/w", (row, i) => outs[0][row * 6 + i], 1, 6);
      check("hidden1-output/w", (row, i) => outs[1][row * 10 + i], 2, 10);
      for (const name of ["bias", "gain", "shift"]) check(`hidden1/${name}`, () => 1, 1, 1);
      check("output/bias", () => 1, 2, 1);
    },
  );

  it("a rule that reads activity is scaled by the norm of the whole batch's gradient", () => {
    const reader = rule("reader", {}, ({ w, grad, pre }) => ({ w: w.sub(grad).add(pre.mul(1e-30)) }));
    const terms = [gradientClipping({ norm: 0.01 })];
    const [reads, plain] = [reader(), rules.sgd({ lr: 1 })].map((rule) => {
      const learner = learnerOf([dense(5, relu()), dense(3)], rule, terms);
      observe(learner, 0, 12, 6);
      return state(learner.network);
    });
    for (const [name, values] of Object.entries(plain))
      values.forEach((w, i) => expect(Math.abs(reads[name][i] - w)).toBeLessThan(1e-6));
  });
});

describe("noise", () => {
  const layers = () => [dense(9, relu()), dense(6, linear()), dense(3)];
  const run = (capacity: boolean) => {
    const learner = learnerOf(layers(), rules.upgd({ sigma: 0.1 }), [shrinkAndPerturb({ noise: 0.01 })]);
    if (capacity) {
      const ids = learner.grow("hidden1", 8);
      learner.remove("hidden1", [...ids].slice(1));
      learner.remove("hidden1", [ids[0]]);
      learner.grow("hidden2", 3).forEach((id) => learner.remove("hidden2", [id]));
    }
    const capacities = learner.network.populations.map(({ capacity }) => capacity);
    observe(learner, 0, 5);
    observe(learner, 5, 13, 4);
    return { capacities, state: state(learner.network) };
  };

  it("does not depend on capacity", () => {
    const [tight, roomy] = [run(false), run(true)];
    expect(roomy.capacities).not.toEqual(tight.capacities);
    expect(roomy.state).toEqual(tight.state);
  });

  it("is another at every step, and in every projection and column", () => {
    const learner = learnerOf([dense(6, relu()), dense(6, relu()), dense(6)], rules.sgd({ lr: 0 }), [
      shrinkAndPerturb({ shrink: 0, noise: 1 }),
    ]);
    const moved = () => {
      const before = state(learner.network);
      learner.observe([0, 0, 0, 0, 0, 0], 0);
      return Object.entries(state(learner.network)).map(([name, values]) => values.map((v, i) => v - before[name][i]));
    };
    const draws = [moved(), moved()].flat().flatMap((values) => [...values].map((v) => v.toFixed(4)));
    expect(new Set(draws).size / draws.length).toBeGreaterThan(0.98);
  });
});
