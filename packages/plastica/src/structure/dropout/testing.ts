/** For tests: a small learner with dropout in its hidden layers, and the masks that a pass draws. */
import { key, uniform } from "../../compute/random.ts";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import type { NeuronModel } from "../../network/neuron.ts";
import { tanh } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import type { Drawing, Dropout } from "../../network/silencing.ts";
import type { Rule } from "../../rules/rule.ts";
import { sgd } from "../../rules/synaptic/sgd.ts";

export interface Settings {
  dropout?: Dropout;
  sizes?: readonly number[];
  inputs?: number;
  /** Default tanh, of which nobody is silent by itself. */
  model?: NeuronModel;
  rule?: Rule;
  seed?: number;
  threads?: number;
}

export function learnerWith(settings: Settings): Learner {
  const {
    dropout,
    sizes = [40],
    inputs = 6,
    model = tanh(),
    rule = sgd({ lr: 0.1 }),
    seed = 1,
    threads = 1,
  } = settings;
  const layers = [...sizes.map((size) => dense(size, model, { dropout })), dense(3)];
  return live(sequential({ inputs, seed, threads }, layers), { credit: backprop({ loss: crossEntropy() }), rule });
}

/** `n` numbers from -1 to 1. */
export function drawn(n: number, seed = 1): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => 2 * uniform(key(seed, "drawn"), i) - 1);
}

interface Pass {
  examples: number;
  /** Which population. */
  layer: number;
  purpose: Drawing["purpose"];
}

/** Passes one drawn input, `examples` times over, as learning at this step would. Returns the masks of a layer, example by example. */
export function masks(
  { network }: Learner,
  step: number,
  { examples = 1, layer = 1, purpose = "learning" }: Partial<Pass> = {},
): number[][] {
  const x = drawn(network.inputs.size);
  network.present(Array.from({ length: examples }, () => [...x]).flat(), examples);
  network.forward(examples, false, { step, purpose });
  const { silencing, size } = network.populations[layer];
  return Array.from({ length: examples }, (_, row) =>
    Array.from({ length: size }, (__, slot) => silencing!.at(row, slot)),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}
