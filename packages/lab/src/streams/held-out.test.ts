import { expect, test } from "vitest";
import { divide } from "./held-out.ts";

test.each([
  [10, 0.3, 3],
  [999, 0.1, 100],
  [1000, 0.001, 1],
  [3456, 0.25, 864],
  [2000, 0.9, 1800],
])("of %d rows a share of %d is %d, and every row is on one side, in order", (rows, share, held) => {
  const division = divide(rows, share, 5);
  expect([division.learned, division.held]).toEqual([rows - held, held]);
  const learnt = Array.from({ length: rows - held }, (_, n) => division.learnedRow(n));
  const tested = Array.from({ length: held }, (_, i) => division.heldRow(i));
  expect(learnt).toEqual([...learnt].sort((a, b) => a - b));
  expect(tested).toEqual([...tested].sort((a, b) => a - b));
  expect([...learnt, ...tested].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, n) => n));
});

test("any row alone is that row in order; another seed divides otherwise", () => {
  const inOrder = divide(5000, 0.2, 1);
  const rows = Array.from({ length: 4000 }, (_, n) => inOrder.learnedRow(n));
  for (const n of [3999, 0, 799, 800, 2500]) expect(divide(5000, 0.2, 1).learnedRow(n)).toBe(rows[n]);
  const other = divide(5000, 0.2, 2);
  expect(Array.from({ length: 4000 }, (_, n) => other.learnedRow(n))).not.toEqual(rows);
});

test("nothing held out is every row", () => {
  const { learned, held, learnedRow } = divide(7, 0, 1);
  expect([learned, held, learnedRow(6)]).toEqual([7, 0, 6]);
});

test("what cannot be is named", () => {
  expect(() => divide(10, 0.95, 1)).toThrow("tests is 0.95, must be a share from 0 to 0.9");
  expect(() => divide(10, Number.NaN, 1)).toThrow("tests is NaN");
  expect(() => divide(4, 0.1, 1)).toThrow("tests is 0.1, which of 4 rows holds out 0; must leave some on both sides");
  expect(() => divide(1, 0.9, 1)).toThrow("holds out 1");
});
