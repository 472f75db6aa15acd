import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";
import { type CsvOptions, csvTable } from "./csv.ts";
import { cells } from "./csv-cells.ts";
import { DataError } from "./errors.ts";
import type { Table } from "./table.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

function csv(text: string | Uint8Array, options?: CsvOptions): Table {
  return csvTable(bytesOf("a.csv", text), options);
}

/** A table's cells as they are meant: numbers, and words instead of their places. */
function meaning(table: Table): (number | string)[][] {
  return Array.from({ length: table.rows }, (_, n) =>
    Array.from(table.row(n), (value, i) => {
      const { kind, words } = table.columns[i];
      return kind === "word" ? words[value] : value;
    }),
  );
}

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

test("columns, kinds, words and rows", () => {
  const table = csv("temp,place,rain\n1.5,Rome,0\n-2,Oslo,1e1\n3,Rome,.5\n");
  expect(table.columns).toEqual([
    { name: "temp", kind: "number", words: [] },
    { name: "place", kind: "word", words: ["Oslo", "Rome"] },
    { name: "rain", kind: "number", words: [] },
  ]);
  expect(Array.from({ length: 3 }, (_, n) => [...table.row(n)])).toEqual([
    [1.5, 1, 0],
    [-2, 0, 10],
    [3, 1, 0.5],
  ]);
});

test.each([
  ["semicolons", "a;b\n1;x,y\n", [[1, "x,y"]]],
  ["tabs", "a\tb\n1\tx,y;z\n", [[1, "x,y;z"]]],
  [
    "CRLF",
    "a,b\r\n1,x\r\n2,y\r\n",
    [
      [1, "x"],
      [2, "y"],
    ],
  ],
  [
    "CR alone",
    "a,b\r1,x\r2,y",
    [
      [1, "x"],
      [2, "y"],
    ],
  ],
  [
    "line ends of all kinds",
    "a,b\n1,x\r\n2,y\r3,z",
    [
      [1, "x"],
      [2, "y"],
      [3, "z"],
    ],
  ],
  ["a byte order mark", "\ufeffa,b\n1,x\n", [[1, "x"]]],
  ["quotes, delimiters and line breaks in cells", 'a,b\n1,"x ""y"", z\r\nw"\n', [[1, 'x "y", z\r\nw']]],
  ["numbers in quotes and spaces", 'a,b\n"1", 2 \n', [[1, 2]]],
  [
    "empty lines",
    "\n\na,b\n\n1,x\n\r\n\n2,y\n\n",
    [
      [1, "x"],
      [2, "y"],
    ],
  ],
  [
    "an empty word, and one in quotes",
    'a,b\n1,\n2,""\n3,x\n',
    [
      [1, ""],
      [2, ""],
      [3, "x"],
    ],
  ],
  [
    "no header where all is numbers",
    "5,6\n7,8\n",
    [
      [5, 6],
      [7, 8],
    ],
  ],
  [
    "other alphabets",
    "größe,ort\n1,東京\n2,Łódź\n",
    [
      [1, "東京"],
      [2, "Łódź"],
    ],
  ],
])("%s", (_, text, rows) => expect(meaning(csv(text))).toEqual(rows));

test("delimiter, header, decimal comma and lines to skip can be given", () => {
  expect(meaning(csv("a|b\n1|x\n", { delimiter: "|" }))).toEqual([[1, "x"]]);
  expect(meaning(csv("p,x\ne,s\n", { header: false }))).toEqual([
    ["p", "x"],
    ["e", "s"],
  ]);
  expect(meaning(csv("1;2\n3;4\n", { header: true }))).toEqual([[3, 4]]);
  expect(meaning(csv("a;b\n1,5;-2,25\n", { decimal: "," }))).toEqual([[1.5, -2.25]]);
  expect(meaning(csv("made by hand\n\na,b\n1,x\n", { skip: 2 }))).toEqual([[1, "x"]]);
});

test("names: trimmed, by position where there are none", () => {
  const names = (table: Table) => table.columns.map(({ name }) => name);
  expect(names(csv(",a, b \n1,2,3\n"))).toEqual(["1", "a", "b"]);
  expect(names(csv("1,2,3\n"))).toEqual(["1", "2", "3"]);
});

test("scikit-learn's files: digits without header, iris with a line of counts and classes", () => {
  const digits = csv("0.0,5.0,0\n1.0,16.0,9\n2.0,0.0,10\n", { kinds: { "3": "word" } });
  expect(digits.columns[2].words).toEqual(["0", "9", "10"]); // as numbers, not "10" before "9"
  const iris = csv("3,2,setosa,versicolor,virginica\n5.1,3.5,0\n6.2,2.9,1\n5.9,3.0,2\n", { skip: 1 });
  expect(meaning(iris)).toEqual([
    [5.1, 3.5, 0],
    [6.2, 2.9, 1],
    [5.9, 3, 2],
  ]);
});

