/**
 * Rows that are decoded 128 at a time and kept while there is room. Read in order, each block is decoded once; read in any order,
 * a row costs at most one block. What is kept is bounded, however long the table.
 */
import { mustHaveRow, type Table } from "./table.ts";

/** Rows of a block. */
export const BLOCK = 128;

/** Bytes of decoded rows that are kept: a table of ten columns and 400,000 rows is held whole. */
const ROOM = 32 * 1024 * 1024;

/** How many rows block `block` of a table has: all but the last are full. */
export function rowsOf(block: number, rows: number): number {
  return Math.min(BLOCK, rows - block * BLOCK);
}

/**
 * The `row` of a table.
 *
 * @param decode writes the rows of a block, one after the other, to `target`
 * @param room bytes of decoded rows that are kept, but never fewer than two blocks
 */
export function blockwise(
  { source, rows, columns }: Pick<Table, "source" | "rows" | "columns">,
  decode: (block: number, target: Float64Array) => void,
  room = ROOM,
): (n: number) => Float64Array {
  const width = columns.length;
  const most = Math.max(2, Math.floor(room / (BLOCK * width * 8)));
  const kept = new Map<number, Float64Array<ArrayBuffer>>(); // the one longest unused first
  const row = new Float64Array(width);
  let current = -1;
  let values = new Float64Array(0);

  function enter(block: number): void {
    const found = kept.get(block);
    current = -1; // if decoding fails, nothing is current
    if (found === undefined) {
      values = roomFor();
      decode(block, values);
    } else {
      values = found;
      kept.delete(block);
    }
    kept.set(block, values);
    current = block;
  }

  /** The array of the block longest unused, or a new one. */
  function roomFor(): Float64Array<ArrayBuffer> {
    if (kept.size < most) return new Float64Array(BLOCK * width);
    const [[oldest, values]] = kept;
    kept.delete(oldest);
    return values;
  }

  return (n) => {
    mustHaveRow(n, { source, rows });
    const block = Math.floor(n / BLOCK);
    if (block !== current) enter(block);
    const from = (n - block * BLOCK) * width;
    for (let c = 0; c < width; c++) row[c] = values[from + c];
    return row;
  };
}
