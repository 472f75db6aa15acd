import { expect, test } from "vitest";
import { fillPool, POOL, POOL_BYTES } from "./noise-pool.ts";
import { key, normal } from "./random.ts";

function poolOf(seed: number): Float32Array {
  const pool = new Float32Array(POOL_BYTES / 4);
  fillPool(key(seed, "pool"), pool);
  return pool;
}

const whole = poolOf(1);
const pool = whole.subarray(0, POOL);
const mean = (of: (z: number, i: number) => number): number => pool.reduce((sum, z, i) => sum + of(z, i), 0) / POOL;

test("is normal: mean exactly 0, variance 1, kurtosis 3, the tails of a bell", () => {
  expect(mean((z) => z)).toBe(0);
  expect(Math.abs(mean((z) => z ** 2) - 1)).toBeLessThan(1e-7);
  expect(Math.abs(mean((z) => z ** 4) - 3)).toBeLessThan(0.05);
  expect(Math.abs(mean((z) => z ** 6) - 15)).toBeLessThan(1);
  for (const [bound, share] of [
    [1, 0.31731],
    [2, 0.0455],
    [3, 0.0027],
  ])
    expect(Math.abs(mean((z) => Number(Math.abs(z) > bound)) / share - 1)).toBeLessThan(0.1);
  expect(pool.reduce((most, z) => Math.max(most, z), 0)).toBeLessThan(5.78);
});

test("is the draws of its key, scaled by very little, and their negatives", () => {
  const scale = pool[0] / normal(key(1, "pool"), 0);
  expect(Math.abs(scale - 1)).toBeLessThan(0.01);
  for (let i = 0; i < POOL / 2; i++) {
    if (Math.abs(pool[i] / normal(key(1, "pool"), i) / scale - 1) > 2e-7) expect.unreachable(`value ${i}`);
    if (pool[POOL / 2 + i] !== -pool[i]) expect.unreachable(`the negative of value ${i}`);
  }
  const other = poolOf(2);
  expect(pool.filter((z, i) => z === other[i]).length).toBeLessThan(10);
});

test("the lanes of a row correlate over time by no more than chance in so many values, those half a pool apart by -1", () => {
  const correlation = (lag: number) => mean((z, i) => z * pool[(i + lag) % POOL]);
  for (let lag = 1; lag <= 100; lag++) expect(Math.abs(correlation(lag))).toBeLessThan(4.5 * Math.sqrt(2 / POOL));
  expect(correlation(POOL / 2)).toBeCloseTo(-1, 6);
});

test("begins again after its end, so that four values can be read from anywhere", () => {
  expect([...whole.subarray(POOL)]).toEqual([...pool.subarray(0, 4)]);
});
