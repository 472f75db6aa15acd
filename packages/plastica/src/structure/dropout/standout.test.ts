import { expect, it } from "vitest";
import { standout } from "./index.ts";
import { drawn, learnerWith, masks, mean } from "./testing.ts";

it.each([
  { alpha: 1, beta: 0 },
  { alpha: -2, beta: 1 },
])("keeps a neuron as its own input says: $alpha x + $beta", ({ alpha, beta }) => {
  const learner = learnerWith({ dropout: standout({ alpha, beta }), sizes: [30] });
  const { network } = learner;
  const [w, bias] = [network.projections[0].columns.packed("w"), network.populations[1].columns.packed("bias")];
  const x = drawn(6);
  const keep = Array.from(bias, (b, slot) => {
    const input = x.reduce((sum, value, row) => sum + value * w[row * 30 + slot], b);
    return 1 / (1 + Math.exp(-(alpha * input + beta)));
  });
  const all = masks(learner, 1, { examples: 600 });
  keep.forEach((right, slot) => {
    expect(Math.abs(mean(all.map((mask) => mask[slot])) - right)).toBeLessThan(0.09);
  });
  expect(new Set(all.flat())).toEqual(new Set([0, 1]));
  // Predicting: the mean.
  learner.predict(x);
  keep.forEach((right, slot) => expect(network.populations[1].silencing!.at(0, slot)).toBeCloseTo(right, 6));
});
