import { ShapeError } from "plastica";
import { expect, test } from "vitest";
import { calibrationError } from "./calibration.ts";
import { balancedAccuracy, kappa, perClass } from "./confusion.ts";

const confusion = [
  [20, 5, 0],
  [10, 15, 0],
  [0, 0, 0],
];

test("recall goes by rows, precision by columns", () => {
  expect(perClass(confusion)).toEqual([
    { examples: 25, predictions: 30, recall: 20 / 25, precision: 20 / 30, f1: 40 / 55 },
    { examples: 25, predictions: 20, recall: 15 / 25, precision: 15 / 20, f1: 30 / 45 },
    { examples: 0, predictions: 0 },
  ]);
});

test("a class that was never predicted has recall 0 and no precision", () => {
  expect(
    perClass([
      [4, 0],
      [2, 0],
    ])[1],
  ).toEqual({ examples: 2, predictions: 0, recall: 0, f1: 0 });
});

test("balanced accuracy weighs classes alike and leaves out those without examples", () => {
  expect(balancedAccuracy(confusion)).toBeCloseTo((0.8 + 0.6) / 2, 15);
  expect(
    balancedAccuracy([
      [90, 0],
      [10, 0],
    ]),
  ).toBe(0.5);
  expect(balancedAccuracy([[0]])).toBeUndefined();
});

test("kappa is accuracy beyond chance", () => {
  // Observed 35/50; expected (25*30 + 25*20) / 2500 = 0.5.
  expect(kappa(confusion)).toBeCloseTo((0.7 - 0.5) / (1 - 0.5), 15);
  expect(
    kappa([
      [90, 0],
      [10, 0],
    ]),
  ).toBe(0);
  expect(
    kappa([
      [0, 5],
      [5, 0],
    ]),
  ).toBe(-1);
  expect(
    kappa([
      [3, 0],
      [0, 7],
    ]),
  ).toBe(1);
  expect(
    kappa([
      [3, 0],
      [0, 0],
    ]),
  ).toBeUndefined();
  expect(kappa([[0]])).toBeUndefined();
});

test("a confusion that is not square is refused", () => {
  expect(() => kappa([[1, 2], [3]])).toThrow(ShapeError);
  expect(() => perClass([])).toThrow("no row, must be square");
});

test("calibration error weighs each bin's gap by its predictions", () => {
  const bins = [
    { examples: 0, confidence: 0, accuracy: 0 },
    { examples: 30, confidence: 0.55, accuracy: 0.65 },
    { examples: 70, confidence: 0.95, accuracy: 0.75 },
  ];
  expect(calibrationError(bins)).toBeCloseTo(0.3 * 0.1 + 0.7 * 0.2, 15);
  expect(calibrationError([{ examples: 5, confidence: 0.9, accuracy: 0.9 }])).toBe(0);
  expect(calibrationError([])).toBeUndefined();
});

test("an empty bin counts for nothing, even where its means are not numbers", () => {
  const empty = { examples: 0, confidence: Number.NaN, accuracy: Number.NaN };
  expect(calibrationError([empty, { examples: 1, confidence: 0.6, accuracy: 1 }])).toBeCloseTo(0.4, 15);
});
