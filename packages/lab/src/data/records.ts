/**
 * Text that is cut into records, as CSV and NDJSON are. A file is scanned once, a megabyte at a time; where each 128th record
 * begins is kept (a byte's position for about 10 kB of file), and from there a block of rows is read whenever it is asked for.
 * A file of 10 GB so needs some 10 MB of memory, and no more than its longest record.
 */
import { isUtf8 } from "node:buffer";
import { BLOCK, blockwise, rowsOf } from "./blocks.ts";
import { type Bytes, exactly } from "./bytes.ts";
import { type Place, type Reading, settle } from "./columns.ts";
import { DataError } from "./errors.ts";
import { mustHaveRow, type Table } from "./table.ts";

/** Finds where records end. Each format has its own. */
export interface Cutter {
  /**
   * Cuts the record that begins at `from` and returns where the next begins; -1 where its end is not among the bytes up to
   * `to`, which must not happen when they are the `last`.
   */
  cut(bytes: Buffer, from: number, to: number, last: boolean): number;
  /** The record just cut holds nothing and is passed over. */
  readonly blank: boolean;
  /** Line breaks in the record just cut. */
  readonly breaks: number;
}

/** What is done with a record; false ends the scan. `line` counts from 1, `at` is its position in the file. */
export type Take = (buffer: Buffer, from: number, next: number, line: number, at: number) => boolean;

const CHUNK = 1024 * 1024;
const LONGEST = 256 * CHUNK;

/**
 * Hands the records from byte `start` on, which stands in line `line`, to `take`, blank ones left out. Throws DataError for one that is
 * no UTF-8: read as if it were, different words could become one.
 */
export function eachRecord(bytes: Bytes, cutter: Cutter, start: number, line: number, take: Take): void {
  let buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, bytes.size)));
  let base = start; // where the buffer's first byte stands in the file
  let has = 0;
  let from = 0;
  for (let last = false; !last; ) {
    const wanted = Math.min(buffer.length - has, bytes.size - base - has);
    has += exactly(bytes, base + has, wanted, buffer.subarray(has)).length;
    last = base + has >= bytes.size;
    while (from < has) {
      const next = cutter.cut(buffer, from, has, last);
      if (next < 0) break;
      if (!isUtf8(buffer.subarray(from, next)))
        throw new DataError(`${bytes.source}, line ${line}: is no UTF-8 text; save it as UTF-8`);
      if (!cutter.blank && !take(buffer, from, next, line, base + from)) return;
      line += cutter.breaks;
      from = next;
    }
    if (from === 0 && has === buffer.length && !last) buffer = larger(buffer, `${bytes.source}, line ${line}`);
    buffer.copyWithin(0, from, has);
    base += from;
    has -= from;
    from = 0;
  }
}

function larger(buffer: Buffer<ArrayBuffer>, where: string): Buffer<ArrayBuffer> {
  if (buffer.length >= LONGEST) {
    throw new DataError(`${where}: a record of more than ${LONGEST / CHUNK} MB; is a quote never closed?`);
  }
  const grown = Buffer.allocUnsafe(buffer.length * 2);
  buffer.copy(grown);
  return grown;
}

/** Lines, whatever stands in them. */
export function lines(): Cutter {
  const cutter = { blank: false, breaks: 1, cut };
  function cut(bytes: Buffer, from: number, to: number, last: boolean): number {
    const found = bytes.subarray(from, to).indexOf(10);
    if (found < 0 && !last) return -1;
    const end = found < 0 ? to : from + found;
    let at = from;
    while (at < end && bytes[at] <= 32) at++;
    cutter.blank = at === end;
    return found < 0 ? to : end + 1;
  }
  return cutter;
}

/** Where text begins: behind the mark that some programs write before UTF-8. Throws DataError for what is no UTF-8 text. */
export function textStart(bytes: Bytes): number {
  const first = Buffer.alloc(Math.min(4096, bytes.size));
  bytes.read(first, 0);
  const [a, b, c] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new DataError(`${bytes.source}: is UTF-16, must be UTF-8; save it as "CSV UTF-8"`);
  }
  if (first.includes(0)) throw new DataError(`${bytes.source}: is no text, it has zero bytes`);
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

/** How one format reads its records. */
export interface Format {
  readonly cutter: Cutter;
  /** Those with too many words are taken out after the scan. */
  readonly columns: Reading[];
  /** Looks at the record just cut, while the file is scanned. Throws DataError where it is not what it must be. */
  look(buffer: Buffer, from: number, next: number, place: Place): void;
  /** Writes the values of the record just cut to `target`, from `to` on. */
  values(buffer: Buffer, from: number, next: number, place: Place, target: Float64Array, to: number): void;
}

/** The table of the records from byte `start` on, which stands in line `line`. Throws DataError where there are none. */
export function textTable(bytes: Bytes, format: Format, start: number, line: number): Table {
  const { source } = bytes;
  const { cutter } = format;
  const starts: number[] = []; // of each block
  const firstLines: number[] = [];
  const place: Place = { source, unit: "line", at: 0 };
  let rows = 0;
  eachRecord(bytes, cutter, start, line, (buffer, from, next, line, at) => {
    if (rows++ % BLOCK === 0) {
      starts.push(at);
      firstLines.push(line);
    }
    place.at = line;
    format.look(buffer, from, next, place);
    return true;
  });
  if (rows === 0) throw new DataError(`${source}: has no rows`);
  const { columns, leftOut } = settle(source, format.columns);
  let held = Buffer.alloc(0);

  /** Cuts the rows of a block again: `use` is handed each, by its place in the block, with `place` at its line. */
  function again(block: number, use: (i: number, buffer: Buffer, from: number, next: number) => void): void {
    const from = starts[block];
    const size = (starts[block + 1] ?? bytes.size) - from;
    if (held.length < size) held = Buffer.allocUnsafe(2 * size);
    const buffer = exactly(bytes, from, size, held);
    place.at = firstLines[block];
    let at = 0;
    for (let i = 0; i < rowsOf(block, rows); ) {
      if (at >= size) throw new DataError(`${source}: changed since it was opened`);
      const next = cutter.cut(buffer, at, size, true);
      if (!cutter.blank) use(i++, buffer, at, next);
      place.at += cutter.breaks;
      at = next;
    }
  }

  function decode(block: number, target: Float64Array): void {
    again(block, (i, buffer, from, next) => format.values(buffer, from, next, place, target, i * columns.length));
  }

  function lineOf(n: number): number {
    mustHaveRow(n, { source, rows });
    const block = Math.floor(n / BLOCK);
    let line = 0;
    again(block, (i) => {
      if (block * BLOCK + i === n) line = place.at;
    });
    return line;
  }

  const row = blockwise({ source, rows, columns }, decode);
  return { source, columns, leftOut, rows, row, lineOf, close: () => bytes.close() };
}
