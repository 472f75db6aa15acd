import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "./holm.ts";
import { tellableDifference } from "./power.ts";
import { performanceProfile, probabilityOfImprovement } from "./profile.ts";

test("Holm by hand", () => {
  // In order: 4 * 0.005, 3 * 0.01, 2 * 0.03, then 1 * 0.04 raised to the one before.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(p, 15);
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
  expect(holm([0.2])).toEqual([0.2]);
  expect(holm([])).toEqual([]);
});

test("Holm keeps the order, and lies between each p and Bonferroni's", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }), (ps) => {
      const adjusted = holm(ps);
      for (const [i, p] of ps.entries()) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
        for (const [j, other] of ps.entries()) if (p <= other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]);
      }
    }),
    { numRuns: 50 },
  );
});

test("what is no p is refused", () => {
  expect(() => holm([0.1, 1.1])).toThrow("a p of 1.1, must be from 0 to 1");
  expect(() => holm([Number.NaN])).toThrow("a p of NaN");
});

test("a performance profile is the share of runs beyond each threshold", () => {
  const runs = [0.2, 0.5, 0.5, 0.9];
  expect(performanceProfile(runs, [0, 0.2, 0.5, 0.6, 0.9])).toEqual([1, 0.75, 0.25, 0.25, 0]);
  expect(performanceProfile(runs, [0.2, 0.5, 0.6, 1], "lower")).toEqual([0, 0.25, 0.75, 1]);
});

test("the probability of improvement is over all pairs, ties half", () => {
  // Of 6 pairs: 3 > 2, 5 > 2 and 5 > 3 win, 3 and 3 tie: scipy's mannwhitneyu([1, 3, 5], [2, 3]) / 6.
  expect(probabilityOfImprovement([1, 3, 5], [2, 3])).toBeCloseTo(3.5 / 6, 15);
  expect(probabilityOfImprovement([1, 3, 5], [2, 3], "lower")).toBeCloseTo(2.5 / 6, 15);
  expect(probabilityOfImprovement([1, 1], [1])).toBe(0.5);
});

test.each([
  // Solved from scipy's noncentral t: the effect for which a two-sided paired t test at 5 % has power 0.8.
  [5, 1.6819972822157452],
  [10, 0.9960022543069522],
  [20, 0.6604424098187218],
  [40, 0.45425748725474013],
])("the difference that %s seeds can tell", (n, exact) => {
  expect(Math.abs(tellableDifference(1, n) / exact - 1)).toBeLessThan(0.02);
  expect(tellableDifference(3, n)).toBeCloseTo(3 * tellableDifference(1, n), 12);
});

test("power refuses what makes no sense", () => {
  expect(() => tellableDifference(-1, 5)).toThrow("the standard deviation is -1, must be at least 0");
  expect(() => tellableDifference(1, 1)).toThrow("1 seeds, must be an integer from 2");
  expect(() => tellableDifference(1, 5, { power: 1 })).toThrow("the level is 1");
});
