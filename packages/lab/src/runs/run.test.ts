import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecipeError } from "plastica";
import { afterAll, expect, test } from "vitest";
import { type Recipe, readRecipe } from "../recipe/recipe.ts";
import { RunError } from "./errors.ts";
import { frame } from "./events.ts";
import { replaceFile, writeWhole } from "./files.ts";
import { machine } from "./machine.ts";
import { eventsPath, metricsPath } from "./paths.ts";
import { createRun, findRun, isDryRun, openRun, type Run, stateOf } from "./run.ts";
import { readTiming, Stopwatch } from "./stopwatch.ts";
import { differenceOf } from "./verify.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-run-"));
afterAll(() => rmSync(root, { recursive: true }));

const recipe = (seed: number): Recipe =>
  readRecipe({
    name: "short",
    seed,
    stream: { kind: "permuted", tasks: 1, examplesPerTask: 10 },
    network: { hidden: [2] },
    learners: { plain: { rule: "sgd" } },
  });

/** Gives a run the log and metrics of one that is complete. */
function completed(run: Run): Run {
  mkdirSync(join(run.folder, "plain"));
  const end = { type: "ended", examples: 10, fingerprint: "0".repeat(16), births: 0, deaths: 0 };
  writeFileSync(eventsPath(run.folder, "plain"), frame(0, end));
  writeFileSync(metricsPath(run.folder, "plain"), "");
  return run;
}

test("a run is found by its beginning; of several, the one that fits", () => {
  const runs = join(root, "runs");
  const done = completed(createRun(runs, recipe(1)));
  const other = createRun(runs, recipe(2));
  expect(findRun(runs, done.id).folder).toBe(done.folder);
  expect(findRun(runs, "short", ({ complete }) => complete).folder).toBe(done.folder);
  expect(findRun(runs, "short", ({ complete }) => !complete).folder).toBe(other.folder);
  expect(() => findRun(runs, "short")).toThrow(RunError);
  expect(() => findRun(runs, "short")).toThrow(new RegExp(`${done.id} \\(complete\\)`));
  const third = createRun(runs, recipe(3));
  expect(() => findRun(runs, "short", ({ complete }) => !complete)).toThrow(new RegExp(`${third.id} \\(unfinished\\)`));
  expect(stateOf(third)).toMatchObject({ complete: false, running: false });
});

test("a name means a dry run only where there is no other, or where it alone fits", () => {
  const runs = join(root, "dry");
  const dropin = { kind: "dropin", when: "schedule", dryRun: true };
  const said = (seed: number): Recipe =>
    readRecipe({ ...recipe(seed), learners: { plain: { rule: "sgd", structure: [dropin] } } });
  const dry = createRun(runs, said(1));
  expect(findRun(runs, "short").folder).toBe(dry.folder);
  const real = createRun(runs, recipe(1));
  expect(isDryRun(dry.recipe)).toBe(true);
  expect(isDryRun(real.recipe)).toBe(false);
  expect(findRun(runs, "short", ({ complete }) => !complete).folder).toBe(real.folder);
  completed(real);
  expect(findRun(runs, "short", ({ complete }) => !complete).folder).toBe(dry.folder);
  completed(dry);
  expect(findRun(runs, "short", ({ complete }) => !complete).folder).toBe(real.folder);
  createRun(runs, recipe(2));
  expect(() => findRun(runs, "short")).toThrow(`${dry.id} (dry run, complete)`);
});

test("a path is a path, and never the beginning of a name", () => {
  const runs = join(root, "paths");
  const { folder } = createRun(runs, recipe(1));
  expect(findRun("/nowhere", folder).folder).toBe(folder);
  expect(() => findRun(runs, "elsewhere/sho")).toThrow("elsewhere/sho: no such run");
  renameSync(folder, join(runs, "renamed"));
  expect(findRun(runs, "ren").folder).toBe(join(runs, "renamed"));
});

test("a recipe that was damaged is told with its path", () => {
  const folder = join(root, "damaged");
  mkdirSync(folder);
  writeFileSync(join(folder, "recipe.json"), "{}");
  expect(() => openRun(folder)).toThrow(RecipeError);
  expect(() => openRun(folder)).toThrow(`${join(folder, "recipe.json")}: recipe: `);
});

test("a file that could not be put in its place leaves nothing behind", () => {
  const folder = mkdtempSync(join(root, "files-"));
  mkdirSync(join(folder, "taken", "by-a-folder"), { recursive: true });
  expect(() => writeWhole(join(folder, "taken"), "text")).toThrow();
  expect(() => replaceFile(join(folder, "taken"), "text")).toThrow();
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("times count the running task, and those of tasks that will be lived again are dropped", () => {
  const folder = mkdtempSync(join(root, "times-"));
  const watch = new Stopwatch(folder);
  watch.start(0);
  watch.stop();
  watch.start(1);
  const until = performance.now() + 20;
  while (performance.now() < until);
  watch.save();
  expect(readTiming(folder)?.seconds).toHaveLength(2);
  expect(readTiming(folder)?.seconds[1]).toBeGreaterThan(0.01);
  expect(watch.stop()).toBeGreaterThan(0.01);
  const again = new Stopwatch(folder, 1);
  again.save();
  expect(readTiming(folder)?.seconds).toHaveLength(1);
});

test.each([
  null,
  3,
  {},
  { seconds: [1] },
  { seconds: ["1"], machine: machine() },
  { seconds: [-1], machine: machine() },
])("%j are no times", (value) => {
  const folder = mkdtempSync(join(root, "no-times-"));
  writeFileSync(join(folder, "timing.json"), JSON.stringify(value));
  expect(readTiming(folder)).toBeUndefined();
});

test("two logs differ at a line, but not by the engine's name", () => {
  const begun = { type: "begun", engine: "1" };
  const [task, other] = [0.5, 0.6].map((accuracy) => ({ type: "task", accuracy }));
  expect(differenceOf([begun, task], [{ ...begun, engine: "2" }, task])).toBeUndefined();
  expect(differenceOf([begun, task], [begun, other])).toBe(
    'line 2 of the log is {"type":"task","accuracy":0.5}, now {"type":"task","accuracy":0.6}',
  );
  expect(differenceOf([begun, task], [begun])).toContain("now nothing");
});
