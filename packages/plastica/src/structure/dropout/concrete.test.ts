import { expect, it } from "vitest";
import { concreteDropout } from "./index.ts";
import { drawn, learnerWith, masks, mean } from "./testing.ts";

it.each(["layer", "neuron"])("draws the concrete distribution, by the formula, per %s", (per) => {
  const learner = learnerWith({ dropout: concreteDropout({ rate: 0.3, per }), sizes: [300] });
  const { silencing } = learner.network.populations[1];
  const all = masks(learner, 1, { examples: 10 });
  all.forEach((mask, row) => {
    mask.forEach((value, slot) => {
      const u = silencing!.uniform(row, slot) + 2 ** -25;
      const z = 1 / (1 + Math.exp(-(Math.log(0.3 / 0.7) + Math.log(u / (1 - u))) / 0.1));
      expect(value).toBeCloseTo((1 - z) / 0.7, 5);
    });
  });
  const share = all.flat().filter((value) => value < 0.5 / 0.7).length / 3000;
  expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 3000));
  expect(all.flat().filter((value) => value === 0).length).toBeGreaterThan(50); // silent for good, and so cheap
  expect(mean(all.flat())).toBeCloseTo(1, 1);
});

it.each(["layer", "neuron"])("learns its rate by the gradient of loss and entropy, per %s", (per) => {
  const entropy = 0.02;
  const kind = concreteDropout({ rate: 0.4, per, temperature: 0.7, lr: 1, entropy });
  const learner = learnerWith({ dropout: kind, sizes: [10] });
  const { columns, silencing } = learner.network.populations[1];
  const own = silencing!.work.columns;
  const [grid, name] = own ? [own, "logit"] : [columns, "dropout.logit"];
  const before = grid.get(name, 0, 0);
  const at = (value: number) => {
    grid.set(name, 0, 0, value);
    masks(learner, 1);
    const [a, b, c] = learner.network.outputs.outputs(1);
    const p = 1 / (1 + Math.exp(-value));
    const disorder = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    return Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c)) - b - entropy * (per === "layer" ? 10 : 1) * disorder;
  };
  const slope = (at(before + 0.01) - at(before - 0.01)) / 0.02;
  grid.set(name, 0, 0, before);
  learner.observe(drawn(6), 1);
  expect(before - grid.get(name, 0, 0)).toBeCloseTo(slope, 4);
  expect(Math.abs(slope)).toBeGreaterThan(1e-3);
});
