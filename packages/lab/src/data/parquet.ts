/**
 * Tables in Apache Parquet, read with hyparquet. A file is cut into row groups; one is fetched and decoded at a time, when `load` is
 * awaited for rows of it, so that memory holds the groups that were asked for last and not the file. Numbers are what Parquet
 * calls integers, floats and decimals; words are its texts, and its truth values as "true" and "false". Times, lists and
 * nested columns are neither: leave them out with `columns`.
 *
 * Opening reads the file's end, and columns of words once. Whether numbers are there and finite is seen when they are loaded.
 */
import { type Bytes, openBytes } from "./bytes.ts";
import { type Place, type Reading, readings, settle, take, type Value, worth } from "./columns.ts";
import { DataError } from "./errors.ts";
import { type Cells, type ParquetFile, parquetFile } from "./parquet-file.ts";
import { HEAD, mustHaveRow, type RowRange, type Table, type TableOptions } from "./table.ts";

/**
 * The table in the Parquet file at `path`, or in bytes that are already there.
 *
 * @throws DataError naming file, row (from 0) and column: no file, no Parquet, no rows, another kind of value, a missing number, more than
 *   10,000 different words
 */
export async function parquetTable(path: string | Bytes, options: TableOptions = {}): Promise<Table> {
  const bytes = typeof path === "string" ? openBytes(path) : path;
  try {
    const file = await parquetFile(bytes);
    const columns = await readingsOf(file, options);
    await collectWords(file, columns);
    return tableOf(bytes, file, columns);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** Kinds are the schema's; rows are looked at only where their mean is wanted. */
async function readingsOf(file: ParquetFile, options: TableOptions): Promise<Reading[]> {
  const { source, names, starts } = file;
  const count = Math.min(HEAD, starts[starts.length - 1]);
  const cells = await file.cells(options.missing === "mean" ? names : [], 0, count);
  const head = Array.from({ length: count }, (_, i) => names.map((name) => cells.get(name)?.[i]));
  return readings(source, names, head, { ...options, kinds: { ...file.kinds, ...options.kinds } });
}

async function collectWords(file: ParquetFile, columns: readonly Reading[]): Promise<void> {
  const ofWords = columns.filter(({ kind }) => kind === "word");
  const place: Place = { source: file.source, unit: "row", at: 0 };
  for (let g = 0; ofWords.length > 0 && g + 1 < file.starts.length; g++) {
    const cells = await groupOf(file, ofWords, g);
    for (const column of ofWords) {
      for (const [i, value] of cellsOf(cells, column).entries()) {
        place.at = file.starts[g] + i;
        take(column, value, place);
      }
    }
  }
}

function tableOf(bytes: Bytes, file: ParquetFile, columns: Reading[]): Table {
  const { source, starts } = file;
  const shown = settle(source, columns);
  const rows = starts[starts.length - 1];
  const width = columns.length;
  const row = new Float64Array(width);
  const place: Place = { source, unit: "row", at: 0 };
  const held = new Map<number, Float64Array>(); // decoded row groups
  let current = -1;
  let values = new Float64Array(0);

  async function decoded(g: number): Promise<Float64Array> {
    const cells = await groupOf(file, columns, g);
    const target = new Float64Array((starts[g + 1] - starts[g]) * width);
    for (const [c, column] of columns.entries()) {
      for (const [i, value] of cellsOf(cells, column).entries()) {
        place.at = starts[g] + i;
        target[i * width + c] = worth(column, value, place);
      }
    }
    return target;
  }

  async function load(...ranges: readonly RowRange[]): Promise<void> {
    const wanted = new Set(ranges.flatMap(([from, to]) => groupsOf(from, to)));
    for (const g of held.keys()) if (!wanted.has(g)) held.delete(g); // first, so that there is room
    current = -1;
    values = new Float64Array(0);
    for (const g of wanted) if (!held.has(g)) held.set(g, await decoded(g));
  }

  function groupsOf(from: number, to: number): number[] {
    if (to <= from) return [];
    mustHaveRow(from, { source, rows });
    mustHaveRow(to - 1, { source, rows });
    const first = groupAt(starts, from);
    return Array.from({ length: groupAt(starts, to - 1) - first + 1 }, (_, i) => first + i);
  }

  function enter(n: number): void {
    mustHaveRow(n, { source, rows });
    const g = groupAt(starts, n);
    const found = held.get(g);
    if (found === undefined)
      throw new DataError(`${source}: row ${n} is not there yet; await load([${n}, ${n + 1}]) first`);
    values = found as Float64Array<ArrayBuffer>;
    current = g;
  }

  return {
    source,
    ...shown,
    rows,
    load,
    row(n) {
      if (current < 0 || !(n >= starts[current] && n < starts[current + 1] && Number.isInteger(n))) enter(n);
      const from = (n - starts[current]) * width;
      for (let c = 0; c < width; c++) row[c] = values[from + c];
      return row;
    },
    close: () => bytes.close(),
  };
}

function groupOf(file: ParquetFile, columns: readonly Reading[], g: number): Promise<Cells> {
  const names = columns.map(({ name }) => name);
  return file.cells(names, file.starts[g], file.starts[g + 1]);
}

function cellsOf(cells: Cells, { name }: Reading): readonly Value[] {
  return cells.get(name) as readonly Value[];
}

/** The row group that row `n` is of. */
function groupAt(starts: readonly number[], n: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= n) low = middle;
    else high = middle;
  }
  return low;
}
