import { expect, test } from "vitest";
import { hyperplane, hyperplaneWeights } from "./hyperplane.ts";

test("the label is the side of the plane, and one in twenty is wrong", () => {
  const options = { seed: 1, magnitude: 0.01 };
  const { at } = hyperplane(options);
  const clean = hyperplane({ ...options, noise: 0 });
  const weightsAt = hyperplaneWeights(options);
  let wrong = 0;
  for (let n = 0; n < 10_000; n++) {
    const { x, y } = clean.at(n);
    const weights = weightsAt(n);
    const sum = weights.reduce((a, w, i) => a + w * x[i], 0) - 0.5 * weights.reduce((a, w) => a + w);
    if (Math.abs(sum) > 1e-9) expect(y).toBe(sum > 0 ? 1 : 0);
    if (at(n).y !== y) wrong++;
  }
  expect(Math.abs(wrong / 10_000 - 0.05)).toBeLessThan(0.0088); // four standard errors
});

test("the first weights move, by about the magnitude in an item, and never leave 0 to 1", () => {
  const weightsAt = hyperplaneWeights({ seed: 2, inputs: 5, moving: 2, magnitude: 0.01, reversal: 0.1 });
  const first = [...weightsAt(0)];
  const speeds: number[] = [];
  let last = first;
  for (let n = 1; n < 20_000; n++) {
    const now = [...weightsAt(n)];
    expect(now.slice(2)).toEqual(first.slice(2));
    for (const i of [0, 1]) {
      expect(now[i] >= 0 && now[i] <= 1).toBe(true);
      speeds.push(now[i] - last[i]);
    }
    last = now;
  }
  const speed = Math.sqrt(speeds.reduce((a, s) => a + s * s, 0) / speeds.length);
  expect(speed).toBeGreaterThan(0.0085); // sqrt(1 - reversal) times the magnitude, less what the walls take
  expect(speed).toBeLessThan(0.0105);
});

test("in the long run a weight strays as one does that turns at random", () => {
  const [magnitude, reversal, n, planes] = [1e-5, 0.2, 5000, 400];
  let squares = 0;
  let turning = 0;
  for (let plane = 0; plane < planes; plane++) {
    const weightsAt = hyperplaneWeights({ seed: 3, concept: plane, inputs: 2, moving: 1, magnitude, reversal });
    const before = weightsAt(0)[0];
    squares += (weightsAt(n)[0] - before) ** 2;
    let way = 1;
    let place = 0;
    for (let i = 0; i < n; i++) {
      place += way * magnitude;
      if (pseudo(plane * n + i) < reversal) way = -way;
    }
    turning += place ** 2;
  }
  const expected = (magnitude ** 2 * n * (1 - reversal)) / reversal;
  expect(Math.abs(squares / planes / expected - 1)).toBeLessThan(0.28); // four standard errors
  expect(Math.abs(turning / planes / expected - 1)).toBeLessThan(0.28);
});

/** A number from 0 to 1 for the turns above, independent of the engine's. */
function pseudo(n: number): number {
  let h = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

test("one that never turns goes straight, from wall to wall", () => {
  const weightsAt = hyperplaneWeights({ seed: 4, inputs: 2, moving: 1, magnitude: 0.25, reversal: 0 });
  const first = weightsAt(0)[0];
  const there = weightsAt(8_000_004)[0]; // 2,000,001 times the cube's side: once more thrown back than after an even number
  expect(there).toBeCloseTo(1 - first, 6);
});

test("without magnitude nothing moves; each concept is a plane of its own", () => {
  const still = hyperplaneWeights({ seed: 1, magnitude: 0 });
  expect([...still(100_000)]).toEqual([...still(0)]);
  expect([...hyperplaneWeights({ seed: 1, concept: 1 })(0)]).not.toEqual([...hyperplaneWeights({ seed: 1 })(0)]);
});

test.each([
  [{ magnitude: 2 }, "magnitude is 2, must be a number from 0 to 1"],
  [{ moving: 11 }, "moving is 11, must be an integer from 0 to 10"],
  [{ inputs: 1 }, "inputs is 1, must be an integer from 2 to 10000"],
  [{ reversal: -0.1 }, "reversal is -0.1, must be a number from 0 to 1"],
])("%j is refused", (options, message) => {
  expect(() => hyperplane({ seed: 1, ...options })).toThrow(message);
});
