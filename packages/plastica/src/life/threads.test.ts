/** Lives of networks so wide that their steps are split between threads: the same bits for one, two and three. */
import { expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu, relu, tanh } from "../network/neurons.ts";
import { averagePool, maxPool } from "../network/pooling.ts";
import { conv, dense, type ImageShape, type LayerSpec, sequential } from "../network/sequential.ts";
import type { Rule } from "../rules/rule.ts";
import { adam, oja, sgd, upgd } from "../rules/synaptic/index.ts";
import type { Term } from "../rules/term.ts";
import { gradientClipping, shrinkAndPerturb } from "../rules/terms/index.ts";
import { type Learner, live } from "./learner.ts";
import { example, observe, untidy } from "./testing.ts";

const INPUTS = 900;

interface Life {
  readonly name: string;
  readonly rule: Rule;
  readonly terms?: readonly Term[];
  readonly image?: ImageShape;
  readonly layers: () => LayerSpec[];
}

const lives: Life[] = [
  { name: "sgd, relu", rule: sgd({ lr: 0.01 }), layers: () => [dense(1000, relu()), dense(1700, relu()), dense(10)] },
  {
    name: "adam, tanh, clipped by norm",
    rule: adam(),
    terms: [gradientClipping({ norm: 0.5 })],
    layers: () => [dense(950, tanh(), { layerNorm: true }), dense(900, tanh()), dense(10)],
  },
  {
    name: "upgd, crelu, shrink and perturb",
    rule: upgd(),
    terms: [shrinkAndPerturb()],
    layers: () => [dense(950, crelu()), dense(900, crelu()), dense(10)],
  },
  {
    name: "maps",
    rule: adam(),
    image: { height: 30, width: 30, channels: 1 },
    layers: () => [
      conv(16, relu(), { kernel: 5, padding: 1, batchNorm: true, pool: maxPool(2) }),
      conv(24, relu(), { kernel: 3, padding: 1, layerNorm: true, pool: averagePool(3, { stride: 2 }) }),
      dense(10),
    ],
  },
  { name: "oja", rule: oja({ lr: 1e-5 }), layers: () => [dense(950, relu()), dense(10)] },
];

/** A learner whose threads are all up. */
async function begin({ rule, terms, layers, image }: Life, threads: number): Promise<Learner> {
  const net = sequential({ inputs: image ?? INPUTS, seed: 1, threads }, layers());
  await expect.poll(() => net.compute.parts(1e12), { interval: 5 }).toBe(threads);
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule, terms });
}

it.each(lives)("$name", async (life) => {
  const prints: string[][] = [];
  for (const threads of [1, 2, 3]) {
    const learner = await begin(life, threads);
    observe(learner, 0, 2);
    learner.predict(example(3, INPUTS, 10).x);
    observe(learner, 2, 10, 8);
    // New capacity: the memory grows while the threads are up.
    learner.grow("hidden1", 30);
    observe(learner, 10, 12);
    const before = learner.fingerprint();
    // Without its threads, the network goes on.
    learner.close();
    observe(learner, 12, 13);
    expect(untidy(learner.network)).toEqual([]);
    prints.push([before, learner.fingerprint()]);
  }
  expect(prints[1]).toEqual(prints[0]);
  expect(prints[2]).toEqual(prints[0]);
});
