import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { frame, type Recipe } from "@plastica/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resumeCommand } from "./commands/play.ts";
import { plastica } from "./testing/command.ts";
import { tinyLife } from "./testing/recipe.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-cli-"));
afterAll(() => rmSync(root, { recursive: true }));
const recipe = join(root, "recipe.json");
const out = ["--out", join(root, "runs")];
let id = "";

beforeAll(async () => {
  writeFileSync(recipe, JSON.stringify({ $schema: "./recipe.schema.json", ...tinyLife(3) }));
  const { code, stdout, stderr } = await plastica(["live", recipe, ...out, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  id = JSON.parse(stdout).run;
});

test("live --json prints one object with what became of the run", async () => {
  const { code, stdout } = await plastica(["show", id, ...out, "--json"]);
  expect(code).toBe(0);
  const shown = JSON.parse(stdout);
  expect(shown).toMatchObject({
    run: id,
    status: "complete",
    examples: 600,
    learners: { plain: { windows: 3, step: "task", quantity: "loss", births: 0 }, plastic: { windows: 3 } },
  });
  const { plain, plastic } = shown.learners;
  expect(plastic.births).toBeGreaterThan(5);
  expect(plain.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(plain.loss).toHaveLength(3);
  expect(plain.measures["end-loss"]).toBe(plain.end);
  expect(plain.measures).not.toHaveProperty("online-accuracy"); // there is none of values
  expect(shown.sentences[0]).toMatch(/^After 3 tasks/);
  expect(readFileSync(shown.report, "utf8")).toContain(plastic.fingerprint);
});

test("a complete run is shown, not lived again; it is found by the beginning of its id", async () => {
  const timing = () => readFileSync(join(root, "runs", id, "plain", "timing.json"), "utf8");
  const before = timing();
  const again = await plastica(["live", recipe, ...out]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("is complete already") });
  expect(again.stdout).toContain("After 3 tasks");
  expect(again.stdout).toMatch(/first task +best +end +dormant +born +died +time\n/);
  expect(timing()).toBe(before);
  expect((await plastica(["resume", "tiny", ...out])).stderr).toContain("is complete already");
});

test("ls shows how a run stands; report writes it as every kind of file", async () => {
  const listed = await plastica(["ls", ...out]);
  expect(listed.stdout).toMatch(new RegExp(`^${id}  seed 1  complete  plain [0-9.]+  plastic [0-9.]+\n$`));
  const files = ["--markdown", "--csv", "--parquet", "--picture"].map((flag) => [flag, join(root, `a${flag}`)]);
  const { code, stdout } = await plastica(["report", "tin", ...out, ...files.flat()]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^.*report\.html\n/);
  const [markdown, csv, parquet, picture] = files.map(([, path]) => readFileSync(path, "latin1"));
  expect(markdown).toContain(`## ${id}`);
  expect(csv.split("\n")[0]).toMatch(/^learner,window,task,examples,/);
  expect(parquet.slice(0, 4)).toBe("PAR1");
  expect(picture).toMatch(/^<svg/);
});

test("a run is told line by line where there is no terminal: losses, not accuracies, of values", async () => {
  const yaml = join(root, "other.yaml");
  writeFileSync(
    yaml,
    "name: other\nstream: { kind: sea, length: 200 }\nwindow: 100\nnetwork: { hidden: [4] }\nlearners: { plain: { rule: sgd } }\n",
  );
  const classes = await plastica(["live", yaml, ...out, "--seed", "9"]);
  expect(classes.stdout).toMatch(
    /^plain {2}window 1 of 2 {2}accuracy +[0-9.]+.% {2}loss 0\.\d{4} {2}dormant +[0-9.]+.% {2}0\.\d s\n/,
  );
  expect(classes.stdout).toContain("window 2 of 2");
  const values = await plastica(["live", recipe, ...out, "--tasks", "2", "--seed", "9"]);
  expect(values.stdout).toMatch(/^plain +task 1 of 2 {2}loss \d+\.\d{4}/m);
  for (const folder of await foldersOf("seed", 9)) rmSync(folder, { recursive: true });
});

async function foldersOf(key: string, value: unknown): Promise<string[]> {
  const runs = JSON.parse((await plastica(["ls", ...out, "--json"])).stdout);
  return runs
    .filter((run: Record<string, unknown>) => run[key] === value)
    .map(({ folder }: { folder: string }) => folder);
}

test("verify lives it again and finds the same bits, or tells that they are not", async () => {
  const copy = ["--out", join(root, "copy")];
  cpSync(join(root, "runs"), copy[1], { recursive: true });
  expect(JSON.parse((await plastica(["verify", id, ...copy, "--json"])).stdout)).toMatchObject([
    { run: id, same: true, verdicts: [{ same: true }, { same: true }] },
  ]);
  const path = join(copy[1], id, "plain", "events.jsonl");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const { seq, crc: _, ...ended } = JSON.parse(lines[lines.length - 1]);
  const forged = frame(seq, { ...ended, fingerprint: "0".repeat(16) });
  writeFileSync(path, `${lines.slice(0, -1).join("\n")}\n${forged}`);
  const { code, stdout } = await plastica(["verify", id, ...copy]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^plain: NOT the same: 0{16}, now [0-9a-f]{16}; line \d+ of the log is .*\nplastic: the same, /m,
  );
});

test.each([
  [["live", "first-live"], 2, 'neither a file nor one of first-life, did you mean "first-life"?'],
  [["live", "nowhere.json"], 2, "nowhere.json: no such file"],
  [["live", "nowhere.toml"], 2, "neither a file nor one of"],
  [["live", "first-life", "--tasks", "0"], 2, "It must be an integer from 1."],
  [["live"], 2, "missing required argument"],
  [["lvie"], 2, "Did you mean live?"],
  [["resume", "none", "--out", "/nowhere"], 1, "none: no such run in /nowhere; there are no runs yet"],
  [["verify", "none", "--out", "/nowhere"], 1, "none: no such run in /nowhere; there are no runs yet"],
])("plastica %j ends with %i", async (args, code, message) => {
  const ended = await plastica(args);
  expect(ended).toMatchObject({ code, stdout: "" });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).not.toMatch(/\n {4}at /);
});

test.each([
  [["live", "nowhere.json", "--json"], 2, "RecipeError", "nowhere.json: no such file"],
  [["show", "none", "--out", "/nowhere", "--json"], 1, "RunError", "none: no such run in /nowhere"],
  [["live", "--json"], 2, "UsageError", "missing required argument 'recipe'"],
])("with --json a fault is JSON: %j", async (args, code, name, message) => {
  const ended = await plastica(args);
  expect(ended).toMatchObject({ code, stderr: "" });
  expect(JSON.parse(ended.stdout)).toEqual({ error: { name, message: expect.stringContaining(message) } });
});

test("a recipe's fault is one line, with its place", async () => {
  const wrong = join(root, "wrong.json");
  writeFileSync(wrong, JSON.stringify({ ...tinyLife(1), sede: 1 }));
  expect(await plastica(["live", wrong, ...out])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^plastica: recipe: unknown key "sede", did you mean "seed"\?.*\n$/),
  });
  writeFileSync(wrong, '{\n  "name": }');
  expect((await plastica(["live", wrong, ...out])).stderr).toMatch(/^plastica: .*wrong\.json:2:11: not JSON: .*\n$/);
  const untold = join(root, "untold.json");
  writeFileSync(untold, JSON.stringify({ ...tinyLife(1), stream: { kind: "sea" } }));
  expect(await plastica(["live", untold, ...out, "--tasks", "3"])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^plastica: --tasks: a stream of kind "sea" has no such option \(it has .*\)\n$/),
  });
});

