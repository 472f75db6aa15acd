/**
 * Tables of rows that a program makes: any iterable or async iterable of objects, whose keys are the columns as in NDJSON. Such a
 * source can be gone through once and has no positions, while a table is asked for any row at any time. So it is gone through when
 * the table is made, and its rows are kept as numbers, eight bytes a cell: in memory up to 64 MB, then in a temporary file. One
 * that never ends must be given a limit.
 */
import { BLOCK, blockwise } from "./blocks.ts";
import { type Place, type Reading, readings, settle, take, type Value, worth } from "./columns.ts";
import { DataError } from "./errors.ts";
import { cell, keysOf, mustKnow } from "./ndjson.ts";
import { type Spool, spool } from "./spool.ts";
import { HEAD, type Table, type TableOptions } from "./table.ts";

/** A row by column. */
export type RowObject = Readonly<Record<string, Value>>;

export interface IterableOptions extends TableOptions {
  /** What errors call it. Default: "rows". */
  source?: string;
  /** How many rows are taken; the rest is left. Default: all. */
  limit?: number;
  /** Bytes from which on the rows are kept in a temporary file. Default: 64 MB. */
  memory?: number;
}

/**
 * The table of the rows of `rows`, once all have come.
 *
 * @throws DataError naming row (from 0) and column: no rows, a row that is no object, a key that was not there in the first 1024, a
 *   text or nothing in a column of numbers, more than 10,000 different words in a column
 */
export async function iterableTable(
  rows: Iterable<RowObject> | AsyncIterable<RowObject>,
  { source = "rows", limit = Number.POSITIVE_INFINITY, memory = 64 * 1024 * 1024, ...options }: IterableOptions = {},
): Promise<Table> {
  const store = spool(memory);
  try {
    const keeper = new Keeper(source, options, store);
    if (limit > 0) {
      for await (const row of rows) {
        keeper.add(row);
        if (keeper.rows >= limit) break;
      }
    }
    return keeper.finish();
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Holds the first rows back until it is known what their columns are, then turns each into numbers. */
class Keeper {
  rows = 0;
  readonly #source: string;
  readonly #options: TableOptions;
  readonly #store: Spool;
  readonly #place: Place;
  #head: RowObject[] | undefined = [];
  #known = new Set<string>();
  #columns: Reading[] = [];
  #block = new Float64Array(0);
  #filled = 0;

  constructor(source: string, options: TableOptions, store: Spool) {
    this.#source = source;
    this.#options = options;
    this.#store = store;
    this.#place = { source, unit: "row", at: 0 };
  }

  add(row: RowObject): void {
    if (row === null || typeof row !== "object" || Array.isArray(row)) {
      const seen = JSON.stringify(row)?.slice(0, 60) ?? typeof row;
      throw new DataError(`${this.#source}, row ${this.rows}: is ${seen}, must be an object of columns`);
    }
    this.rows++;
    if (this.#head === undefined) this.#encode(row);
    else if (this.#head.push({ ...row }) === HEAD) this.#begin(this.#head); // a copy: the source may use its object again
  }

  finish(): Table {
    const source = this.#source;
    const store = this.#store;
    const { rows } = this;
    if (rows === 0) throw new DataError(`${source}: has no rows`);
    if (this.#head !== undefined) this.#begin(this.#head);
    if (this.#filled > 0) store.add(this.#block);
    const stored = this.#columns.slice();
    const seen = stored.map(({ words }) => words.collected());
    const { columns, leftOut } = settle(source, this.#columns);
    const from = this.#columns.map((column) => stored.indexOf(column));
    const places = this.#columns.map(({ words }, c) =>
      Float64Array.from(seen[from[c]], (word) => words.place(word) ?? 0),
    );
    const block = this.#block;

    function decode(number: number, target: Float64Array): void {
      store.read(number, block);
      from.forEach((position, c) => {
        const place = places[c];
        for (let i = 0; i < BLOCK; i++) {
          const value = block[i * stored.length + position];
          target[i * columns.length + c] = place.length === 0 ? value : place[value];
        }
      });
    }

    const row = blockwise({ source, rows, columns }, decode);
    return { source, columns, leftOut, rows, row, close: () => store.close() };
  }

  #begin(head: RowObject[]): void {
    const names = keysOf(head);
    this.#known = new Set(names);
    const cells = head.map((row) => names.map((name) => cell(row, name)));
    this.#columns = readings(this.#source, names, cells, this.#options);
    this.#block = new Float64Array(BLOCK * this.#columns.length);
    this.#head = undefined;
    for (const row of head) this.#encode(row);
  }

  /** Words are kept by their place in the order of first sight; the sorted one is known at the end. */
  #encode(row: RowObject): void {
    if (this.#options.columns === undefined) mustKnow(row, this.#known, this.#place);
    const from = this.#filled * this.#columns.length;
    this.#columns.forEach((column, c) => {
      const value = cell(row, column.name);
      if (column.kind === "word") take(column, value, this.#place);
      this.#block[from + c] = column.words.tooMany ? 0 : worth(column, value, this.#place);
    });
    this.#place.at++;
    if (++this.#filled < BLOCK) return;
    this.#store.add(this.#block);
    this.#filled = 0;
  }
}
