/** What there is to learn in a table: its rows, its target, what that is taken for, and the columns that are seen. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type Column, count, didYouMean, openTable, percent, several, type Table } from "@plastica/lab";
import { UsageError } from "./failure.ts";

export interface Lesson {
  readonly source: string;
  readonly rows: number;
  readonly target: Column;
  /** Whether the target is one of some classes, or a value. */
  readonly task: "classify" | "regress";
  /** Numbers in the target that were taken for classes. */
  readonly taken: boolean;
  readonly inputs: readonly Column[];
  /** Columns of so many different words that nothing can be learned from them: names, numbers of tickets. */
  readonly leftOut: readonly Column[];
  /** The target's commonest word, and the share of rows that have it; undefined where the target is a value. */
  readonly commonest?: { readonly word: string; readonly share: number };
}

/** A column of more different words than this is left out. */
const MOST_WORDS = 256;
/** So many different whole numbers, at most, are taken for classes. */
const MOST_CLASSES = 20;
/** Rows by which a target of numbers is judged. */
const HEAD = 1024;

/**
 * Looks through the table once.
 *
 * @throws UsageError for a column that is not there, or a table with nothing to learn; DataError for one that cannot be read
 */
export async function lookAt(
  file: string,
  { target: name, task, missing }: { target: string; task?: Lesson["task"]; missing: "mean" | "zero" | "error" },
): Promise<Lesson> {
  const table = await openTable(file, { missing });
  try {
    const seen = columnOf(table, name);
    if (table.rows < 2) throw new UsageError(`${file}: has ${several(table.rows, "row")}, must have two or more`);
    if (seen.kind === "word" && task === "regress") {
      throw new UsageError(
        `--regress: column "${name}" of ${file} holds words (${some(seen.words)}), must hold numbers`,
      );
    }
    const taken = seen.kind === "number" && task === undefined && (await holdsClasses(table, seen));
    if (seen.kind === "number" && (taken || task === "classify")) {
      const again = await openTable(file, { missing, kinds: { [name]: "word" } });
      try {
        return await lessonOf(again, columnOf(again, name), taken);
      } finally {
        again.close();
      }
    }
    return await lessonOf(table, seen, false);
  } finally {
    table.close();
  }
}

async function lessonOf(table: Table, target: Column, taken: boolean): Promise<Lesson> {
  const others = table.columns.filter((column) => column !== target);
  const leftOut = others.filter(({ words }) => words.length > MOST_WORDS);
  const inputs = others.filter((column) => !leftOut.includes(column));
  const { source, rows } = table;
  if (inputs.length === 0) throw new UsageError(`${source}: has no column beside "${target.name}" to learn from`);
  const known = { source, rows, target, taken, inputs, leftOut };
  if (target.kind === "number") return { ...known, task: "regress" };
  return { ...known, task: "classify", commonest: await commonestOf(table, target) };
}

function columnOf({ source, columns }: Table, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw new UsageError(
    `--target: ${source} has no column "${name}"${didYouMean(name, names)} (columns: ${some(names)})`,
  );
}

/** Whether the first rows have few different numbers, all of them whole. */
async function holdsClasses(table: Table, column: Column): Promise<boolean> {
  const at = table.columns.indexOf(column);
  const end = Math.min(HEAD, table.rows);
  await table.load?.([0, end]);
  const found = new Set<number>();
  for (let n = 0; n < end; n++) found.add(table.row(n)[at]);
  return found.size <= MOST_CLASSES && [...found].every(Number.isInteger);
}

async function commonestOf(table: Table, target: Column): Promise<Lesson["commonest"]> {
  const at = table.columns.indexOf(target);
  const counts = new Float64Array(target.words.length);
  for (let from = 0; from < table.rows; from += HEAD) {
    const to = Math.min(table.rows, from + HEAD);
    await table.load?.([from, to]);
    for (let n = from; n < to; n++) counts[table.row(n)[at]]++;
  }
  const most = counts.indexOf(Math.max(...counts));
  return { word: target.words[most], share: counts[most] / table.rows };
}

/** What was seen, and what a result must be held against, in a few lines. */
export function lessonText({ source, rows, target, taken, inputs, leftOut, commonest }: Lesson): string[] {
  const wide = inputs.reduce((sum, { kind, words }) => sum + (kind === "word" ? words.length : 1), 0);
  const seen = `${several(inputs.length, "column")}${wide === inputs.length ? "" : ` as ${count(wide)} inputs`}`;
  const what =
    target.kind === "number"
      ? "a value"
      : `${several(target.words.length, "class").replace("classs", "classes")}: ${some(target.words)}`;
  const against =
    commonest === undefined
      ? "Its values are standardised: who always says their mean has a loss of about 1."
      : `Who always says "${commonest.word}" is right ${percent(commonest.share)} of the time.`;
  return [
    `${source}: ${several(rows, "row")}, ${seen}; to predict "${target.name}", ${what}.`,
    ...(taken ? ["Its whole numbers are taken for classes; --regress takes them for values."] : []),
    ...leftOut.map(({ name, words }) => `"${name}" is left out: ${count(words.length)} different words.`),
    against,
  ];
}

/** SHA-256 of a file, in hex. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

/** The first few words. */
function some(words: readonly string[]): string {
  return words.length <= 8 ? words.join(", ") : `${words.slice(0, 8).join(", ")} and ${words.length - 8} more`;
}
