/**
 * Tables in CSV: comma, semicolon or tab between cells, quotes after RFC 4180, UTF-8 with or without a byte order mark, packed
 * (`.gz`) or not. The first row is the columns' names, unless every cell of it is a number or missing; then the columns are called "1", "2",
 * "3" ... A row with more or fewer cells than the first is an error, and so is a stray quote.
 *
 * scikit-learn's files are read as they are: `digits.csv.gz` has no header and the label in its last column, "65"; `iris.csv` and
 * `breast_cancer.csv` begin with a line of counts and class names, which `skip: 1` passes over. They lie in the folder
 * `sklearn/datasets/data` of a Python installation.
 *
 * Why not a library: a row must be found again without reading those before, and be read a million times. The best-kept parser we know,
 * csv-parse 7.0.3, tells where records end, but makes a string of every cell: 300,000 rows of ten numbers a second,
 * for the scan and for each reading. Numbers read from the bytes themselves are four times as fast.
 */
import { type Bytes, openBytes } from "./bytes.ts";
import {
  fault,
  finite,
  isMissing,
  type Place,
  placeOf,
  type Reading,
  readings,
  takeWord,
  type Value,
} from "./columns.ts";
import { type Cells, cells, plainLines, sniffDelimiter } from "./csv-cells.ts";
import { decimal, decimalOf } from "./decimal.ts";
import { DataError } from "./errors.ts";
import { eachRecord, type Format, textStart, textTable } from "./records.ts";
import { HEAD, type Table, type TableOptions } from "./table.ts";

export interface CsvOptions extends TableOptions {
  /** One character. Default: of comma, semicolon and tab the one that the first line has most of. */
  delimiter?: string;
  /** Whether the first row is the columns' names. Default: unless all its cells are numbers, or missing. */
  header?: boolean;
  /** Lines to pass over before the first row. Default 0. */
  skip?: number;
  /** The sign between units and tenths. Default: a full stop. */
  decimal?: "." | ",";
}

/**
 * The table in the CSV file at `path`, or in bytes that are already there.
 *
 * @throws DataError naming file, line and column: no file, no rows, no UTF-8 text, a ragged row, a stray quote, a text cell or
 *   an empty one in a column of numbers, more than 10,000 different words in a column
 */
export function csvTable(path: string | Bytes, options: CsvOptions = {}): Table {
  const bytes = typeof path === "string" ? openBytes(path) : path;
  try {
    return tableOf(bytes, options);
  } catch (error) {
    bytes.close();
    throw error;
  }
}

function tableOf(bytes: Bytes, options: CsvOptions): Table {
  const [start, line] = skipped(bytes, textStart(bytes), options.skip ?? 0);
  const delimiter = delimiterOf(bytes, start, options.delimiter);
  const point = (options.decimal ?? ".").charCodeAt(0);
  let cutter = cells(delimiter, true);
  let head = headOf(bytes, cutter, start, line, point);
  if (head.first.length === 1) {
    cutter = cells(delimiter);
    head = headOf(bytes, cutter, start, line, point);
  }
  const header = options.header ?? head.rows[0].some((cell) => typeof cell === "string"); // a missing number is no name
  if (header && head.rows.length === 1) throw new DataError(`${bytes.source}: has no rows, only a header`);
  const names = head.first.map((cell, i) => (header ? cell.trim() : "") || String(i + 1));
  const columns = readings(bytes.source, names, header ? head.rows.slice(1) : head.rows, options);
  const format = formatOf(cutter, names, columns, point, head.line);
  return header ? textTable(bytes, format, head.next, head.nextLine) : textTable(bytes, format, start, line);
}

/** Position and line after the lines that are passed over. */
function skipped(bytes: Bytes, start: number, count: number): [at: number, line: number] {
  let [at, line] = [start, 1];
  if (count === 0) return [at, line];
  eachRecord(bytes, plainLines(), start, 1, (_, from, next) => {
    at += next - from;
    return line++ < count;
  });
  return [at, line];
}

