/**
 * A table as a stream: its rows in their own order, or shuffled, once or several times. One column is what should be said, the
 * others are what the network sees. A column of numbers goes in as it is, one input (a network's running normalisation of inputs
 * sees to the scale); a column of words as one input for each of its words, 1 for the word that is there and 0 for the others.
 *
 * A target of words is a class, the place of the word in the column's sorted words. A target of numbers is a value, standardised
 * with the mean and standard deviation of the first 1000 rows that are learned from, in the table's order: `y = (v - mean) / sd` with
 * `sd = sqrt(sum (v - mean)^2 / 1000)`, or 1 where they are all equal. So one that always says
 * the mean has a squared error of about 1, and losses can be compared; nothing is known of later rows.
 *
 * Shuffled, pass `p` shows the rows in the order `permutation(key(seed, "order", p))`, which takes four bytes a row of memory; a table
 * that is loaded in pieces, such as Parquet, is then held whole. Held-out rows are those of `held-out.ts`.
 */
import { key, permutation, ValueError } from "plastica";
import { openTable } from "../data/open.ts";
import type { ColumnKind, RowRange, Table } from "../data/table.ts";
import { fitting, listOf, oneOf, whole } from "../options/checks.ts";
import { type Division, divide } from "./held-out.ts";
import { flag, mustBeWhole } from "./images.ts";
import { streamKind } from "./kind.ts";
import { type Item, mustHave, type Stream, type Tests } from "./stream.ts";
import {
  classesOf,
  classOf,
  encoder,
  inputsOf,
  itemOf,
  NO_SCALE,
  numberOf,
  scaleOf,
  targetOf,
  widthOf,
} from "./table-item.ts";

export interface TableStreamOptions {
  /** Of the order and of what is held out: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** The column that should be said. Default: the last. */
  target?: string;
  /** The columns that the network sees. Default: all but the target. */
  inputs?: readonly string[];
  /** The classes in the order of their outputs; may be more than there are words. Default: the target's words. */
  classes?: readonly string[];
  /** Whether a target of numbers is standardised. Default true. */
  scaleTarget?: boolean;
  /** Whether rows come in an order drawn anew for each pass. Default false: in the table's own. */
  shuffle?: boolean;
  /** How often the rows are gone through, from 1. Default 1. */
  passes?: number;
  /** The share of rows held out as a test set, from 0 to 0.9. Default 0. */
  tests?: number;
}

/**
 * The stream over `table`. A table must be given to one stream only where it is loaded in pieces.
 *
 * @throws ValueError for an option outside its range or a column that is not there; DataError for a row that cannot be read
 */
export async function tableStream(table: Table, options: TableStreamOptions): Promise<Stream> {
  const { seed, shuffle = false, passes = 1 } = options;
  mustBeWhole("passes", passes, 1);
  const target = targetOf(table, options.target);
  const inputs = inputsOf(table, target, options.inputs);
  const division = divide(table.rows, options.tests ?? 0, seed);
  const { learned } = division;
  const length = learned * passes;
  const size = inputs.reduce((sum, column) => sum + widthOf(column), 0);
  const see = encoder(table, inputs);
  const classes = classesOf(target, options.classes);
  const scale =
    classes === undefined && options.scaleTarget !== false
      ? await scaleOf(table, target, learned, division.learnedRow)
      : NO_SCALE;
  const say = classes === undefined ? numberOf(table, target, scale) : classOf(table, target, classes);
  const item = itemOf(size, classes);
  let pass = -1;
  let order = new Uint32Array(0);

  function rowOf(n: number): number {
    const wanted = Math.floor(n / learned);
    const place = n - wanted * learned;
    if (!shuffle) return division.learnedRow(place);
    if (wanted !== pass) {
      order = Uint32Array.from(permutation(key(seed, "order", wanted), learned));
      pass = wanted;
    }
    return division.learnedRow(order[place]);
  }

  function at(n: number): Item {
    mustHave(n, length);
    const row = rowOf(n);
    return show(table.row(row), item, row);
  }

  function show(row: Float64Array, item: Item, n: number): Item {
    see(row, item.x);
    say(row, item, n);
    return item;
  }

  async function load(from: number, to: number): Promise<void> {
    if (to <= from) return;
    mustHave(from, length);
    mustHave(to - 1, length);
    await table.load?.(...rangesOf(from, to));
  }

  function rangesOf(from: number, to: number): RowRange[] {
    const [first, last] = [from % learned, (to - 1) % learned];
    const rows = division.learnedRow;
    if (shuffle || to - from >= learned) return [[0, table.rows]];
    if (first <= last) return [[rows(first), rows(last) + 1]];
    return [
      [rows(first), rows(learned - 1) + 1],
      [0, rows(last) + 1],
    ];
  }

  return {
    inputs: size,
    outputs: classes?.length ?? 1,
    target: classes === undefined ? "values" : "class",
    starts: [0],
    length,
    at,
    ...(table.load === undefined ? {} : { load }),
    ...(division.held === 0 ? {} : { tests: await testsOf(table, division, itemOf(size, classes), show) }),
  };
}

