/**
 * Columns while their table is opened: which are read, of what kind each is, and which words it has. Every format cuts its rows
 * into cells its own way and hands them here, so that a missing value or a text among numbers means the same in all of them.
 */
import { didYouMean } from "../options/nearest.ts";
import { decimalOf } from "./decimal.ts";
import { DataError } from "./errors.ts";
import type { ColumnKind, Missing, Table, TableOptions } from "./table.ts";

/** What a cell may hold. */
export type Value = number | bigint | string | boolean | null | undefined;

/** Where a row stands, for errors: `{ source: "sensors.csv", unit: "line", at: 1042 }`. */
export interface Place {
  readonly source: string;
  readonly unit: "line" | "row";
  at: number;
}

/** A column that is read. */
export interface Reading {
  readonly name: string;
  /** Among all columns of the file, from 0. */
  readonly position: number;
  readonly kind: ColumnKind;
  /** The kind was given, not seen. */
  readonly declared: boolean;
  /** What a missing number is; undefined: an error. */
  readonly fill: number | undefined;
  /** It is what should be said: no row may lack it. */
  readonly target: boolean;
  /** It is left out when it has too many words. */
  readonly optional: boolean;
  readonly words: Words;
}

/** More words than this are no categories: a column of them would be as many inputs. */
const MOST_WORDS = 10_000;
/** The largest number that float32 holds, and the half step above it that still rounds to it. */
const TOO_LARGE = 3.4028235677973366e38;
/** What other programs write where there is no number. */
const MARKS = new Set(["", "nan", "na", "n/a", "null", "none", "?"]);

/** A word that is none; other marks, such as "none", may well be classes. */
const NOTHING = /^\s*(nan)?\s*$/i;
const NO_TARGET = "it is what should be said, and nothing is put in its place: leave the row out";

/** The different words of a column: first collected, then sorted. */
export class Words {
  #places = new Map<string, number>();
  #tooMany = false;

  get tooMany(): boolean {
    return this.#tooMany;
  }

