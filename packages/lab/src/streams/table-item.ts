/** What a network sees of a table's row, and what it should say of it. */

import { ValueError } from "plastica";
import { some } from "../data/columns.ts";
import { DataError } from "../data/errors.ts";
import type { Column, Table } from "../data/table.ts";
import { didYouMean } from "../options/nearest.ts";
import type { Item } from "./stream.ts";

/** Rows that a target's scale is taken from. */
const HEAD = 1000;

/** An item to be filled. */
export function itemOf(inputs: number, classes: readonly string[] | undefined): Item {
  return { x: new Float32Array(inputs), y: classes === undefined ? new Float32Array(1) : 0 };
}

/** The column that should be said. Throws ValueError where there is none of that name, or nothing beside it. */
export function targetOf(table: Table, name?: string): Column {
  const { columns } = table;
  if (columns.length < 2) throw new ValueError(`${table.source}: has one column, must have a target and an input`);
  return name === undefined ? columns[columns.length - 1] : columnOf(table, "target", name);
}

/** The columns that the network sees. Throws ValueError where one is not there, or is the target. */
export function inputsOf(table: Table, target: Column, names?: readonly string[]): readonly Column[] {
  if (names === undefined) return table.columns.filter((column) => column !== target);
  if (names.includes(target.name)) throw new ValueError(`inputs has "${target.name}", which is the target`);
  if (names.length === 0) throw new ValueError("inputs is empty, must have a column or more");
  return names.map((name) => columnOf(table, "inputs", name));
}

function columnOf({ source, columns }: Table, option: string, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw new ValueError(
    `${option}: ${source} has no column "${name}"${didYouMean(name, names)} (columns: ${some(names)})`,
  );
}

/** Inputs that a column makes. */
export function widthOf({ kind, words }: Column): number {
  return kind === "word" ? words.length : 1;
}

/** What writes a row's inputs to `x`. */
export function encoder(table: Table, inputs: readonly Column[]): (row: Float64Array, x: Float32Array) => void {
  const from = Uint32Array.from(inputs, (column) => table.columns.indexOf(column));
  const isWord = Uint8Array.from(inputs, ({ kind }) => (kind === "word" ? 1 : 0));
  const to = new Uint32Array(inputs.length);
  for (let i = 1; i < inputs.length; i++) to[i] = to[i - 1] + widthOf(inputs[i - 1]);
  return (row, x) => {
    x.fill(0);
    for (let i = 0; i < from.length; i++) {
      const value = row[from[i]];
      if (isWord[i] === 1) x[to[i] + value] = 1;
      else x[to[i]] = value;
    }
  };
}

/** The classes in the order of their outputs; undefined where the target is a number. */
export function classesOf({ name, kind, words }: Column, classes?: readonly string[]): readonly string[] | undefined {
  if (kind === "number") {
    if (classes === undefined) return undefined;
    throw new ValueError(`classes: "${name}" is a column of numbers, its kind must be "word"`);
  }
  if (classes === undefined) return words;
  const stray = words.find((word) => !classes.includes(word));
  if (stray === undefined && new Set(classes).size === classes.length) return classes;
  const fault = stray === undefined ? "has the same class twice" : `has not "${stray}", which stands in "${name}"`;
  throw new ValueError(`classes ${fault}`);
}

/** Writes what should be said of row `n`. */
type Say = (row: Float64Array, item: Item, n: number) => void;

/** The target as a class. */
export function classOf({ columns }: Table, target: Column, classes: readonly string[]): Say {
  const from = columns.indexOf(target);
  const output = target.words.map((word) => classes.indexOf(word));
  return (row, item) => {
    item.y = output[row[from]];
  };
}

interface Scale {
  readonly mean: number;
  readonly sd: number;
}

export const NO_SCALE: Scale = { mean: 0, sd: 1 };

/** The target as a value: `(v - mean) / sd`. Throws DataError, with its line, where that is too large for a network. */
export function numberOf(table: Table, target: Column, { mean, sd }: Scale): Say {
  const from = table.columns.indexOf(target);
  return (row, item, n) => {
    const y = item.y as Float32Array;
    y[0] = (row[from] - mean) / sd;
    if (Number.isFinite(y[0])) return;
    const value = row[from]; // a row holds until the table is asked again
    const place = table.lineOf === undefined ? `row ${n}` : `line ${table.lineOf(n)}`;
    throw new DataError(
      `${table.source}, ${place}, column "${target.name}": ${value} is too large for a target whose first rows have a standard deviation of ${sd}; set scaleTarget to false, or mend the row`,
    );
  };
}

/** The mean and standard deviation of the target in the first rows that are learned from. */
export async function scaleOf(
  table: Table,
  target: Column,
  learned: number,
  learnedRow: (n: number) => number,
): Promise<Scale> {
  const count = Math.min(HEAD, learned);
  await table.load?.([0, learnedRow(count - 1) + 1]);
  const from = table.columns.indexOf(target);
  const values = Array.from({ length: count }, (_, n) => table.row(learnedRow(n))[from]);
  const mean = values.reduce((sum, v) => sum + v, 0) / count;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / count);
  return { mean, sd: values.every((v) => v === values[0]) ? 1 : sd };
}
