/** Hand-worked utilities: what each makes of neurons whose activities and weights are known. */
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { squaredError } from "../credit/losses.ts";
import { live } from "../life/learner.ts";
import { untidy } from "../life/testing.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { continualBackprop } from "./continual-backprop.ts";
import { type UtilityName, utilities } from "./utility.ts";

const DECAY = 0.75;

/**
 * One hidden layer of three neurons that does not learn, its incoming weights [1, 1], [2, -1] and [0, 0], its outgoing ones
 * [1, -3], [0, 2] and [4, 4] (and as many of a second plane, halved). Returns corrected utilities after these examples.
 */
function utilitiesOf(utility: UtilityName, model: NeuronModel, batches: number[][][]): number[] {
  const net = sequential({ inputs: 2 }, [dense(3, model), dense(2)]);
  const structure = [continualBackprop({ utility, decay: DECAY, refresh: 1, replacementRate: 0 })];
  const learner = live(net, { credit: backprop({ loss: squaredError() }), rule: sgd({ lr: 0 }), structure });
  const [into, out] = net.projections.map(({ columns }) => columns);
  into.unpack("w", Float32Array.of(1, 2, 0, 1, -1, 0));
  const plane = [1, -3, 0, 2, 4, 4];
  out.unpack("w", Float32Array.from(out.planes > 1 ? [...plane, ...plane.map((w) => w / 2)] : plane));
  for (const batch of batches) learner.observeBatch(batch.flat(), new Float32Array(2 * batch.length));
  expect(untidy(net)).toEqual([]);
  const { columns } = net.population("hidden1");
  const left = DECAY ** batches.length;
  return [...columns.packed("continual-backprop.utility")].map((value) => value / (1 - left));
}

const close = (values: number[], expected: number[]) => {
  expect(values.length).toBe(expected.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 5);
};

// Mean |w_out| is 2, 1, 4; mean |w_in| 1, 1.5, 0. Activities at [1, 1]: 2, 1, 0; at [0, 1]: 1, 0, 0; at [1, 0]: 1, 2, 0.
const OUT = [2, 1, 4];

test("contribution: |h| mean|w_out|, averaged with the correction for its start", () => {
  close(utilitiesOf("contribution", relu(), [[[1, 1]]]), [2 * 2, 1 * 1, 0]);
  const two = [(0.75 * 2 + 1) / 1.75, 0.75 / 1.75, 0];
  close(
    utilitiesOf("contribution", relu(), [[[1, 1]], [[0, 1]]]),
    two.map((h, i) => h * OUT[i]),
  );
});

test("zero-contribution: |h - h^| mean|w_out|, h^ being the corrected mean with this h in it", () => {
  close(utilitiesOf("zero-contribution", relu(), [[[1, 1]]]), [0, 0, 0]);
  const centres = [(0.75 * 2 + 1) / 1.75, 0.75 / 1.75, 0];
  const deviations = [1 - centres[0], 0 - centres[1], 0].map(Math.abs);
  close(
    utilitiesOf("zero-contribution", relu(), [[[1, 1]], [[0, 1]]]),
    deviations.map((d, i) => (d * OUT[i]) / 1.75),
  );
});

test("adaptable contribution and feature by input: divided by mean|w_in|, and 0 for who is fed by nobody", () => {
  const batches = [[[1, 1]], [[0, 1]]];
  const whole = utilitiesOf("zero-contribution", relu(), batches);
  close(utilitiesOf("adaptable-contribution", relu(), batches), [whole[0] / 1, whole[1] / 1.5, 0]);
  close(utilitiesOf("feature-by-input", relu(), batches), [whole[0] / 2, whole[1] / 1.5, 0]);
});

test("weight and adaptation ask nothing of activity", () => {
  close(utilitiesOf("weight", relu(), [[[0, 0]]]), OUT);
  const [a, b, c] = utilitiesOf("adaptation", relu(), [[[0, 0]]]);
  close([a, b], [1, 1 / 1.5]);
  expect(c).toBeGreaterThan(1e10);
  expect(Number.isFinite(c)).toBe(true);
});

test("in a batch the mean activity is the mean's, and deviations are averaged example by example", () => {
  const batch = [
    [1, 1],
    [0, 1],
    [1, 0],
  ];
  close(utilitiesOf("contribution", relu(), [batch]), [(4 / 3) * 2, 1, 0]);
  const [first, second] = [4 / 3, 1];
  const deviations = [
    (Math.abs(2 - first) + 2 * Math.abs(1 - first)) / 3,
    (Math.abs(1 - second) + Math.abs(0 - second) + Math.abs(2 - second)) / 3,
  ];
  close(utilitiesOf("zero-contribution", relu(), [batch]), [deviations[0] * 2, deviations[1], 0]);
});

test("a neuron with two outputs is worth what both are", () => {
  const batches = [[[1, 1]], [[0, 1]]];
  // Neuron 2 has outputs [1, 0] and then [0, 1]; its mean |w_out| is 1 and 0.5.
  const [one, two] = [0.75 / 1.75, 1 / 1.75];
  const expected = (Math.abs(0 - one) * 1 + Math.abs(1 - two) * 0.5) / 1.75;
  expect(utilitiesOf("zero-contribution", crelu(), batches)[1]).toBeCloseTo(expected, 5);
});

test("by lot there is none", () => {
  close(utilitiesOf("random", relu(), [[[1, 1]]]), [0, 0, 0]);
  expect(Object.keys(utilities)).toContain("random");
});
