import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRecipe } from "../recipe/recipe.ts";
import { conduct } from "../runs/conduct.ts";
import { frame, readEvents } from "../runs/events.ts";
import { engineVersion } from "../runs/machine.ts";
import { eventsPath, snapshotsPath } from "../runs/paths.ts";
import { createRun } from "../runs/run.ts";
import { storedIn } from "../runs/snapshots.ts";
import { resultIn } from "./job.ts";
import { sweep } from "./sweep.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-sweep-worker-"));
afterAll(() => rmSync(root, { recursive: true }));
const fresh = () => mkdtempSync(join(root, "sweep-"));

const recipeOf = (seed: number, examplesPerTask = 300) =>
  readRecipe({
    ...{ name: "lives", seed },
    stream: { kind: "slowly-changing-regression", tasks: 2, examplesPerTask },
    network: { hidden: [4] },
    learners: { adam: { rule: "adam" }, plain: { rule: "sgd" } },
  });

test("what a sweep lives is what a run lives: the same bytes of each learner's log", async () => {
  const [swept, alone] = [fresh(), fresh()];
  const recipe = recipeOf(1);
  const { jobs } = await sweep([recipe, recipeOf(2)], { root: swept, threads: 1 });
  const run = createRun(alone, recipe);
  await conduct(run);
  const { folder } = createRun(swept, recipe);
  for (const name of ["adam", "plain"]) {
    expect(readFileSync(eventsPath(folder, name)).equals(readFileSync(eventsPath(run.folder, name)))).toBe(true);
  }
  const fingerprint = resultIn(run.folder, recipe)?.fingerprint;
  expect(fingerprint).toMatch(/^[0-9a-f]+ [0-9a-f]+$/);
  expect(jobs.map(({ settled }) => settled)).toEqual([
    { result: { fingerprint, seconds: expect.any(Number) }, by: "here" },
    { result: { fingerprint: expect.not.stringMatching(`^${fingerprint}$`), seconds: expect.any(Number) }, by: "here" },
  ]);
});

test("a life that was stopped leaves a snapshot, and goes on to the same bits", async () => {
  const [rough, calm] = [fresh(), fresh()];
  const recipe = recipeOf(3, 20_000);
  const stopper = new AbortController();
  const progress = () => stopper.abort();
  const first = await sweep([recipe], { root: rough, signal: stopper.signal }, { progress });
  expect(first.outcome).toBe("stopped");
  const { folder } = createRun(rough, recipe);
  const [{ position }] = storedIn(snapshotsPath(folder, "adam"));
  expect(position).toBeGreaterThan(0);
  expect(position).toBeLessThan(40_000);
  const [again, undisturbed] = [await sweep([recipe], { root: rough }), await sweep([recipe], { root: calm })];
  expect(again.outcome).toBe("complete");
  const fingerprints = [again, undisturbed].map(({ jobs: [{ settled }] }) =>
    settled !== undefined && "result" in settled ? settled.result.fingerprint : settled,
  );
  expect(fingerprints[0]).toMatch(/^[0-9a-f]+ [0-9a-f]+$/);
  expect(fingerprints[0]).toBe(fingerprints[1]);
});

test("a run of another engine is no result of this one", async () => {
  const own = fresh();
  const recipe = recipeOf(4);
  await sweep([recipe], { root: own });
  const { folder } = createRun(own, recipe);
  const path = eventsPath(folder, "adam");
  const events = readEvents(path).events.map((event) =>
    event.type === "begun" ? { ...event, engine: "0.0.1+12345678" } : event,
  );
  writeFileSync(path, events.map((event, seq) => frame(seq, event)).join(""));
  const { jobs } = await sweep([recipe], { root: own });
  expect(jobs[0].settled).toEqual({
    error: `${folder}: begun with plastica 0.0.1+12345678, this is ${engineVersion()}: it would not end in the same bits; begin it anew in another folder`,
  });
});
