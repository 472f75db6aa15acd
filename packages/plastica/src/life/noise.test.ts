/** The noise that synapses of a living network get: what it adds up to, and where its pool is. */
import { expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import type { Network } from "../network/network.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, sgd } from "../rules/synaptic/index.ts";
import { shrinkAndPerturb } from "../rules/terms/index.ts";
import { type Learner, live } from "./learner.ts";
import { observe } from "./testing.ts";

const perturb = [shrinkAndPerturb({ shrink: 0, noise: 1 })];

function networkOf(seed: number): Network {
  return sequential({ inputs: 60, seed }, [dense(50, crelu()), dense(30, relu()), dense(3)]);
}

function wanderer(network = networkOf(1)): Learner {
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0 }), terms: perturb });
}

/** How far every weight has gone. */
function walk(learner: Learner, steps: number, batch = 1): Float64Array[] {
  const weights = () => learner.network.projections.map(({ columns }) => columns.packed("w"));
  const before = weights();
  observe(learner, 0, steps * batch, batch);
  return weights().map((after, i) => Float64Array.from(after, (w, at) => w - before[i][at]));
}

it.each([1, 3])("weights walk at random: after T steps their variance is T, batches of %s", (batch) => {
  const steps = 100;
  const gone = walk(wanderer(), steps, batch);
  expect(gone.map(({ length }) => length)).toEqual([3000, 3000, 90]);
  for (const [i, lanes] of [50, 30].entries()) {
    const z = gone[i].map((x) => x / Math.sqrt(steps));
    const mean = (of: (x: number, at: number) => number) => z.reduce((sum, x, at) => sum + of(x, at), 0) / z.length;
    const five = 5 / Math.sqrt(z.length);
    expect(Math.abs(mean((x) => x))).toBeLessThan(five);
    expect(Math.abs(mean((x) => x * x) - 1)).toBeLessThan(five * Math.SQRT2);
    expect(Math.abs(mean((x) => x ** 4) - 3)).toBeLessThan(five * Math.sqrt(96));
    // Neither neighbours in a row nor those in a column walk together, nor a neuron's two planes.
    for (const apart of [1, lanes, z.length / 2])
      expect(Math.abs(mean((x, at) => x * z[(at + apart) % z.length]))).toBeLessThan(five);
    // The sum over a neuron's incoming synapses, whose rows are independent.
    const rows = z.length / lanes;
    const sums = Array.from({ length: lanes }, (_, lane) =>
      z.reduce((sum, x, at) => sum + (at % lanes === lane ? x : 0), 0),
    );
    const spread = sums.reduce((sum, s) => sum + s * s, 0) / lanes / rows;
    expect(Math.abs(spread - 1)).toBeLessThan(5 * Math.sqrt(2 / lanes));
  }
});

it("is another for another seed, and the same for the same", () => {
  const [one, again, other] = [1, 1, 2].map((seed) => walk(wanderer(networkOf(seed)), 1)[0]);
  expect(again).toEqual(one);
  expect(other.filter((x, i) => x === one[i]).length).toBeLessThan(5);
});

it("has one pool for all learners of a network, made where noise is drawn, which outlives growth", () => {
  const network = networkOf(1);
  const { arena } = network.compute;
  const used = (learner: () => Learner) => {
    const before = arena.used;
    learner();
    return arena.used - before;
  };
  const quiet = () => live(network, { credit: backprop({ loss: crossEntropy() }), rule: adam() });
  expect(used(quiet)).toBeLessThan(200_000);
  expect(used(() => wanderer(network))).toBeGreaterThan(2 ** 20);
  const learner = wanderer(network);
  expect(used(() => wanderer(network))).toBeLessThan(200_000);
  const { noisePool } = network;
  const pool = arena.f32.slice(noisePool / 4, noisePool / 4 + 2 ** 18);
  for (let i = 0; i < 5; i++) {
    observe(learner, i, i + 1);
    learner.grow("hidden1", 200);
  }
  observe(learner, 0, 100, 100);
  expect(network.noisePool).toBe(noisePool);
  expect(arena.f32.subarray(noisePool / 4, noisePool / 4 + 2 ** 18)).toEqual(pool);
});
