import { expect, test } from "vitest";
import { builtInRecipe } from "../recipe/first-life.ts";
import { type Recipe, readRecipe, runId } from "../recipe/recipe.ts";
import type { TaskRecord } from "../runs/record.ts";
import type { Run, RunState } from "../runs/run.ts";
import { chart, MANY } from "./chart.ts";
import { count, duration, percent, points } from "./numbers.ts";
import { reportPage } from "./page.ts";
import { picture } from "./picture.ts";
import { publishedFor } from "./published.ts";
import { sentences } from "./sentences.ts";
import { summaryOf } from "./summary.ts";

const recipe = builtInRecipe("first-life");
const run: Run = { id: runId(recipe), folder: "/runs/first-life", recipe };

/** What a life with these accuracies leaves; `replaced` neurons are born, and die, in each task. */
function tasksOf(accuracies: number[], replaced = 0, dormant = 0): TaskRecord[] {
  return accuracies.map((accuracy, task) => ({
    task,
    examples: 60000,
    accuracy,
    loss: 0.2,
    dormant: [dormant, 0, dormant / 2],
    births: replaced * (task + 1),
    deaths: replaced * (task + 1),
  }));
}

function stateWith(learners: Record<string, TaskRecord[]>, complete = true): RunState {
  const timing = {
    seconds: [60, 61.4],
    machine: { engine: "0.1.0", node: "v24.0.0", cpu: "A <fast> one", cores: 2, system: "linux x64" },
  };
  const states = Object.entries(learners).map(([name, tasks], i) => [
    name,
    { tasks, position: 0, fingerprint: complete ? `${i}`.repeat(16) : undefined, timing },
  ]);
  return { learners: Object.fromEntries(states), examples: 0, complete, running: false };
}

const falling = Array.from({ length: 150 }, (_, t) => (t === 0 ? 0.92 : 0.933 - 0.0003 * t));
const level = Array.from({ length: 150 }, (_, t) => 0.93 + 0.001 * (t % 3));
const state = stateWith({ backprop: tasksOf(falling, 0, 0.3), plastic: tasksOf(level, 1782) });

test("numbers as a reader wants them", () => {
  expect([percent(0.934), percent(0.5, 0), percent(Number.NaN)]).toEqual(["93.4\u00a0%", "50\u00a0%", "–"]);
  expect([points(0.021), points(-0.01)]).toEqual(["2.1 points", "1.0 point"]);
  expect([count(0), count(999), count(267321), count(48000000)]).toEqual(["0", "999", "267,321", "48,000,000"]);
  expect([duration(42.4), duration(185), duration(7800)].map((t) => t.replaceAll("\u00a0", " "))).toEqual([
    "42 s",
    "3 min 05 s",
    "2 h 10 min",
  ]);
});

test("a summary holds the peak, and an end that is a mean of several tasks", () => {
  expect(summaryOf(stateWith({ a: tasksOf([0.5, 0.9, 0.7, 0.8]) }).learners.a)).toMatchObject({
    first: 0.5,
    peak: 0.9,
    peakTask: 1,
    end: 0.8,
    endTasks: 1,
  });
  const long = summaryOf(state.learners.backprop);
  expect(long).toMatchObject({ tasks: 150, endTasks: 5, births: 0, seconds: 121.4 });
  expect(long?.end).toBeCloseTo(0.933 - 0.0003 * 147, 10);
  expect(long?.dormant).toBeCloseTo(0.15, 10);
  expect(summaryOf(stateWith({ a: [] }).learners.a)).toBeUndefined();
});

test("the sentences say what the numbers say", () => {
  const text = sentences(recipe, state).map((line) => line.replaceAll("\u00a0", " "));
  expect(text[0]).toBe(
    "After 150 tasks the plastic network was right 93.1 % of the time, the backprop network 88.9 %. The latter made 1.6 times as many mistakes.",
  );
  expect(text[1]).toContain(
    "Two networks of the same size (784-100-100-100-10) saw the same 150 tasks of 60,000 images",
  );
  expect(text[2]).toBe(
    "The backprop network began at 92.0 %, peaked at 93.3 % in task 2 and ended at 88.9 % over its last 5 tasks, 4.4 points lower.",
  );
  expect(text[3]).toBe(
    "The plastic network began at 93.0 %, had its best, 93.2 % in task 3, and held its level to the end: 93.1 % over its last 5 tasks. It replaced 267,300 neurons on the way.",
  );
  expect(text[4]).toContain("15.0 % in the backprop network, 0.0 % in the plastic network");
  expect(text).toHaveLength(5);
});

test("a plastic network that does worse is told so in the same words", () => {
  const swapped = stateWith({ backprop: tasksOf(level), plastic: tasksOf(falling, 10) });
  const text = sentences(recipe, swapped).map((line) => line.replaceAll("\u00a0", " "));
  expect(text[0]).toMatch(
    /^After 150 tasks the backprop network was right 93\.1 % of the time, the plastic network 88\.9 %/,
  );
  expect(text[3]).toContain("The plastic network began at 92.0 %, peaked at 93.3 %");
  const alike = stateWith({ backprop: tasksOf(level), plastic: tasksOf(level) });
  expect(sentences(recipe, alike)[0]).toContain("the two networks were equally often right");
});

test("few tasks, one task, no task, one learner and an unfinished run are told as such", () => {
  const few = stateWith({ backprop: tasksOf([0.9, 0.91]), plastic: tasksOf([0.9, 0.92]) });
  expect(sentences(recipe, few).at(-1)).toBe(
    "2 tasks are too few to judge plasticity by; published runs have 150 or more.",
  );
  expect(sentences(recipe, stateWith({ a: tasksOf([0.9]) })).join(" ")).toContain("of the time in its one task.");
  expect(sentences(recipe, stateWith({ a: [], b: [] }))).toEqual(["No task is finished yet."]);
  expect(sentences(recipe, stateWith({ a: tasksOf([0.9, 0.9]) }, false)).at(-1)).toBe(
    "The run is not finished: 2 of 150 tasks so far.",
  );
});

