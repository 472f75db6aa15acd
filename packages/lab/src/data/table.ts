/**
 * A table of rows: named columns, each of numbers or of words, and rows that are asked for by number, without reading those
 * before. Opening one scans its file once, in pieces: how many rows there are, whether every cell is what its column says, and
 * the words of each column of words. The rows themselves stay in the file.
 *
 * What kind a column is, is seen from the first 1024 rows: of words when more than half of its cells there are no numbers, else
 * of numbers; a kind that is given wins. A later text cell in a column of numbers is an error, never a silent change of kind.
 */
import { DataError } from "./errors.ts";

export type ColumnKind = "number" | "word";

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The different words of a column of words, sorted: as numbers where all are, else by their characters' codes. */
  readonly words: readonly string[];
}

export interface Table {
  /** What errors call it: the path as it was given. */
  readonly source: string;
  readonly columns: readonly Column[];
  /** Columns of words that were left out since they have too many, see `tooManyWords`. */
  readonly leftOut: readonly string[];
  readonly rows: number;
  /**
   * Row `n`, from 0: a value a column, which is the number, or the word's place in `words`. It holds until the table is asked
   * again. Throws DataError for an `n` outside 0 to rows - 1, or when the file changed since it was opened.
   */
  row(n: number): Float64Array;
  /**
   * Must be awaited before `row` is asked for rows of these ranges, each from its first number up to its second; it may let go of
   * all others. Absent where rows are read when they are asked for.
   */
  load?(...ranges: readonly RowRange[]): Promise<void>;
  /** The line of the file, from 1, in which row `n` begins: for errors. Absent where a file has no lines. */
  lineOf?(n: number): number;
  /** Lets go of the file. No row can be asked for afterwards. */
  close(): void;
}

/** Rows from the first number up to the second, which is not among them. */
export type RowRange = readonly [from: number, to: number];

/** How any table is read. */
export interface TableOptions {
  /** Which columns, in this order. Default: all. What stands in the others is not looked at. */
  columns?: readonly string[];
  /** The kinds of columns, by name. Default: seen from the first rows. */
  kinds?: Readonly<Record<string, ColumnKind>>;
  /** The kind of the last of the columns, whatever it is called. Default: as of any other. */
  lastKind?: ColumnKind;
  /**
   * What to do with an empty cell (or a null, a NaN, or a text such as NA or ?) in a column of numbers: `error` (default);
   * `zero`; `mean`: the mean of the column in the first 1024 rows, so that nothing is known of later ones; `nan`: a NaN, which
   * tells it apart. In a column of words an empty cell is a word of its own.
   */
  missing?: Missing;
  /** The column that should be said of each row, by its name or by being the last: an empty cell in it is always an error. Default: none. */
  target?: string | { readonly last: true };
  /**
   * What to do with a column of more than 10,000 different words, such as names or times, which are no categories: `error`
   * (default), or `leave-out`: the table has not that column.
   */
  tooManyWords?: "error" | "leave-out";
}

export type Missing = "error" | "zero" | "mean" | "nan";

/** Rows from which the kinds of columns are seen. */
export const HEAD = 1024;

/** Throws DataError unless the table has a row `n`. */
export function mustHaveRow(n: number, { source, rows }: Pick<Table, "source" | "rows">): void {
  if (Number.isInteger(n) && n >= 0 && n < rows) return;
  throw new DataError(`${source}: no row ${n}, must be an integer from 0 to ${rows - 1}`);
}
