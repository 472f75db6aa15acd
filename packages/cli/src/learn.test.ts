import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { plastica } from "./testing/command.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-learn-"));
afterAll(() => rmSync(root, { recursive: true }));
const out = ["--out", join(root, "runs")];
const table = join(root, "Air (2024).csv");
/** Whether two numbers have a sum above ten; a column of words that says the same; names; and a value. */
const rows = Array.from({ length: 400 }, (_, i) => {
  const [a, b] = [(i * 7) % 11, (i * 13) % 17];
  return [
    a,
    i % 50 === 3 ? "" : b,
    a + b > 10 ? "much" : "little",
    `station ${i}`,
    a + b > 10 ? 1 : 0,
    2.5 * a - b,
  ].join(",");
});
writeFileSync(table, ["a,b,word,station,above,value", ...rows].join("\n"));

test("a table is learned without a recipe: classes, names left out, and what to hold the result against", async () => {
  const recipe = join(root, "recipe.json");
  const { code, stdout, stderr } = await plastica(["learn", table, "--target", "above", ...out, "--save", recipe]);
  expect(code).toBe(0);
  expect(stderr).toContain('400 rows, 4 columns as 5 inputs; to predict "above", 2 classes: 0, 1.');
  expect(stderr).toContain("Its whole numbers are taken for classes; --regress takes them for values.");
  expect(stderr).toContain(
    "8 empty cells are taken for the column's mean (b 8); --missing zero or error does otherwise.",
  );
  expect(stderr).toContain('"station" is left out: 400 different words.');
  expect(stderr).toMatch(/Who always says "1" is right 6\d\.\d.% of the time\./);
  expect(stdout).toMatch(/\nair-2024-[0-9a-f]{6}-[0-9a-f]{8}\n/);
  expect(stdout).toMatch(/\nplain +[0-9.]+.% +100\.0.% \(window \d+\) +100\.0.% /); // the word gives it away
  expect(stdout).toMatch(/\nReport: .*report\.html\n/);
  const again = await plastica(["live", recipe, ...out]);
  expect(again.stderr).toContain("is complete already");
});

test("numbers are a value where they are asked to be, or cannot be classes", async () => {
  const told = await plastica(["learn", table, "--target", "value", ...out, "--json", "--seed", "3"]);
  expect(told).toMatchObject({ code: 0, stderr: "" });
  const { learners, examples } = JSON.parse(told.stdout);
  expect(examples).toBe(400);
  expect(learners).toMatchObject({ plain: { quantity: "loss", windows: 50 }, plastic: { quantity: "loss" } });
  expect(learners.plain.end).toBeLessThan(0.2);
  const asked = await plastica(["learn", table, "--target", "above", "--regress", ...out, "--json"]);
  expect(JSON.parse(asked.stdout).learners.plain.quantity).toBe("loss");
});

test("a changed table is another run, the same table the same", async () => {
  const learned = async (lines: readonly string[]) => {
    writeFileSync(table, ["a,b,word,station,above,value", ...lines].join("\n"));
    return JSON.parse((await plastica(["learn", table, "--target", "word", ...out, "--json"])).stdout);
  };
  const fewer = await learned(rows.slice(0, 300));
  const all = await learned(rows);
  expect([fewer.examples, all.examples]).toEqual([300, 400]);
  expect(all.run).not.toBe(fewer.run);
  expect((await learned(rows)).run).toBe(all.run);
});

test("--open opens the report in the browser", async () => {
  const browser = join(root, "browser");
  const opened = join(root, "opened");
  writeFileSync(browser, `#!/bin/sh\necho "$1" > '${opened}'\n`);
  chmodSync(browser, 0o755);
  const { stdout } = await plastica(["learn", table, "--target", "word", ...out, "--json", "--open"], {
    env: { BROWSER: browser },
  });
  for (let i = 0; i < 100 && !existsSync(opened); i++) await after(20);
  expect(readFileSync(opened, "utf8").trim()).toBe(JSON.parse(stdout).report);
});

test.each([
  ["of words", ["a,b", "1,big", "2,", "3,small"], [], 3],
  ["of classes", ["a,b", "1,0", "2,1", "3,NA"], [], 4],
  ["a value", ["a,b", "1,2.5", "2,1.5", "3,", "4,0"], ["--regress"], 4],
])(
  "a row without a target, which is %s, is told with its line, and nothing is learned",
  async (_, lines, flags, line) => {
    const path = join(root, "gaps.csv");
    writeFileSync(path, lines.join("\n"));
    const { code, stdout, stderr } = await plastica(["learn", path, "--target", "b", ...flags, ...out]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`gaps.csv, line ${line}, column "b": `);
    expect(stderr).toContain("it is what should be said, and nothing is put in its place: leave the row out");
  },
);

test.each([
  [["nowhere.csv", "--target", "a"], 2, "nowhere.csv: no such file"],
  [
    [table, "--target", "wrod"],
    2,
    'has no column "wrod", did you mean "word"? (columns: a, b, word, station, above, value)',
  ],
  [[table], 2, "required option '--target <column>' not specified"],
  [[table, "--target", "word", "--regress"], 2, "holds words (little, much), must hold numbers"],
  [[table, "--target", "above", "--regress", "--classify"], 2, "must be one of them"],
  [[table, "--target", "a", "--missing", "error"], 1, "line 5"],
])("plastica learn %j ends with %i", async (args, code, message) => {
  expect(await plastica(["learn", ...args, ...out])).toMatchObject({
    code,
    stdout: "",
    stderr: expect.stringContaining(message),
  });
});