test("only the columns asked for are looked at, in the order asked for", () => {
  const table = csv("id,a,b\nx1,1,2\nx2,3,oops\nx3,4,5\n", { columns: ["a", "id"] });
  expect(meaning(table)).toEqual([
    [1, "x1"],
    [3, "x2"],
    [4, "x3"],
  ]);
});

test("a kind is what most of the first rows are, unless it is given", () => {
  expect(csv("a\nx\n1\ny\n").columns[0].words).toEqual(["1", "x", "y"]);
  expect(csv("a\nNA\n1\n2\n", { missing: "zero" }).columns[0].kind).toBe("number");
  expect(csv("a\n7\n10\n7\n", { kinds: { a: "word" } }).columns[0].words).toEqual(["7", "10"]);
});

test("missing numbers become what is asked for: zero, or the mean of the first rows", () => {
  const text = "a,b\n1,x\n,x\nNA,y\n?,y\n5,\n";
  expect(meaning(csv(text, { missing: "zero" })).map(([a]) => a)).toEqual([1, 0, 0, 0, 5]);
  expect(meaning(csv(text, { missing: "mean" })).map(([a]) => a)).toEqual([1, 3, 3, 3, 5]);
  const later = `a\n${"2\n".repeat(1024)}800\nnan\n`;
  expect(csv(later, { missing: "mean" }).row(1025)[0]).toBe(2);
});

test.each([
  ["a,b\n1,2\n3,n/a\n", {}, 'a.csv, line 3, column "b": "n/a" is not a number (the option missing'],
  ["a,b\n1,2\n,4\n", {}, 'a.csv, line 3, column "a": is empty, must be a number'],
  [
    "a,b\n1,2\n3,4\n5,warm\n",
    {},
    'a.csv, line 4, column "b": "warm" is not a number; if these are words, give its kind',
  ],
  ["a,b\n1,2\n3,warm\n", { kinds: { b: "number" as const } }, 'line 3, column "b": "warm" is not a number'],
  ["a,b\n1,warm\n", { missing: "zero" as const, kinds: { b: "number" as const } }, '"warm" is not a number'],
  ['a,b\n"x\ny",1\n"z\nw",\n', {}, 'a.csv, line 4, column "b": is empty'],
  ["a;b\n1,5;2\n1,5;x\n", { decimal: "," as const }, 'a.csv, line 3, column "b"'],
  ["a;b\n1,5;2\n", { kinds: { a: "number" as const } }, '"1,5" is not a number'],
  ["a,b\n1,1e39\n", {}, 'a.csv, line 2, column "b": 1e39 is too large for float32'],
  ["a,b\n1,Infinity\n", { kinds: { b: "number" as const } }, '"Infinity" is not a number'],
  ["a,b,c\n1,2,3\n4,5\n", {}, 'a.csv, line 3, column "c": is missing: the row has 2 cells, line 1 has 3'],
  ["a,b\n1,2\n3,4,5\n", {}, 'a.csv, line 3, column "b": should be the last: the row has 3 cells, line 1 has 2'],
  ["1,2\n3\n", {}, 'a.csv, line 2, column "2": is missing: the row has 1 cell, line 1 has 2'],
  ['a,b\n1,"x\n2,y\n', {}, 'a.csv, line 2, column "b": a quote is never closed'],
  ['a,b\n"x"y,2\n', {}, 'a.csv, line 2, column "a": text after the closing quote'],
  ['a,b\n"x""y,2\n', {}, 'a.csv, line 2, column "a": a quote is never closed'],
  ['a,b\n1,x\n5" pipe,y\n', {}, 'a.csv, line 3, column "a": a quote inside a cell'],
  ['a,"b\n1,2\n', {}, 'a.csv, line 1, column "2": a quote is never closed'],
  ['a,b\n"1\n2","3\n4"5\n', {}, 'a.csv, line 3, column "b": text after the closing quote'],
  ["", {}, "a.csv: has no rows"],
  ["\n\n", {}, "a.csv: has no rows"],
  ["a,b\n", {}, "a.csv: has no rows, only a header"],
  ["a\n1\n", { skip: 5 }, "a.csv: has no rows"],
  ["a,a\n1,2\n", {}, 'a.csv: two columns are called "a"'],
  ["temp,b\n1,2\n", { columns: ["tmp"] }, 'a.csv: no column "tmp", did you mean "temp"? (columns: temp, b)'],
  ["a,b\n1,2\n", { kinds: { c: "word" as const } }, 'a.csv: no column "c"'],
  ["a,b\n1,2\n", { delimiter: ",," }, 'a.csv: delimiter is ",,", must be one character'],
  [Uint8Array.from([0xff, 0xfe, 97, 0, 44, 0]), {}, "a.csv: is UTF-16, must be UTF-8"],
  [Uint8Array.from([80, 75, 3, 4, 0, 0]), {}, "a.csv: is no text, it has zero bytes"],
])("refused: %j %j", (text, options, message) => {
  const attempt = () => csv(text, options);
  expect(attempt).toThrow(DataError);
  expect(attempt).toThrow(message);
});