  /** Takes in a word; false when there are too many. */
  add(word: string): boolean {
    if (this.#places.has(word)) return true;
    if (this.#places.size === MOST_WORDS) this.#tooMany = true;
    else this.#places.set(word, this.#places.size);
    return !this.#tooMany;
  }

  /** What has been collected, in the order of first sight. */
  collected(): string[] {
    return [...this.#places.keys()];
  }

  /** Ends the collecting: from now on each word has its place. */
  sort(): readonly string[] {
    const words = this.collected();
    const numbers = words.every((word) => !Number.isNaN(decimalOf(word)));
    words.sort(numbers ? (a, b) => decimalOf(a) - decimalOf(b) || order(a, b) : order);
    this.#places = new Map(words.map((word, place) => [word, place]));
    return words;
  }

  /** The word's place: in the order of first sight, once sorted in that order. */
  place(word: string): number | undefined {
    return this.#places.get(word);
  }
}

/** By code units: the same order everywhere, whatever the machine's language. */
function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Which columns are read and how.
 *
 * @param names of all columns of the file
 * @param head the first rows, cell by cell; texts that say a number must have been made numbers, missing ones null
 * @throws DataError: a column that is asked for is not there, or two have the same name
 */
export function readings(
  source: string,
  names: readonly string[],
  head: readonly (readonly Value[])[],
  { columns = names, kinds: named = {}, lastKind, missing = "error", target, tooManyWords = "error" }: TableOptions,
): Reading[] {
  const last = columns[columns.length - 1];
  const kinds = lastKind === undefined ? named : { ...named, [last]: lastKind };
  const positions = new Map(names.map((name, position) => [name, position]));
  if (positions.size < names.length) {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    throw new DataError(`${source}: two columns are called "${twice}", each must have a name of its own`);
  }
  for (const name of [...columns, ...Object.keys(kinds)]) {
    if (!positions.has(name)) {
      throw new DataError(`${source}: no column "${name}"${didYouMean(name, names)} (columns: ${some(names)})`);
    }
  }
  return columns.map((name) => {
    const position = positions.get(name) as number;
    const cells = head.map((row) => row[position]).filter((cell) => !isMissing(cell));
    const numbers = cells.filter((cell) => typeof cell === "number" || typeof cell === "bigint");
    const seen = numbers.length * 2 >= cells.length ? "number" : "word";
    const declared = Object.hasOwn(kinds, name);
    const isTarget = name === (typeof target === "object" ? last : target);
    return {
      name,
      position,
      kind: declared ? kinds[name] : seen,
      declared,
      optional: tooManyWords === "leave-out",
      fill: isTarget ? undefined : fillOf(missing, numbers.map(Number)),
      target: isTarget,
      words: new Words(),
    };
  });
}

/**
 * Ends the scan: takes the columns that have too many words out of the list, sorts the words of the others, and says what the table
 * shows of both. Throws DataError where no column is left.
 */
export function settle(source: string, columns: Reading[]): Pick<Table, "columns" | "leftOut"> {
  const leftOut = columns.filter(({ words }) => words.tooMany).map(({ name }) => name);
  columns.splice(0, columns.length, ...columns.filter(({ words }) => !words.tooMany));
  if (columns.length === 0) throw new DataError(`${source}: no column is left, all have more than ${MOST_WORDS} words`);
  return { columns: columns.map(({ name, kind, words }) => ({ name, kind, words: words.sort() })), leftOut };
}

/** Takes a cell in while the table is scanned. Throws DataError where it cannot be what its column says. */
export function take(column: Reading, value: Value, place: Place): void {
  if (column.kind === "number") numberOf(column, value, place);
  else takeWord(column, wordOf(column, value, place), place);
}

/** Takes in a word of a column of words. */
export function takeWord(column: Reading, word: string, place: Place): void {
  if (column.target && NOTHING.test(word)) throw fault(place, column, `is empty, must be a word (${NO_TARGET})`);
  if (column.words.add(word) || column.optional) return;
  throw fault(
    place,
    column,
    `more than ${MOST_WORDS} different words; leave the column out, or give its kind as "number"`,
  );
}

/** What a cell is worth in a row of the table: its number, or its word's place. */
export function worth(column: Reading, value: Value, place: Place): number {
  if (column.kind === "number") return numberOf(column, value, place);
  return placeOf(column, wordOf(column, value, place), place);
}

/** The place of a word that was there when the table was opened. */
export function placeOf(column: Reading, word: string, place: Place): number {
  const found = column.words.place(word);
  if (found === undefined) throw fault(place, column, `"${word}" was not there when the table was opened`);
  return found;
}

/** The number `value`, or its column's fill where it is missing; `seen` is what errors show. */
export function finite(column: Reading, value: number, place: Place, seen: () => Value): number {
  if (value < TOO_LARGE && value > -TOO_LARGE) return value;
  const text = seen();
  if (isMissing(text)) {
    if (column.fill !== undefined) return column.fill;
    const nothing = text === null || text === undefined || (typeof text === "string" && text.trim() === "");
    const thing = nothing ? "is empty, must be" : `${short(String(text))} is not`;
    const remedy = column.target ? NO_TARGET : "the option missing says what to put there";
    throw fault(place, column, `${thing} a number (${remedy})`);
  }
  if (!Number.isNaN(value)) throw fault(place, column, `${String(text)} is too large for float32`);
  const hint = column.declared ? "" : '; if these are words, give its kind as "word"';
  throw fault(place, column, `${short(text)} is not a number${hint}`);
}

function numberOf(column: Reading, value: Value, place: Place): number {
  return finite(column, asNumber(value), place, () => value);
}

function asNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return decimalOf(value);
  return typeof value === "bigint" || typeof value === "boolean" ? Number(value) : Number.NaN;
}

function wordOf(column: Reading, value: Value, place: Place): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "object") throw fault(place, column, `${short(value)} is neither a number nor a word`);
  return String(value);
}

/** Whether a cell says that there is no value. */
export function isMissing(value: Value): boolean {
  if (typeof value === "string") return value.length < 8 && MARKS.has(value.trim().toLowerCase());
  return value === null || value === undefined || Number.isNaN(value);
}

export function fault({ source, unit, at }: Place, { name }: { name: string }, what: string): DataError {
  return new DataError(`${source}, ${unit} ${at}, column "${name}": ${what}`);
}

/** Names for an error: not all of a thousand. */
export function some(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
}

function short(value: unknown): string {
  const text = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What stands for a missing number of a column whose first numbers are these. */
function fillOf(missing: Missing, numbers: readonly number[]): number | undefined {
  const fills = { error: () => undefined, zero: () => 0, mean: () => mean(numbers), nan: () => Number.NaN };
  return fills[missing]();
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
}
