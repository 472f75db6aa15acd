import { expect, test } from "vitest";
import { type FriedmanConcept, friedman } from "./friedman.ts";

const { sin, cos, exp, PI } = Math;
const plain = ([a, b, c, d, e]: number[]) => 10 * sin(PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
const low = ([a, b, c, d, e]: number[]) => 10 * a * b + 20 * (c - 0.5) + 10 * d + 5 * e;
const high = ([a, b, c, d, e]: number[]) => 10 * cos(a * b) + 20 * (c - 0.5) + exp(d) + 5 * e ** 2;

const says: Record<FriedmanConcept, (x: number[]) => number> = {
  friedman: plain,
  swapped: ([a, b, c, d, e]) => 10 * sin(PI * d * e) + 20 * (b - 0.5) ** 2 + 10 * a + 5 * c,
  "swapped-again": ([a, b, c, d, e]) => 10 * sin(PI * b * e) + 20 * (d - 0.5) ** 2 + 10 * c + 5 * a,
  "local-1": (x) => {
    const [, b, c, d, e] = x;
    if (b < 0.3 && c < 0.3 && d > 0.7 && e < 0.3) return low(x);
    return b > 0.7 && c > 0.7 && d < 0.3 && e > 0.7 ? high(x) : plain(x);
  },
  "local-2": (x) => {
    const [, b, c, d] = x;
    if (b < 0.3 && c < 0.3 && d > 0.7) return low(x);
    return b > 0.7 && c > 0.7 && d < 0.3 ? high(x) : plain(x);
  },
  "local-3": (x) => {
    const [, b, c] = x;
    if (b < 0.3 && c < 0.3) return low(x);
    return b > 0.7 && c > 0.7 ? high(x) : plain(x);
  },
};

test.each(Object.keys(says) as FriedmanConcept[])("%s without noise is its formula", (concept) => {
  const { at } = friedman({ seed: 1, concept, noise: 0 });
  for (let n = 0; n < 3000; n++) {
    const { x, y } = at(n);
    expect(Math.abs((y as Float32Array)[0] - says[concept]([...x]))).toBeLessThan(1e-5); // float32 near 30
  }
});

test("half of everything: 10 sin(pi / 4) + 5 + 2.5 is 14.571", () => {
  expect(plain([0.5, 0.5, 0.5, 0.5, 0.5])).toBeCloseTo(14.571, 3);
});

test("local drift grows from 1.6 % of the inputs over 5.4 % to 18 %", () => {
  const base = friedman({ seed: 1, noise: 0 });
  for (const [concept, share] of [
    ["local-1", 0.0162],
    ["local-2", 0.054],
    ["local-3", 0.18],
  ] as const) {
    const other = friedman({ seed: 1, concept, noise: 0 });
    let changed = 0;
    for (let n = 0; n < 10_000; n++) {
      const before = (base.at(n).y as Float32Array)[0];
      if ((other.at(n).y as Float32Array)[0] !== before) changed++;
    }
    const error = Math.sqrt((share * (1 - share)) / 10_000);
    expect(Math.abs(changed / 10_000 - share)).toBeLessThan(4 * error);
  }
});

test("the noise is normal, of standard deviation 1", () => {
  const [clean, noisy] = [0, 1].map((noise) => friedman({ seed: 1, noise }));
  let squares = 0;
  for (let n = 0; n < 5000; n++) {
    const value = (clean.at(n).y as Float32Array)[0];
    squares += ((noisy.at(n).y as Float32Array)[0] - value) ** 2 / 5000;
  }
  expect(Math.abs(squares - 1)).toBeLessThan(0.08); // four standard errors
});

test("a concept that is none is refused", () => {
  const make = () => friedman({ seed: 1, concept: "gra" as FriedmanConcept });
  expect(make).toThrow('concept is "gra", must be one of friedman, swapped');
});
