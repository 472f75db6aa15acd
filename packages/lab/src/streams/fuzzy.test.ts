import { expect, test } from "vitest";
import { fading } from "./fuzzy.ts";
import { equalTasks, type Stream, taskOf } from "./stream.ts";

/** Item n shows n. */
function counting(tasks: number, length: number): Stream {
  return {
    inputs: 1,
    outputs: 1,
    target: "values",
    starts: equalTasks(tasks, length),
    length: tasks * length,
    at: (n) => ({ x: Float32Array.of(n), y: Float32Array.of(n) }),
  };
}

const shown = (stream: Stream) => Array.from({ length: stream.length }, (_, n) => stream.at(n).x[0]);

test("each item is still shown once, and only those near a boundary have moved, to its other side", () => {
  const plain = counting(5, 40);
  const items = shown(fading(plain, 16, 1));
  expect(items.toSorted((a, b) => a - b)).toEqual(shown(plain));
  let moved = 0;
  for (const [n, item] of items.entries()) {
    if (item === n) continue;
    moved++;
    const boundary = Math.round(n / 40);
    expect(n + item).toBe(2 * 40 * boundary - 1); // mirrored
    expect(Math.abs(n - (40 * boundary - 0.5))).toBeLessThan(8);
    expect(boundary % 5).not.toBe(0); // neither the stream's start nor its end is a boundary
  }
  expect(moved).toBeGreaterThan(10);
});

test("the later task's share rises evenly over the width", () => {
  const later = new Float64Array(20);
  const runs = 4000;
  const plain = counting(2, 30);
  for (let seed = 0; seed < runs; seed++) {
    const stream = fading(plain, 20, seed);
    for (let i = 0; i < 20; i++) later[i] += taskOf(plain, stream.at(20 + i).x[0]) / runs;
  }
  later.forEach((share, i) => {
    const p = (i + 0.5) / 20;
    expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs));
  });
});

test("each boundary and each seed has draws of its own", () => {
  const plain = counting(3, 100);
  const moves = (seed: number, boundary: number) => {
    const stream = fading(plain, 80, seed);
    return Array.from({ length: 40 }, (_, i) => Number(stream.at(boundary + i).x[0] < boundary)).join("");
  };
  expect(new Set([moves(1, 100), moves(1, 200), moves(2, 100), moves(2, 200)]).size).toBe(4);
});

test("width 0 is the stream itself; the width may be the shortest task's length, and no more", () => {
  const plain = { ...counting(2, 10), starts: [0, 6, 14], length: 20 };
  expect(fading(plain, 0, 1)).toBe(plain);
  expect(shown(fading(plain, 6, 1)).toSorted((a, b) => a - b)).toEqual(shown(plain));
  for (const width of [8, 3, -2, Number.NaN]) {
    expect(() => fading(plain, width, 1)).toThrow(`boundary is ${width}, must be an even integer from 0 to 6`);
  }
});

test("what must be loaded reaches past the boundaries; tests stay", async () => {
  const loaded: number[][] = [];
  const tests = { sets: 1, size: () => 1, at: () => ({ x: Float32Array.of(0), y: 0 }) };
  const load = async (from: number, to: number) => void loaded.push([from, to]);
  const stream = fading({ ...counting(3, 20), load, tests }, 10, 1);
  await stream.load?.(18, 22);
  await stream.load?.(0, 60);
  expect(loaded).toEqual([
    [8, 32],
    [0, 60],
  ]);
  expect(stream.tests).toBe(tests);
});
