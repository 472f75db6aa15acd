import { expect, test } from "vitest";
import { cosTurns, ln, sinTurns } from "./elementary.ts";

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
});
