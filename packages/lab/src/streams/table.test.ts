import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { bytesOf } from "../data/bytes.ts";
import { csvTable } from "../data/csv.ts";
import { iterableTable } from "../data/iterable.ts";
import { parquetTable } from "../data/parquet.ts";
import type { Table } from "../data/table.ts";
import { check, strict } from "../options/checks.ts";
import type { Stream } from "./stream.ts";
import { tableKind, tableStream } from "./table.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-table-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 300;
const WORDS = ["red", "green", "blue"];
const lines = Array.from({ length: ROWS }, (_, i) => `${i},${WORDS[i % 3]},${i / 10},${i % 2 === 0 ? "yes" : "no"}`);
const text = `n,colour,price,sold\n${lines.join("\n")}\n`;

function table(): Table {
  return csvTable(bytesOf("shop.csv", text));
}

function columnar(): Promise<Table> {
  const all = Array.from({ length: ROWS }, (_, i) => i);
  const columnData = [
    { name: "n", type: "INT32" as const, data: all },
    { name: "colour", type: "STRING" as const, data: all.map((i) => WORDS[i % 3]) },
    { name: "price", type: "DOUBLE" as const, data: all.map((i) => i / 10) },
    { name: "sold", type: "STRING" as const, data: all.map((i) => (i % 2 === 0 ? "yes" : "no")) },
  ];
  return parquetTable(bytesOf("shop.parquet", new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 70 }))));
}

/** What an item shows, kept. */
function seen(stream: Stream, n: number): (number | number[])[] {
  const { x, y } = stream.at(n);
  return [[...x], typeof y === "number" ? y : [...y]];
}

function all(stream: Stream): (number | number[])[][] {
  return Array.from({ length: stream.length }, (_, n) => seen(stream, n));
}

test("numbers go in as they are, words as one of several, the last column is the class", async () => {
  const stream = await tableStream(table(), { seed: 1 });
  expect([stream.inputs, stream.outputs, stream.target, stream.length]).toEqual([5, 2, "class", ROWS]);
  expect(stream.starts).toEqual([0]);
  expect(seen(stream, 4)).toEqual([[4, 0, 1, 0, Math.fround(0.4)], 1]); // blue, green, red; no, yes
  expect(seen(stream, 5)).toEqual([[5, 1, 0, 0, 0.5], 0]);
  expect(stream.load).toBeUndefined();
  expect(stream.tests).toBeUndefined();
});

test("a target of numbers is standardised with its first thousand rows, or left as it is", async () => {
  const options = { seed: 1, target: "price", inputs: ["colour", "n"] };
  const stream = await tableStream(table(), options);
  expect([stream.inputs, stream.outputs, stream.target]).toEqual([4, 1, "values"]);
  const mean = 14.95; // of 0, 0.1, ... 29.9
  const sd = Math.sqrt((300 * 300 - 1) / 12) / 10; // of an even staircase
  expect(stream.at(0).x).toEqual(Float32Array.from([0, 0, 1, 0]));
  for (const n of [0, 7, 299]) expect((stream.at(n).y as Float32Array)[0]).toBeCloseTo((n / 10 - mean) / sd, 5);
  const plain = await tableStream(table(), { ...options, scaleTarget: false });
  expect(plain.at(7).y).toEqual(Float32Array.from([0.7]));
  const long = csvTable(
    bytesOf("a.csv", `x,y\n${Array.from({ length: 1500 }, (_, i) => `1,${i < 1000 ? 0.1 : 5}`).join("\n")}`),
  );
  const steady = await tableStream(long, { seed: 1 });
  expect((steady.at(0).y as Float32Array)[0]).toBeCloseTo(0, 10);
  expect((steady.at(1200).y as Float32Array)[0]).toBeCloseTo(4.9, 5); // all equal at first: their deviation counts as 1
});

test("classes may be given: their order, and those that are yet to come", async () => {
  const stream = await tableStream(table(), { seed: 1, classes: ["yes", "perhaps", "no"] });
  expect([stream.outputs, stream.at(0).y, stream.at(1).y]).toEqual([3, 0, 2]);
});

