import { key, normal } from "plastica";
import { expect, test } from "vitest";
import { randomWalk, reflected } from "./motion.ts";

test.each([
  [0.3, 0.3],
  [1, 1],
  [1.25, 0.75],
  [2, 0],
  [2.5, 0.5],
  [-0.25, 0.25],
  [-1.5, 0.5],
  [1000.25, 0.25],
])("%d between walls at 0 and 1 is at %d", (at, where) => {
  expect(reflected(at, 0, 1)).toBeCloseTo(where, 12);
});

test("walls need not be at 0 and 1, and where they meet there is one place", () => {
  expect(reflected(13, 5, 10)).toBe(7);
  expect(reflected(3, 5, 10)).toBe(7);
  expect(reflected(99, 4, 4)).toBe(4);
});

test("a walk by hand: steps 1, 2, 4 are drawn outwards, 3 is between 2 and 4", () => {
  const from = key(1, "walk");
  const z = (n: number) => normal(from, n);
  expect(randomWalk(from, 0)).toBe(0);
  expect(randomWalk(from, 1)).toBe(z(1));
  expect(randomWalk(from, 2)).toBe(z(1) + z(2));
  const four = z(1) + z(2) + Math.sqrt(2) * z(4);
  expect(randomWalk(from, 4)).toBe(four);
  expect(randomWalk(from, 3)).toBe((z(1) + z(2) + four) / 2 + (Math.sqrt(2) / 2) * z(3));
});

test("the steps are normal, of standard deviation 1, and know nothing of each other", () => {
  const from = key(2, "walk");
  const steps = Array.from({ length: 4000 }, (_, i) => randomWalk(from, i + 1) - randomWalk(from, i));
  const mean = steps.reduce((a, b) => a + b) / steps.length;
  const square = steps.reduce((a, b) => a + b * b) / steps.length;
  const following = steps.slice(1).reduce((sum, step, i) => sum + step * steps[i], 0) / steps.length;
  expect(Math.abs(mean)).toBeLessThan(0.06); // four standard errors of each
  expect(Math.abs(square - 1)).toBeLessThan(0.09);
  expect(Math.abs(following)).toBeLessThan(0.064);
});

test("after n steps the walk has strayed by sqrt(n)", () => {
  for (const n of [100, 1_000_000]) {
    let squares = 0;
    for (let i = 0; i < 1000; i++) squares += randomWalk(key(3, "walk", i), n) ** 2;
    expect(Math.abs(squares / 1000 / n - 1)).toBeLessThan(0.18); // four standard errors
  }
});
