import { expect, test } from "vitest";
import { sine } from "./sine.ts";

test.each([
  { concept: 0, below: 1, curve: Math.sin },
  { concept: 1, below: 0, curve: Math.sin },
  { concept: 2, below: 1, curve: (at: number) => 0.5 + 0.3 * Math.sin(3 * Math.PI * at) },
  { concept: 3, below: 0, curve: (at: number) => 0.5 + 0.3 * Math.sin(3 * Math.PI * at) },
])("concept $concept: class $below is below the curve", ({ concept, below, curve }) => {
  for (const balance of [false, true]) {
    const { at } = sine({ seed: 1, concept, balance, irrelevant: true });
    let ones = 0;
    for (let n = 0; n < 3000; n++) {
      const { x, y } = at(n);
      if (Math.abs(x[0] - curve(x[1])) > 1e-9) expect(y).toBe(x[0] < curve(x[1]) ? below : 1 - below);
      ones += y as number;
    }
    if (balance) expect(Math.abs(ones / 3000 - 0.5)).toBeLessThan(0.037); // four standard errors
  }
});

test("the numbers that mean nothing are added to the others", () => {
  const [two, four] = [false, true].map((irrelevant) => sine({ seed: 1, irrelevant }));
  expect([two.inputs, four.inputs]).toEqual([2, 4]);
  const { x, y } = four.at(9);
  expect([...two.at(9).x]).toEqual([...x.subarray(0, 2)]);
  expect(two.at(9).y).toBe(y);
});

test("there are four concepts", () => {
  expect(() => sine({ seed: 1, concept: 4 })).toThrow("concept is 4, must be an integer from 0 to 3");
});
