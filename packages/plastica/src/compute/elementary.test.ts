import { expect, test } from "vitest";
import { cosTurns, exponential, ln, sinTurns } from "./elementary.ts";

test("ln is within one unit in the last place of the host's, over the normal and subnormal range", () => {
  for (let i = 1; i < 50_000; i++) {
    const x = i * 3 ** ((i % 1000) - 500);
    const right = Math.log(x);
    expect(Math.abs(ln(x) - right)).toBeLessThanOrEqual(2.3e-16 * Math.abs(right));
  }
  for (let i = 1; i < 1 << 24; i += 997) {
    const right = Math.log(i / 2 ** 24);
    expect(Math.abs(ln(i / 2 ** 24) - right)).toBeLessThanOrEqual(2.3e-16 * Math.abs(right));
  }
  expect(Math.abs(ln(Number.MIN_VALUE) - Math.log(Number.MIN_VALUE))).toBeLessThan(1e-12);
  expect(Math.abs(ln(Number.MAX_VALUE) - Math.log(Number.MAX_VALUE))).toBeLessThan(1e-12);
});

test("ln of the special values", () => {
  expect(ln(1)).toBe(0);
  expect(ln(0)).toBe(-Infinity);
  expect(ln(Infinity)).toBe(Infinity);
  expect(ln(-1)).toBeNaN();
  expect(ln(Number.NaN)).toBeNaN();
});

test("exponential is within one unit in the last place of the host's, over the normal range", () => {
  for (let i = -100_000; i <= 100_000; i++) {
    const x = i * 0.007083 + i ** 5 * 1e-26;
    const right = Math.exp(x);
    if (Math.abs(exponential(x) - right) > 2.3e-16 * right) expect.unreachable(`exponential(${x})`);
  }
  for (let i = -4000; i <= 4000; i++) {
    const x = i * 2 ** -30;
    expect(Math.abs(exponential(x) - Math.exp(x))).toBeLessThanOrEqual(2.3e-16);
  }
  for (const x of [1e-300, 0.1, 3, 17.5, 700]) expect(exponential(-x) * exponential(x)).toBeCloseTo(1, 14);
  for (const x of [1e-300, 0.1, 3, 1e300]) expect(exponential(ln(x)) / x).toBeCloseTo(1, 12);
});

test("exponential of the special values and where numbers end", () => {
  expect([0, -0, Infinity, -Infinity, 1000, -1000].map(exponential)).toEqual([1, 1, Infinity, 0, Infinity, 0]);
  expect(exponential(Number.NaN)).toBeNaN();
  expect(exponential(709.782712893384) / Math.exp(709.782712893384)).toBeCloseTo(1, 14);
  expect(exponential(709.7827128933841)).toBe(Infinity);
  // Below the normal range there is less than a unit in the last place to be had: the whole numbers of 2^-1074.
  for (const x of [-708.5, -720, -735.25, -744, -745.13])
    expect(Math.abs(exponential(x) - Math.exp(x))).toBeLessThanOrEqual(Number.MIN_VALUE);
});

test("cosTurns and sinTurns are within 2e-16 where the host's argument is exact enough to tell", () => {
  for (let i = -8000; i <= 8000; i++) {
    const turns = i / 65536; // within an eighth of a turn: the angle's own rounding is small here
    expect(Math.abs(cosTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThanOrEqual(2.3e-16);
    expect(Math.abs(sinTurns(turns) - Math.sin(2 * Math.PI * turns))).toBeLessThanOrEqual(2.3e-16);
  }
});

test("every octant follows from the first, exactly", () => {
  for (let i = 0; i < 64; i++) {
    const turns = i / 512;
    const c = cosTurns(turns);
    const s = sinTurns(turns);
    expect(cosTurns(turns + 5)).toBe(c);
    expect(cosTurns(-turns)).toBe(c);
    expect(cosTurns(turns + 0.5)).toBe(-c);
    expect(cosTurns(0.25 - turns)).toBe(s);
    expect(sinTurns(0.5 - turns)).toBe(s);
    if (i > 0) expect(sinTurns(-turns)).toBe(-s);
    expect(Math.abs(c * c + s * s - 1)).toBeLessThan(4e-16);
  }
  expect([cosTurns(0), cosTurns(0.5), cosTurns(0.25), sinTurns(0.25)]).toEqual([1, -1, 0, 1]);
});

test("the bits are the same on every host, for ever", () => {
  const bits = (x: number) => new BigUint64Array(new Float64Array([x]).buffer)[0].toString(16);
  expect([bits(ln(0.1)), bits(ln(3)), bits(ln(2 ** -24)), bits(cosTurns(0.1)), bits(sinTurns(0.3))]).toEqual([
    "c0026bb1bbb55515",
    "3ff193ea7aad030a",
    "c030a2b23f3bab73",
    "3fe9e3779b97f4a8",
    "3fee6f0e13445500",
  ]);
  expect([0.1, -3, 17.5, -740].map((x) => bits(exponential(x)))).toEqual([
    "3ff1aec7b35a00d4",
    "3fa97db0ccceb0af",
    "4182fd6c832e3c72",
    "55",
  ]);
});
