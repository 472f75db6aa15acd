/**
 * Tables in newline-delimited JSON (NDJSON, JSON Lines): an object a line, whose keys are the columns. Columns are the keys that
 * occur in the first 1024 rows, in the order of their first sight. A key that is absent is a missing value, as null is; a key
 * that appears later is an error, since it may be a misspelt one. `true` and `false` are words, or 1 and 0 in a column whose
 * kind is given as "number". Packed (`.gz`) or not; empty lines are passed over.
 */
import { didYouMean } from "../options/nearest.ts";
import { type Bytes, openBytes } from "./bytes.ts";
import { type Place, readings, some, take, type Value, worth } from "./columns.ts";
import { DataError } from "./errors.ts";
import { eachRecord, lines, textStart, textTable } from "./records.ts";
import { HEAD, type Table, type TableOptions } from "./table.ts";

type Row = Readonly<Record<string, Value>>;

/**
 * The table in the NDJSON file at `path`, or in bytes that are already there.
 *
 * @throws DataError naming file, line and column: no file, no rows, a line that is no JSON object, a key that was not there in the
 *   first rows, a text or nothing in a column of numbers, a list or an object in any, more than 10,000 different words
 */
export function ndjsonTable(path: string | Bytes, options: TableOptions = {}): Table {
  const bytes = typeof path === "string" ? openBytes(path) : path;
  try {
    return tableOf(bytes, options);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

function tableOf(bytes: Bytes, options: TableOptions): Table {
  const { source } = bytes;
  const start = textStart(bytes);
  const head: Row[] = [];
  const cutter = lines();
  eachRecord(bytes, cutter, start, 1, (buffer, from, next, line) => {
    head.push(rowOf(buffer, from, next, { source, unit: "line", at: line }));
    return head.length < HEAD;
  });
  const names = keysOf(head);
  const known = new Set(names);
  const columns = readings(
    source,
    names,
    head.map((row) => names.map((name) => cell(row, name))),
    options,
  );
  const format = {
    cutter,
    columns,
    look(buffer: Buffer, from: number, next: number, place: Place) {
      const row = rowOf(buffer, from, next, place);
      if (options.columns === undefined) mustKnow(row, known, place);
      for (const column of columns) take(column, cell(row, column.name), place);
    },
    values(buffer: Buffer, from: number, next: number, place: Place, target: Float64Array, to: number) {
      const row = rowOf(buffer, from, next, place);
      for (const column of columns) target[to++] = worth(column, cell(row, column.name), place);
    },
  };
  return textTable(bytes, format, start, 1);
}

/** The keys of some rows, in the order of their first sight. */
export function keysOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** What stands under a key; inherited things are not the row's. */
export function cell(row: Row, name: string): Value {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/** Throws DataError for a key that none of the first rows had. */
export function mustKnow(row: Row, known: ReadonlySet<string>, { source, unit, at }: Place): void {
  for (const key in row) {
    if (known.has(key)) continue;
    const names = [...known];
    const guess = didYouMean(key, names);
    throw new DataError(
      `${source}, ${unit} ${at}, column "${key}": not in the first ${HEAD} rows${guess} (columns: ${some(names)})`,
    );
  }
}

function rowOf(buffer: Buffer, from: number, next: number, { source, unit, at }: Place): Row {
  let value: unknown;
  try {
    value = JSON.parse(buffer.toString("utf8", from, next));
  } catch (cause) {
    throw new DataError(`${source}, ${unit} ${at}: no JSON (${(cause as Error).message})`, { cause });
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Row;
  const what = Array.isArray(value) ? "a list" : JSON.stringify(value).slice(0, 60);
  throw new DataError(`${source}, ${unit} ${at}: is ${what}, must be an object of columns`);
}
