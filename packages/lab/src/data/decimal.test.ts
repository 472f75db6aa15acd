import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalOf } from "./decimal.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test("every float64 is read back to the bit, however it is written", () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: 0, max: 20 }), (value, digits) => {
      for (const text of [String(value), value.toExponential(), value.toFixed(digits), value.toPrecision(digits + 1)]) {
        expect(Object.is(decimalOf(text), Number(text)), text).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test("so are numbers around the limits of what is exact", () => {
  const texts = ["9007199254740993", "0.1", "1e22", "1e23", "123456789012345e22", "4.35", "0.000001", "1e-22", "1e-23"];
  texts.push(
    "999999999999999",
    "9999999999999999",
    "00000000000000000001.5",
    "0.00000000000000000000000000001",
    "-0",
    "1e400",
  );
  for (const text of texts) expect(Object.is(decimalOf(text), Number(text)), text).toBe(true);
});

test.each([
  [" 12\t", 12],
  ["+3.", 3],
  [".5", 0.5],
  ["-7E+2", -700],
])("%j is %d", (text, value) => expect(decimalOf(text)).toBe(value));

test.each([
  "",
  " ",
  ".",
  "-",
  "e5",
  "1e",
  "1e+",
  "1.2.3",
  "1 2",
  "0x10",
  "Infinity",
  "1,000",
  "1_000",
  "12a",
  "--1",
  "1e1.5",
])("%j is no number", (text) => expect(decimalOf(text)).toBeNaN());

test("a comma may stand between units and tenths, and then a point may not", () => {
  expect(decimalOf("-1,25e2", 44)).toBe(-125);
  expect(decimalOf("12345678901234567,5", 44)).toBe(12345678901234567.5);
  expect(decimalOf("1.25", 44)).toBeNaN();
});
