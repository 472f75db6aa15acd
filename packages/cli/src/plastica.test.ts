import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { frame, type Recipe } from "@plastica/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resumeCommand } from "./commands/play.ts";
import { plastica } from "./testing/command.ts";
import { shortLife } from "./testing/recipe.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-cli-"));
afterAll(() => rmSync(root, { recursive: true }));
const recipe = join(root, "recipe.json");
const out = ["--out", join(root, "runs")];
let id = "";

beforeAll(async () => {
  writeFileSync(recipe, JSON.stringify(shortLife(3)));
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
    examples: 1200,
    learners: { plain: { tasks: 3, births: 0 }, plastic: { tasks: 3 } },
  });
  expect(shown.learners.plastic.births).toBeGreaterThan(10);
  expect(shown.learners.plain.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(shown.sentences[0]).toMatch(/^After 3 tasks/);
  expect(readFileSync(shown.report, "utf8")).toContain(shown.learners.plastic.fingerprint);
});

test("a complete run is shown, not lived again; it is found by the beginning of its id", async () => {
  const before = readFileSync(join(root, "runs", id, "plain", "timing.json"), "utf8");
  const again = await plastica(["live", recipe, ...out]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("is complete already") });
  expect(again.stdout).toContain("After 3 tasks");
  expect(readFileSync(join(root, "runs", id, "plain", "timing.json"), "utf8")).toBe(before);
  expect((await plastica(["resume", "short", ...out])).stderr).toContain("is complete already");
  expect((await plastica(["ls", ...out])).stdout).toMatch(new RegExp(`^${id}  +complete  +plain [0-9.]+.%  plastic`));
  expect((await plastica(["report", "sho", ...out])).stdout.trim()).toMatch(/report\.html$/);
});

test("--tasks and --seed make another recipe, and so another run", async () => {
  const { stdout } = await plastica(["live", recipe, ...out, "--json", "--tasks", "1", "--seed", "9"]);
  const other = JSON.parse(stdout);
  expect(other.run).not.toBe(id);
  expect(other.examples).toBe(400);
  rmSync(other.folder, { recursive: true });
});

test("verify lives it again and finds the same bits, or tells that they are not", async () => {
  const same = await plastica(["verify", id, ...out, "--json"]);
  expect(same.code).toBe(0);
  expect(JSON.parse(same.stdout).verdicts.map(({ same }: { same: boolean }) => same)).toEqual([true, true]);
});

test.each([
  [["live", "first-live"], 2, 'neither a file nor one of first-life, did you mean "first-life"?'],
  [["live", "nowhere.json"], 2, "nowhere.json: no such file"],
  [["live", "first-life", "--tasks", "0"], 2, "It must be an integer from 1."],
  [["live"], 2, "missing required argument"],
  [["lvie"], 2, "Did you mean live?"],
  [["resume", "none", "--out", "/nowhere"], 1, "none: no such run in /nowhere; there are no runs yet"],
])("plastica %j ends with %i", async (args, code, message) => {
  const ended = await plastica(args);
  expect(ended).toMatchObject({ code, stdout: "" });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).not.toMatch(/\n {4}at /);
});

test("a recipe's fault is one line", async () => {
  const wrong = join(root, "wrong.json");
  writeFileSync(wrong, JSON.stringify({ ...shortLife(1), sede: 1 }));
  expect(await plastica(["live", wrong, ...out])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^plastica: recipe: unknown key "sede", did you mean "seed"\?.*\n$/),
  });
  writeFileSync(wrong, "{");
  expect((await plastica(["live", wrong, ...out])).stderr).toMatch(/^plastica: .*wrong\.json: not JSON: .*\n$/);
});

test("Ctrl-C stops it with a snapshot and says how to go on; going on ends in the same bits", async () => {
  const file = join(root, "long.json");
  writeFileSync(file, JSON.stringify(shortLife(40)));
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
  expect((await plastica(["verify", id, ...there])).stdout).toMatch(/^plain: the same, .*\nplastic: the same, .*\n$/m);
});

test("one run that cannot be read does not hide the others, and is told", async () => {
  const there = join(root, "some bad");
  cpSync(join(root, "runs", id), join(there, id), { recursive: true });
  mkdirSync(join(there, "bad"));
  writeFileSync(join(there, "bad", "recipe.json"), JSON.stringify({ ...shortLife(1), sede: 1 }));
  const { code, stdout } = await plastica(["ls", "--out", there]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${id}  +complete`));
  expect(stdout).toMatch(/\nbad {2}unreadable: .*bad.recipe\.json: recipe: unknown key "sede"/);
  expect(JSON.parse((await plastica(["ls", "--json", "--out", there])).stdout)).toMatchObject([
    { name: "bad", status: "unreadable" },
    { run: id },
  ]);
});

test("the printed command goes on with a run wherever it lies", () => {
  const run = (folder: string) => ({ id, folder: resolve(folder), recipe: {} as Recipe });
  expect(resumeCommand(run("runs/a-1"), "runs")).toBe("npx plastica resume a-1");
  expect(resumeCommand(run("my runs/renamed"), "my runs")).toBe("npx plastica resume renamed --out 'my runs'");
  expect(resumeCommand(run("elsewhere/it's"), "runs")).toBe("npx plastica resume 'elsewhere/it'\\''s'");
});
