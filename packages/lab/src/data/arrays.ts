/**
 * Tables made of arrays that stand side by side: what is seen, and perhaps what should be said of it. Rows are read where they
 * lie, 128 at a time. Opening looks at no more than the first 1024; whether a number is finite is seen when its row is read.
 */
import { BLOCK, blockwise, rowsOf } from "./blocks.ts";
import { type Bytes, openBytes } from "./bytes.ts";
import { type Place, type Reading, readings, settle, take, worth } from "./columns.ts";
import { DataError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import { HEAD, type Table, type TableOptions } from "./table.ts";

/** An array and what its columns are called. */
export interface Part {
  readonly matrix: Matrix;
  readonly names: readonly string[];
}

/**
 * The columns of `x`, called by `stem` and their number from 1, and after them `y`.
 *
 * @throws DataError when `y` has not one value for each row of `x`
 */
export function withTargets(source: string, x: Matrix, y?: Matrix, stem = ""): Part[] {
  const parts = [{ matrix: x, names: Array.from({ length: x.width }, (_, i) => `${stem}${i + 1}`) }];
  if (y === undefined) return parts;
  if (y.rows !== x.rows || y.width !== 1) {
    const [xs, ys] = [x, y].map(({ shape }) => shape.join(" x "));
    throw new DataError(`${source}: x is ${xs} but y is ${ys}, must be one value for each row of x`);
  }
  return [...parts, { matrix: y, names: ["y"] }];
}

/** The table of the arrays that `partsOf` finds in the file at `path`, which is closed again when that fails. */
export function arrayTable(path: string | Bytes, options: TableOptions, partsOf: (bytes: Bytes) => Part[]): Table {
  const bytes = typeof path === "string" ? openBytes(path) : path;
  try {
    return tableOf(bytes, partsOf(bytes), options);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

function tableOf(bytes: Bytes, parts: readonly Part[], options: TableOptions): Table {
  const { source } = bytes;
  const { rows } = parts[0].matrix;
  if (rows === 0) throw new DataError(`${source}: has no rows`);
  const names = parts.flatMap((part) => part.names);
  const width = names.length;
  const read = rowReader(parts.map(({ matrix }) => matrix));
  const readColumns = readings(source, names, headOf(read, Math.min(HEAD, rows), width), options);
  const block = new Float64Array(BLOCK * width);
  const place: Place = { source, unit: "row", at: 0 };
  collectWords(
    readColumns.filter(({ kind }) => kind === "word"),
    place,
    rows,
    width,
    block,
    read,
  );
  const { columns, leftOut } = settle(source, readColumns);

  function decode(number: number, target: Float64Array): void {
    const count = rowsOf(number, rows);
    read(number * BLOCK, count, block);
    let to = 0;
    for (let i = 0; i < count; i++) {
      place.at = number * BLOCK + i;
      for (const column of readColumns) target[to++] = worth(column, block[i * width + column.position], place);
    }
  }

  const row = blockwise({ source, rows, columns }, decode);
  return { source, columns, leftOut, rows, row, close: () => bytes.close() };
}

/** Reads rows of several matrices side by side. */
function rowReader(matrices: readonly Matrix[]): Matrix["read"] {
  const width = matrices.reduce((sum, matrix) => sum + matrix.width, 0);
  return (first, count, target) => {
    let from = 0;
    for (const matrix of matrices) {
      const part = new Float64Array(count * matrix.width);
      matrix.read(first, count, part);
      for (let i = 0; i < count; i++)
        target.set(part.subarray(i * matrix.width, (i + 1) * matrix.width), i * width + from);
      from += matrix.width;
    }
  };
}

function headOf(read: Matrix["read"], count: number, width: number): number[][] {
  const values = new Float64Array(count * width);
  read(0, count, values);
  return Array.from({ length: count }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}

/** Only columns that were given as words are looked at whole. */
function collectWords(
  columns: readonly Reading[],
  place: Place,
  rows: number,
  width: number,
  block: Float64Array,
  read: Matrix["read"],
): void {
  if (columns.length === 0) return;
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    read(first, count, block);
    for (let i = 0; i < count; i++) {
      place.at = first + i;
      for (const column of columns) take(column, block[i * width + column.position], place);
    }
  }
}
