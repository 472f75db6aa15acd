/**
 * Running normalisation of inputs: each feature by its own exponential mean and variance, learned without labels.
 *
 *   a = (1 - decay) / (1 - decay^t)                  at example t: 1 at first, so that nothing leans towards zero
 *   mean' = mean + a (x - mean);   var' = var + a ((x - mean)(x - mean') - var)
 *   x^ = (x - mean') / sqrt(var' + epsilon)
 *
 * With an epsilon (default 1e-5) as large as the variance of features that matter, those that hardly ever change are centred, but not blown up
 * to the size of the others.
 *
 * A learner takes an example in before it normalises it; `predict` does not take it in. Much of what is published as a gain
 * in plasticity is this (../../../../docs/results.md), so every method can have it.
 */
import { ValueError } from "../errors.ts";
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { settled } from "../rules/settle.ts";
import { GridCall } from "./grid-call.ts";
import type { Network } from "./network.ts";

/** What normalisation is like: its decay, between 0 and 1, and what is added to each variance, above 0. */
export interface InputNormOptions {
  readonly decay: number;
  readonly epsilon: number;
}

export const EPSILON = 1e-5;

const x = symbol("x", "cell");
const [mean, variance] = [symbol("mean", "cell"), symbol("var", "cell")];
const rate = symbol("rate", "uniform");
const meanAfter = mean.add(rate.mul(x.sub(mean)));

const senseProgram: GridProgram = {
  name: "input statistics",
  outputs: [
    { name: "mean", value: settled(meanAfter) },
    { name: "var", value: settled(variance.add(rate.mul(x.sub(mean).mul(x.sub(meanAfter)).sub(variance)))) },
  ],
};
const [laneMean, laneVariance] = [symbol("mean", "lane"), symbol("var", "lane")];
const normaliseProgram: GridProgram = {
  name: "input normalisation",
  outputs: [{ name: "x", value: x.sub(laneMean).div(laneVariance.add(symbol("epsilon", "uniform")).sqrt()) }],
};

export class InputNorm {
  readonly options: InputNormOptions;
  /** decay^t. */
  power = 1;
  readonly #network: Network;
  readonly #sense: GridCall;
  readonly #normalise: GridCall;
  /** The statistics with what was just presented taken in, until `commit` makes them ours. */
  #mean = 0;
  #variance = 0;
  #power = 1;

  constructor(network: Network, options: InputNormOptions) {
    this.options = options;
    this.#network = network;
    const { inputs, compute } = network;
    inputs.columns.add("mean", 0);
    inputs.columns.add("var", 0);
    this.#mean = compute.arena.allocate(inputs.stride);
    this.#variance = compute.arena.allocate(inputs.stride);
    this.#sense = new GridCall(compute, senseProgram);
    this.#normalise = new GridCall(compute, normaliseProgram);
    const places = { mean: { pointer: this.#mean }, var: { pointer: this.#variance } };
    for (const call of [this.#sense, this.#normalise]) call.point(places).lanes(inputs.size);
    this.#normalise.set("epsilon", options.epsilon);
  }

  /** Normalises the presented examples in place. With `learn` each is taken in first, to be kept by `commit`. */
  apply(examples: number, learn: boolean): void {
    const { out, stride, columns } = this.#network.inputs;
    const { decay } = this.options;
    // Nothing is known yet: a division by the square root of no variance would only blow the input up.
    if (!learn && this.power === 1) return;
    this.#copy(columns.pointer("mean"), this.#mean);
    this.#copy(columns.pointer("var"), this.#variance);
    this.#power = this.power;
    for (let row = 0; row < examples; row++) {
      const place = { x: { pointer: out + row * stride, stride } };
      if (learn) {
        this.#power *= decay;
        this.#sense.set("rate", (1 - decay) / (1 - this.#power));
        this.#sense.point(place).run(0, 1);
      }
      this.#normalise.point(place).run(0, 1);
    }
    if (learn) this.#check(examples);
  }

  /** Throws ValueError where statistics overflow, which takes an input beyond about 1e19: they would never be finite again. */
  #check(examples: number): void {
    const { inputs, compute } = this.#network;
    for (const place of [this.#mean, this.#variance]) {
      if (compute.kernels.allFinite(place, inputs.size)) continue;
      const at = place >>> 2;
      const bad = compute.arena.f32.subarray(at, at + inputs.size).findIndex((value) => !Number.isFinite(value));
      const where = examples > 1 ? ` in one of ${examples} examples` : "";
      throw new ValueError(`input ${bad}${where} is too large to be normalised: its running variance would overflow`);
    }
  }

  commit(): void {
    const { columns } = this.#network.inputs;
    this.#copy(this.#mean, columns.pointer("mean"));
    this.#copy(this.#variance, columns.pointer("var"));
    this.power = this.#power;
  }

  #copy(from: number, to: number): void {
    this.#network.compute.arena.u8.copyWithin(to, from, from + this.#network.inputs.stride);
  }
}
