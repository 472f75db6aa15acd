import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { bytesOf } from "../data/bytes.ts";
import { parquetTable } from "../data/parquet.ts";
import { recurring } from "./recurring.ts";
import type { Stream } from "./stream.ts";
import { tableStream } from "./table.ts";

/** Three tasks of 2, 3 and 1 items; item n shows n. */
const plain: Stream = {
  inputs: 1,
  outputs: 1,
  target: "values",
  starts: [0, 2, 5],
  length: 6,
  at: (n) => ({ x: Float32Array.of(n), y: Float32Array.of(n) }),
};

test("the tasks again and again, cut after as many as are wanted", () => {
  const stream = recurring(plain, 8);
  expect(stream.starts).toEqual([0, 2, 5, 6, 8, 11, 12, 14]);
  expect(stream.length).toBe(17);
  const items = Array.from({ length: 17 }, (_, n) => stream.at(n).x[0]);
  expect(items).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4]);
  expect(() => stream.at(17)).toThrow("item 17 of the stream, must be an integer from 0 to 16");
  expect(recurring(plain, 2).length).toBe(5);
  expect(() => recurring(plain, 0)).toThrow("tasks is 0, must be an integer from 1");
});

test("what must be loaded is loaded at once, since a stream may let go of what it loaded before", async () => {
  let held = [0, 0];
  const fetched: Stream = {
    ...plain,
    load: async (from, to) => void (held = [from, to]),
    at(n) {
      if (n < held[0] || n >= held[1]) throw new Error(`item ${n} is not there`);
      return plain.at(n);
    },
  };
  const stream = recurring(fetched, 9);
  for (const [from, to] of [
    [1, 3],
    [4, 8],
    [7, 9],
    [4, 14],
  ]) {
    await stream.load?.(from, to); // oxlint-disable-line no-await-in-loop
    for (let n = from; n < to; n++) expect(stream.at(n).x[0]).toBe(n % 6);
  }
  expect(recurring(plain, 9).load).toBe(undefined);
});

test("a Parquet table that comes back: rows on both sides of its end are there", async () => {
  const all = Array.from({ length: 100 }, (_, i) => i);
  const columnData = [
    { name: "x", type: "INT32" as const, data: all },
    { name: "y", type: "DOUBLE" as const, data: all },
  ];
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 10 }));
  const stream = recurring(await tableStream(await parquetTable(bytesOf("a.parquet", bytes)), { seed: 1 }), 3);
  await stream.load?.(95, 110);
  expect(Array.from({ length: 15 }, (_, i) => stream.at(95 + i).x[0])).toEqual([...all.slice(95), ...all.slice(0, 10)]);
  await stream.load?.(205, 210);
  expect(stream.at(209).x[0]).toBe(9);
});
