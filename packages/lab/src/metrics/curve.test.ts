import { expect, test } from "vitest";
import { accuracies, bestOf, endOf, endWindows, firstOf, losses, onlineMean } from "./curve.ts";
import { windowsOf } from "./windows.fixture.ts";

test("online accuracy is a mean over examples, not over windows", () => {
  // 90 right of 100, 30 right of 300: 120 of 400
  const curve = accuracies(
    windowsOf([
      { examples: 100, accuracy: 0.9 },
      { examples: 300, accuracy: 0.1 },
    ]),
  )!;
  expect(onlineMean(curve)).toBeCloseTo(120 / 400, 15);
});

test("online loss is weighed by examples too", () => {
  const curve = losses(
    windowsOf([
      { examples: 10, loss: 2 },
      { examples: 30, loss: 6 },
    ]),
  )!;
  expect(onlineMean(curve)).toBe((20 + 180) / 40);
});

test("a stream of values has losses but no accuracy; no window has neither", () => {
  const values = windowsOf([{ loss: 0.5 }]);
  expect(accuracies(values)).toBeUndefined();
  expect(losses(values)).toEqual([{ examples: 100, value: 0.5 }]);
  expect(accuracies([])).toBeUndefined();
  expect(losses([])).toBeUndefined();
});

test("the end is a quarter of the windows, at least one and at most five", () => {
  expect([1, 3, 4, 8, 19, 20, 800].map(endWindows)).toEqual([1, 1, 1, 2, 4, 5, 5]);
});

test("first, best and end of a curve", () => {
  const curve = accuracies(windowsOf([0.3, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2].map((accuracy) => ({ accuracy }))))!;
  expect(firstOf(curve)).toBe(0.3);
  expect(bestOf(curve, "higher")).toBe(0.9);
  expect(bestOf(curve, "lower")).toBe(0.2);
  expect(endOf(curve)).toBeCloseTo((0.4 + 0.2) / 2, 15);
});

test("a last window cut short weighs by its examples in the end", () => {
  const whole = Array.from({ length: 7 }, () => ({ accuracy: 0.5 }));
  const curve = accuracies(windowsOf([...whole, { examples: 25, accuracy: 1 }]))!;
  expect(endOf(curve)).toBeCloseTo((50 + 25) / 125, 15);
});