function delimiterOf(bytes: Bytes, start: number, given?: string): number {
  if (given === undefined) {
    const first = Buffer.alloc(Math.min(65536, bytes.size - start));
    bytes.read(first, start);
    return sniffDelimiter(first).charCodeAt(0);
  }
  if (given.length === 1 && given.charCodeAt(0) < 128 && !'"\r\n'.includes(given)) return given.charCodeAt(0);
  throw new DataError(`${bytes.source}: delimiter is ${JSON.stringify(given)}, must be one character such as , or ;`);
}

interface Head {
  /** The cells of the first record, as text. */
  readonly first: readonly string[];
  /** Its line. */
  readonly line: number;
  /** Position and line of the record after it. */
  readonly next: number;
  readonly nextLine: number;
  /** The first records' cells: numbers, texts, or null for missing ones. */
  readonly rows: readonly Value[][];
}

/** The first rows, and one more that may be the header. What is wrong in them is told by the scan, which comes after. */
function headOf(bytes: Bytes, cutter: Cells, start: number, line: number, point: number): Head {
  const rows: Value[][] = [];
  let first: Omit<Head, "rows"> | undefined;
  eachRecord(bytes, cutter, start, line, (buffer, from, next, line, at) => {
    mustBeWhole(buffer, from, cutter, { source: bytes.source, unit: "line", at: line }, first?.first ?? []);
    const texts = Array.from({ length: cutter.count }, (_, i) => cutter.text(buffer, i));
    first ??= { first: texts, line, next: at + next - from, nextLine: line + cutter.breaks };
    rows.push(texts.map((text) => valueIn(text, point)));
    return rows.length <= HEAD;
  });
  if (first === undefined) throw new DataError(`${bytes.source}: has no rows`);
  return { ...first, rows };
}

function valueIn(text: string, point: number): Value {
  if (isMissing(text)) return null;
  const number = decimalOf(text, point);
  return Number.isNaN(number) ? text : number;
}

function formatOf(
  cutter: Cells,
  names: readonly string[],
  columns: Reading[],
  point: number,
  firstLine: number,
): Format {
  const width = names.length;

  function mustFit(buffer: Buffer, from: number, place: Place): void {
    mustBeWhole(buffer, from, cutter, place, names);
    const { count } = cutter;
    if (count === width) return;
    const name = names[Math.min(count, width - 1)];
    const what = count < width ? "is missing" : "should be the last";
    throw fault(place, { name }, `${what}: the row has ${cellsOf(count)}, line ${firstLine} has ${width}`);
  }

  function number(buffer: Buffer, column: Reading, place: Place): number {
    const { position } = column;
    const value = decimal(buffer, cutter.starts[position], cutter.ends[position], point);
    return finite(column, value, place, () => cutter.text(buffer, position));
  }

  return {
    cutter,
    columns,
    look(buffer, from, _, place) {
      mustFit(buffer, from, place);
      for (const column of columns) {
        if (column.kind === "number") number(buffer, column, place);
        else takeWord(column, cutter.text(buffer, column.position), place);
      }
    },
    values(buffer, from, _, place, target, to) {
      mustFit(buffer, from, place);
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i];
        target[to + i] =
          column.kind === "number"
            ? number(buffer, column, place)
            : placeOf(column, cutter.text(buffer, column.position), place);
      }
    },
  };
}

/** Throws DataError, with the line in which the cell begins, when the record's quotes are torn. */
function mustBeWhole(buffer: Buffer, from: number, cutter: Cells, place: Place, names: readonly string[]): void {
  const { torn, count, starts } = cutter;
  if (torn === undefined) return;
  let line = place.at;
  for (let at = from; at < starts[count - 1]; at++) {
    if (buffer[at] === 10 || (buffer[at] === 13 && buffer[at + 1] !== 10)) line++;
  }
  throw fault({ ...place, at: line }, { name: names[count - 1] ?? String(count) }, torn);
}

function cellsOf(count: number): string {
  return count === 1 ? "1 cell" : `${count} cells`;
}
