/** For tests of growth: small lives, and what they answer. */
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { example, observe } from "../../life/testing.ts";
import type { NeuronModel } from "../../network/neuron.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import type { Rule, Term } from "../../rules/index.ts";
import { adam } from "../../rules/synaptic/index.ts";
import type { Examples, StructuralPolicy } from "../policy.ts";

export interface SmallLife {
  readonly model?: NeuronModel;
  /** Of the second hidden layer. */
  readonly layerNorm?: boolean;
  readonly rule?: Rule;
  readonly terms?: readonly Term[];
  readonly structure?: readonly StructuralPolicy[];
  readonly widths?: readonly [number, number];
}

/** Seven inputs, two hidden layers, three classes; it has learned for 40 updates. */
export function smallLife(options: SmallLife = {}): Learner {
  const { model = relu(), layerNorm = false, rule = adam({ lr: 0.01 }), widths = [6, 5], ...rest } = options;
  const network = sequential({ inputs: 7, seed: 4 }, [
    dense(widths[0], model),
    dense(widths[1], model, { layerNorm }),
    dense(3),
  ]);
  const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule, ...rest });
  observe(learner, 0, 40);
  return learner;
}

/** Examples that it has not seen. */
export function unseen(count: number, from = 1000): Examples {
  const all = Array.from({ length: count }, (_, i) => example(from + i, 7, 3));
  return { count, xs: Float32Array.from(all.flatMap(({ x }) => [...x])), ys: all.map(({ y }) => y) };
}

/** What the network answers to ten questions. */
export function answers(learner: Learner): number[] {
  const { count, xs } = unseen(10);
  return [...learner.predictBatch(xs, count)];
}

export function farthest(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