test.each(["csv", "parquet"])("item n alone is item n in order, in every setting: %s", async (format) => {
  for (const options of [
    {},
    { passes: 2 },
    { shuffle: true, passes: 2 },
    { tests: 0.2, passes: 2 },
    { shuffle: true, tests: 0.1 },
  ]) {
    const make = async () => tableStream(format === "csv" ? table() : await columnar(), { seed: 3, ...options });
    const stream = await make();
    await stream.load?.(0, stream.length);
    const inOrder = all(stream);
    const alone = await make();
    for (let i = 0; i < 40; i++) {
      const n = (i * 97 + 11) % stream.length;
      const to = Math.min(stream.length, n + 20);
      await alone.load?.(n, to);
      expect(seen(alone, n)).toEqual(inOrder[n]);
      expect(seen(alone, to - 1)).toEqual(inOrder[to - 1]);
    }
    if (stream.tests === undefined) continue;
    const { tests } = stream;
    const first = tests.at(0, 0).x[0];
    stream.at(5);
    expect(tests.at(0, 0).x[0]).toBe(first);
  }
});

test("CSV and Parquet of the same rows are the same stream", async () => {
  const options = { seed: 3, shuffle: true, tests: 0.1, passes: 2 };
  const [a, b] = [await tableStream(table(), options), await tableStream(await columnar(), options)];
  await b.load?.(0, b.length);
  expect(all(b)).toEqual(all(a));
  const held = a.tests?.size(0) ?? 0;
  expect(held).toBe(30);
  for (let i = 0; i < held; i++) expect(b.tests?.at(0, i)).toEqual(a.tests?.at(0, i));
});

test("each pass shows every row that is learned from once, shuffled in an order of its own; the tests are the others", async () => {
  const stream = await tableStream(table(), { seed: 3, shuffle: true, passes: 3, tests: 0.2 });
  expect(stream.length).toBe(720);
  const rows = Array.from({ length: 720 }, (_, n) => stream.at(n).x[0]);
  const orders = [0, 1, 2].map((pass) => rows.slice(pass * 240, (pass + 1) * 240));
  const tested = Array.from({ length: 60 }, (_, i) => stream.tests?.at(0, i).x[0] ?? -1);
  for (const order of orders) {
    expect([...order, ...tested].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, n) => n));
  }
  expect(new Set(orders.map((order) => order.join())).size).toBe(3);
  expect(orders[0]).not.toEqual([...orders[0]].sort((a, b) => a - b));
  const other = await tableStream(table(), { seed: 4, shuffle: true, passes: 3, tests: 0.2 });
  expect(Array.from({ length: 240 }, (_, n) => other.at(n).x[0])).not.toEqual(orders[0]);
});

test.each([
  [{ target: "sld" }, 'target: shop.csv has no column "sld", did you mean "sold"? (columns: n, colour, price, sold)'],
  [{ inputs: ["weight"] }, 'inputs: shop.csv has no column "weight"'],
  [{ inputs: ["n", "sold"] }, 'inputs has "sold", which is the target'],
  [{ inputs: [] }, "inputs is empty"],
  [{ classes: ["yes"] }, 'classes has not "no", which stands in "sold"'],
  [{ classes: ["yes", "no", "yes"] }, "classes has the same class twice"],
  [{ target: "price", classes: ["1"] }, 'classes: "price" is a column of numbers, its kind must be "word"'],
  [{ passes: 0 }, "passes is 0, must be an integer from 1"],
  [{ tests: 1 }, "tests is 1, must be a share from 0 to 0.9"],
])("refused: %j", async (options, message) => {
  await expect(tableStream(table(), { seed: 1, ...options })).rejects.toThrow(message);
});

test("what is no item is named, and a table of one column is no stream", async () => {
  const stream = await tableStream(table(), { seed: 1, tests: 0.1 });
  expect(() => stream.at(270)).toThrow("item 270 of the stream, must be an integer from 0 to 269");
  expect(() => stream.tests?.at(0, 30)).toThrow("item 30");
  expect(() => stream.tests?.at(1, 0)).toThrow("test set 1, there is only set 0");
  await expect(tableStream(csvTable(bytesOf("a.csv", "a\n1\n")), { seed: 1 })).rejects.toThrow("a.csv: has one column");
});

const context = { seed: 3, batch: 1 };

async function fromRecipe(options: object): Promise<Stream> {
  return tableKind.make(check(strict(tableKind.shape), options, "stream") as never, context);
}

test("a recipe names the file and what is made of it", async () => {
  const path = join(folder, "shop.csv");
  writeFileSync(path, text);
  const named = await fromRecipe({ path, target: "sold", inputs: ["n", "price"], shuffle: true, tests: 0.2 });
  const same = await tableStream(table(), { seed: 3, inputs: ["n", "price"], shuffle: true, tests: 0.2 });
  expect(all(named)).toEqual(all(same));
});