test("Ctrl-C stops it with a snapshot and says how to go on; going on ends in the same bits", async () => {
  const file = join(root, "long.json");
  writeFileSync(file, JSON.stringify({ ...tinyLife(20, 1000), snapshotEvery: 900 }));
  const calm = JSON.parse((await plastica(["live", file, "--json", "--out", join(root, "calm")])).stdout);
  const there = ["--out", join(root, "interrupted")];
  let asked = false;
  const stopped = await plastica(["live", file, ...there], {
    heard: (text, pid) => {
      if (!asked && text.includes("\n")) {
        asked = true;
        process.kill(pid, "SIGINT");
        process.kill(pid, "SIGINT"); // as npm passes on what the terminal has sent already
      }
    },
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain(`npx plastica resume ${calm.run} --out ${there[1]}`);
  const shown = JSON.parse((await plastica(["show", calm.run, ...there, "--json"])).stdout);
  expect(shown.status).toBe("unfinished");
  const { code, stdout } = await plastica(["resume", calm.run, ...there, "--json"]);
  expect(code).toBe(0);
  for (const name of ["plain", "plastic"]) {
    expect(JSON.parse(stdout).learners[name].fingerprint).toBe(calm.learners[name].fingerprint);
    const [a, b] = [join(root, "calm"), there[1]].map((folder) =>
      readFileSync(join(folder, calm.run, name, "events.jsonl")),
    );
    expect(a.equals(b)).toBe(true);
  }
});

test("a complete run of another engine is shown with its name, and verify tells whether this one agrees", async () => {
  const other = join(root, "other-engine");
  cpSync(join(root, "runs", id), join(other, id), { recursive: true });
  for (const name of ["plain", "plastic"]) {
    const path = join(other, id, name, "events.jsonl");
    const [first, ...rest] = readFileSync(path, "utf8").split("\n");
    const { seq, crc: _, ...begun } = JSON.parse(first);
    writeFileSync(path, [frame(seq, { ...begun, engine: "0.0.9" }).trimEnd(), ...rest].join("\n"));
  }
  const there = ["--out", other];
  const shown = await plastica(["show", id, ...there]);
  expect(shown.stdout).toContain("Lived with plastica 0.0.9; `plastica verify` tells whether this one agrees.");
  expect((await plastica(["show", id, ...out])).stdout).not.toContain("Lived with");
  const lived = await plastica(["live", recipe, ...there]);
  expect(lived).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("it was lived with plastica 0.0.9, and verify"),
  });
  expect(lived.stderr).not.toContain("this is it");
  expect((await plastica(["verify", id, ...there])).stdout).toMatch(/^plain: the same, .*\nplastic: the same, .*\n$/m);
});