/** One test set. Where rows have to be loaded, those held out are kept in memory, since tests are asked for at any time. */
async function testsOf(
  table: Table,
  { held, heldRow }: Division,
  item: Item,
  show: (row: Float64Array, item: Item, n: number) => Item,
): Promise<Tests> {
  const kept = table.load === undefined ? undefined : await heldRows(table, held, heldRow);
  return {
    sets: 1,
    size: () => held,
    at(set, i) {
      if (set !== 0) throw new ValueError(`test set ${set}, there is only set 0`);
      mustHave(i, held);
      const width = table.columns.length;
      const row = heldRow(i);
      return show(kept?.subarray(i * width, (i + 1) * width) ?? table.row(row), item, row);
    },
  };
}

async function heldRows(table: Table, held: number, heldRow: (i: number) => number): Promise<Float64Array> {
  const width = table.columns.length;
  const kept = new Float64Array(held * width);
  for (let i = 0; i < held; i++) {
    const row = heldRow(i);
    await table.load?.([row, row + 1]);
    kept.set(table.row(row), i * width);
  }
  return kept;
}

/** What a recipe says of the file and its use. */
interface Use {
  readonly path: string;
  readonly target?: string;
  readonly inputs?: readonly string[];
  /** Whether the target is a class or a value. Default: as its column's kind says. */
  readonly task?: "classify" | "regress";
}

type Kinds = Readonly<Record<string, ColumnKind>>;

/** What only opening the file is told. */
interface Opening {
  readonly kinds?: Kinds;
  readonly missing: "error" | "zero" | "mean";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly skip?: number;
  readonly decimal?: "." | ",";
  readonly labels?: string;
}

/** Opens the file, the target's kind as the task wants it, and no columns but those that are used. */
function opened({ path, target, inputs, task }: Use, opening: Opening): Promise<Table> {
  const columns = inputs === undefined || target === undefined ? undefined : [...inputs, target];
  const options = { ...opening, columns, target: target ?? ({ last: true } as const) };
  if (task === undefined) return openTable(path, options);
  const kind: ColumnKind = task === "classify" ? "word" : "number";
  if (target === undefined) return openTable(path, { ...options, lastKind: kind });
  return openTable(path, { ...options, kinds: { ...options.kinds, [target]: kind } });
}

const text = fitting<string>("a text that is not empty", (v) => typeof v === "string" && v !== "");
const word = fitting<string>("a word", (v) => typeof v === "string");

function areKinds(value: unknown): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.values(value).every((kind) => kind === "number" || kind === "word");
}

/** What a recipe calls `table`. */
export const tableKind = streamKind(
  "Rows of a file: CSV, NDJSON, Parquet, NumPy or IDX. One column is the target, the others are inputs.",
  {
    path: text,
    target: text.optional(),
    inputs: listOf("columns", text).optional(),
    task: oneOf("classify", "regress").optional(),
    classes: listOf("words", word).optional(),
    scaleTarget: flag.default(true),
    shuffle: flag.default(false),
    passes: whole(1).default(1),
    tests: fitting<number>("a share from 0 to 0.9", (v) => typeof v === "number" && v >= 0 && v <= 0.9).default(0),
    kinds: fitting<Kinds>('an object of columns, each "number" or "word"', areKinds).optional(),
    missing: oneOf("error", "zero", "mean").default("error"),
    delimiter: fitting<string>("one character", (v) => typeof v === "string" && v.length === 1).optional(),
    header: flag.optional(),
    skip: whole(0).optional(),
    decimal: oneOf(".", ",").optional(),
    labels: text.optional(),
  },
  async (recipe, { seed }) => {
    const { path: _, task: __, kinds, missing, delimiter, header, skip, decimal, labels, ...options } = recipe;
    const opening = { kinds, missing, delimiter, header, skip, decimal, labels };
    return tableStream(await opened(recipe, opening), { ...options, seed });
  },
  ({ path, labels }) => (labels === undefined ? [path] : [path, labels]),
);
