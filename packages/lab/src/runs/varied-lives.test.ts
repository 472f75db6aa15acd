/** Lives of other shapes than one image at a time: batches, windows that do not fit the tasks, test sets, new networks, values. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Recipe, readRecipe } from "../recipe/recipe.ts";
import { permuted } from "../streams/permuted.ts";
import { slowlyChanging } from "../streams/slowly-changing.ts";
import { split } from "../streams/split.ts";
import type { Stream } from "../streams/stream.ts";
import { plainImages } from "../testing/images.ts";
import { readEvents } from "./events.ts";
import { liveOut } from "./life.ts";
import { eventsPath, learnerFolder } from "./paths.ts";
import { endRecord, windowRecords } from "./record.ts";
import { createRun } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-varied-"));
afterAll(() => rmSync(root, { recursive: true }));

const images = plainImages(200);
const tests = plainImages(60, 6, { from: 1 });
const noisy = {
  rule: { kind: "upgd" },
  structure: [{ kind: "continual-backprop", replacementRate: 0.01, maturity: 5 }],
};

const pruned = {
  rule: { kind: "adam" },
  structure: [
    { kind: "pruning", score: "taylor", schedule: "dynamic", target: 0.7, start: 5, end: 60, every: 9, examples: 16 },
    { kind: "group-lasso", strength: 0.001, maturity: 10 },
    { kind: "lottery-tickets", rounds: 2, updates: 35, target: 0.8, ticket: "random" },
  ],
};

const growing = {
  rule: { kind: "adam" },
  structure: [
    {
      ...{ kind: "dropin", when: "plateau, new-class", "plateau.patience": 20, how: "paired", where: "all", count: 3 },
      ...{ old: "masked", warmUp: 10, rate: 2, maturity: 25, every: 5, cooldown: 40, neurons: 40, examples: 16 },
    },
    { kind: "continual-backprop", replacementRate: 0.01, maturity: 5 },
  ],
};

const taught = {
  rule: { kind: "adam" },
  structure: [
    { kind: "distillation", every: 60 },
    { kind: "succession", hidden: "5", at: 8, window: 90, margin: 1 },
  ],
};

const kept = { rule: { kind: "adam" }, structure: [{ kind: "packnet", remember: 20, retrain: 40 }] };
const stranded = { rule: { kind: "adam" }, structure: [{ kind: "progressive-columns", adapters: 3 }] };

interface Varied {
  readonly recipe: Record<string, unknown>;
  open(recipe: Recipe): Stream;
}

const varied: Record<string, Varied> = {
  "batches, test sets and heads": {
    recipe: { batch: 16, learners: { one: noisy }, snapshotEvery: 50 },
    open: ({ seed }) => split(images, { seed, scenario: "task", classesPerTask: 2, epochs: 3, tests }),
  },
  "joint learning, each example with its head": {
    recipe: { batch: 10, learners: { one: noisy }, window: 35 },
    open: ({ seed, batch }) => split(images, { seed, scenario: "task", joint: true, iterations: 8, batch, tests }),
  },
  "windows that do not fit the tasks, with test sets": {
    recipe: { window: 90, learners: { one: noisy }, snapshotEvery: 70 },
    open: ({ seed }) => permuted(images, { seed, tasks: 3, tests }),
  },
  "pruning, rewinding and regrowth, in batches": {
    recipe: { batch: 8, window: 200, learners: { one: pruned }, snapshotEvery: 130 },
    open: ({ seed }) => permuted(images, { seed, tasks: 1, epochs: 4, tests }),
  },
  "growth, masks and budgets, task by task": {
    recipe: { learners: { one: growing }, snapshotEvery: 90 },
    open: ({ seed }) => split(images, { seed, scenario: "task", classesPerTask: 2, tests }),
  },
  "its own past as a teacher, and a student that takes over": {
    recipe: { batch: 4, window: 60, learners: { one: taught }, snapshotEvery: 70 },
    open: ({ seed }) => permuted(images, { seed, tasks: 2, tests }),
  },
  "tasks that keep what they need": {
    recipe: { learners: { one: kept, two: stranded }, snapshotEvery: 50 },
    open: ({ seed }) => split(images, { seed, scenario: "task", classesPerTask: 2, tests }),
  },
  "a new network in each task": {
    recipe: { learners: { one: { ...noisy, afresh: true } }, snapshotEvery: 70 },
    open: ({ seed }) => permuted(images, { seed, tasks: 3 }),
  },
  "values instead of classes, in batches": {
    recipe: { batch: 7, window: 150, learners: { one: noisy } },
    open: ({ seed }) => slowlyChanging({ seed, tasks: 4, examplesPerTask: 100 }),
  },
};

/** What a life stopped at each of `stops` leaves: its folder. */
async function lived({ recipe, open }: Varied, stops: readonly number[] = []): Promise<string> {
  const whole = readRecipe({
    name: "varied",
    seed: 5,
    stream: { kind: "permuted", tasks: 1 },
    network: { hidden: [9] },
    events: "all",
    ...recipe,
  });
  const { folder } = createRun(mkdtempSync(join(root, "run-")), whole);
  mkdirSync(learnerFolder(folder, "one"), { recursive: true });
  for (const until of [...stops, Number.POSITIVE_INFINITY]) {
    const watch = { pulse: (position: number) => position >= until };
    // Sessions follow each other, as they would.
    await liveOut(folder, whole, "one", watch, open); // oxlint-disable-line no-await-in-loop
  }
  return eventsPath(folder, "one");
}

