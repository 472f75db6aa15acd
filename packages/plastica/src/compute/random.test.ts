import fc from "fast-check";
import { expect, test } from "vitest";
import { ValueError } from "../errors.ts";
import { bernoulli, derive, integer, key, normal, permutation, shuffled, threefry, uniform } from "./random.ts";

const out = new Uint32Array(2);
const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");

/** Known answers of the Random123 library: rounds, key, counter, words. */
const KNOWN = [
  { rounds: 13, key: [0, 0], counter: [0, 0], words: "9d1c5ec6 8bd50731" },
  { rounds: 13, key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], words: "fd36d048 2d17272c" },
  { rounds: 13, key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: "ba3e4725 f27d669e" },
  { rounds: 20, key: [0, 0], counter: [0, 0], words: "6b200159 99ba4efe" },
  { rounds: 20, key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], words: "1cb996fc bb002be7" },
  { rounds: 20, key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: "c4923a9c 483df7a0" },
];

test.each(KNOWN)("threefry's known answer $words in $rounds rounds", ({ rounds, key, counter, words }) => {
  threefry(key[0], key[1], counter[0], counter[1], out, rounds);
  expect(hex(out)).toBe(words);
});

/** The definition in BigInt, to hold the unrolled thirteen rounds against. */
function definition(k0: number, k1: number, c0: number, c1: number): Uint32Array {
  const mask = 0xffffffffn;
  const keys = [BigInt(k0), BigInt(k1), 0x1bd11bdan ^ BigInt(k0) ^ BigInt(k1)];
  const turns = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  let x = (BigInt(c0) + keys[0]) & mask;
  let y = (BigInt(c1) + keys[1]) & mask;
  for (let round = 0; round < 13; round++) {
    x = (x + y) & mask;
    y = (((y << turns[round % 8]) | (y >> (32n - turns[round % 8]))) & mask) ^ x;
    if (round % 4 === 3) {
      const j = (round + 1) / 4;
      x = (x + keys[j % 3]) & mask;
      y = (y + keys[(j + 1) % 3] + BigInt(j)) & mask;
    }
  }
  return Uint32Array.of(Number(x), Number(y));
}

test("the unrolled rounds are the definition", () => {
  const word = fc.nat(0xffffffff);
  fc.assert(
    fc.property(word, word, word, word, (k0, k1, c0, c1) => {
      threefry(k0, k1, c0, c1, out);
      expect(hex(out)).toBe(hex(definition(k0, k1, c0, c1)));
    }),
  );
  expect(() => threefry(0, 0, 0, 0, out, 21)).toThrow(ValueError);
});

