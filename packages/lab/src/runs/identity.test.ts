import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Recipe, readRecipe, recipeText, runId } from "../recipe/recipe.ts";
import { dataDigest } from "../streams/data-digest.ts";
import { jobOf, resultIn } from "../sweeps/job.ts";
import { sweep } from "../sweeps/sweep.ts";
import { conduct } from "./conduct.ts";
import { frame, readEvents } from "./events.ts";
import { makeFolder } from "./files.ts";
import { liveOut } from "./life.ts";
import { engineVersion } from "./machine.ts";
import { eventsPath, learnerFolder, recipePath } from "./paths.ts";
import { createRun, openRun, type Run, stateOf } from "./run.ts";
import { verify } from "./verify.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-identity-"));
afterAll(() => rmSync(root, { recursive: true }));
const fresh = () => mkdtempSync(join(root, "runs-"));

const path = join(root, "rows.csv");
const write = (last: number) =>
  writeFileSync(path, `a,b\n${Array.from({ length: 60 }, (_, n) => `${n % 7},${n === 59 ? last : n % 3}\n`).join("")}`);
beforeEach(() => write(1));

const recipe = readRecipe({
  name: "rows",
  stream: { kind: "table", path, target: "b" },
  network: { hidden: [3] },
  learners: { one: { rule: "sgd" }, two: { rule: "adam" } },
  snapshotEvery: 10,
});

/** Lives one learner, to its end or to that example. */
function lived(folder: string, name: string, to = Number.POSITIVE_INFINITY): Promise<string> {
  makeFolder(learnerFolder(folder, name));
  return liveOut(folder, recipe, name, { pulse: (position) => position >= to });
}

/** Gives a log another engine. */
function ofAnotherEngine(log: string): void {
  const events = readEvents(log).events.map((event) =>
    event.type === "begun" ? { ...event, engine: "0.0.1+12345678" } : event,
  );
  writeFileSync(log, events.map((event, seq) => frame(seq, event)).join(""));
}

const now = () => dataDigest(recipe.stream) ?? "none";

test("a life is not gone on with when its file has changed, and nothing is touched; with the file put back it ends as it would have", async () => {
  const [{ folder }, run] = [createRun(fresh(), recipe), createRun(fresh(), recipe)];
  expect(await lived(run.folder, "one", 20)).toBe("stopped");
  const before = now();
  const files = readdirSync(learnerFolder(run.folder, "one"), { recursive: true });
  const log = readFileSync(eventsPath(run.folder, "one"));
  write(5);
  const told = `${run.folder}: its data have changed since it was begun (they were ${before}, now ${now()})`;
  await expect(conduct(run)).rejects.toThrow(told);
  await expect(lived(run.folder, "one")).rejects.toThrow(told);
  expect(readFileSync(eventsPath(run.folder, "one")).equals(log)).toBe(true);
  expect(readdirSync(learnerFolder(run.folder, "one"), { recursive: true })).toEqual(files);
  expect(readdirSync(run.folder).sort()).toEqual(["one", "recipe.json"]); // the other has not begun either
  write(1);
  expect(await conduct(run)).toBe("complete");
  expect(stateOf(run).learners.one.begun?.data).toBe(before);
  await lived(folder, "one");
  expect(readFileSync(eventsPath(folder, "one")).equals(readFileSync(eventsPath(run.folder, "one")))).toBe(true);
});

test("a finished life of other data is no result, is not verified, and no other life is set beside it", async () => {
  const swept = fresh();
  const run = createRun(swept, recipe);
  await conduct(run);
  const ours = resultIn(run.folder, recipe);
  expect(ours?.fingerprint).toMatch(/^[0-9a-f]+ [0-9a-f]+$/);
  const { key } = jobOf(recipe, 0);
  write(5);
  expect(resultIn(run.folder, recipe)).toBeUndefined();
  expect(jobOf(recipe, 0).key).not.toBe(key);
  const told = "its data have changed since it was begun";
  await expect(verify(run)).rejects.toThrow(told);
  const { jobs } = await sweep([recipe], { root: swept, threads: 1 });
  expect(jobs[0].settled).toEqual({ error: expect.stringContaining(told) });
  rmSync(learnerFolder(run.folder, "two"), { recursive: true });
  await expect(conduct(run)).rejects.toThrow(told);
  expect(readdirSync(run.folder)).not.toContain("two");
});

