import { expect, test } from "vitest";
import { randomRbf } from "./random-rbf.ts";

const still = { seed: 1, inputs: 3, centroids: 8, classes: 3, speed: 0 };

/** How far item `n` of a stream at that speed lies from item `n` of one that stands still: its centroid's way. */
function ways(speed: number, items: number): number[][] {
  const [here, there] = [randomRbf(still), randomRbf({ ...still, speed })];
  return Array.from({ length: items }, (_, n) => {
    const { x } = here.at(n);
    const { x: moved } = there.at(n);
    return [...moved].map((value, i) => value - x[i]);
  });
}

test("centroids move by the speed in an item, each its own way", () => {
  const speed = 1e-7;
  const length = 2000;
  const directions = new Set<string>();
  ways(speed, length)
    .slice(1000)
    .forEach((way, i) => {
      const norm = Math.hypot(...way);
      expect(Math.abs(norm / (speed * (1000 + i)) - 1)).toBeLessThan(0.01); // to within float32
      directions.add(way.map((part) => Math.sign(part)).join());
    });
  expect(directions.size).toBeGreaterThan(3);
});

test("they are thrown back by the walls: no way is longer than the cube", () => {
  for (const way of ways(0.01, 5000)) for (const part of way) expect(Math.abs(part)).toBeLessThan(1);
});

test("items lie around their centroids as a normal number, in any direction", () => {
  const { at } = randomRbf({ ...still, centroids: 1 });
  const items = Array.from({ length: 8000 }, (_, n) => [...at(n).x]);
  const centre = [0, 1, 2].map((i) => items.reduce((sum, x) => sum + x[i], 0) / items.length);
  for (const value of centre) expect(value > -0.02 && value < 1.02).toBe(true);
  const distances = items.map((x) => Math.hypot(...x.map((value, i) => value - centre[i])));
  const spread = Math.sqrt(distances.reduce((a, d) => a + d * d, 0) / distances.length);
  const inside = distances.filter((d) => d < spread).length / distances.length;
  expect(Math.abs(inside - 0.683)).toBeLessThan(0.03); // as of a normal number, and not of a normal point: 0.61
  for (const i of [0, 1, 2]) {
    const along = items.reduce((sum, x) => sum + (x[i] - centre[i]) ** 2, 0) / items.length;
    expect(Math.abs((3 * along) / spread ** 2 - 1)).toBeLessThan(0.1);
  }
});

test("a heavier centroid has more of the items, and a class is its centroid's", () => {
  const { at } = randomRbf({ ...still, inputs: 40, centroids: 3, classes: 1000 });
  const counts = new Map<number, number>();
  for (let n = 0; n < 3000; n++) {
    const y = at(n).y as number;
    counts.set(y, (counts.get(y) ?? 0) + 1);
  }
  expect(counts.size).toBe(3);
  expect(Math.max(...counts.values())).toBeGreaterThan(1.2 * Math.min(...counts.values()));
});

test("each concept has centroids of its own", () => {
  expect([...randomRbf(still).at(5).x]).not.toEqual([...randomRbf({ ...still, concept: 1 }).at(5).x]);
});

test.each([
  [{ speed: Number.NaN }, "speed is NaN, must be a number from 0"],
  [{ centroids: 4, moving: 5 }, "moving is 5, must be an integer from 0 to 4"],
  [{ classes: 1 }, "classes is 1, must be an integer from 2 to 1000"],
])("%j is refused", (options, message) => {
  expect(() => randomRbf({ seed: 1, ...options })).toThrow(message);
});
