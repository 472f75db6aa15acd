import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { GridCall } from "../network/grid-call.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { symbol } from "../rules/expression.ts";
import { adam, sgd } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { Compute } from "./compute.ts";
import { Tape } from "./tape.ts";

/** How often tapes were played in this memory. */
function plays(compute: Compute): () => number {
  let played = 0;
  const { kernels } = compute;
  compute.kernels = {
    ...kernels,
    play: (from, to) => {
      played++;
      kernels.play(from, to);
    },
  };
  return () => played;
}

const input = (i: number) => Float32Array.from({ length: 12 }, (_, j) => ((i * 7 + j * 5) % 11) / 11 - 0.3);

function learner(rule: Rule, repeats: boolean, threads = 1): Learner {
  const net = sequential({ inputs: 12, seed: 3, threads }, [
    dense(9, relu(), { layerNorm: true }),
    dense(7, relu()),
    dense(3),
  ]);
  return live(net, { credit: { ...backprop({ loss: crossEntropy() }), repeats }, rule });
}

test.each([
  ["sgd", sgd({ lr: 0.05 })],
  ["adam", adam({ lr: 0.01 })],
])("a life that is played back is the life that is lived call by call: %s", (_, rule) => {
  const [played, called] = [learner(rule, true), learner(rule, false, 2)];
  const count = plays(played.network.compute);
  const never = plays(called.network.compute);
  for (let i = 0; i < 60; i++) {
    if (i === 20) for (const one of [played, called]) one.grow("hidden1", 5);
    if (i === 40) for (const one of [played, called]) one.remove("hidden2", [one.network.populations[2].neurons[3].id]);
    const seen = [played, called].map((one) => one.observe(input(i), i % 3));
    expect(seen[0].loss).toBe(seen[1].loss);
  }
  expect(played.fingerprint()).toBe(called.fingerprint());
  // Both ways of every step but the first two of each of three layouts.
  expect(count()).toBe(2 * (60 - 3 * 2));
  expect(never()).toBe(0);
  called.close();
});

test("after a tape, what is listed by neuron is of the example that it passed", () => {
  const [played, called] = [learner(sgd({ lr: 0.05 }), true), learner(sgd({ lr: 0.05 }), false, 2)];
  const xs = Float32Array.from([...input(1), ...input(2)]);
  for (const one of [played, called]) {
    for (let i = 0; i < 5; i++) one.observe(input(i), i % 3);
    one.observeBatch(xs, [0, 1]);
    for (let i = 0; i < 5; i++) one.observe(input(i), i % 3);
  }
  const listed = [played, called].map((one) => {
    const { pre } = one.network.projections[0];
    one.predict(input(9));
    pre.listByNeuron(1);
    const from = pre.list.rowValue >>> 2;
    return [...one.network.compute.arena.f32.slice(from, from + pre.active)];
  });
  expect(listed[0]).toEqual([...input(9)].filter((value) => value !== 0));
  expect(listed[1]).toEqual(listed[0]);
  expect(played.fingerprint()).toBe(called.fingerprint());
  called.close();
});

test("a pass that fails while it is recorded leaves no calls of another layout behind", () => {
  const compute = new Compute();
  const program = { name: "add one", outputs: [{ name: "x", value: symbol("x", "cell").add(1) }] };
  const x = compute.arena.allocate(16);
  const call = new GridCall(compute, program).point({ x: { pointer: x } }).lanes(4);
  const tape = new Tape(compute);
  for (let i = 0; i < 2; i++) tape.record(0, () => call.run(0, 1));
  const failing = () => {
    throw new Error("no");
  };
  for (let i = 0; i < 2; i++) expect(() => tape.record(1, failing)).toThrow("no");
  expect([tape.play(0), tape.play(1)]).toEqual([false, false]);
  expect(compute.arena.f32[x >>> 2]).toBe(2);
});

test("what JavaScript decides or changes on the way is not played back", () => {
  const compute = new Compute();
  const call = new GridCall(compute, {
    name: "add",
    outputs: [{ name: "x", value: symbol("x", "cell").add(symbol("by", "uniform")) }],
  });
  const x = compute.arena.allocate(16);
  call.point({ x: { pointer: x } }).lanes(4);
  const pass = (tape: Tape, perform: () => void) => {
    if (!tape.play(0)) tape.record(0, perform);
  };
  const [fixed, changing] = [new Tape(compute), new Tape(compute)];
  call.set("by", 1);
  for (let i = 0; i < 5; i++) pass(fixed, () => call.run(0, 1));
  expect(compute.arena.f32[x >>> 2]).toBe(5);
  for (let i = 0; i < 5; i++)
    pass(changing, () => {
      call.set("by", i);
      call.run(0, 1);
    });
  expect(compute.arena.f32[x >>> 2]).toBe(5 + 0 + 1 + 2 + 3 + 4);
});