test("a key depends on the seed and on every step of the path, and on their kind and order", () => {
  const keys = [
    key(1),
    key(2),
    key(1 + 2 ** 32),
    key(2 ** 53 - 1),
    key(1, "weights"),
    key(1, "noise"),
    key(1, ""),
    key(1, 0),
    key(1, 1),
    key(1, "1"),
    key(1, 1 + 2 ** 32),
    key(1, 0, 1),
    key(1, 1, 0),
    key(1, "weights", 0),
    key(1, "weights", 1),
  ].map(({ k0, k1 }) => `${k0} ${k1}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(derive(key(1, "weights"), 3, "x")).toEqual(key(1, "weights", 3, "x"));
  expect(key(1, "weights", 0)).toEqual({ k0: 2371221560, k1: 1756552146 }); // fixed for ever: recipes hang on it
});

test("a seed or step that is no index is named", () => {
  expect(() => key(-1)).toThrow("seed is -1");
  expect(() => key(0.5)).toThrow(ValueError);
  expect(() => key(2 ** 53)).toThrow(ValueError);
  expect(() => key(1, Number.NaN)).toThrow("step of a key's path is NaN");
});

test("uniform: a float32 multiple of 2^-24 in [0, 1), with the moments of the distribution", () => {
  const k = key(1, "uniform");
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  let neighbours = 0;
  let before = 0.5;
  for (let i = 0; i < n; i++) {
    const u = uniform(k, i);
    if (!(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 24) && Math.fround(u) === u)) expect.fail(`draw ${i} is ${u}`);
    sum += u - 0.5;
    squares += (u - 0.5) ** 2;
    neighbours += (u - 0.5) * (before - 0.5);
    before = u;
  }
  // Bounds are four standard errors.
  expect(Math.abs(sum / n)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
  expect(Math.abs(neighbours / n)).toBeLessThan(4 / 12 / Math.sqrt(n));
});

test("normal: moments 0, 1, 0, 3, and the tail beyond two", () => {
  const k = key(2, "normal");
  const n = 100_000;
  const moments = [0, 0, 0, 0];
  let tail = 0;
  for (let i = 0; i < n; i++) {
    const z = normal(k, i);
    for (let m = 0; m < 4; m++) moments[m] += z ** (m + 1) / n;
    if (Math.abs(z) > 2) tail++;
  }
  expect(Math.abs(moments[0])).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moments[1] - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moments[2])).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moments[3] - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  expect(Math.abs(tail / n - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / n));
});

test("normal is the formula, on the words of its address", () => {
  const k = key(3);
  for (const index of [0, 1, 77, 2 ** 32 + 5]) {
    threefry(k.k0, k.k1, index >>> 0, Math.floor(index / 2 ** 32), out);
    const u1 = ((out[0] >>> 8) + 1) / 2 ** 24;
    const u2 = (out[1] >>> 8) / 2 ** 24;
    expect(normal(k, index)).toBeCloseTo(Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2), 13);
  }
});

test("a draw does not depend on the draws before it", () => {
  const k = key(4);
  const forth = Array.from({ length: 50 }, (_, i) => [uniform(k, i), normal(k, i), integer(k, i, 10)]);
  const back = Array.from({ length: 50 }, (_, i) => [uniform(k, 49 - i), normal(k, 49 - i), integer(k, 49 - i, 10)]);
  expect(back.reverse()).toEqual(forth);
});

test("bernoulli: its rate, and certainty at both ends", () => {
  const k = key(5);
  let hits = 0;
  for (let i = 0; i < 20_000; i++) {
    if (bernoulli(k, i, 0.3)) hits++;
    if (bernoulli(k, i, 0) || !bernoulli(k, i, 1)) expect.fail("0 must never happen and 1 always");
  }
  expect(Math.abs(hits / 20_000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 20_000));
});

test("integer: floor of the 64-bit fraction times n, exactly", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, index, n) => {
      const k = key(seed);
      threefry(k.k0, k.k1, index, 0, out);
      const fraction = (BigInt(out[0]) << 32n) | BigInt(out[1]);
      expect(integer(k, index, n)).toBe(Number((fraction * BigInt(n)) >> 64n));
    }),
  );
  expect(integer(key(1), 0, 1)).toBe(0);
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) expect(() => integer(key(1), 0, n)).toThrow(ValueError);
});

test("permutation: holds each number once, for any length", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(300), (seed, n) => {
      const order = permutation(key(seed), n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }),
  );
  expect(() => permutation(key(1), -1)).toThrow(ValueError);
});

test("permutation: all 120 orders of five are equally likely (chi-square)", () => {
  const counts = new Map<string, number>();
  const runs = 24_000;
  for (let run = 0; run < runs; run++) {
    const order = permutation(key(6, run), 5).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  let chi = 0;
  for (const count of counts.values()) chi += (count - runs / 120) ** 2 / (runs / 120);
  expect(counts.size).toBe(120);
  expect(chi).toBeLessThan(173.6); // 119 degrees of freedom, p = 0.0008
  expect(chi).toBeGreaterThan(76.9); // and not too even either, p = 0.0008
});

test("permutation: every number is equally likely in every place (chi-square, n = 60)", () => {
  const n = 60;
  const runs = 3000;
  const counts = new Float64Array(n * n);
  for (let run = 0; run < runs; run++) permutation(key(7, run), n).forEach((item, place) => counts[place * n + item]++);
  let chi = 0;
  for (const count of counts) chi += (count - runs / n) ** 2 / (runs / n);
  const freedom = (n - 1) ** 2;
  expect(Math.abs(chi - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
});

test("shuffled: the permutation applied, its argument untouched", () => {
  const items = ["a", "b", "c", "d", "e", "f"];
  const order = permutation(key(8), items.length);
  expect(shuffled(key(8), items)).toEqual([...order].map((i) => items[i]));
  expect(items.join("")).toBe("abcdef");
});