test("more than 10,000 different words are no categories", () => {
  const text = `a,id\n${Array.from({ length: 10_001 }, (_, i) => `1,w${i}\n`).join("")}`;
  expect(() => csv(text)).toThrow('a.csv, line 10002, column "id": more than 10000 different words');
  expect(csv(text, { columns: ["a"] }).rows).toBe(10_001);
  const without = csv(`${text}5,w1\n`, { tooManyWords: "leave-out" });
  expect(without.leftOut).toEqual(["id"]);
  expect(without.columns.map(({ name }) => name)).toEqual(["a"]);
  expect([...without.row(10_001)]).toEqual([5]);
  const only = text.replaceAll("1,", "x,");
  expect(() => csv(only, { columns: ["id"], tooManyWords: "leave-out" })).toThrow("a.csv: no column is left");
});

test("a file: missing, a folder, packed, torn, and one that is cut while it is open", () => {
  const path = join(folder, "data.csv");
  const text = `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},w${i % 3}\n`).join("")}`;
  writeFileSync(path, text);
  writeFileSync(`${path}.gz`, gzipSync(text));
  writeFileSync(join(folder, "torn.csv.gz"), gzipSync(text).subarray(0, 50));
  const table = csvTable(path);
  expect(meaning(csvTable(`${path}.gz`))).toEqual(meaning(table));
  table.close();
  expect(() => csvTable(join(folder, "none.csv"))).toThrow(`${join(folder, "none.csv")}: no such file`);
  expect(() => csvTable(folder)).toThrow(`${folder}: is no file`);
  expect(() => csvTable(join(folder, "torn.csv.gz"))).toThrow("not a whole gzip file");
  const cut = csvTable(path);
  truncateSync(path, 100);
  expect(() => cut.row(499)).toThrow(`${path}: truncated: ends before byte`);
  cut.close();
});

test("rows in any order are the rows in order, and what is no row is named", () => {
  const text = Array.from({ length: 1000 }, (_, i) => `${i},${i / 8},"w${i % 7}\n,"\n`).join("\n");
  const table = csv(`n,x,w\n${text}`);
  const inOrder = meaning(table);
  expect(inOrder.map(([n]) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  for (let i = 0; i < 1000; i++) {
    const n = (i * 617) % 1000;
    expect([...table.row(n)].slice(0, 2)).toEqual(inOrder[n].slice(0, 2));
  }
  for (const n of [-1, 1000, 0.5, Number.NaN])
    expect(() => table.row(n)).toThrow(`a.csv: no row ${n}, must be an integer`);
});

test("records that straddle the pieces in which a file is read, and one longer than a piece", () => {
  const long = 'ab,\n"c'.repeat(300_000); // 1.5 MB
  const pad = "x".repeat(60);
  const text = `n,w\n${Array.from({ length: 30_000 }, (_, i) => `${i},"row\r\n${i % 5}${pad}"\r\n`).join("")}1,${cell(long)}\n2,z\n`;
  const table = csv(text);
  expect(table.rows).toBe(30_002);
  expect(table.columns[1].words).toContain(long);
  for (const n of [0, 9999, 20_000, 29_999]) {
    expect([table.row(n)[0], table.columns[1].words[table.row(n)[1]]]).toEqual([n, `row\r\n${n % 5}${pad}`]);
  }
  expect(table.row(30_001)[0]).toBe(2);
});

const number = fc.double({ min: -1e30, max: 1e30, noNaN: true }).map((v) => v + 0); // a zero below zero is written "0"
const nasty = fc.string({
  unit: fc.constantFrom('"', ",", ";", "\t", "\n", "\r", " ", "a", "1", ".", "é", "🌱", "\ufeff"),
  maxLength: 6,
});

test("whatever stands in the cells comes back as it was", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(nasty, number, nasty), {
        minLength: 1,
        maxLength: 300,
      }),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      (rows, delimiter, end, ended) => {
        const lines = [["p", "q", "r"], ...rows].map(([p, q, r]) =>
          [cell(p), /^\d+$/.test(String(q)) ? cell(String(q)) : String(q), cell(r)].join(delimiter),
        );
        const kinds = { p: "word", q: "number", r: "word" } as const;
        const table = csv(lines.join(end) + (ended ? end : ""), { kinds, delimiter });
        expect(meaning(table)).toEqual(rows);
      },
    ),
    { numRuns: 50 },
  );
});

test("a record is cut alike wherever the piece that holds it ends, or it is said not to be whole", () => {
  const text = fc.string({ unit: fc.constantFrom('"', '""', ",", "\n", "\r\n", "\r", "a"), maxLength: 12 });
  fc.assert(
    fc.property(text, (text) => {
      const bytes = Buffer.from(`${text}\nz`);
      const whole = cells(44);
      const next = whole.cut(bytes, 0, bytes.length, true);
      const found = Array.from({ length: whole.count }, (_, i) => whole.text(bytes, i));
      for (let to = 1; to < bytes.length; to++) {
        const part = cells(44);
        const reached = part.cut(bytes.subarray(0, to), 0, to, false);
        if (reached < 0) continue;
        expect(part.torn).toBe(whole.torn);
        if (whole.torn !== undefined) continue;
        expect([reached, part.breaks]).toEqual([next, whole.breaks]);
        expect(Array.from({ length: part.count }, (_, i) => part.text(bytes, i))).toEqual(found);
      }
    }),
    { numRuns: 50 },
  );
});

test("what is no UTF-8 is told with its line: two different words would become one", () => {
  const latin = Buffer.from("place,n\nRome,1\nK\u00f6ln,2\nK\u00fcln,3\n", "latin1");
  expect(() => csv(latin)).toThrow(new DataError("a.csv, line 3: is no UTF-8 text; save it as UTF-8"));
  expect(csv("place,n\nRome,1\nK\u00f6ln,2\nK\u00fcln,3\n").columns[0].words).toEqual([
    "K\u00f6ln",
    "K\u00fcln",
    "Rome",
  ]);
});

test("a first row of numbers with one missing is a row, and no header", () => {
  const table = csv("1,NA,3\n4,5,6\n7,8,9\n", { missing: "zero" });
  expect(table.columns.map(({ name }) => name)).toEqual(["1", "2", "3"]);
  expect([...table.row(0)]).toEqual([1, 0, 3]);
  expect(table.rows).toBe(3);
});

test.each([
  ["CR", "\r"],
  ["CRLF", "\r\n"],
  ["LF", "\n"],
])("lines are passed over whatever they end in: %s", (_, end) => {
  const table = csv(["two, of them", "", "a,b", "1,2", "3,x", ""].join(end), { skip: 2, kinds: { b: "word" } });
  expect(table.columns.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(meaning(table)).toEqual([
    [1, "2"],
    [3, "x"],
  ]);
  const torn = ["note", "a,b", "1,2", "3"].join(end);
  expect(() => csv(torn, { skip: 1 })).toThrow('a.csv, line 4, column "b": is missing');
});

test("a line of spaces is no row, unless a row is one cell", () => {
  const table = csv("  \na,b\n1,2\n   \n3,4\n\t \n");
  expect([table.columns.map(({ name }) => name), meaning(table)]).toEqual([
    ["a", "b"],
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  expect(meaning(csv("w\nx\n  \ny\n"))).toEqual([["x"], ["  "], ["y"]]);
  expect(() => csv('a,b\n1,2\n"  "\n')).toThrow('line 3, column "b": is missing'); // what is in quotes is a cell
});

test("the line of any row, after blank lines, long cells and other blocks", () => {
  const table = csv(`a,b\n${Array.from({ length: 300 }, (_, i) => `${i},"x\n${i % 3}"\n\n`).join("")}`);
  for (const n of [0, 1, 127, 128, 299]) expect(table.lineOf?.(n)).toBe(2 + 3 * n);
  expect(table.row(5)[0]).toBe(5);
  expect(() => table.lineOf?.(300)).toThrow("a.csv: no row 300");
});

test("the kind of the last column, whatever it is called", () => {
  const table = csv("a,b\n1,2\n2,x\n", { lastKind: "word" });
  expect(table.columns.map(({ kind }) => kind)).toEqual(["number", "word"]);
  const chosen = csv("a,b\n1,2\n2,3\n", { columns: ["b", "a"], lastKind: "word" });
  expect(chosen.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual(["b number", "a word"]);
});
