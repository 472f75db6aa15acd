/** Teachers, students and tasks in networks of maps: copies say the same, students have fewer channels, strands listen through kernels. */
import { expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { networkOf } from "../../life/network-file.ts";
import { distillation } from "../../memory/distillation.ts";
import { relu } from "../../network/neurons.ts";
import { maxPool } from "../../network/pooling.ts";
import { conv, dense, sequential } from "../../network/sequential.ts";
import { adam } from "../../rules/index.ts";
import type { StructuralPolicy } from "../policy.ts";
import { succession } from "../succession.ts";
import { packnet } from "./packnet.ts";
import { progressiveColumns } from "./progressive-columns.ts";

const born = (structure: readonly StructuralPolicy[], seed = 3) =>
  live(
    sequential({ inputs: { height: 6, width: 6, channels: 2 }, seed }, [
      conv(4, relu(), { kernel: 3, padding: 1, pool: maxPool(2), batchNorm: true }),
      conv(6, relu(), { kernel: 2, groups: 2 }),
      dense(8, relu(), { layerNorm: true }),
      dense(4),
    ]),
    { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 0.01 }), structure },
  );

const pixels = (i: number) => Array.from({ length: 72 }, (_, j) => ((i * 31 + j * j * 7) % 13) / 6 - 1);
const heads = [
  [0, 1],
  [2, 3],
];

function learn(learner: Learner, from: number, to: number, task: (i: number) => number = () => 0): void {
  for (let i = from; i < to; i++) {
    const outputs = heads[task(i)];
    learner.observe(pixels(i), outputs[i % 2], { outputs });
  }
}

test("a file of a network, or of a life, says what the network says", () => {
  const learner = born([distillation({ every: 10 })]);
  learn(learner, 0, 25);
  const copies = [learner.copy(), networkOf(learner.snapshot())];
  for (const copy of copies) {
    copy.present(pixels(7), 1);
    copy.forward(1, false);
    expect(copy.outputs.outputs(1)).toEqual(learner.predict(pixels(7)));
  }
});

test.each([
  ["a student with fewer channels", () => succession({ shrink: 0.5, at: 10, window: 20, margin: 1 }), "hidden2.22 3"],
  ["a student without", () => succession({ hidden: "5", at: 10, window: 20, margin: 1 }), "hidden1.22 5"],
])("%s takes over, and its life goes on to the same bits", (_, policy, layer) => {
  const [one, other] = [born([policy()]), born([policy()])];
  learn(one, 0, 20);
  other.restore(one.snapshot());
  for (const each of [one, other]) learn(each, 20, 50);
  expect(one.network.populations.map(({ name, size }) => `${name} ${size}`).join(", ")).toMatch(layer.split(".")[0]);
  expect(one.network.populations.some(({ name }) => name.includes("."))).toBe(true);
  expect(other.fingerprint()).toBe(one.fingerprint());
});

test("a hint may be a map", () => {
  const teacher = born([], 9);
  const learner = born([distillation({ teacher, hint: "hidden1", of: "hidden2", hintWeight: 5 })]);
  const plain = born([distillation({ teacher })]);
  for (const each of [learner, plain]) learn(each, 0, 20);
  const weights = [learner, plain].map(({ network }) => network.projections[0].columns.packed("w"));
  expect(weights[0]).not.toEqual(weights[1]);
});

test.each([
  ["packnet", () => packnet({ retrain: 10, remember: 8 })],
  ["progressive", () => progressiveColumns({ size: 0.5 })],
  ["progressive, with adapters", () => progressiveColumns({ size: 0.5, adapters: 3 })],
])("%s keeps what a first task says, to the bit, and lives on after a snapshot", (_, policy) => {
  const [one, other] = [born([policy()]), born([policy()])];
  learn(one, 0, 20);
  one.endTask();
  const said = () => Array.from({ length: 5 }, (_, i) => one.predict(pixels(i), { outputs: heads[0] }).slice(0, 2));
  const first = said();
  learn(one, 20, 40, () => 1);
  expect(said()).toEqual(first);
  other.restore(one.snapshot());
  for (const each of [one, other]) learn(each, 40, 60, () => 1);
  expect(said()).toEqual(first);
  expect(other.fingerprint()).toBe(one.fingerprint());
});

test("a strand of maps beside each other: each listens through the kernels of its own", () => {
  const learner = born([progressiveColumns({ adapters: 3 })]);
  learner.addLayer({ from: "input", to: "hidden2", size: 2, like: "hidden1", name: "side" });
  learn(learner, 0, 40, (i) => Math.floor(i / 20));
  const { network } = learner;
  const heard = (name: string) =>
    network.incoming(network.population(name)).map(({ pre, kernel }) => [pre.name, kernel?.size[0]]);
  expect(heard("side@2")).toEqual([["input", 3]]);
  expect(heard("hidden2@2")).toEqual([
    ...[
      ["hidden2.adapter@2", 2],
      ["hidden1@2", 2],
    ],
    ...[
      ["hidden2.adapter@2+", 2],
      ["side@2", 2],
    ],
  ]);
  const heir = born([progressiveColumns({ adapters: 3 })]);
  heir.restore(learner.snapshot());
  for (const one of [learner, heir]) learn(one, 40, 60, () => 1);
  expect(heir.fingerprint()).toBe(learner.fingerprint());
});