test("a complete run whose data have changed is not passed off as the result, and verify says why it cannot be one", async () => {
  const [data, rows, there] = [join(root, "rows.csv"), join(root, "rows.json"), ["--out", join(root, "rows")]];
  const write = (last: number) => writeFileSync(data, `a,b\n${"1,2\n3,1\n".repeat(20)}4,${last}\n`);
  const learners = { plain: { rule: "sgd" } };
  writeFileSync(
    rows,
    JSON.stringify({ name: "rows", stream: { kind: "table", path: data }, network: { hidden: [2] }, learners }),
  );
  write(1);
  const { stdout } = await plastica(["live", rows, ...there, "--json"]);
  write(2);
  const told = "its data have changed since it was begun";
  const [live, verify] = [await plastica(["live", rows, ...there]), await plastica(["verify", "rows", ...there])];
  expect(live).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(told) });
  expect(verify).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(told) });
  write(1);
  expect(JSON.parse((await plastica(["live", rows, ...there, "--json"])).stdout)).toEqual(JSON.parse(stdout));
});

test("one run that cannot be read does not hide the others, and is told", async () => {
  const there = join(root, "some bad");
  cpSync(join(root, "runs", id), join(there, id), { recursive: true });
  mkdirSync(join(there, "bad"));
  writeFileSync(join(there, "bad", "recipe.json"), JSON.stringify({ ...tinyLife(1), sede: 1 }));
  const { code, stdout } = await plastica(["ls", "--out", there]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${id}  +seed 1  complete`));
  expect(stdout).toMatch(/\nbad {2}unreadable: .*bad.recipe\.json: recipe: unknown key "sede"/);
  expect(JSON.parse((await plastica(["ls", "--json", "--out", there])).stdout)).toMatchObject([
    { name: "bad", status: "unreadable" },
    { run: id, name: "tiny", seed: 1 },
  ]);
});

test("the printed command goes on with a run wherever it lies", () => {
  const run = (folder: string) => ({ id, folder: resolve(folder), recipe: {} as Recipe });
  expect(resumeCommand(run("runs/a-1"), "runs")).toBe("npx plastica resume a-1");
  expect(resumeCommand(run("my runs/renamed"), "my runs")).toBe("npx plastica resume renamed --out 'my runs'");
  expect(resumeCommand(run("elsewhere/it's"), "runs")).toBe("npx plastica resume 'elsewhere/it'\\''s'");
});

test("whoever reads may stop reading: no error then", async () => {
  const command = fileURLToPath(new URL("plastica.ts", import.meta.url));
  const child = spawn(process.execPath, [command, "protocols"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let told = "";
  child.stderr.on("data", (data) => (told += data));
  const code = await new Promise((ended) => child.on("close", ended));
  expect({ code, told }).toEqual({ code: 0, told: "" });
});

test.each([
  [{ stream: { kind: "sea" }, network: { hidden: [{ kind: "conv", channels: 2, kernel: 3 }] } }, 2, "recipe: network"],
  [{ stream: { kind: "table", path: "none.csv" } }, 1, "none.csv: no such file"],
])("a recipe that does not fit its stream leaves no run behind: %j", async (change, code, told) => {
  const [path, empty] = [join(root, "unfit.json"), join(root, "unfit")];
  writeFileSync(path, JSON.stringify({ ...tinyLife(1), ...change }));
  const ended = await plastica(["live", path, "--out", empty]);
  expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(told) });
  expect(existsSync(empty)).toBe(false);
});
