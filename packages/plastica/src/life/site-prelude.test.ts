import { describe, expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { squaredError } from "../credit/losses.ts";
import { crelu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { plan } from "../rules/plan.ts";
import { type Rule, rule } from "../rules/rule.ts";
import { adam } from "../rules/synaptic/index.ts";
import { term } from "../rules/term.ts";
import { type Learner, live } from "./learner.ts";

/** Keeps the gradient that the rule got, beside it. */
const kept = term("kept", {
  hyper: {},
  state: { gradient: 0 },
  weight: ({ next }) => next,
  states: ({ grad }) => ({ gradient: grad }),
});

function learnerOf(rule: Rule): Learner {
  const net = sequential({ inputs: 3, seed: 2 }, [dense(4, crelu()), dense(2)]);
  return live(net, { credit: backprop({ loss: squaredError() }), rule, terms: [kept()] });
}

const x = (i: number) => [0, 1, 2].map((j) => Math.sin(i * 1.7 + j));
const y = (i: number) => [Math.cos(i), Math.sin(3 * i)];

describe.each([1, 3])("adam over neurons with two rows, %i examples at a time", (examples) => {
  it("corrects each synapse from the birth of its younger neuron", () => {
    const learner = learnerOf(adam({ lr: 0.01 }));
    const { columns, pre, post } = learner.network.projections[1];
    const births = [0, 0, 0, 0];
    let truth: { w: number; m: number; v: number }[] = [];
    const begin = () => {
      truth = [...columns.packed("w")].map((w, i) => ({ w, m: columns.packed("m")[i], v: columns.packed("v")[i] }));
    };
    begin();
    for (let step = 1; step <= 12; step++) {
      if (step === 5) births.push(...learner.grow("hidden1", 2).map(() => 4));
      if (step === 8) {
        learner.remove("hidden1", [pre.neurons[1].id]);
        births.splice(1, 1, births.pop()!);
      }
      if (step === 5 || step === 8) begin();
      const range = Array.from({ length: examples }, (_, i) => examples * step + i);
      if (examples === 1) learner.observe(x(range[0]), y(range[0]));
      else learner.observeBatch(range.flatMap(x), range.flatMap(y));
      const [w, gradient] = [columns.packed("w"), columns.packed("kept.gradient")];
      truth.forEach((one, i) => {
        const neuron = Math.floor(i / post.size) % pre.size;
        const age = step - births[neuron];
        one.m = 0.9 * one.m + 0.1 * gradient[i];
        one.v = 0.999 * one.v + 0.001 * gradient[i] ** 2;
        one.w -= (0.01 * (one.m / (1 - 0.9 ** age))) / (Math.sqrt(one.v / (1 - 0.999 ** age)) + 1e-8);
        expect(Math.abs(w[i] - one.w), `step ${step}, synapse ${i}`).toBeLessThan(2e-6);
      });
    }
  });
});

it("a hyper-parameter that is read there is changed there too", () => {
  const [early, late] = [learnerOf(adam({ b1: 0.5 })), learnerOf(adam({ b1: 0.9 }))];
  for (const learner of [early, late]) learner.observe([0, 0, 0], learner.predict([0, 0, 0]));
  late.set("b1", 0.5);
  for (const learner of [early, late]) learner.observe(x(1), y(1));
  expect(late.network.projections[0].columns.packed("w")).toEqual(early.network.projections[0].columns.packed("w"));
});

it("activities and signals are those of the example, also in a batch", () => {
  const odd = rule("odd", { hyper: { lr: 0.1 } }, ({ w, pre, post, signal, lr }) => ({
    w: w.add(lr.mul(pre.tanh()).mul(post.exp()).mul(signal.sigmoid())),
  }));
  const { prelude } = plan(odd(), [], "example");
  expect([prelude.lanes, prelude.rows].map((program) => program?.outputs.map(({ name }) => name))).toEqual([
    ["lane.0", "lane.1"],
    ["row.0"],
  ]);
  const learner = learnerOf(odd());
  const { network } = learner;
  const [hidden, output] = [network.populations[1], network.outputs];
  const names = () => ({
    w: network.projections[1].columns.packed("w"),
    bias: output.columns.packed("bias"),
  });
  const before = names();
  const xs = [1, 2, 3].flatMap(x);
  const ys = [1, 2, 3].flatMap(y);
  const out = learner.predictBatch(xs, 3);
  const pre = hidden.outputs(3);
  learner.observeBatch(xs, ys);
  const after = names();
  const change = (activity: number, row: number, j: number) => {
    const signal = (out[2 * row + j] - Math.fround(ys[2 * row + j])) / 3; // 2 (out - y) / outputs / examples
    return (0.1 * Math.tanh(activity) * Math.exp(out[2 * row + j])) / (1 + Math.exp(-signal));
  };
  for (let j = 0; j < 2; j++) {
    for (let i = 0; i < 8; i++) {
      const right = [0, 1, 2].reduce((w, row) => w + change(pre[8 * row + i], row, j), before.w[2 * i + j]);
      expect(after.w[2 * i + j]).toBeCloseTo(right, 5);
    }
    expect(after.bias[j]).toBeCloseTo(before.bias[j] + [0, 1, 2].reduce((sum, row) => sum + change(1, row, j), 0), 5);
  }
});
