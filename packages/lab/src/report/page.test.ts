import { expect, test } from "vitest";
import { protocols } from "../protocols/index.ts";
import { readRecipe } from "../recipe/recipe.ts";
import type { RunState } from "../runs/run.ts";
import { firstLife, predictionsOf, runOf, splitWith, stateWith, tasksWith, windowsWith } from "./lives.fixture.ts";
import { reportPage } from "./page.ts";
import { figuresIn, tableAfter } from "./pages.fixture.ts";
import { picture } from "./picture.ts";

const falling = Array.from({ length: 150 }, (_, t) => (t === 0 ? 0.92 : 0.933 - 0.0003 * t));
const level = Array.from({ length: 150 }, (_, t) => 0.93 + 0.001 * (t % 3));
const ends = { backprop: predictionsOf(1), plastic: predictionsOf(2) };
const state = stateWith({ backprop: tasksWith(falling, 0, 0.3), plastic: tasksWith(level, 1782) }, { ends });
const fit = {
  protocol: protocols["online-permuted-mnist"],
  methods: { backprop: "backprop", plastic: "continual-backprop" },
};
const page = reportPage(firstLife, state, fit);

const split = runOf(
  readRecipe({
    name: "split",
    stream: { kind: "split", scenario: "class" },
    network: { hidden: [10] },
    learners: { none: { rule: "sgd" } },
  }),
);

/** Every page of this file that is meant to be whole, by what it is of. */
const pages: Record<string, string> = {
  "a classification": page,
  "a split with tests": reportPage(split, stateWith({ none: splitWith(5, 0.5), kept: splitWith(5, 0.99) })),
  "a regression": reportPage(firstLife, stateWith({ sgd: windowsWith(falling) })),
  "one window": reportPage(firstLife, stateWith({ sgd: tasksWith([0.5]) })),
  "an unfinished run": reportPage(
    firstLife,
    stateWith({ backprop: tasksWith([0.9]), plastic: [] }, { complete: false, all: 150 }),
  ),
  "a diverged run": reportPage(
    firstLife,
    stateWith({ backprop: tasksWith([0.9, 0.8]) }, { ends: { backprop: { diverged: 130_000 } } }),
  ),
  "a long run": reportPage(firstLife, stateWith({ a: tasksWith(Array.from({ length: 3000 }, () => 0.9)) })),
  nothing: reportPage(firstLife, stateWith({ backprop: [], plastic: [] }, { complete: false, all: 150 })),
};

