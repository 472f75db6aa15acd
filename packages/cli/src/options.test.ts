import { expect, test } from "vitest";
import { seeds, whole, words } from "./options.ts";

test.each([
  ["3", [1, 2, 3]],
  ["3..6", [3, 4, 5, 6]],
  ["7..7", [7]],
  ["1,5,9..11,5", [1, 5, 9, 10, 11]],
  ["0,2", [0, 2]],
])("the seeds %s are %j", (text, meant) => {
  expect(seeds(text)).toEqual(meant);
});

test.each(["", "0", "-1", "1.5", "4..2", "a", "1..", "1e3", "1..99999999", "1,,2"])("%j are no seeds", (text) => {
  expect(() => seeds(text)).toThrow("It must be a number of seeds, such as 20, or seeds, such as 3..7 or 1,5,9.");
});

test("integers and words", () => {
  expect(whole(1)("12")).toBe(12);
  for (const text of ["0", "1.5", "1e3", " 1", "", "9007199254740993"]) expect(() => whole(1)(text)).toThrow("from 1");
  expect(words("a, b,a")).toEqual(["a", "b"]);
  expect(() => words("a,,b")).toThrow("names with commas between");
});