test("digits without a header: the last column as a class, or as a value", async () => {
  const path = join(folder, "digits.csv");
  writeFileSync(path, Array.from({ length: 40 }, (_, i) => `${i}.0,${(i * 3) % 11}`).join("\n"));
  const classes = await fromRecipe({ path, task: "classify" });
  expect([classes.target, classes.outputs, classes.at(10).y, classes.at(1).y]).toEqual(["class", 11, 8, 3]);
  expect((await fromRecipe({ path })).target).toBe("values");
  const named = await fromRecipe({ path, target: "1", task: "classify" });
  expect([named.outputs, named.inputs]).toEqual([40, 1]);
  await expect(fromRecipe({ path: join(folder, "shop.csv"), task: "regress" })).rejects.toThrow(
    `${join(folder, "shop.csv")}, line 2, column "sold": "yes" is not a number`,
  );
});

test.each([
  [{}, "path: is missing, must be a text that is not empty"],
  [{ path: "a.csv", tests: 2 }, "tests: is 2, must be a share from 0 to 0.9"],
  [{ path: "a.csv", kinds: { a: "text" } }, 'kinds: is {"a":"text"}, must be an object of columns'],
  [
    { path: "a.csv", task: "classfy" },
    'task: is "classfy", must be one of classify, regress, did you mean "classify"?',
  ],
  [{ path: "a.csv", tagret: "x" }, 'unknown key "tagret", did you mean "target"?'],
])("a recipe refused: %j", async (options, message) => {
  await expect(fromRecipe(options)).rejects.toThrow(message);
});

test("a target that leaves what a network can hold is told, and is no divergence", async () => {
  const rows = Array.from({ length: 1200 }, (_, n) => ({ x: n, y: n === 1100 ? 5e10 : n === 0 ? 1e-30 : 0 }));
  const stream = await tableStream(await iterableTable(rows), { seed: 1, target: "y" });
  expect(() => stream.at(1100)).toThrow('rows, row 1100, column "y": 50000000000 is too large for a target');
});

function throws(attempt: (() => unknown) | undefined): boolean {
  try {
    attempt?.();
    return false;
  } catch {
    return true;
  }
}

test("such a target is told with its line, whether its row is learned from or held out", async () => {
  const rows = Array.from({ length: 1500 }, (_, n) => `${n},${n === 1499 ? 5e10 : (n % 2) * 1e-30}\n\n`);
  const message = 'a.csv, line 3000, column "y": 50000000000 is too large for a target';
  const held = await Promise.all(
    [1, 2, 3, 4, 5].map(async (seed) => {
      const stream = await tableStream(csvTable(bytesOf("a.csv", `x,y\n${rows.join("")}`)), { seed, tests: 0.3 });
      const size = stream.tests?.size(0) ?? 0;
      const last = stream.tests?.at.bind(stream.tests, 0, size - 1);
      const isHeld = stream.length + size === 1500 && throws(last);
      expect(isHeld ? last : () => stream.at(stream.length - 1)).toThrow(message);
      return isHeld;
    }),
  );
  expect(new Set(held).size).toBe(2); // both were seen
});

test("classes that are mostly numbers, in a last column that is not named as the target", async () => {
  const classes = ["0", "1", "2", "3", "other"];
  const lines = Array.from({ length: 50 }, (_, i) => `${i},${classes[i % 5]}`);
  const path = join(folder, "mostly.csv");
  writeFileSync(path, `x,kind\n${lines.join("\n")}\n`);
  const stream = await fromRecipe({ path, task: "classify" });
  expect([stream.target, stream.outputs, stream.inputs]).toEqual(["class", 5, 1]);
  expect([0, 1, 2, 3, 4].map((n) => stream.at(n).y)).toEqual([0, 1, 2, 3, 4]);
});

test.each([
  ["a,b\n1,x\n2,\n", {}],
  ["a,b\n1,4\n2,\n", {}],
  ["b,a\n4,1\n,2\n", { target: "b", inputs: ["a"] }],
  ["a,b\n1,4\n2, \n", { task: "classify" }],
])("a row of %j without a target is an error, whatever is said of missing numbers", async (text, options) => {
  const path = join(folder, "gap.csv");
  writeFileSync(path, text);
  await expect(fromRecipe({ path, missing: "mean", ...options })).rejects.toThrow(
    /gap\.csv, line 3, column "b": is empty, .*it is what should be said, and nothing is put in its place/,
  );
});
