import fc from "fast-check";
import { ValueError } from "plastica";
import { expect, test } from "vitest";
import { normalCdf, normalQuantile, studentCdf, studentQuantile } from "./distributions.ts";

// The expected values are scipy 1.17.1's (stats.norm and stats.t, cdf and ppf).
test.each([
  [-5, 2.866515718791933e-7],
  [-1.96, 0.024997895148220435],
  [0.5, 0.6914624612740131],
  [3, 0.9986501019683699],
])("P(Z <= %s)", (z, p) => {
  expect(Math.abs(normalCdf(z) - p)).toBeLessThan(1e-14);
});

test.each([
  [0.025, -1.9599639845400545],
  [0.3, -0.5244005127080409],
  [0.995, 2.5758293035489004],
  [1e-6, -4.753424308822899],
])("the normal quantile at %s", (p, z) => {
  expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-9);
});

test.each([
  [1, 1, 0.75],
  [-2, 3, 0.06966298427942152],
  [2.5, 19, 0.9891297944158013],
  [1.5, 2.7, 0.8798714048058015],
  [40, 1, 0.9920439100879742],
])("P(T <= %s), %s degrees", (t, freedom, p) => {
  expect(Math.abs(studentCdf(t, freedom) - p)).toBeLessThan(1e-13);
});

test.each([
  [0.975, 1, 12.706204736174694],
  [0.975, 4, 2.7764451051977934],
  [0.995, 9, 3.249835541592126],
  [0.05, 29, -1.6991270265334977],
  [0.975, 1000, 1.9623390808264083],
  [0.9, 2.5, 1.7302509288071766],
])("Student's quantile at %s, %s degrees", (p, freedom, t) => {
  expect(studentQuantile(p, freedom) / t - 1).toBeCloseTo(0, 12);
});

test("quantiles undo probabilities", () => {
  const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(p, fc.double({ min: 0.5, max: 200, noNaN: true }), (p, freedom) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      expect(studentCdf(studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 10);
    }),
    { numRuns: 50 },
  );
});

test("what is no probability, or no degrees of freedom, is refused", () => {
  for (const p of [0, 1, -0.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(ValueError);
  expect(() => studentQuantile(1, 5)).toThrow("the probability is 1");
  expect(() => studentCdf(1, 0)).toThrow("0 degrees of freedom, must be above 0");
});

test("far out, a probability is still one", () => {
  for (let z = 7; z < 9; z += 0.01) {
    expect(normalCdf(z)).toBeLessThanOrEqual(1);
    expect(normalCdf(-z)).toBeGreaterThanOrEqual(0);
  }
});
