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
  /** Cells without a number that something is put in for, by column. */
  readonly filled: Readonly<Record<string, number>>;
  readonly missing: Filling;
  /** The target's commonest word, and the share of rows that have it; undefined where the target is a value. */
  readonly commonest?: { readonly word: string; readonly share: number };
}

/** What is put where a number is missing; `error`: nothing, the table cannot be learned. */
export type Filling = "mean" | "zero" | "error";

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
  { target: name, task, missing }: { target: string; task?: Lesson["task"]; missing: Filling },
): Promise<Lesson> {
  const options = { missing: missing === "error" ? missing : ("nan" as const), target: name };
  const table = await openTable(file, options);
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
      const again = await openTable(file, { ...options, kinds: { [name]: "word" } });
      try {
        return await lessonOf(again, columnOf(again, name), { taken, missing });
      } finally {
        again.close();
      }
    }
    return await lessonOf(table, seen, { taken: false, missing });
  } finally {
    table.close();
  }
}

async function lessonOf(table: Table, target: Column, asked: Pick<Lesson, "taken" | "missing">): Promise<Lesson> {
  const others = table.columns.filter((column) => column !== target);
  const leftOut = others.filter(({ words }) => words.length > MOST_WORDS);
  const inputs = others.filter((column) => !leftOut.includes(column));
  const { source, rows } = table;
  if (inputs.length === 0) throw new UsageError(`${source}: has no column beside "${target.name}" to learn from`);
  const { counts, filled } = await counted(table, target);
  const known = { source, rows, target, ...asked, inputs, leftOut, filled };
  if (target.kind === "number") return { ...known, task: "regress" };
  const most = counts.indexOf(Math.max(...counts));
  return { ...known, task: "classify", commonest: { word: target.words[most], share: counts[most] / rows } };
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

/** How often the target's words occur, and how many cells of each column of numbers say none, over all rows. */
async function counted(table: Table, target: Column): Promise<{ counts: Float64Array; filled: Lesson["filled"] }> {
  const { columns, rows } = table;
  const at = columns.indexOf(target);
  const counts = new Float64Array(target.words.length);
  const missing = new Float64Array(columns.length);
  for (let from = 0; from < rows; from += HEAD) {
    const to = Math.min(rows, from + HEAD);
    await table.load?.([from, to]);
    for (let n = from; n < to; n++) {
      const row = table.row(n);
      counts[row[at]]++;
      for (let i = 0; i < row.length; i++) if (Number.isNaN(row[i])) missing[i]++;
    }
  }
  const filled = columns.flatMap(({ name }, i) => (missing[i] === 0 ? [] : [[name, missing[i]]]));
  return { counts, filled: Object.fromEntries(filled) };
}

/** What was seen, and what a result must be held against, in a few lines. */
export function lessonText(lesson: Lesson): string[] {
  const { source, rows, target, taken, inputs, leftOut, commonest } = lesson;
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
    ...filledText(lesson),
    against,
  ];
}

function filledText({ filled, missing }: Lesson): string[] {
  const columns = Object.entries(filled);
  if (columns.length === 0) return [];
  const cells = columns.reduce((sum, [, n]) => sum + n, 0);
  const are = cells === 1 ? "1 empty cell is" : `${count(cells)} empty cells are`;
  const [what, others] = missing === "zero" ? ["zero", "mean or error"] : ["the column's mean", "zero or error"];
  const each = some(columns.map(([name, n]) => `${name} ${count(n)}`));
  return [`${are} taken for ${what} (${each}); --missing ${others} does otherwise.`];
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
