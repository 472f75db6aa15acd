import fc from "fast-check";
import { key, normal, ValueError } from "plastica";
import { expect, test } from "vitest";
import { bootstrapInterval } from "./bootstrap.ts";
import { interquartileMean, mean } from "./sample.ts";

const values = [3.1, 2.7, 9.4, 4.4, 3.8, 2.9, 5.0, 3.3, 4.1, 3.6];

test("BCa leans to the long tail, percentile does not; both are where 400,000 resamples put them", () => {
  // numpy, from the same formulas, three times 400,000 resamples: 3.40 to 6.82, 6.83 and 6.89, and 3.23 to 5.91. A percentile's standard
  // error with 100,000 is sqrt(q (1 - q) / 100,000) over the density there: below 0.01, but 0.05 for the outermost, at q = 0.9998.
  const bca = bootstrapInterval(values, mean, { resamples: 100_000 });
  expect(Math.abs(bca.low - 3.4)).toBeLessThan(0.03);
  expect(Math.abs(bca.high - 6.84)).toBeLessThan(0.15);
  const percentile = bootstrapInterval(values, mean, { resamples: 100_000, method: "percentile" });
  expect(Math.abs(percentile.low - 3.23)).toBeLessThan(0.03);
  expect(Math.abs(percentile.high - 5.91)).toBeLessThan(0.03);
});

test("the same values give the same interval, in any order, and another seed another", () => {
  const once = bootstrapInterval(values, interquartileMean);
  bootstrapInterval([1, 2, 3]); // other draws in between
  expect(bootstrapInterval([...values].reverse(), interquartileMean)).toEqual(once);
  expect(bootstrapInterval(values, interquartileMean, { seed: 1 })).not.toEqual(once);
});

test("values that are all the same have an interval without width", () => {
  expect(bootstrapInterval([0.1, 0.1, 0.1])).toEqual({ low: mean([0.1, 0.1, 0.1]), high: mean([0.1, 0.1, 0.1]) });
});

test("moving and scaling the values moves and scales the interval; a higher level holds a lower one", () => {
  const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(sample, fc.integer({ min: -500, max: 500 }), fc.constantFrom(2, 0.5, 1000), (sample, by, times) => {
      const options = { resamples: 400 };
      const { low, high } = bootstrapInterval(sample, mean, options);
      const moved = bootstrapInterval(
        sample.map((x) => x + by),
        mean,
        options,
      );
      expect(moved.low).toBeCloseTo(low + by, 6);
      expect(moved.high).toBeCloseTo(high + by, 6);
      const scaled = bootstrapInterval(
        sample.map((x) => x * times),
        mean,
        options,
      );
      expect(scaled.low).toBeCloseTo(low * times, 6);
      expect(scaled.high).toBeCloseTo(high * times, 6);
      const wider = bootstrapInterval(sample, mean, { ...options, level: 0.99 });
      expect(wider.low).toBeLessThanOrEqual(low);
      expect(wider.high).toBeGreaterThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
      expect(high).toBeLessThanOrEqual(Math.max(...sample));
    }),
    { numRuns: 30 },
  );
});

test.each(["bca", "percentile"] as const)("%s: a 95 % interval holds the truth 95 times in 100", (method) => {
  const [experiments, n] = [400, 8];
  let held = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const from = key(experiment, "coverage");
    const sample = Array.from({ length: n }, (_, i) => normal(from, i));
    const { low, high } = bootstrapInterval(sample, mean, { resamples: 800, method });
    if (low <= 0 && 0 <= high) held++;
  }
  // Around 380, with a standard deviation of sqrt(400 * 0.95 * 0.05) = 4.4: within three of them. The textbook's percentiles of 8 values
  // would hold it P(|t_7| < 1.96 sqrt(7 / 8)) = 89 times in 100, or 356 in 400: below.
  expect(held).toBeGreaterThan(380 - 13.2);
  expect(held).toBeLessThan(380 + 13.2);
});

test("what cannot be bootstrapped is refused", () => {
  expect(() => bootstrapInterval([1])).toThrow("bootstrap: of 1 values, must be of at least 2");
  expect(() => bootstrapInterval([1, 2], mean, { resamples: 10 })).toThrow("10 resamples, must be an integer from 100");
  expect(() => bootstrapInterval([1, 2], mean, { level: 1 })).toThrow(ValueError);
});
