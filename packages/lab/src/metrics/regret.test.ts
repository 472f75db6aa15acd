import { ValueError } from "plastica";
import { expect, test } from "vitest";
import { costOf, totalOperations } from "./cost.ts";
import { examplesToCriterion } from "./criterion.ts";
import { accuracies } from "./curve.ts";
import { regret } from "./regret.ts";
import { windowsOf } from "./windows.fixture.ts";

const accuracyWindows = (...values: number[]) => windowsOf(values.map((accuracy) => ({ accuracy })));

test("regret is the mistakes that a fresh network would not have made", () => {
  const lived = windowsOf([
    { examples: 100, accuracy: 0.8 },
    { examples: 300, accuracy: 0.6 },
  ]);
  const fresh = windowsOf([
    { examples: 100, accuracy: 0.7 },
    { examples: 300, accuracy: 0.7 },
  ]);
  const { cumulative, mean, course } = regret(lived, fresh);
  expect(course[0]).toBeCloseTo(-10, 12); // the life was ahead at first
  expect(course[1]).toBeCloseTo(-10 + 30, 12);
  expect(cumulative).toBe(course[1]);
  expect(mean).toBeCloseTo(20 / 400, 15);
});

test("regret of a life of values is in loss, with the same sign", () => {
  const { mean } = regret(windowsOf([{ loss: 3 }]), windowsOf([{ loss: 1 }]));
  expect(mean).toBe(2);
});

test("regret refuses lives that do not match", () => {
  expect(() => regret(accuracyWindows(1), accuracyWindows(1, 1))).toThrow("1 windows against 2");
  expect(() => regret(windowsOf([{ examples: 5 }]), windowsOf([{ examples: 6 }]))).toThrow("window 0 has 5 examples");
  expect(() => regret([], [])).toThrow(ValueError);
});

test("cost: mean over examples, peak and final", () => {
  const windows = windowsOf([
    { examples: 100, parameters: 10, operations: 4 },
    { examples: 300, parameters: 50, operations: 8 },
    { examples: 100, parameters: 20, operations: 2 },
  ]);
  expect(costOf(windows, "parameters")).toEqual({ mean: (1000 + 15000 + 2000) / 500, peak: 50, final: 20 });
  expect(totalOperations(windows)).toBe(400 + 2400 + 200);
  expect(costOf([], "bytes")).toBeUndefined();
});

test("examples to criterion: the end of the first window that reaches it", () => {
  const curve = accuracies(accuracyWindows(0.5, 0.8, 0.7, 0.9, 0.9))!;
  expect(examplesToCriterion(curve, { level: 0.8 })).toBe(200);
  expect(examplesToCriterion(curve, { level: 0.8, hold: 2 })).toBe(400);
  expect(examplesToCriterion(curve, { level: 0.8, hold: 3 })).toBeUndefined(); // the life ends before
  expect(examplesToCriterion(curve, { level: 0.95 })).toBeUndefined();
});

test("examples to criterion: smoothed over the windows before", () => {
  const curve = accuracies(accuracyWindows(0.1, 0.9, 0.7, 0.7))!;
  // Means of two: 0.1, 0.5, 0.8, 0.7.
  expect(examplesToCriterion(curve, { level: 0.75 })).toBe(200);
  expect(examplesToCriterion(curve, { level: 0.75, smooth: 2 })).toBe(300);
});

test("examples to criterion: a loss is to fall", () => {
  const curve = [4, 3, 2, 1].map((value) => ({ examples: 10, value }));
  expect(examplesToCriterion(curve, { level: 2, better: "lower" })).toBe(30);
});

test("examples to criterion refuses what makes no sense", () => {
  expect(() => examplesToCriterion([], { level: Number.NaN })).toThrow("level is NaN");
  expect(() => examplesToCriterion([], { level: 1, hold: 0 })).toThrow("hold is 0, must be an integer from 1");
  expect(() => examplesToCriterion([], { level: 1, smooth: 1.5 })).toThrow("smooth is 1.5");
});