test.each(Object.keys(pages))("the page of %s is whole, and every chart on it has a table behind", (of) => {
  const html = pages[of];
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
  expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=/);
  const drawings = html.match(/role="img" aria-label="[^"]+"/g) ?? [];
  const inFigures = figuresIn(html).flatMap((figure) => figure.match(/role="img" aria-label="[^"]+"/g) ?? []);
  expect(drawings).toEqual(inFigures);
  for (const figure of figuresIn(html)) {
    expect(figure).toMatch(/<details><summary>The numbers<\/summary>.*<td>/s);
    expect(figure.match(/<div class="chart/g)).toHaveLength(1);
  }
  expect(html.length).toBeLessThan(2e6);
});

test("the page holds what a colleague asks for", () => {
  for (const part of [
    "First life",
    firstLife.id,
    "The latter made 1.6 times as many mistakes.",
    "Accuracy, task by task",
    "Dormant neurons",
    "Births and deaths",
    "Vital signs",
    "Beside what was published",
    "read off a figure",
    "What was taken for what",
    "Calibration",
    "npx plastica live recipe.json",
    `npx plastica verify ${firstLife.id}`,
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
});

test("the tables behind the curves hold the records", () => {
  const rows = tableAfter(page, "Accuracy, task by task");
  expect(rows[0]).toEqual(["task", "backprop", "plastic"]);
  expect(rows).toHaveLength(151);
  for (const t of [0, 1, 77, 149]) {
    expect(rows[t + 1]).toEqual([`${t + 1}`, `${(falling[t] * 100).toFixed(2)} %`, `${(level[t] * 100).toFixed(2)} %`]);
  }
  const layers = tableAfter(page, "backprop, layer by layer");
  expect(layers[1]).toEqual(["1", "30.00 %", "0.00 %", "15.00 %"]);
  expect(tableAfter(page, "Births and deaths")[150]).toEqual(["150", "267,300"]);
  expect(tableAfter(page, "Vital signs")[1]).toEqual(["backprop", "69,580", "99,710", "1.2 MB"]);
});

test("windows that are not tasks stand over the examples seen", () => {
  const rows = tableAfter(pages["a regression"], "Loss, window by window");
  expect(rows[0]).toEqual(["examples (millions)", "sgd"]);
  expect(rows[1]).toEqual(["0.02", "0.9200"]);
  expect(rows.at(-1)?.[0]).toBe("3");
  expect(pages["a regression"]).not.toContain("Accuracy");
});

test("a long curve is thinned by means, and says so", () => {
  const lives = stateWith({ a: tasksWith(Array.from({ length: 3000 }, (_, t) => (t % 2 === 0 ? 0.8 : 0.9))) });
  const long = reportPage(firstLife, lives);
  const rows = tableAfter(long, "Accuracy, task by task");
  expect(rows).toHaveLength(301);
  expect(rows[1]).toEqual(["10", "85.00 %"]);
  expect(long).toContain("the mean of every 10 tasks");
});

test("the accuracy matrix is that of the tests at the ends of tasks", () => {
  const rows = tableAfter(pages["a split with tests"], "Accuracy matrix");
  expect(rows[0]).toEqual(["after task", "on 1", "on 2", "on 3", "on 4", "on 5"]);
  // Five windows after task 1 was learned it is at 0.99 / 2^5.
  expect(rows[2]).toEqual(["2", "3.09 %", "99.00 %", "0.00 %", "0.00 %", "0.00 %"]);
  expect(rows).toHaveLength(6);
  const curves = tableAfter(pages["a split with tests"], "Remembering and forgetting");
  expect(curves[0]).toEqual(["examples (thousands)", "task 1", "task 2", "task 3", "task 4", "task 5"]);
  expect(curves[6].slice(0, 3)).toEqual(["14.4", "49.50 %", "95.00 %"]);
});

test("confusion and calibration are the end's", () => {
  const rows = tableAfter(page, "What was taken for what");
  const { confusion = [] } = ends.backprop;
  expect(rows[3].slice(0, 11)).toEqual(["2", ...confusion[2].map(String)]);
  const recall = confusion[2][2] / confusion[2].reduce((a, b) => a + b);
  expect(rows[3][11]).toBe(`${(recall * 100).toFixed(1)} %`);
  expect(tableAfter(page, "Calibration</h2>")[10]).toEqual(["90 % to 100 %", "729", "95.0 %", "87.2 %"]);
  expect(tableAfter(page, "Calibration</h2>")[1]).toEqual(["0 % to 10 %", "0", "–", "–"]);
});

test("published numbers stand beside ours, with their standing and the distance", () => {
  const rows = tableAfter(page, "Beside what was published");
  expect(rows[0]).toEqual(["", "published", "here"]);
  expect(rows[1]).toEqual([
    "backprop | First window's accuracy | read off a figure, 30 seeds, ± what can be read; read by eye",
    "92.1 ± 0.2 %",
    "92.0 % | −0.1 points | within what can be read",
  ]);
  expect(rows[3].slice(1)).toEqual(["88.0 ± 1 %", "88.9 % | +0.9 points | within what can be read"]);
  expect(page.match(/class="published"/g)).toHaveLength(4); // the first and the end, wide and narrow
  expect(reportPage(firstLife, state)).not.toContain("Beside what was published");
});

test("births and deaths that differ have a curve each", () => {
  const grown = tasksWith([0.9, 0.9]).map((w, t) => ({ ...w, births: 5 * (t + 1), deaths: t }));
  const html = reportPage(firstLife, stateWith({ a: grown }));
  expect(html).toContain("Births less deaths");
  expect(tableAfter(html, "Neurons that died since")[2]).toEqual(["2", "1"]);
});

test("an unfinished run says so, and its axis is that of the whole life", () => {
  const html = pages["an unfinished run"];
  expect(html).toContain("This run is not finished");
  expect(html).toContain("1 of 150 tasks so far");
  expect(html).toContain(">140</text>");
  expect(pages.nothing).toContain("No task is finished yet.");
  expect(pages.nothing).not.toContain('role="img"');
});

test("a diverged run is told first, on its card, and by a cross at the end of its curve", () => {
  const html = pages["a diverged run"];
  expect(html).toContain("<dt>diverged</dt><dd>at step 130,000</dd>");
  expect(html.indexOf("diverged in task 3")).toBeLessThan(html.indexOf("After 2 tasks"));
  expect(html).toContain('class="line cross"');
  expect(page).not.toContain('class="line cross"');
});

test("whatever a machine or a name is called stays text", () => {
  const name = "<img onerror=1>";
  const wild: RunState = stateWith({ [name]: tasksWith([0.9, 0.8], 3) }, { ends: { [name]: predictionsOf(1) } });
  const html = reportPage({ ...firstLife, id: '"><script>' }, wild);
  expect(html).not.toMatch(/<img|<script/);
  expect(html).toContain("&lt;img onerror=1&gt;");
});

test("the same run has the same page", () => {
  expect(reportPage(firstLife, state, fit)).toBe(page);
});

test("the picture is one SVG that needs nothing else, with a curve and a name for each learner", () => {
  const svg = picture(stateWith({ backprop: tasksWith([0.92, 0.9]), plastic: tasksWith([0.92, 0.93]) }));
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*><style>/);
  expect(svg.match(/<svg/g)).toHaveLength(1);
  expect(svg).not.toMatch(/(href|src|url)\s*[=(]/);
  for (const name of ["backprop", "plastic"]) expect(svg).toContain(`>${name}<`);
});
