import { expect, it } from "vitest";
import { scheduledDropout } from "./index.ts";
import { scheduledRate } from "./scheduled.ts";
import { learnerWith, masks } from "./testing.ts";

it("goes from one rate to the other as it says", () => {
  const curriculum = { from: 0, to: 0.5, steps: 1000, shape: "exponential" };
  expect([0, 100, 500, 1000].map((step) => scheduledRate(curriculum, step).toFixed(4))).toEqual([
    "0.0000",
    "0.3161",
    "0.4966",
    "0.5000",
  ]);
  const early = { from: 0.4, to: 0, steps: 100, shape: "linear" };
  expect([0, 25, 100, 500].map((step) => scheduledRate(early, step))).toEqual(
    [0.4, 0.4 * 0.75, 0, 0].map((x) => expect.closeTo(x, 12)),
  );
});

it("silences more and more, by the learner's own steps", () => {
  const learner = learnerWith({ dropout: scheduledDropout({ steps: 400, to: 0.8 }), sizes: [1000] });
  const share = (step: number) => masks(learner, step)[0].filter((mask) => mask === 0).length / 1000;
  expect(share(1)).toBeLessThan(0.05);
  expect(share(400)).toBeGreaterThan(0.75);
  for (let i = 0; i < 300; i++) learner.observe(new Float32Array(6).fill(0.5), 1);
  learner.observe(new Float32Array(6).fill(0.5), 1);
  expect(learner.network.populations[1].active).toBeLessThan(280);
});

it("refuses a shape that it does not know", () => {
  expect(() => scheduledDropout({ shape: "cosine" })).toThrow(
    'scheduledDropout: shape is "cosine": it is "exponential" or "linear"',
  );
});
