import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { DataError } from "./errors.ts";
import { iterableTable, type RowObject } from "./iterable.ts";
import type { Table } from "./table.ts";

async function* arriving(count: number) {
  for (let i = 0; i < count; i++) {
    if (i % 100 === 0) await Promise.resolve();
    yield { n: i, word: `w${(i * 7) % 12}`, even: i % 2 === 0 };
  }
}

function rowsOf(table: Table): (number | string)[][] {
  return Array.from({ length: table.rows }, (_, n) =>
    Array.from(table.row(n), (v, c) => (table.columns[c].kind === "word" ? table.columns[c].words[v] : v)),
  );
}

/** Some more rows than kinds are seen from, and no whole number of blocks. */
const COUNT = 1300;
const expected = Array.from({ length: COUNT }, (_, i) => [i, `w${(i * 7) % 12}`, String(i % 2 === 0)]);

test.each([
  ["in memory", 64 * 1024 * 1024],
  ["in a temporary file after some rows", 10_000],
  ["in a temporary file from the first row on", 0],
])("rows of an async iterable, kept %s", async (_, memory) => {
  const table = await iterableTable(arriving(COUNT), { memory });
  expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["n", "number"],
    ["word", "word"],
    ["even", "word"],
  ]);
  expect(table.columns[1].words).toEqual([...table.columns[1].words].sort());
  expect(rowsOf(table)).toEqual(expected);
  for (let i = 0; i < 200; i++) expect(table.row((i * 971) % COUNT)[0]).toBe((i * 971) % COUNT);
  table.close();
});

test("nothing is left behind in the folder of temporary files", async () => {
  const kept = () => readdirSync(tmpdir()).filter((name) => name.startsWith("plastica-rows-"));
  const before = kept();
  const table = await iterableTable(arriving(COUNT), { memory: 0 });
  table.close();
  table.close();
  expect(kept()).toEqual(before);
});

test("any iterable; a source that never ends, with a limit, is stopped; its objects may be used again", async () => {
  let stopped = false;
  function* endless(): Generator<RowObject> {
    const row = { n: 0 };
    try {
      for (; ; row.n++) yield row;
    } finally {
      stopped = true;
    }
  }
  const table = await iterableTable(endless(), { limit: 1100 });
  expect(stopped).toBe(true);
  expect(rowsOf(table).map(([n]) => n)).toEqual(Array.from({ length: 1100 }, (_, n) => n));
  expect(rowsOf(await iterableTable([{ a: 1 }, { a: 2 }]))).toEqual([[1], [2]]);
});

test("missing values, kinds and columns as in any table", async () => {
  const rows = [
    { a: 1, b: 7, c: "z" },
    { a: null, b: 10, c: "y" },
    { b: 7, c: "z" },
  ];
  const table = await iterableTable(rows, { missing: "mean", kinds: { b: "word" }, columns: ["b", "a"] });
  expect(rowsOf(table)).toEqual([
    ["7", 1],
    ["10", 1],
    ["7", 1],
  ]);
  expect(table.columns[0].words).toEqual(["7", "10"]);
});

test("a column of too many words is left out, if that is wanted", async () => {
  function* tickets() {
    for (let i = 0; i < 10_500; i++) yield { who: `w${i}`, price: i / 2, paid: i % 2 === 0 ? "yes" : "no" };
  }
  await expect(iterableTable(tickets())).rejects.toThrow(
    'rows, row 10000, column "who": more than 10000 different words',
  );
  const table = await iterableTable(tickets(), { tooManyWords: "leave-out", memory: 1000 });
  expect([table.leftOut, table.columns.map(({ name }) => name)]).toEqual([["who"], ["price", "paid"]]);
  for (const n of [0, 9999, 10_001, 10_499]) expect([...table.row(n)]).toEqual([n / 2, n % 2 === 0 ? 1 : 0]);
});

function* failing() {
  yield { a: 1 };
  throw new Error("the sensor is gone");
}

test.each([
  [[], {}, "rows: has no rows"],
  [[{ a: 1 }], { limit: 0 }, "rows: has no rows"],
  [[{ a: 1 }, 5], {}, "rows, row 1: is 5, must be an object of columns"],
  [[[1, 2]], {}, "rows, row 0: is [1,2], must be an object of columns"],
  [[{ a: 1 }, { a: "x" }, { a: 2 }], { source: "sensor" }, 'sensor, row 1, column "a": "x" is not a number'],
  [[{ a: 1 }, { a: Number.NaN }], {}, 'rows, row 1, column "a": "NaN" is not a number'],
  [[{ a: "x" }, { a: { deep: 1 } }], {}, 'rows, row 1, column "a": {"deep":1} is neither a number nor a word'],
  [
    [...Array.from({ length: 1024 }, () => ({ a: 1 })), { a: 1, b: 2 }],
    {},
    'rows, row 1024, column "b": not in the first 1024',
  ],
])("refused", async (rows, options, message) => {
  const attempt = () => iterableTable(rows as RowObject[], options);
  await expect(attempt()).rejects.toThrow(DataError);
  await expect(attempt()).rejects.toThrow(message);
});

test("what the source throws is thrown on", async () => {
  await expect(iterableTable(failing(), { memory: 0 })).rejects.toThrow("the sensor is gone");
});
