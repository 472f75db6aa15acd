import { expect, test } from "vitest";
import { waveform } from "./waveform.ts";

/** The three triangles, written out. */
const waves = [
  [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0],
  [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0],
];
const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
];

test("a class is a mixture of two waves: their mean in the mean, and noise of standard deviation 1", () => {
  const { at } = waveform({ seed: 1, irrelevant: true });
  const items = Array.from({ length: 9000 }, (_, n) => {
    const { x, y } = at(n);
    return { x: Array.from(x), y };
  });
  pairs.forEach(([a, b], y) => {
    const own = items.filter((item) => item.y === y);
    expect(Math.abs(own.length - 3000)).toBeLessThan(180);
    for (let i = 0; i < 40; i++) {
      const mean = own.reduce((sum, { x }) => sum + x[i], 0) / own.length;
      const variance = own.reduce((sum, { x }) => sum + (x[i] - mean) ** 2, 0) / own.length;
      const [high, low] = i < 21 ? [waves[a][i], waves[b][i]] : [0, 0];
      expect(Math.abs(mean - (high + low) / 2)).toBeLessThan(0.15);
      const expected = 1 + (high - low) ** 2 / 12; // of the noise and of the mixture
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.15);
    }
  });
});

test("another concept has the same inputs in another order", () => {
  const [plain, other] = [0, 3].map((concept) => waveform({ seed: 1, concept }));
  const places = new Set<string>();
  for (let n = 0; n < 50; n++) {
    const x = Array.from(plain.at(n).x);
    const moved = Array.from(other.at(n).x);
    expect(moved).not.toEqual(x);
    expect([...moved].sort()).toEqual([...x].sort());
    places.add(x.map((value) => moved.indexOf(value)).join());
  }
  expect(places.size).toBe(1);
});
