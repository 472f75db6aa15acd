import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { type Recipe, readRecipe, runId } from "../recipe/recipe.ts";
import { RunError } from "../runs/errors.ts";
import { lock } from "../runs/lock.ts";
import { createRun } from "../runs/run.ts";
import { thisProcess } from "./holder.ts";
import { queuePath } from "./job.ts";
import { openQueue } from "./queue.ts";
import type { SweepView } from "./standing.ts";
import { type SweepAudience, type SweepResult, sweep } from "./sweep.ts";

const top = mkdtempSync(join(tmpdir(), "plastica-sweep-"));
afterAll(() => rmSync(top, { recursive: true }));

const fresh = () => mkdtempSync(join(top, "sweep-"));
const program = new URL("./fake.testing.ts", import.meta.url);

/** Recipes for the seeds from `from`. */
function seeds(count: number, name = "fake", from = 1): Recipe[] {
  return Array.from({ length: count }, (_, i) =>
    readRecipe({
      ...{ name, seed: from + i },
      stream: { kind: "slowly-changing-regression", tasks: 2, examplesPerTask: 100 },
      network: { hidden: [3] },
      learners: { one: { rule: "sgd" } },
    }),
  );
}

/** The seeds that a life was begun for, each as often as it was. */
function lived(root: string): number[] {
  const path = join(root, "lived.txt");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map(Number)
    .sort((a, b) => a - b);
}

function completions(root: string): string[] {
  const queue = openQueue(queuePath(root));
  const keys = queue.history().filter(({ what }) => what === "completed");
  queue.close();
  return keys.map(({ key }) => key);
}

const ends = ({ jobs }: SweepResult) =>
  jobs.map(({ settled }) => {
    if (settled === undefined) return "unfinished";
    return "result" in settled ? `${settled.result.fingerprint} ${settled.by}` : settled.error;
  });

/** Resolves when the audience has been told that, and the sweep's end. */
function until(root: string, recipes: readonly Recipe[], what: "started" | "putBack", options = {}) {
  let told = () => {};
  const happened = new Promise<void>((resolve) => {
    told = resolve;
  });
  const audience: SweepAudience = { [what]: told };
  return { happened, swept: sweep(recipes, { root, program, threads: 2, ...options }, audience) };
}

