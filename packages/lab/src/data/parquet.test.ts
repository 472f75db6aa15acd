import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";
import { DataError } from "./errors.ts";
import { parquetTable } from "./parquet.ts";
import type { Table, TableOptions } from "./table.ts";

const ROWS = 250;
const numbers = Array.from({ length: ROWS }, (_, i) => i / 4);
const places = Array.from({ length: ROWS }, (_, i) => ["Rome", "Oslo", "Łódź"][i % 3]);

function file(options: Partial<Parameters<typeof parquetWriteBuffer>[0]> = {}): Uint8Array {
  const columnData = [
    { name: "n", type: "INT32" as const, data: Array.from({ length: ROWS }, (_, i) => i) },
    { name: "x", type: "DOUBLE" as const, data: numbers },
    { name: "place", type: "STRING" as const, data: places },
    { name: "big", type: "INT64" as const, data: Array.from({ length: ROWS }, (_, i) => BigInt(i) * 1_000_000n) },
    { name: "wet", type: "BOOLEAN" as const, data: Array.from({ length: ROWS }, (_, i) => i % 2 === 0) },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 60, ...options }));
}

function read(content: Uint8Array, options?: TableOptions): Promise<Table> {
  return parquetTable(bytesOf("a.parquet", content), options);
}

/** Row `n` as it was written. */
function written(n: number): number[] {
  return [n, n / 4, [1, 0, 2][n % 3], n * 1_000_000, n % 2 === 0 ? 1 : 0];
}

test("columns, kinds and words are known before a row is loaded", async () => {
  const table = await read(file());
  expect(table.rows).toBe(ROWS);
  expect(table.columns).toEqual([
    { name: "n", kind: "number", words: [] },
    { name: "x", kind: "number", words: [] },
    { name: "place", kind: "word", words: ["Oslo", "Rome", "Łódź"] },
    { name: "big", kind: "number", words: [] },
    { name: "wet", kind: "word", words: ["false", "true"] },
  ]);
  expect(() => table.row(3)).toThrow("a.parquet: row 3 is not there yet; await load([3, 4]) first");
});

test("rows are what was written, in order and in any order, over all row groups", async () => {
  const table = await read(file());
  await table.load?.([0, ROWS]);
  for (let n = 0; n < ROWS; n++) expect([...table.row(n)]).toEqual(written(n));
  for (let i = 0; i < ROWS; i++) expect([...table.row((i * 97) % ROWS)]).toEqual(written((i * 97) % ROWS));
  for (const n of [-1, ROWS, 1.5]) expect(() => table.row(n)).toThrow(`a.parquet: no row ${n}`);
});

test("only the row groups that were asked for last are held", async () => {
  const table = await read(file());
  await table.load?.([55, 65]); // two groups
  expect([...table.row(0)]).toEqual(written(0));
  expect([...table.row(119)]).toEqual(written(119));
  await table.load?.([249, 250], [10, 11]);
  expect([...table.row(249)]).toEqual(written(249));
  expect([...table.row(59)]).toEqual(written(59));
  expect(() => table.row(60)).toThrow("row 60 is not there yet");
  await expect(table.load?.([200, 251])).rejects.toThrow("a.parquet: no row 250");
});

test("gzip, several pages a group, chosen columns, kinds that are given", async () => {
  const content = file({ codec: "GZIP", compressors: { GZIP: (input) => gzipSync(input) }, pageSize: 64 });
  const table = await read(content, { columns: ["wet", "n"], kinds: { wet: "number", n: "word" } });
  await table.load?.([0, ROWS]);
  expect(table.columns[1].words.slice(0, 11)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
  for (let n = 0; n < ROWS; n++) expect([...table.row(n)]).toEqual([n % 2 === 0 ? 1 : 0, n]);
});

test("a column of too many words is left out, if that is wanted", async () => {
  const all = Array.from({ length: 10_001 }, (_, i) => i);
  const columnData = [
    { name: "id", type: "STRING" as const, data: all.map((i) => `w${i}`) },
    { name: "a", type: "INT32" as const, data: all },
  ];
  const content = new Uint8Array(parquetWriteBuffer({ columnData }));
  await expect(read(content)).rejects.toThrow('a.parquet, row 10000, column "id": more than 10000 different words');
  const table = await read(content, { tooManyWords: "leave-out" });
  await table.load?.([10_000, 10_001]);
  expect([table.leftOut, table.columns.length, [...table.row(10_000)]]).toEqual([["id"], 1, [10_000]]);
});

const gaps = () =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "a", type: "DOUBLE", data: [1, null, 3, Number.NaN], nullable: true },
        { name: "w", type: "STRING", data: ["x", null, "y", ""], nullable: true },
      ],
    }),
  );

test("a missing number is told with its row, or filled; a missing word is a word", async () => {
  const table = await read(gaps());
  await expect(table.load?.([0, 4])).rejects.toThrow('a.parquet, row 1, column "a": is empty, must be a number');
  const filled = await read(gaps(), { missing: "mean" });
  await filled.load?.([0, 4]);
  expect(Array.from({ length: 4 }, (_, n) => [...filled.row(n)])).toEqual([
    [1, 1],
    [2, 0],
    [3, 2],
    [2, 0],
  ]);
});

test("times are no numbers, unless they are left out", async () => {
  const content = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "at", type: "TIMESTAMP", data: [new Date(0), new Date(1)] },
        { name: "a", type: "FLOAT", data: [1, 2] },
      ],
    }),
  );
  const table = await read(content);
  await expect(table.load?.([0, 1])).rejects.toThrow(
    'a.parquet, row 0, column "at": "1970-01-01T00:00:00.000Z" is not a number',
  );
  const some = await read(content, { columns: ["a"] });
  await some.load?.([0, 2]);
  expect(some.row(1)[0]).toBe(2);
});

test.each([
  [new TextEncoder().encode("a,b\n1,2\n3,4\n"), {}, "a.parquet: no readable Parquet file ("],
  [new Uint8Array(0), {}, "a.parquet: no readable Parquet file ("],
  [file().subarray(0, 500), {}, "a.parquet: no readable Parquet file ("],
  [file(), { columns: ["plce"] }, 'a.parquet: no column "plce", did you mean "place"?'],
  [file(), { kinds: { x: "word" as const }, columns: ["x", "nothing"] }, 'a.parquet: no column "nothing"'],
])("refused", async (content, options, message) => {
  await expect(read(content, options)).rejects.toThrow(DataError);
  await expect(read(content, options)).rejects.toThrow(message);
});

test("a damaged page is told when its group is loaded", async () => {
  const content = file({ codec: "UNCOMPRESSED" });
  content.fill(255, 4, 40);
  const table = await read(content, { columns: ["n", "x"] });
  await expect(table.load?.([0, 1])).rejects.toThrow(DataError);
});
