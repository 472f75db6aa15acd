/**
 * Cuts CSV text into cells, after RFC 4180: cells stand between delimiters; one that holds a delimiter, a quote or a line break
 * is put in quotes, and its own quotes are doubled. Lines end in LF, CRLF or CR. An empty line is no record, and neither is one
 * of spaces where there are several columns.
 *
 * Nothing is copied: a cell is where it begins and ends in the bytes that were cut.
 */
import type { Cutter } from "./records.ts";

const [QUOTE, LF, CR, SPACE] = [34, 10, 13, 32];

export interface Cells extends Cutter {
  /** Cells of the record just cut, and where each begins and ends, its quotes left out. */
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** What is wrong with the quotes of the last cell, if something is. */
  readonly torn: string | undefined;
  /** The text of cell `i`. */
  text(bytes: Buffer, i: number): string;
}

/**
 * @param delimiter the byte between cells
 * @param spaces whether a line of spaces is blank: not where a row is one cell, which may be such a word
 */
export function cells(delimiter: number, spaces = false): Cells {
  const stops = new Uint8Array(256); // bytes at which a cell without quotes ends
  for (const byte of [delimiter, QUOTE, LF, CR]) stops[byte] = 1;
  let starts = new Int32Array(64);
  let ends = new Int32Array(64);
  let doubled = new Uint8Array(64); // the cell has doubled quotes in it
  let count = 0;
  let breaks = 0;
  let blank = false;
  let torn: string | undefined;
  let escaped = 0;

  function add(from: number, to: number): void {
    if (count === starts.length) grow();
    starts[count] = from;
    ends[count] = to;
    doubled[count++] = escaped;
  }

  function grow(): void {
    const [s, e, d] = [starts, ends, doubled];
    starts = new Int32Array(2 * count);
    ends = new Int32Array(2 * count);
    doubled = new Uint8Array(2 * count);
    starts.set(s);
    ends.set(e);
    doubled.set(d);
  }

  /** Where the quote that closes the cell from `at` on stands; -1 where there is none. */
  function closing(bytes: Buffer, at: number, to: number): number {
    for (; at < to; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (bytes[at + 1] !== QUOTE || at + 1 >= to) return at;
        escaped = 1;
        at++;
      } else if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) breaks++;
    }
    return -1;
  }

  function isEmpty(bytes: Buffer, from: number, to: number): boolean {
    if (!spaces) return from === to;
    let at = from;
    while (at < to && bytes[at] <= SPACE) at++;
    return at === to;
  }

  function cut(bytes: Buffer, from: number, to: number, last: boolean): number {
    count = 0;
    breaks = 0;
    torn = undefined;
    let at = from;
    for (;;) {
      escaped = 0;
      if (at < to && bytes[at] === QUOTE) {
        const begin = at + 1;
        const end = closing(bytes, begin, to);
        if (end < 0 && !last) return -1;
        if (end < 0) torn = "a quote is never closed";
        add(begin, end < 0 ? to : end);
        at = end < 0 ? to : end + 1;
        if (at < to && (stops[bytes[at]] === 0 || bytes[at] === QUOTE)) torn = "text after the closing quote";
      } else {
        const begin = at;
        while (at < to && stops[bytes[at]] === 0) at++;
        add(begin, at);
        if (at < to && bytes[at] === QUOTE) torn = 'a quote inside a cell; such a cell is written as "5"" pipe"';
      }
      if (torn !== undefined) break;
      if (at < to && bytes[at] === delimiter) at++;
      else break;
    }
    blank = count === 1 && bytes[from] !== QUOTE && isEmpty(bytes, starts[0], ends[0]);
    if (torn !== undefined) return to;
    if (at >= to) return last ? to : -1; // more may follow, such as the second of two quotes
    if (bytes[at] === CR) {
      if (at + 1 >= to && !last) return -1; // a line feed may follow
      if (bytes[at + 1] === LF && at + 1 < to) at++;
    }
    breaks++;
    return at + 1;
  }

  function text(bytes: Buffer, i: number): string {
    const plain = bytes.toString("utf8", starts[i], ends[i]);
    return doubled[i] === 1 ? plain.replaceAll('""', '"') : plain;
  }

  return {
    cut,
    text,
    get count() {
      return count;
    },
    get starts() {
      return starts;
    },
    get ends() {
      return ends;
    },
    get torn() {
      return torn;
    },
    get blank() {
      return blank;
    },
    get breaks() {
      return breaks;
    },
  };
}

/** Lines, whatever stands in them, each of them a record. */
export function plainLines(): Cutter {
  function cut(bytes: Buffer, from: number, to: number, last: boolean): number {
    let at = from;
    while (at < to && bytes[at] !== LF && bytes[at] !== CR) at++;
    const mayGoOn = at === to || (bytes[at] === CR && at + 1 === to); // a line feed may follow
    if (mayGoOn) return last ? to : -1;
    return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
  }
  return { cut, blank: false, breaks: 1 };
}

/** The delimiter of a text: of comma, semicolon and tab the one that its first line has most of, outside quotes. */
export function sniffDelimiter(bytes: Uint8Array): string {
  const counts = new Map([",", ";", "\t"].map((sign) => [sign.charCodeAt(0), 0]));
  let quoted = false;
  let some = false;
  for (const byte of bytes) {
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if ((byte === LF || byte === CR) && some) break;
    const count = counts.get(byte);
    if (count !== undefined) counts.set(byte, count + 1);
    some ||= byte > 32;
  }
  const [[best]] = [...counts].sort(([, a], [, b]) => b - a); // a stable sort: the comma where none is more
  return String.fromCharCode(best);
}
