import { expect, it } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { live } from "../../life/learner.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { sgd } from "../../rules/synaptic/sgd.ts";
import { gradientClipping } from "../../rules/terms/index.ts";
import { dropConnect } from "./index.ts";
import { drawn, learnerWith, mean } from "./testing.ts";

/** The mask of the synapses from the inputs that a pass of this step draws, row by row: what inputs of 1, one at a time, come to. */
function maskOf(learner: ReturnType<typeof learnerWith>, step: number): number[] {
  const { network } = learner;
  const [, hidden] = network.populations;
  const { columns } = network.projections[0];
  const rows = Array.from({ length: network.inputs.size }, (_, row) => {
    const x = new Float32Array(network.inputs.size);
    x[row] = 1;
    network.present(x, 1);
    network.forward(1, false, { step, purpose: "learning" });
    const { f32 } = network.compute.arena;
    return Array.from(
      { length: hidden.size },
      (__, lane) => f32[(hidden.input >>> 2) + lane] / columns.get("w", row, lane),
    );
  });
  return rows.flat();
}

it.each([0, 0.2, 0.5, 0.9])("leaves out a share of %f of the synapses, and the others make up for it", (rate) => {
  const learner = learnerWith({ dropout: dropConnect({ rate }), sizes: [200], inputs: 30 });
  const all = [1, 2, 3].flatMap((step) => maskOf(learner, step));
  const spread = Math.sqrt((rate * (1 - rate)) / all.length);
  expect(Math.abs(all.filter((mask) => mask === 0).length / all.length - rate)).toBeLessThanOrEqual(5 * spread + 1e-4);
  for (const mask of all) if (mask !== 0) expect(mask).toBeCloseTo(1 / (1 - rate), 4);
  expect(Math.abs(mean(all) - 1)).toBeLessThanOrEqual((5.5 * spread + 1e-4) / (1 - rate));
});

it("draws anew in each step, for each synapse on its own", () => {
  const learner = learnerWith({ dropout: dropConnect(), sizes: [64], inputs: 16 });
  const [a, b] = [maskOf(learner, 1), maskOf(learner, 2)];
  expect(maskOf(learner, 1)).toEqual(a);
  const both = a.filter((mask, i) => mask === 0 && b[i] === 0).length / a.length;
  expect(Math.abs(both - 0.25)).toBeLessThan(0.07);
});

it.each([1, 3])(
  "a synapse that was left out is not learned, the others by their share: %d examples at once",
  (examples) => {
    const learner = learnerWith({ dropout: dropConnect(), sizes: [24], model: relu(), inputs: 10 });
    const { columns } = learner.network.projections[0];
    const mask = maskOf(learner, 1);
    const before = columns.packed("w");
    const x = drawn(10);
    learner.observeBatch(Array.from({ length: examples }, () => [...x]).flat(), Array(examples).fill(1));
    const moved = columns.packed("w").map((w, i) => w - before[i]);
    mask.forEach((factor, i) => {
      if (factor === 0) expect(moved[i]).toBe(0);
    });
    expect(moved.filter((by) => by !== 0).length).toBeGreaterThan(30);
    // In one row, what a neuron's synapse moved by is its input times its neuron's signal: the same in all rows but for that.
    for (let lane = 0; lane < 24; lane++) {
      const signals = x.map((input, row) => moved[row * 24 + lane] / input).filter((signal) => signal !== 0);
      for (const signal of signals) expect(signal).toBeCloseTo(signals[0], 4);
    }
  },
);

it("predicting is with all synapses as they are", () => {
  const learner = learnerWith({ dropout: dropConnect(), sizes: [24] });
  const plain = learnerWith({ sizes: [24] });
  learner.observe(drawn(6), 1);
  plain.observe(drawn(6), 1);
  for (const [i, { columns }] of learner.network.projections.entries())
    plain.network.projections[i].columns.unpack("w", columns.packed("w"));
  for (const [i, { columns }] of learner.network.populations.entries())
    if (columns.has("bias")) plain.network.populations[i].columns.unpack("bias", columns.packed("bias"));
  expect(learner.predict(drawn(6, 2))).toEqual(plain.predict(drawn(6, 2)));
  const { deviation } = learner.predictUncertain(drawn(6, 2), { samples: 10 });
  expect(Math.max(...deviation)).toBeGreaterThan(0.001);
});

it("refuses a rate out of its range, and a norm that it would falsify", () => {
  expect(() => dropConnect({ rate: 1 })).toThrow("dropConnect: rate is 1: it is from 0 to 1, without 1");
  const network = sequential({ inputs: 2, seed: 1 }, [dense(4, relu(), { dropout: dropConnect() }), dense(2)]);
  expect(() =>
    live(network, {
      credit: backprop({ loss: crossEntropy() }),
      rule: sgd(),
      terms: [gradientClipping({ norm: 1 })],
    }),
  ).toThrow("gradientClipping by norm with drop-connect");
});
