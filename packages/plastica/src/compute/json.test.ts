import fc from "fast-check";
import { expect, test } from "vitest";
import { SnapshotError } from "../errors.ts";
import { type Json, parseJson } from "./json.ts";

/** As `JSON.parse` has it, to compare with; only for values without `__proto__`. */
function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

test("it says what JSON.parse says, of any value, with or without spaces", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, "\t"), (value, space) => {
      const text = JSON.stringify(value, null, space);
      if (text.includes("__proto__")) return;
      expect(plain(parseJson(text, "text"))).toEqual(JSON.parse(text));
    }),
  );
});

test("whatever JSON.parse refuses, it refuses, with a SnapshotError", () => {
  const character = fc.constantFrom(...'{}[],:"\\u0a1-.eEtrufalsn \n\u0000');
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
      let right: unknown;
      try {
        right = JSON.parse(text);
      } catch {
        expect(() => parseJson(text, "text")).toThrow(SnapshotError);
        return;
      }
      const value = parseJson(text, "text"); // a key that appears twice takes more than twelve characters
      expect(plain(value)).toEqual(right);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['{"a":1,"a":2}', 'text: key "a" appears twice'],
  ['{"a":1,"\\u0061":2}', 'text: key "a" appears twice'],
  ["", "text: not JSON, found nothing at character 0, must be a value"],
  ["{a:1}", 'text: not JSON, found "a" at character 1, must be a key in quotes'],
  ['{"a" 1}', "must be a colon"],
  ["[1 2]", "must be a comma or a closing bracket"],
  ['{"a":1', "must be a comma or a closing brace"],
  ['"abc', "must be a closing quote"],
  ['"\\x"', "must be a string"],
  ["nul", "must be a value"],
  ["NaN", "must be a value"],
  ["01", "must be the end"],
  ["[".repeat(100_000), "nested deeper than 32"],
  [`[${"0,".repeat(1_000_000)}0]`, "more than 1000000 values"],
])("of %.20j it says what is wrong", (text, says) => {
  expect(() => parseJson(text, "text")).toThrow(says);
  expect(() => parseJson(text, "text")).toThrow(SnapshotError);
});

test("__proto__ is a key like any other", () => {
  const value = parseJson('{"__proto__":{"polluted":true}}', "text") as Map<string, Json>;
  expect([...value.keys()]).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