test("beside a finished life of another engine no life of this one is begun, in a run or in a sweep", async () => {
  const swept = fresh();
  const run = createRun(swept, recipe);
  await lived(run.folder, "one");
  ofAnotherEngine(eventsPath(run.folder, "one"));
  const told = `${run.folder}: begun with plastica 0.0.1+12345678, this is ${engineVersion()}`;
  await expect(conduct(run)).rejects.toThrow(told);
  const { jobs } = await sweep([recipe], { root: swept, threads: 1 });
  expect(jobs[0].settled).toEqual({ error: expect.stringContaining(told) });
  expect(readdirSync(run.folder).sort()).toEqual(["one", "recipe.json"]);
});

test("a sweep over a file that is not there says so before anything is lived", async () => {
  const none = readRecipe({ ...recipe, stream: { ...recipe.stream, path: join(root, "none.csv") } });
  const swept = fresh();
  await expect(sweep([recipe, none], { root: swept })).rejects.toThrow("none.csv: no such file");
  expect(readdirSync(swept)).toEqual([]);
});

/** Writes another recipe over a run's own, as an editor does, and opens it; what it is told by then. */
function edited(folder: string, change: Partial<Recipe>): { run: Run; told: string } {
  const other = readRecipe({ ...recipe, ...change });
  writeFileSync(recipePath(folder), recipeText(other));
  const was = runId(recipe);
  return { run: openRun(folder), told: `${folder}: recipe.json is of ${runId(other)}, the life was begun as ${was}` };
}

/** Every file in a folder with what is in it. */
const all = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${join(parentPath, name)} ${readFileSync(join(parentPath, name), "latin1")}`)
    .sort();

test("a run whose recipe was edited is not gone on with: its snapshots are good, and no other life comes beside", async () => {
  const begun = createRun(fresh(), recipe);
  expect(await lived(begun.folder, "one", 20)).toBe("stopped");
  const { run, told } = edited(begun.folder, { batch: 2 });
  const before = all(run.folder);
  await expect(conduct(run)).rejects.toThrow(told);
  await expect(liveOut(run.folder, run.recipe, "one", { pulse: () => false })).rejects.toThrow(told);
  expect(all(run.folder)).toEqual(before);
  writeFileSync(recipePath(run.folder), recipeText(recipe));
  expect(await conduct(openRun(run.folder))).toBe("complete");
});

test("a complete run whose recipe was edited shows no result, nor is a renamed learner lived beside the others", async () => {
  const lives = createRun(fresh(), recipe);
  await conduct(lives);
  const { run, told } = edited(lives.folder, { seed: 9 });
  expect(() => stateOf(run)).toThrow(told);
  await expect(verify(run)).rejects.toThrow(told);
  const renamed = edited(lives.folder, { learners: { three: recipe.learners.one } });
  await expect(conduct(renamed.run)).rejects.toThrow(renamed.told);
  expect(readdirSync(run.folder)).not.toContain("three");
  // Written otherwise, it says the same.
  writeFileSync(recipePath(run.folder), JSON.stringify(recipe));
  expect(stateOf(openRun(run.folder)).complete).toBe(true);
});

test("snapshots of another recipe, or of another learner, whose log is gone, are told and left as they are", async () => {
  const { folder } = createRun(fresh(), recipe);
  expect(await lived(folder, "one", 20)).toBe("stopped");
  rmSync(eventsPath(folder, "one"));
  cpSync(learnerFolder(folder, "one"), learnerFolder(folder, "two"), { recursive: true });
  const before = all(folder);
  const told = `is of ${runId(recipe)}/one, must be of`;
  await expect(lived(folder, "two")).rejects.toThrow(told);
  const { run } = edited(folder, { batch: 2 });
  await expect(liveOut(folder, run.recipe, "one", { pulse: () => false })).rejects.toThrow(told);
  writeFileSync(recipePath(folder), recipeText(recipe));
  expect(all(folder)).toEqual(before);
});
