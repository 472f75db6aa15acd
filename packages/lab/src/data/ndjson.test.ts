import { expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";
import { DataError } from "./errors.ts";
import { ndjsonTable } from "./ndjson.ts";
import type { Table, TableOptions } from "./table.ts";

function ndjson(text: string | Uint8Array, options?: TableOptions): Table {
  return ndjsonTable(bytesOf("a.ndjson", text), options);
}

function rowsOf(table: Table): number[][] {
  return Array.from({ length: table.rows }, (_, n) => [...table.row(n)]);
}

test("columns are keys in the order of first sight, whatever their order in a row", () => {
  const table = ndjson('{"a":1,"b":"x"}\n\n{"b":"y","a":2.5}\r\n{"c":true,"b":"x","a":-3e2}', { missing: "zero" });
  expect(table.columns).toEqual([
    { name: "a", kind: "number", words: [] },
    { name: "b", kind: "word", words: ["x", "y"] },
    { name: "c", kind: "word", words: ["", "true"] },
  ]);
  expect(rowsOf(table)).toEqual([
    [1, 0, 0],
    [2.5, 1, 0],
    [-300, 0, 1],
  ]);
});

test("truth values, texts of digits and numbers are what the kind given says", () => {
  const text = '{"t":true,"price":"1.5","zip":8001}\n{"t":false,"price":"2","zip":900}\n';
  const table = ndjson(text, { kinds: { t: "number", price: "number", zip: "word" } });
  expect(rowsOf(table)).toEqual([
    [1, 1.5, 1],
    [0, 2, 0],
  ]);
  expect(table.columns[2].words).toEqual(["900", "8001"]);
});

test("null and absent numbers are missing, and filled if asked for", () => {
  const text = '{"a":1,"b":1}\n{"a":null,"b":1}\n{"b":1}\n{"a":5,"b":1}\n';
  expect(rowsOf(ndjson(text, { missing: "mean" })).map(([a]) => a)).toEqual([1, 3, 3, 5]);
  expect(() => ndjson(text)).toThrow('a.ndjson, line 2, column "a": is empty, must be a number');
});

test("rows in any order are the rows in order", () => {
  const text = Array.from({ length: 700 }, (_, i) => JSON.stringify({ n: i, w: `é"${i % 5}\n` })).join("\n");
  const table = ndjson(text);
  const inOrder = rowsOf(table);
  expect(inOrder.map(([n]) => n)).toEqual(Array.from({ length: 700 }, (_, n) => n));
  for (let i = 0; i < 700; i++) expect([...table.row((i * 331) % 700)]).toEqual(inOrder[(i * 331) % 700]);
});

const many = '{"temp":1}\n'.repeat(1024);

test.each([
  ['{"a":1}\n{"a":2\n', {}, "a.ndjson, line 2: no JSON ("],
  ["[1,2]\n", {}, "a.ndjson, line 1: is a list, must be an object of columns"],
  ['{"a":1}\n5\n', {}, "a.ndjson, line 2: is 5, must be an object of columns"],
  ["null\n", {}, "a.ndjson, line 1: is null, must be"],
  ['{"a":1}\n{"a":"warm"}\n{"a":2}', {}, 'a.ndjson, line 2, column "a": "warm" is not a number; if these are words'],
  ['{"a":"x"}\n{"a":[1]}\n', {}, 'a.ndjson, line 2, column "a": [1] is neither a number nor a word'],
  ['{"a":{"b":1},"c":1}\n', {}, 'line 1, column "a": {"b":1} is neither a number nor a word'],
  ['{"a":1}\n{"a":1e99}\n', {}, 'line 2, column "a": 1e+99 is too large for float32'],
  [`${many}{"tmep":1}\n`, {}, 'line 1025, column "tmep": not in the first 1024 rows, did you mean "temp"?'],
  ["", {}, "a.ndjson: has no rows"],
  ["\n \n", {}, "a.ndjson: has no rows"],
  ['{"a":1}\n', { columns: ["b"] }, 'a.ndjson: no column "b" (columns: a)'],
  ['{"constructor":"x"}\n{}\n', { kinds: { constructor: "number" as const } }, 'column "constructor": "x" is not'],
])("refused: %j", (text, options, message) => {
  const attempt = () => ndjson(text, options);
  expect(attempt).toThrow(DataError);
  expect(attempt).toThrow(message);
});

test("a column of too many words is left out, if that is wanted", () => {
  const text = Array.from({ length: 10_001 }, (_, i) => `{"id":"w${i}","a":${i},"b":"x"}`).join("\n");
  expect(() => ndjson(text)).toThrow('a.ndjson, line 10001, column "id": more than 10000 different words');
  const table = ndjson(text, { tooManyWords: "leave-out" });
  expect([table.leftOut, [...table.row(10_000)]]).toEqual([["id"], [10_000, 0]]);
});

test("other keys are passed over when columns are chosen", () => {
  expect(rowsOf(ndjson('{"a":1}\n{"a":2,"note":[1]}\n', { columns: ["a"] }))).toEqual([[1], [2]]);
});

test("what is no UTF-8 is told with its line: two different words would become one", () => {
  const text = '{"place":"Rome"}\n{"place":"K\u00f6ln"}\n{"place":"K\u00fcln"}\n';
  expect(() => ndjson(Buffer.from(text, "latin1"))).toThrow(
    new DataError("a.ndjson, line 2: is no UTF-8 text; save it as UTF-8"),
  );
  expect(ndjson(text).columns[0].words).toEqual(["K\u00f6ln", "K\u00fcln", "Rome"]);
});