const windowsIn = (path: string) => windowRecords(readEvents(path).events);
const endIn = (path: string) => endRecord(readEvents(path).events);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test.each(Object.entries(varied))("%s: it ends in the same log, wherever it was stopped", async (_, life) => {
  const log = readFileSync(await lived(life));
  for (const stops of [[1], [40, 70, 71], [200, 210], [10, 100, 130, 190, 390]]) {
    const again = readFileSync(await lived(life, stops)); // oxlint-disable-line no-await-in-loop
    expect(again.equals(log), `stopped at ${stops}`).toBe(true);
  }
});

test("every example is counted once, and with test sets a window begins with each task", async () => {
  const windows = windowsIn(await lived(varied["windows that do not fit the tasks, with test sets"]));
  expect(windows.map(({ examples }) => examples)).toEqual([90, 90, 20, 70, 90, 40, 50, 90, 60]);
  expect(windows.map(({ task }) => task)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  for (const { tests: right } of windows) expect(right).toHaveLength(3);
});

test("with heads, a network is asked for the head of each test set, and knows the last task best", async () => {
  const path = await lived(varied["batches, test sets and heads"]);
  const windows = windowsIn(path);
  expect(windows).toHaveLength(5);
  const confusion = endIn(path)?.confusion ?? [];
  expect(sum(confusion.flat())).toBe(60);
  confusion.forEach((row, y) => {
    row.forEach((n, said) => {
      if (Math.floor(said / 2) !== Math.floor(y / 2)) expect(n, `${y} called ${said}`).toBe(0);
    });
  });
  const right = sum(confusion.map((row, y) => row[y]));
  expect(right / 60).toBeCloseTo(sum(windows[4].tests ?? []) / 5, 12);
  expect(sum((endIn(path)?.calibration ?? []).map(({ examples }) => examples))).toBe(60);
});

test("a new network in each task knows nothing of the task before, and is the same newborn each time", async () => {
  const windows = windowsIn(await lived(varied["a new network in each task"]));
  const old = windowsIn(await lived({ ...varied["a new network in each task"], recipe: { learners: { one: noisy } } }));
  expect(windows[0]).toEqual(old[0]);
  expect(windows[1].dormant).not.toEqual(old[1].dormant);
  expect(windows[2].births).toBeGreaterThan(windows[1].births);
});

test("values are told by their loss alone", async () => {
  const path = await lived(varied["values instead of classes, in batches"]);
  for (const record of windowsIn(path)) expect(record).not.toHaveProperty("accuracy");
  expect(windowsIn(path).map(({ examples }) => examples)).toEqual([150, 150, 100]);
  expect(endIn(path)).not.toHaveProperty("confusion");
});
