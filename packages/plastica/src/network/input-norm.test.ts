import { describe, expect, it } from "vitest";
import { uniform } from "../compute/random.ts";
import type { Network } from "./network.ts";
import { relu } from "./neurons.ts";
import { dense, sequential } from "./sequential.ts";

const SIZE = 5;
const decay = 0.9;

const build = (epsilon?: number) =>
  sequential({ inputs: SIZE, seed: 1, normaliseInputs: { epsilon, decay } }, [dense(3, relu()), dense(2)]);

/** Features of very different means and sizes. */
const examples = Array.from({ length: 40 }, (_, t) =>
  Array.from({ length: SIZE }, (_, i) => Math.fround(10 ** (i - 2) * (i + uniform({ k0: t, k1: i }, 0)))),
);

/** Exponential means and variances, corrected for their beginning at 0: the formula, in float64. */
function twin(epsilon = 1e-5) {
  const [mean, variance] = [Array(SIZE).fill(0), Array(SIZE).fill(0)];
  let power = 1;
  return {
    mean,
    variance,
    see(x: readonly number[]): void {
      power *= decay;
      const a = (1 - decay) / (1 - power);
      x.forEach((value, i) => {
        const before = mean[i];
        mean[i] += a * (value - before);
        variance[i] += a * ((value - before) * (value - mean[i]) - variance[i]);
      });
    },
    normalise: (x: readonly number[]) => x.map((value, i) => (value - mean[i]) / Math.sqrt(variance[i] + epsilon)),
  };
}

function pass(net: Network, xs: readonly (readonly number[])[], learn: boolean): Float32Array {
  net.present(xs.flat(), xs.length);
  net.forward(xs.length, learn);
  if (learn) net.inputNorm!.commit();
  return net.inputs.outputs(xs.length);
}

const near = (ours: ArrayLike<number>, right: readonly number[], by = 1e-4) =>
  right.forEach((value, i) => expect(Math.abs(ours[i] - value)).toBeLessThan(by * Math.max(1, Math.abs(value))));

describe("InputNorm", () => {
  it.each([undefined, 0.1])("follows its formula, and takes an example in before it normalises it: %s", (epsilon) => {
    const net = build(epsilon);
    const right = twin(epsilon);
    for (const x of examples) {
      right.see(x);
      near(pass(net, [x], true), right.normalise(x));
    }
    near(net.inputs.columns.packed("mean"), right.mean);
    expect(net.inputNorm!.power).toBeCloseTo(decay ** examples.length, 12);
  });

  it("brings every feature to about mean 0 and variance 1, and the first example to zeros", () => {
    const net = build();
    expect([...pass(net, [examples[0]], true)]).toEqual(Array(SIZE).fill(0));
    const seen = examples.slice(1).map((x) => pass(net, [x], true));
    const mean = (i: number, f: (x: number) => number) => seen.reduce((sum, x) => sum + f(x[i]), 0) / seen.length;
    for (let i = 1; i < SIZE; i++) {
      expect(Math.abs(mean(i, (v) => v))).toBeLessThan(0.4);
      expect(Math.abs(mean(i, (v) => v * v) - 1)).toBeLessThan(0.4);
    }
  });

  it("sees a batch as the same examples one by one, bit for bit", () => {
    const [one, batch] = [build(), build()];
    for (let t = 0; t < 40; t += 8) {
      const xs = examples.slice(t, t + 8);
      const together = pass(batch, xs, true);
      xs.forEach((x, row) => {
        expect(together.slice(row * SIZE, (row + 1) * SIZE)).toEqual(pass(one, [x], true));
      });
    }
    for (const name of ["mean", "var"]) {
      expect(batch.inputs.columns.packed(name)).toEqual(one.inputs.columns.packed(name));
    }
    expect(batch.inputNorm!.power).toBe(one.inputNorm!.power);
  });

  it("keeps nothing of what was only predicted, or never committed", () => {
    const net = build();
    for (const x of examples.slice(0, 10)) pass(net, [x], true);
    const state = () => [net.inputs.columns.packed("mean"), net.inputs.columns.packed("var"), net.inputNorm!.power];
    const before = state();
    const first = pass(net, [examples[20]], false);
    pass(net, examples.slice(20, 28), false);
    net.present(examples[30], 1);
    net.forward(1, true);
    expect(state()).toEqual(before);
    expect(pass(net, [examples[20]], false)).toEqual(first);
  });

  it("refuses what would make a variance infinite for life, and goes on as if it had not come", () => {
    const [net, other] = [build(), build()];
    for (const x of examples.slice(0, 10)) expect(pass(net, [x], true)).toEqual(pass(other, [x], true));
    const sentinel = [0, 0, 3.4e38, 0, 0];
    expect(() => pass(net, [sentinel], true)).toThrow("input 2 is too large to be normalised");
    expect(() => pass(net, [examples[10], sentinel], true)).toThrow("input 2 in one of 2 examples is too large");
    expect(pass(net, [examples[10]], true)).toEqual(pass(other, [examples[10]], true));
  });
});