test("each recipe is lived once, the results in the recipes' order; a second sweep lives nothing", async () => {
  const root = fresh();
  const recipes = [...seeds(6), ...seeds(1)]; // one is named twice
  const first = await sweep(recipes, { root, program, threads: 3 });
  expect(first.outcome).toBe("complete");
  expect(ends(first)).toEqual([1, 2, 3, 4, 5, 6, 1].map((seed) => `of-${seed} here`));
  const again = await sweep(recipes, { root, program });
  expect(ends(again)).toEqual([1, 2, 3, 4, 5, 6, 1].map((seed) => `of-${seed} before`));
  expect(lived(root)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the run folders are the truth: without its queue a sweep lives nothing twice, without a folder it lives that again", async () => {
  const root = fresh();
  await sweep(seeds(4), { root, program });
  rmSync(queuePath(root));
  await sweep(seeds(4), { root, program });
  expect(lived(root)).toEqual([1, 2, 3, 4]);
  rmSync(createRun(root, seeds(2)[1]).folder, { recursive: true });
  const third = await sweep(seeds(4), { root, program });
  expect(ends(third)).toEqual(["of-1 before", "of-2 here", "of-3 before", "of-4 before"]);
  expect(lived(root)).toEqual([1, 2, 2, 3, 4]);
});

test("a job that fails is told, the others go on, and the next sweep tries it again", async () => {
  const root = fresh();
  const recipes = [...seeds(1, "fails"), ...seeds(3, "fake", 10)];
  const told: string[] = [];
  const swept = await sweep(recipes, { root, program, threads: 1 }, { failed: (_, error) => told.push(error) });
  expect(ends(swept)).toEqual(["no data for 1", "of-10 here", "of-11 here", "of-12 here"]);
  expect(swept.outcome).toBe("complete");
  expect(told).toEqual(["no data for 1"]);
  writeFileSync(join(root, "mended"), "");
  const again = await sweep(recipes, { root, program });
  expect(ends(again)).toEqual(["of-1 here", "of-10 before", "of-11 before", "of-12 before"]);
});

test("a job that failed here stays so when another process tries it again after we have left", async () => {
  const root = fresh();
  const other = openQueue(queuePath(root));
  let claim: unknown;
  const failed = () => {
    other.retry();
    claim = other.claim(thisProcess(), 60_000);
  };
  const swept = await sweep(seeds(1, "fails"), { root, program }, { failed });
  other.close();
  expect(claim).toMatchObject({ token: 2 });
  expect(ends(swept)).toEqual(["no data for 1"]);
  expect(swept.outcome).toBe("complete");
});

test("a thread that ends by itself takes its job with it, and no other", async () => {
  const root = fresh();
  const swept = await sweep([...seeds(2, "dies"), ...seeds(2, "fake", 10)], { root, program, threads: 1 });
  const death = "its thread ended too early (exit code 3)";
  expect(ends(swept)).toEqual([death, death, "of-10 here", "of-11 here"]);
});

test("when the signal comes, lives stop and their jobs wait for the next sweep", async () => {
  const root = fresh();
  const stopper = new AbortController();
  const { happened, swept } = until(root, seeds(3, "long"), "started", { signal: stopper.signal });
  await happened;
  stopper.abort();
  const { outcome, jobs } = await swept;
  expect(outcome).toBe("stopped");
  expect(jobs.map(({ settled }) => settled)).toEqual([undefined, undefined, undefined]);
  const queue = openQueue(queuePath(root));
  expect(queue.counts()).toEqual({ waiting: 3, leased: 0, done: 0, failed: 0 });
  queue.close();
  lock(createRun(root, seeds(1, "long")[0]).folder)(); // it was given back
  const early = await sweep(seeds(1), { root, program, signal: AbortSignal.abort() });
  expect(ends(early)).toEqual(["unfinished"]);
});

test("a run that somebody else writes is put back, and lived when they have left", async () => {
  const root = fresh();
  const recipes = seeds(2);
  const leave = lock(createRun(root, recipes[0]).folder);
  const { happened, swept } = until(root, recipes, "putBack");
  await happened;
  leave();
  expect(ends(await swept)).toEqual(["of-1 here", "of-2 here"]);
  expect(lived(root)).toEqual([1, 2]);
});

test("whose lease was taken over stops its life, and takes over the other's result", async () => {
  const root = fresh();
  const { happened, swept } = until(root, seeds(1, "long"), "started", { leaseMs: 150 });
  await happened;
  const other = openQueue(queuePath(root), () => Date.now() + 10_000); // its clock says that the lease has run out
  const claim = other.claim(thisProcess(), 60_000);
  const key = claim?.job.key ?? "";
  await expect.poll(() => lock(createRun(root, seeds(1, "long")[0]).folder)).toBeTypeOf("function"); // it has left
  expect(other.complete(key, 2, { fingerprint: "theirs", seconds: 1 })).toBe(true);
  other.close();
  expect(ends(await swept)).toEqual(["theirs elsewhere"]);
});

test("two processes share the work, and no job is done twice", async () => {
  const root = fresh();
  const recipes = seeds(16);
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = join(root, "child.ts");
  writeFileSync(
    script,
    `import { sweep } from ${url("./sweep.ts")};
     const options = { root: ${JSON.stringify(root)}, threads: 1, program: new URL(${url("./fake.testing.ts")}) };
     const { jobs } = await sweep(${JSON.stringify(recipes)}, options, { started: () => console.log("started") });
     console.log(JSON.stringify(jobs.map(({ settled }) => settled.by)));`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  await once(child.stdout, "data");
  const [mine] = await Promise.all([sweep(recipes, { root, program, threads: 1 }), once(child, "close")]);
  const theirs = JSON.parse(said.trim().split("\n").at(-1) ?? "") as string[];
  const here = mine.jobs.map(({ settled }) => settled !== undefined && "result" in settled && settled.by);
  expect(lived(root)).toEqual(recipes.map(({ seed }) => seed));
  expect(new Set(completions(root)).size).toBe(16);
  expect(completions(root)).toHaveLength(16);
  // Each job is "here" in one of the two, and in the other done by somebody else.
  for (const [i, by] of here.entries()) expect([by, theirs[i]].filter((who) => who === "here")).toHaveLength(1);
  expect(here).toContain("here");
});

test("the view tells what is done, what runs, and how long the rest will take", async () => {
  const views: SweepView[] = [];
  const recipes = [...seeds(8), ...seeds(1, "fails")];
  await sweep(recipes, { root: fresh(), program, threads: 2 }, { view: (view) => views.push(view) });
  const [first, last] = [views[0], views.at(-1)];
  expect(first).toEqual({ jobs: 9, done: 0, failed: 0, running: [], elsewhere: 0 });
  expect(last).toEqual({ jobs: 9, done: 8, failed: 1, running: [], elsewhere: 0, secondsLeft: 0 });
});

test("a life that runs is in the view, with how far it is", async () => {
  const root = fresh();
  const stopper = new AbortController();
  const seen: SweepView["running"][] = [];
  const view = ({ running }: SweepView) => {
    if (running.length === 2 && running.some(({ position }) => position > 0)) stopper.abort(seen.push(running));
  };
  await sweep(seeds(3, "long"), { root, program, threads: 2, signal: stopper.signal }, { view });
  expect(seen[0].map(({ job, examples }) => `${job.folder} ${examples}`).sort()).toEqual(
    seeds(2, "long")
      .map((recipe) => `${runId(recipe)} 40`)
      .sort(),
  );
});

test("a thread that cannot be started is the sweep's failure, and its job waits for others", async () => {
  const root = fresh();
  const broken = join(root, "broken.ts");
  writeFileSync(broken, 'throw new Error("no kernels");');
  await expect(sweep(seeds(2), { root, program: pathToFileURL(broken) })).rejects.toThrow("no kernels");
  expect(ends(await sweep(seeds(2), { root, program }))).toEqual(["of-1 here", "of-2 here"]);
});

test("a damaged queue is told, and nothing is lived", async () => {
  const root = fresh();
  writeFileSync(queuePath(root), "nonsense ".repeat(1000));
  await expect(sweep(seeds(2), { root, program })).rejects.toThrow(RunError);
  await expect(sweep(seeds(2), { root, program })).rejects.toThrow(`${queuePath(root)}: not a sweep's queue`);
  expect(lived(root)).toEqual([]);
});

test("what goes wrong with the audience stops the sweep, which tells it", async () => {
  const root = fresh();
  const audience: SweepAudience = {
    progress() {
      throw new Error("no paper");
    },
  };
  await expect(sweep(seeds(2, "long"), { root, program }, audience)).rejects.toThrow("no paper");
});

test("options that are undefined are as if they were not there", async () => {
  const options = { root: fresh(), program, threads: undefined, leaseMs: undefined };
  expect(ends(await sweep(seeds(2), options))).toEqual(["of-1 here", "of-2 here"]);
});

test.each([0, 1.5, Number.NaN])("%s threads are refused", async (threads) => {
  await expect(sweep(seeds(1), { root: fresh(), threads })).rejects.toThrow(
    `threads is ${threads}, must be an integer from 1`,
  );
});
