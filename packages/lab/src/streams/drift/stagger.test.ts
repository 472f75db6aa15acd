import { expect, test } from "vitest";
import { stagger } from "./stagger.ts";

const sizes = ["small", "medium", "large"];
const colours = ["red", "blue", "green"];
const shapes = ["circle", "square", "triangle"];

/** The object in words; each attribute must be said exactly once. */
function object(x: Float32Array): { size: string; colour: string; shape: string } {
  const [size, colour, shape] = [sizes, colours, shapes].map((words, part) => {
    const three = [...x.subarray(3 * part, 3 * part + 3)];
    expect([...three].sort()).toEqual([0, 0, 1]);
    return words[three.indexOf(1)];
  });
  return { size, colour, shape };
}

type Thing = ReturnType<typeof object>;

test.each([
  { concept: 0, holds: ({ size, colour }: Thing) => size === "small" && colour === "red", share: 1 / 9 },
  { concept: 1, holds: ({ colour, shape }: Thing) => colour === "green" || shape === "circle", share: 5 / 9 },
  { concept: 2, holds: ({ size }: Thing) => size === "medium" || size === "large", share: 2 / 3 },
])("concept $concept", ({ concept, holds, share }) => {
  for (const balance of [false, true]) {
    const { at } = stagger({ seed: 1, concept, balance });
    const seen = new Set<string>();
    let ones = 0;
    for (let n = 0; n < 3000; n++) {
      const { x, y } = at(n);
      const thing = object(x);
      seen.add(Object.values(thing).join());
      expect(y).toBe(holds(thing) ? 1 : 0);
      ones += y as number;
    }
    expect(seen.size).toBe(27);
    expect(Math.abs(ones / 3000 - (balance ? 0.5 : share))).toBeLessThan(0.037); // four standard errors
  }
});

test("even classes do not take turns", () => {
  const { at } = stagger({ seed: 1, balance: true });
  let same = 0;
  for (let n = 1; n < 2000; n++) {
    const before = at(n - 1).y;
    if (at(n).y === before) same++;
  }
  expect(Math.abs(same / 2000 - 0.5)).toBeLessThan(0.045);
});

test("there are three concepts", () => {
  expect(() => stagger({ seed: 1, concept: 3 })).toThrow("concept is 3, must be an integer from 0 to 2");
});
