import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { DataError } from "./errors.ts";
import { openTable } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-open-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(content) : content);
  return path;
}

const json = '{"a":1,"b":2}\n{"a":3,"b":4}\n';
const parquet = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: "a", type: "INT32", data: [1, 3] },
      { name: "b", type: "INT32", data: [2, 4] },
    ],
  }),
);
const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n";
const npy = Buffer.concat([
  Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, "latin1"),
  Buffer.from([1, 2, 3, 4]),
]);
const idx = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);

test.each([
  ["a.csv", "a,b\n1,2\n3,4\n"],
  ["A.CSV", "a;b\n1;2\n3;4\n"],
  ["a.csv.gz", "a,b\n1,2\n3,4\n"],
  ["a.tsv", "a\tb\n1\t2\n3\t4\n"],
  ["a.ndjson", json],
  ["a.jsonl.gz", json],
  ["a.parquet", parquet],
  ["a.npy", npy],
  ["a.idx", idx],
  ["images-idx2-ubyte.gz", idx],
])("the format of %s is seen from its name", async (name, content) => {
  const table = await openTable(write(name, content));
  await table.load?.([0, 2]);
  expect([[...table.row(0)], [...table.row(1)]]).toEqual([
    [1, 2],
    [3, 4],
  ]);
  table.close();
});

test("a .tsv has tabs, whatever else stands in its first line", async () => {
  const table = await openTable(write("b.tsv", "a,b,c\td\nx,y\tz\n"));
  expect(table.columns.map(({ name }) => name)).toEqual(["a,b,c", "d"]);
  table.close();
});

test("labels are the column y of an IDX file", async () => {
  const labels = write("labels.idx", Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 5]));
  const table = await openTable(write("images.idx", idx), { labels, kinds: { y: "word" } });
  expect(table.columns[2]).toEqual({ name: "y", kind: "word", words: ["5", "7"] });
  expect([...table.row(0)]).toEqual([1, 2, 1]);
  table.close();
  const three = write("three.idx", Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 7, 5, 5]));
  await expect(openTable(write("images.idx", idx), { labels: three })).rejects.toThrow("x is 2 x 2 but y is 3");
});

test("IDX files of every type", async () => {
  const buffers: [number, number, (b: Buffer, v: number, at: number) => void][] = [
    [0x09, 1, (b, v, at) => b.writeInt8(v, at)],
    [0x0b, 2, (b, v, at) => b.writeInt16BE(v, at)],
    [0x0c, 4, (b, v, at) => b.writeInt32BE(v, at)],
    [0x0d, 4, (b, v, at) => b.writeFloatBE(v, at)],
    [0x0e, 8, (b, v, at) => b.writeDoubleBE(v, at)],
  ];
  for (const [type, size, put] of buffers) {
    const bytes = Buffer.alloc(8 + 2 * size);
    bytes.set([0, 0, type, 1, 0, 0, 0, 2]);
    put(bytes, -100, 8);
    put(bytes, 27, 8 + size);
    const table = await openTable(write(`t${type}.idx`, bytes));
    expect([table.row(0)[0], table.row(1)[0]]).toEqual([-100, 27]);
    table.close();
  }
});

test.each([
  ["a.xlsx", "", {}, "unknown kind of file, its name must end in one of .csv, .tsv,"],
  ["a.parquet.gz", "", {}, "unknown kind of file"],
  ["a.ndjson", json, { delimiter: ";" }, "delimiter is an option of CSV files, this is none"],
  ["a.npy", npy, { header: false }, "header is an option of CSV files"],
  ["a.idx", idx, { skip: 1 }, "skip is an option of CSV files"],
  ["a.csv", "a\n1\n", { labels: "b.idx" }, "labels is an option of IDX files"],
  ["b.idx", "<html>", {}, "is no IDX file: magic number is 0x3c68746d"],
  ["c.idx", idx.subarray(0, 7), {}, "truncated: ends before byte 12"],
  ["d.idx", idx.subarray(0, 14), {}, "truncated: 2 x 2 values of 1 byte are 4 bytes, there are 2"],
])("refused: %s", async (name, content, options, message) => {
  const path = write(name, content);
  await expect(openTable(path, options)).rejects.toThrow(DataError);
  await expect(openTable(path, options)).rejects.toThrow(message);
});

test("no such file, whatever the format", async () => {
  for (const name of ["none.csv", "none.ndjson", "none.parquet", "none.npz", "none.idx.gz"]) {
    await expect(openTable(join(folder, name))).rejects.toThrow(`${join(folder, name)}: no such file`);
  }
});
