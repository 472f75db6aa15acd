import { expect, test } from "vitest";
import { differenceText, formatted, type Unit } from "./unit.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test.each<[Unit, number | undefined, string]>([
  ["share", 0.8744, "87.4 %"],
  ["points", 0.021, "2.1 points"],
  ["points", -0.01, "-1.0 points"],
  ["points", 0.01, "1.0 point"],
  ["points", -0.0001, "0.0 points"],
  ["loss", 0.30214, "0.3021"],
  ["loss", 0, "0.000"],
  ["loss", 0.00000004, "4.000e-8"],
  ["loss", 123456.7, "123,457"],
  ["coefficient", 0.6249, "0.625"],
  ["count", 178110, "178,110"],
  ["operations", 89400.4, "89,400"],
  ["bytes", 178, "178 B"],
  ["bytes", 1_432_000, "1.4 MB"],
  ["share", undefined, "–"],
  ["loss", Number.NaN, "–"],
])("%s %s is written %s", (unit, value, text) => {
  expect(plain(formatted({ unit }, value))).toBe(text);
});

test.each<[Unit, number, number, number, string, string]>([
  ["share", 0.012, 0.008, 0.016, "1.2 points", "0.8 to 1.6"],
  ["points", 0.01, -0.003, 0.023, "1.0 point", "-0.3 to 2.3"],
  ["share", 0.00012, 0.0001, 0.00014, "0.012 points", "0.010 to 0.014"], // narrow: more places
  ["share", 0.2, -0.3, 0.5, "20.0 points", "-30.0 to 50.0"],
  ["loss", 0.0123, 0.0103, 0.0143, "0.012", "0.010 to 0.014"],
  ["examples", 12000, 11000, 13000, "12,000 examples", "11,000 to 13,000"],
  ["bytes", 12000, -500, 24500, "12 kB", "-1 to 25"], // -0.5 kB, to the nearest: the interval is 25 wide
  ["count", 100, 100, 100, "100", "100 to 100"],
  ["share", 0.005, 0.005, 0.005, "0.500 points", "0.500 to 0.500"],
  ["share", 0, 0, 0, "0.0 points", "0.0 to 0.0"],
])("a difference in %s of %s, %s to %s", (unit, difference, low, high, text, interval) => {
  expect(differenceText({ unit }, difference, { low, high })).toEqual({ difference: text, interval });
});
