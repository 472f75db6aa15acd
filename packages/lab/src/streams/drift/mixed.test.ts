import { expect, test } from "vitest";
import { mixed } from "./mixed.ts";

test("class 0 is two truths of three, class 1 in the opposite concept", () => {
  const [plain, opposite] = [0, 1].map((concept) => mixed({ seed: 1, concept }));
  const kinds = new Set<string>();
  for (let n = 0; n < 3000; n++) {
    const { x, y } = plain.at(n);
    const [v, w, a, b] = x;
    const z = b < 0.5 + 0.3 * Math.sin(3 * Math.PI * a);
    kinds.add([v, w, z].join());
    expect(y).toBe((v && w) || (v && z) || (w && z) ? 0 : 1);
    expect(opposite.at(n).y).toBe(1 - (y as number));
  }
  expect(kinds.size).toBe(8);
});

test("even classes", () => {
  const { at } = mixed({ seed: 1, balance: true });
  let ones = 0;
  for (let n = 0; n < 3000; n++) ones += at(n).y as number;
  expect(Math.abs(ones / 3000 - 0.5)).toBeLessThan(0.037); // four standard errors
});