test("what the sentences say of images is true of the recipe", () => {
  const small = readRecipe({ ...recipe, stream: { ...recipe.stream, examplesPerTask: 500 } });
  const state = stateWith({ backprop: tasksOf([0.9]), plastic: tasksOf([0.9]) });
  expect(sentences(recipe, state)[1]).toContain("every image once a task");
  expect(sentences(small, state)[1]).toContain("a fresh choice of images in each task");
  expect(sentences(recipe, state).join(" ")).toContain("every one of the first 2,000 images");
  expect(sentences(small, state).join(" ")).toContain("every one of the first 500 images");
  expect(reportPage({ ...run, recipe: small }, state)).toContain("the first 500 images of a task");
});

test("a network that diverged is told first, and the page has it", () => {
  const state = stateWith({ backprop: tasksOf([0.9, 0.9]), plastic: tasksOf([0.8]) });
  const wild = { ...state, learners: { ...state.learners, plastic: { ...state.learners.plastic, diverged: 70000 } } };
  const text = sentences(recipe, wild).map((line) => line.replaceAll("\u00a0", " "));
  expect(text[0]).toBe(
    "The plastic network diverged in task 2 at step 70,000: its loss was no longer finite, and its life ended there, after one task.",
  );
  expect(text[1]).toBe(
    "After 2 tasks the backprop network was right 90.0 % of the time, the plastic network was right 80.0 % of the time (after one task).",
  );
  expect(reportPage(run, wild)).toContain("<dt>diverged</dt><dd>at step 70,000</dd>");
});

test("published numbers stand beside a run of the same protocol only", () => {
  expect(publishedFor(recipe)).toMatchObject({ learner: "backprop", published: { peak: 0.933, lastTask: 150 } });
  const other = (change: (copy: Recipe) => void) => {
    const copy = structuredClone(recipe);
    change(copy);
    return publishedFor(readRecipe(copy));
  };
  expect(
    other((r) => {
      r.stream.dataset = "fashion-mnist";
    }),
  ).toBeUndefined();
  expect(
    other((r) => {
      r.network.hidden = [100, 100];
    }),
  ).toBeUndefined();
  expect(
    other((r) => {
      r.learners.backprop.rule.lr = 0.01;
    }),
  ).toBeUndefined();
});

test("the page holds everything, from nothing but itself", () => {
  const page = reportPage(run, state);
  for (const part of [
    "First life",
    run.id,
    "The latter made 1.6 times as many mistakes.",
    "Accuracy, task by task",
    "Dormant neurons",
    "Births and deaths",
    "Beside what was published",
    "read off the figure",
    "npx plastica live recipe.json",
    "0000000000000000",
    "1111111111111111",
    "plastica 0.1.0",
    "v24.0.0",
    "A &lt;fast&gt; one, 2 cores, linux x64",
    "&quot;replacementRate&quot;: 0.0001",
    "prefers-color-scheme: dark",
    'name="viewport"',
  ]) {
    expect(page, part).toContain(part);
  }
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
  expect(page.match(/<svg /g)).toHaveLength(6); // three charts, each for wide screens and for narrow ones
  expect(page.match(/<details>/g)).toHaveLength(4); // the numbers behind each chart, and the recipe
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});

test("an unfinished run has a page too, and so has one of which nothing is known", () => {
  expect(reportPage(run, stateWith({ backprop: tasksOf([0.9]), plastic: [] }, false))).toContain(
    "This run is not finished",
  );
  const empty = reportPage(run, stateWith({ backprop: [], plastic: [] }, false));
  expect(empty).toContain("No task is finished yet.");
  expect(empty).not.toMatch(/NaN|undefined|Infinity|<svg/);
});

test("names that are HTML are text", () => {
  const svg = chart({ label: "a", series: [{ name: "<b>", values: [1, 2], colour: 0 }], tasks: 2, format: String });
  expect(svg).toContain("&lt;b&gt;");
  expect(svg).not.toContain("<b>");
});

test.each([1, 2, 15, MANY, 800])("a chart of %i tasks has whole numbers everywhere", (tasks) => {
  const values = Array.from({ length: tasks }, (_, t) => 0.9 + 0.0001 * t);
  const svg = chart({
    label: "a",
    series: [
      { name: "one", values, colour: 0 },
      { name: "none", values: [], colour: 1 },
    ],
    tasks,
    format: percent,
  });
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  for (const [, x] of svg.matchAll(/cx="([^"]+)"/g)) expect(Number(x)).toBeLessThanOrEqual(760);
});

test("equal values and zeros alone still have an axis", () => {
  for (const value of [0, 1]) {
    const svg = chart({
      label: "a",
      series: [{ name: "one", values: [value, value], colour: 0 }],
      tasks: 2,
      format: percent,
      fromZero: value === 0,
      most: 1,
    });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg.match(/class="grid"/g)?.length).toBeGreaterThan(3);
  }
});

test("the picture is one SVG that needs nothing else, with a curve and a name for each learner", () => {
  const svg = picture(run, stateWith({ backprop: tasksOf([0.92, 0.9]), plastic: tasksOf([0.92, 0.93]) }));
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*><style>/);
  expect(svg.match(/<svg/g)).toHaveLength(1);
  expect(svg).not.toMatch(/(href|src|url)\s*[=(]/);
  for (const name of ["backprop", "plastic"]) expect(svg).toContain(`>${name}<`);
});
