import fc from "fast-check";
import { bernoulli, key, normal, ValueError } from "plastica";
import { expect, test } from "vitest";
import { leastPaired, signFlipTest } from "./sign-flip.ts";

/** The definition, word for word. */
function byDefinition(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  let extreme = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const sum = differences.reduce((s, d, i) => s + (signs & (1 << i) ? d : -d), 0);
    if (Math.abs(sum) >= observed - 1e-9) extreme++;
  }
  return extreme / 2 ** differences.length;
}

test("by hand: three differences have eight ways", () => {
  // Sums of +-1 +-2 +-3: 6, 4, 2, 0, 0, -2, -4, -6.
  expect(signFlipTest([1, 2, 3])).toEqual({ p: 2 / 8, least: 1 / 4, exact: true });
  expect(signFlipTest([-1, 2, 3]).p).toBe(4 / 8);
  expect(signFlipTest([1, 2, -3]).p).toBe(1);
});

test("scipy's permutation_test of paired samples gives the same", () => {
  // scipy 1.17.1: permutation_type="samples", all 256: 8 / 256
  expect(signFlipTest([1.2, 0.8, -0.3, 2.1, 0.5, 1.7, -0.1, 0.9]).p).toBe(8 / 256);
});

test("halves that meet count as the definition does, ties and zeros included", () => {
  const differences = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(differences, fc.constantFrom(1, 0.1, 1e-6), (whole, scale) => {
      const scaled = whole.map((d) => d * scale);
      expect(signFlipTest(scaled).p).toBe(byDefinition(whole));
      expect(signFlipTest(scaled.map((d) => -d)).p).toBe(signFlipTest(scaled).p);
    }),
    { numRuns: 50 },
  );
});

test("the smallest p halves with each seed, and is reached where all agree", () => {
  expect([1, 2, 5, 6, 20].map(leastPaired)).toEqual([1, 1 / 2, 1 / 16, 1 / 32, 2 ** -19]);
  for (const n of [1, 5, 20, 30]) {
    const { p, least, exact } = signFlipTest(Array.from({ length: n }, (_, i) => 1 + i / 7));
    expect({ p, exact }).toEqual({ p: least, exact: true });
  }
});

test("differences of 0 tell nothing", () => {
  expect(signFlipTest([0, 0, 0]).p).toBe(1);
  expect(signFlipTest([0, 0, 1, 1]).p).toBe(1 / 2);
});

test("under no difference, at most alpha of experiments are called one", () => {
  const experiments = 600;
  const n = 9;
  let called = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const from = key(experiment, "null");
    // Heavy tails: a t test would be off here.
    if (signFlipTest(Array.from({ length: n }, (_, i) => normal(from, i) ** 3)).p <= 0.05) called++;
  }
  // p is a multiple of 2/512, so the rate is floor(0.05 * 256) / 256 = 0.0469: 28 of 600, standard deviation 5.2; within three.
  expect(called).toBeLessThan(28 + 3 * 5.2);
  expect(called).toBeGreaterThan(28 - 3 * 5.2);
});

test("a true difference is told more often with more seeds", () => {
  const told = (n: number) =>
    Array.from({ length: 100 }, (_, experiment) => key(experiment, "power", n)).filter(
      (from) => signFlipTest(Array.from({ length: n }, (_, i) => 0.7 + normal(from, i))).p <= 0.05,
    ).length;
  // Of a paired t test (noncentral t): 23 % with 6 seeds, 84 % with 20; the standard deviations are 4.2 and 3.7.
  expect(told(6)).toBeLessThan(23 + 13);
  expect(told(20)).toBeGreaterThan(84 - 12);
});

test("more than 32 differences are drawn: near the normal's p, and the same each time and in any order", () => {
  const from = key(3, "many");
  const differences = Array.from({ length: 60 }, (_, i) => (bernoulli(from, i, 0.5) ? 1 : -1) + 0.3);
  const found = signFlipTest(differences);
  expect(found.exact).toBe(false);
  expect(found.least).toBe(1 / 100_001);
  expect(signFlipTest([...differences].reverse())).toEqual(found);
  // z = sum / sqrt(sum of squares); with 60 values the normal is within 0.02 of the exact p.
  const z = Math.abs(differences.reduce((s, d) => s + d, 0)) / Math.sqrt(differences.reduce((s, d) => s + d * d, 0));
  const draws = key(4, "z");
  const normalP =
    Array.from({ length: 20_000 }, (_, i) => Math.abs(normal(draws, i)) >= z).filter(Boolean).length / 20_000;
  expect(Math.abs(found.p - normalP)).toBeLessThan(0.03);
  expect(signFlipTest(Array.from({ length: 40 }, () => 1)).p).toBe(1 / 100_001);
});

test("no differences, or one that is none, are refused", () => {
  expect(() => signFlipTest([])).toThrow(ValueError);
  expect(() => signFlipTest([1, Number.POSITIVE_INFINITY])).toThrow("value 1 is Infinity");
});
