import { expect, it } from "vitest";
import { derive, normal } from "../../compute/random.ts";
import { gaussianDropout } from "./index.ts";
import { learnerWith, masks, mean, variance } from "./testing.ts";

it.each([0.1, 0.5])("multiplies by noise of mean 1 and the variance of dropout at %f", (rate) => {
  const all = masks(learnerWith({ dropout: gaussianDropout({ rate }), sizes: [500] }), 1, { examples: 40 }).flat();
  const right = rate / (1 - rate);
  // Four standard errors of a mean, and of a variance, of 20,000 normal draws.
  expect(Math.abs(mean(all) - 1)).toBeLessThan(4 * Math.sqrt(right / all.length));
  expect(Math.abs(variance(all) / right - 1)).toBeLessThan(4 * Math.sqrt(2 / all.length));
});

it("draws normals as compute/random.ts does, to float32", () => {
  const learner = learnerWith({ dropout: gaussianDropout({ rate: 0.2 }), sizes: [23] });
  const population = learner.network.populations[1];
  const key = derive(learner.network.keyOf("dropout", "learning", "hidden1"), 7, 0);
  masks(learner, 7, { examples: 2 }).forEach((mask, row) => {
    mask.forEach((value, slot) => {
      const index = row * 2 ** 32 + population.neurons[slot].id;
      expect(value).toBeCloseTo(1 + 0.5 * normal(key, index), 5);
    });
  });
});
