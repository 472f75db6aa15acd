import fc from "fast-check";
import { key, normal, ValueError } from "plastica";
import { expect, test } from "vitest";
import { leastUnpaired, permutationTest, welch } from "./permutation.ts";

const a = [0.91, 0.88, 0.93, 0.9, 0.87];
const b = [0.85, 0.89, 0.84, 0.86];

test("Welch's test is scipy's", () => {
  // scipy 1.17.1: stats.ttest_ind(a, b, equal_var=False)
  const { t, freedom, p, interval } = welch(a, b);
  expect(t).toBeCloseTo(2.5020223034450386, 10);
  expect(freedom).toBeCloseTo(6.833657592175926, 10);
  expect(p).toBeCloseTo(0.041669610534127224, 10);
  expect(interval.low).toBeCloseTo(0.0019087867080288048, 10);
  expect(interval.high).toBeCloseTo(0.07409121329197127, 10);
});

test("Welch's test of values without spread", () => {
  expect(welch([1, 1], [1, 1])).toMatchObject({ t: 0, p: 1, interval: { low: 0, high: 0 } });
  expect(welch([1, 1], [3, 3])).toMatchObject({ t: Number.NEGATIVE_INFINITY, p: 0, interval: { low: -2, high: -2 } });
});

test("the permutation test counts the ways of dealing out", () => {
  // Of the 126 ways, 7 have a Welch t at least as large: counted with scipy over itertools.combinations.
  expect(permutationTest(a, b)).toEqual({ p: 7 / 126, least: 1 / 126, exact: true });
  expect(permutationTest(b, a)).toEqual({ p: 7 / 126, least: 1 / 126, exact: true });
});

/** The definition: of all ways of dealing out, the share whose Welch t is at least as large. Whole numbers, so ties are ties. */
function byDefinition(a: readonly number[], b: readonly number[]): number {
  const pool = [...a, ...b];
  const t = (x: readonly number[], y: readonly number[]) => {
    const found = Math.abs(welch(x, y).t);
    return Number.isFinite(found) ? found : Number.MAX_VALUE;
  };
  const observed = t(a, b);
  let [extreme, all] = [0, 0];
  for (let chosen = 0; chosen < 2 ** pool.length; chosen++) {
    const x = pool.filter((_, i) => chosen & (1 << i));
    if (x.length !== a.length) continue;
    const y = pool.filter((_, i) => !(chosen & (1 << i)));
    all++;
    if (t(x, y) >= observed * (1 - 1e-9)) extreme++;
  }
  return extreme / all;
}

test("it is what the definition says, ties and values without spread included, at any scale", () => {
  const values = (least: number) => fc.array(fc.integer({ min: 0, max: 5 }), { minLength: least, maxLength: 4 });
  fc.assert(
    fc.property(values(2), values(3), fc.constantFrom(1, 0.1, 1e-7, 3e5), (a, b, scale) => {
      const scaled = (values: readonly number[]) => values.map((value) => value * scale + scale / 3);
      expect(permutationTest(scaled(a), scaled(b)).p).toBeCloseTo(byDefinition(a, b), 12);
      expect(permutationTest(scaled(b), scaled(a)).p).toBeCloseTo(byDefinition(a, b), 12);
    }),
    { numRuns: 40 },
  );
});

test("by hand: two groups of three, apart", () => {
  // 20 ways; only the one seen and its mirror image are as far apart.
  expect(permutationTest([1, 2, 3], [11, 12, 13])).toEqual({ p: 2 / 20, least: 2 / 20, exact: true });
  // Far apart with little spread, rounding makes the image a little less extreme.
  for (let k = 1; k <= 50; k++) {
    const low = [0.1, 0.1 + 1e-6, 0.1 + (3e-6 * k) / 7];
    expect(permutationTest(low, [1.1, 1.1 + 2e-6, 1.1 + 5e-6]).p).toBe(2 / 20);
  }
  expect(permutationTest([5, 5], [5, 5]).p).toBe(1);
  expect(permutationTest([1, 1, 1], [2, 2, 2]).p).toBe(2 / 20);
});

test("groups too large for all ways are dealt out at random, the same each time", () => {
  const from = key(1, "large");
  const x = Array.from({ length: 12 }, (_, i) => normal(from, i));
  const y = Array.from({ length: 14 }, (_, i) => normal(from, 100 + i) - 0.8);
  const found = permutationTest(x, y);
  expect(found.exact).toBe(false);
  expect(permutationTest([...x].reverse(), y)).toEqual(found);
  // Near Welch's p: both estimate the same for normal values; sqrt(p (1 - p) / 100,000) is below 0.001.
  expect(Math.abs(found.p - welch(x, y).p)).toBeLessThan(0.01);
});

test("under no difference, at most alpha of experiments are called one", () => {
  let called = 0;
  for (let experiment = 0; experiment < 400; experiment++) {
    const from = key(experiment, "null");
    const draw = (first: number) => Array.from({ length: 5 }, (_, i) => normal(from, first + i) ** 3);
    if (permutationTest(draw(0), draw(10)).p <= 0.05) called++;
  }
  // p is a multiple of 2/252: floor(0.05 * 126) / 126 = 0.0476, 19 of 400, standard deviation 4.3; within three.
  expect(called).toBeLessThan(19 + 3 * 4.3);
  expect(called).toBeGreaterThan(19 - 3 * 4.3);
});

test("the smallest p of two groups", () => {
  expect(leastUnpaired(2, 2)).toBe(2 / 6);
  expect(leastUnpaired(4, 5)).toBe(1 / 126);
  expect(leastUnpaired(20, 20)).toBe(1 / 100_001);
});

test("a group of one is refused", () => {
  expect(() => permutationTest([1], [1, 2])).toThrow("of 1 values, must be of at least 2");
  expect(() => welch([1, 2], [Number.NaN, 1])).toThrow(ValueError);
});
