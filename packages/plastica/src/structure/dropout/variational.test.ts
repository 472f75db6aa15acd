import { expect, it } from "vitest";
import { variationalDropout } from "./index.ts";
import { drawn, learnerWith, masks, variance } from "./testing.ts";
import { divergenceSlope } from "./variational.ts";

const lossOf = (learner: ReturnType<typeof learnerWith>, step: number) => {
  masks(learner, step);
  const [a, b, c] = learner.network.outputs.outputs(1);
  return Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c)) - b;
};

it("the slope of the divergence is that of the fit, which rises as the other published fit does", () => {
  // Molchanov et al., equation 14.
  const divergence = (la: number) =>
    -(0.63576 / (1 + Math.exp(-(1.8732 + 1.48695 * la))) - 0.5 * Math.log(1 + Math.exp(-la)) - 0.63576);
  for (const la of [-6, -2, -0.5, 0, 2]) {
    const slope = (divergence(la + 1e-4) - divergence(la - 1e-4)) / 2e-4;
    expect(divergenceSlope(la)).toBeCloseTo(slope, 6);
  }
  // Kingma et al., the cubic fit for alpha <= 1, up to a constant: the two rise alike.
  const kingma = (alpha: number) =>
    -(0.5 * Math.log(alpha) + 1.16145124 * alpha - 1.50204118 * alpha ** 2 + 0.58629921 * alpha ** 3);
  const alphas = [
    [0.01, 0.1],
    [0.1, 0.5],
    [0.5, 1],
  ];
  for (const [low, high] of alphas)
    expect(
      Math.abs(divergence(Math.log(high)) - divergence(Math.log(low)) - (kingma(high) - kingma(low))),
    ).toBeLessThan(0.03);
});

it.each(["neuron", "layer"])(
  "has the variance that it says, and learns it by the gradient of loss and divergence, per %s",
  (per) => {
    const divergence = 0.01;
    const kind = variationalDropout({ alpha: 0.2, per, lr: 1, divergence });
    const learner = learnerWith({ dropout: kind, sizes: [10] });
    const { columns, silencing } = learner.network.populations[1];
    const own = silencing!.work.columns;
    const [grid, name] = own ? [own, "logAlpha"] : [columns, "dropout.logAlpha"];
    const before = grid.get(name, 0, 0);
    expect(Math.exp(before)).toBeCloseTo(0.2, 6);
    const at = (value: number) => {
      grid.set(name, 0, 0, value);
      return lossOf(learner, 1);
    };
    const slope = (at(before + 0.01) - at(before - 0.01)) / 0.02;
    grid.set(name, 0, 0, before);
    learner.observe(drawn(6), 1);
    const right = slope + divergence * divergenceSlope(before) * (per === "layer" ? 10 : 1);
    expect(before - grid.get(name, 0, 0)).toBeCloseTo(right, 4);
    expect(Math.abs(slope)).toBeGreaterThan(1e-4);

    const many = learnerWith({ dropout: kind, sizes: [500] });
    expect(variance(masks(many, 1, { examples: 20 }).flat())).toBeCloseTo(0.2, 2);
  },
);

it("learns that a neuron on whom nothing depends may be noisy, and one on whom all depends may not", () => {
  const learner = learnerWith({ dropout: variationalDropout({ lr: 0.5, divergence: 0.01 }), sizes: [2], seed: 5 });
  const [into, out] = learner.network.projections;
  const logAlphas = () => learner.network.populations[1].columns.packed("dropout.logAlpha");
  for (let i = 0; i < 400; i++) {
    // What the first neuron says decides the class; what the second one says goes nowhere.
    const x = drawn(6, i);
    for (let row = 0; row < 6; row++) for (const lane of [0, 1]) into.columns.set("w", row, lane, row === lane ? 2 : 0);
    for (let lane = 0; lane < 3; lane++) {
      out.columns.set("w", 0, lane, [4, -4, -8][lane]);
      out.columns.set("w", 1, lane, 0);
    }
    learner.observe(x, x[0] > 0 ? 0 : 1);
  }
  const [useful, idle] = logAlphas();
  expect(idle - useful).toBeGreaterThan(1);
});
