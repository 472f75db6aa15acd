import { ValueError } from "plastica";
import { expect, test } from "vitest";
import { interquartileMean, mean, standardDeviation, standardError, studentInterval } from "./sample.ts";

const values = [3.1, 2.7, 9.4, 4.4, 3.8, 2.9, 5.0, 3.3, 4.1, 3.6];

test("mean, standard deviation and error by hand", () => {
  expect(mean([2, 4, 9])).toBe(5);
  expect(standardDeviation([2, 4, 9])).toBeCloseTo(Math.sqrt((9 + 1 + 16) / 2), 14);
  expect(standardError([2, 4, 9])).toBeCloseTo(Math.sqrt(13 / 3), 14);
});

test("Student's interval is scipy's", () => {
  // scipy 1.17.1: stats.t.interval(0.95, 9, mean, sem)
  const { low, high } = studentInterval(values);
  expect(low).toBeCloseTo(2.8354922837803915, 12);
  expect(high).toBeCloseTo(5.624507716219609, 12);
});

test("the interquartile mean drops a quarter at each end, rounded down", () => {
  // Of ten, two at each end: (3.1 + 3.3 + 3.6 + 3.8 + 4.1 + 4.4) / 6; scipy's trim_mean(values, 0.25).
  expect(interquartileMean(values)).toBeCloseTo(3.7166666666666663, 14);
  expect(interquartileMean([1, 100, 2, 3])).toBe(2.5);
  expect(interquartileMean([1, 2, 6])).toBe(3);
  expect(interquartileMean([7])).toBe(7);
});

test("one ruined seed of twenty does not move the interquartile mean", () => {
  const fine = Array.from({ length: 20 }, (_, i) => 0.9 + i / 1000);
  const ruined = [0.1, ...fine.slice(1)];
  expect(interquartileMean(ruined)).toBe(interquartileMean(fine));
});

test("too few values, and values that are none, are refused by name", () => {
  expect(() => mean([])).toThrow("mean: of 0 values, must be of at least 1");
  expect(() => standardError([1])).toThrow("of 1 values, must be of at least 2");
  expect(() => mean([1, Number.NaN])).toThrow("value 1 is NaN, must be a finite number");
  expect(() => studentInterval(values, 95)).toThrow(ValueError);
});
