import { expect, test } from "vitest";
import { BLOCK, blockwise } from "./blocks.ts";
import { DataError } from "./errors.ts";

const columns = ["a", "b"].map((name) => ({ name, kind: "number" as const, words: [] }));
const rows = 10 * BLOCK - 5;
const table = { source: "t", rows, columns };

/** A table of two columns: the row's number and its half. `decoded` tells which blocks were decoded, in order. */
function counting(kept: number) {
  const decoded: number[] = [];
  const row = blockwise(
    table,
    (block, target) => {
      decoded.push(block);
      for (let i = 0; i < BLOCK; i++) target.set([block * BLOCK + i, (block * BLOCK + i) / 2], 2 * i);
    },
    kept * BLOCK * 2 * 8,
  );
  return { decoded, row };
}

test("in order, each block is decoded once", () => {
  const { decoded, row } = counting(2);
  for (let n = 0; n < rows; n++) expect([...row(n)]).toEqual([n, n / 2]);
  expect(decoded).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("what is kept is bounded: the block longest unused makes room", () => {
  const { decoded, row } = counting(3);
  for (const block of [0, 1, 2, 0, 3, 0, 2, 1]) {
    const n = block * BLOCK + 7;
    expect([...row(n)]).toEqual([n, n / 2]);
  }
  expect(decoded).toEqual([0, 1, 2, 3, 1]);
});

test("a block that could not be decoded is not taken for one that was", () => {
  let broken = true;
  const row = blockwise(table, (block, target) => {
    if (block === 1 && broken) throw new DataError("torn");
    target.fill(block + 5);
  });
  expect(row(0)[0]).toBe(5);
  expect(() => row(BLOCK)).toThrow("torn");
  expect(row(0)[0]).toBe(5);
  expect(() => row(BLOCK + 1)).toThrow("torn");
  broken = false;
  expect(row(BLOCK)[0]).toBe(6);
});
