import { expect, test } from "vitest";
import { firstLife, splitWith, stateWith, tasksWith, windowsWith } from "./lives.fixture.ts";
import { count, duration, listed, percent, points, several } from "./numbers.ts";
import { sentences } from "./sentences.ts";
import { summaryOf } from "./summary.ts";

const { recipe } = firstLife;
const falling = Array.from({ length: 150 }, (_, t) => (t === 0 ? 0.92 : 0.933 - 0.0003 * t));
const level = Array.from({ length: 150 }, (_, t) => 0.93 + 0.001 * (t % 3));
const state = stateWith({ backprop: tasksWith(falling, 0, 0.3), plastic: tasksWith(level, 1782) });

const told = (...of: Parameters<typeof sentences>) => sentences(...of).map((line) => line.replaceAll("\u00a0", " "));

test("numbers as a reader wants them", () => {
  expect([percent(0.934), percent(0.5, 0), percent(Number.NaN)]).toEqual(["93.4\u00a0%", "50\u00a0%", "–"]);
  expect([points(0.021), points(-0.01)]).toEqual(["2.1 points", "1.0 point"]);
  expect([count(0), count(999), count(267321), count(48000000)]).toEqual(["0", "999", "267,321", "48,000,000"]);
  expect([duration(42.4), duration(185), duration(7800)].map((t) => t.replaceAll("\u00a0", " "))).toEqual([
    "42 s",
    "3 min 05 s",
    "2 h 10 min",
  ]);
  expect([several(1, "window"), several(1500, "window")]).toEqual(["one window", "1,500 windows"]);
  expect([listed([]), listed(["a"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
});

test("a summary holds the best window, and an end that is a mean of several", () => {
  expect(summaryOf(stateWith({ a: tasksWith([0.5, 0.9, 0.7, 0.8]) }).learners.a)).toMatchObject({
    ...{ first: 0.5, best: 0.9, bestWindow: 1, end: 0.8, endWindows: 1, windows: 4 },
  });
  const long = summaryOf(state.learners.backprop);
  expect(long).toMatchObject({ windows: 150, endWindows: 5, births: 0, seconds: 121.4 });
  expect(long?.end).toBeCloseTo(0.933 - 0.0003 * 147, 10);
  expect(long?.dormant).toBeCloseTo(0.15, 10);
  expect(summaryOf(stateWith({ a: [] }).learners.a)).toBeUndefined();
});

test("where the target is values, the least loss is the best", () => {
  const summary = summaryOf(stateWith({ a: windowsWith([3, 1, 2, 2]) }).learners.a);
  expect(summary).toMatchObject({ first: 3, best: 1, bestWindow: 1, end: 2 });
  expect(summary?.course).toMatchObject({ quantity: "loss", byTask: false, step: "window" });
});

test("the sentences say what the numbers say", () => {
  const text = told(recipe, state);
  expect(text[0]).toBe(
    "After 150 tasks the plastic network was right 93.1 % of the time, the backprop network 88.9 %. The latter made 1.6 times as many mistakes.",
  );
  expect(text[1]).toBe(
    "Two networks of the same size (784-100-100-100-10) lived on the same stream of 9,000,000 examples. Every prediction was scored before the network learned from it.",
  );
  expect(text[2]).toBe(
    "The backprop network began at 92.0 %, peaked at 93.3 % in task 2 and ended at 88.9 % over its last 5 tasks, 4.4 points lower.",
  );
  expect(text[3]).toBe(
    "The plastic network began at 93.0 %, had its best, 93.2 % in task 3, and held its level to the end: 93.1 % over its last 5 tasks. It replaced 267,300 neurons on the way.",
  );
  expect(text[4]).toContain("15.0 % in the backprop network, 0.0 % in the plastic network");
  expect(text[4]).toContain("every one of the first 2,000 examples when the last task began");
  expect(text).toHaveLength(5);
});

test("a plastic network that does worse is told so in the same words", () => {
  const text = told(recipe, stateWith({ backprop: tasksWith(level), plastic: tasksWith(falling, 10) }));
  expect(text[0]).toMatch(
    /^After 150 tasks the backprop network was right 93\.1 % of the time, the plastic network 88\.9 %/,
  );
  expect(text[3]).toContain("The plastic network began at 92.0 %, peaked at 93.3 %");
  const alike = stateWith({ backprop: tasksWith(level), plastic: tasksWith(level) });
  expect(sentences(recipe, alike)[0]).toContain("the two networks were equally often right");
});

test("losses are told as losses: less is better, and windows are windows", () => {
  const rising = Array.from({ length: 40 }, (_, w) => 0.5 + 0.02 * w);
  const text = told(recipe, stateWith({ sgd: windowsWith(rising), plastic: windowsWith(rising.map(() => 0.5)) }));
  expect(text[0]).toBe(
    "After 40 windows the plastic network's loss was 0.5000, the sgd network's 1.240. The latter's was 2.5 times as high.",
  );
  expect(text[2]).toBe(
    "The sgd network began at a loss of 0.5000, was best at 0.5000 in window 1 and ended at 1.240 over its last 5 windows, 2.5 times as high.",
  );
  expect(text[3]).toContain("held its level to the end: 0.5000 over its last 5 windows");
  expect(text.join(" ")).not.toMatch(/right|%.*points/);
});

test("what was forgotten is told where it was tested", () => {
  const lines = told(recipe, stateWith({ none: splitWith(5, 0.5) }));
  const text = lines.join(" ");
  // The last task is at 0.99, the four before it at 0.99 / 2^5, 2^10, 2^15 and 2^20.
  expect(lines[0]).toMatch(
    /^At the end the none network was right on 20.4 % of the held-out examples of all 5 tasks; /,
  );
  expect(lines[1]).toBe(
    "On what was just being learned: after 25 windows the none network was right 80.0 % of the time.",
  );
  expect(text).toContain("earlier tasks stood 98.2 points below their best, on average.");
  expect(text).not.toContain("too few to judge plasticity");
});

test("few tasks, one task, no task, one learner and an unfinished run are told as such", () => {
  const few = stateWith({ backprop: tasksWith([0.9, 0.91]), plastic: tasksWith([0.9, 0.92]) });
  expect(sentences(recipe, few).at(-1)).toBe(
    "2 tasks are too few to judge plasticity by; published runs have 150 or more.",
  );
  expect(sentences(recipe, stateWith({ a: tasksWith([0.9]) })).join(" ")).toContain("of the time in its one task.");
  expect(sentences(recipe, stateWith({ a: [], b: [] }))).toEqual(["No task is finished yet."]);
  expect(sentences(recipe, stateWith({ a: tasksWith([0.9, 0.9]) }, { complete: false, all: 150 })).at(-1)).toBe(
    "The run is not finished: 2 of 150 tasks so far.",
  );
});

test("a network that diverged is told first", () => {
  const wild = stateWith(
    { backprop: tasksWith([0.9, 0.9]), plastic: tasksWith([0.8]) },
    { ends: { plastic: { diverged: 70_000 } } },
  );
  const text = told(recipe, wild);
  expect(text[0]).toBe(
    "The plastic network diverged in task 2 at step 70,000: its loss was no longer finite, and its life ended there, after one task.",
  );
  expect(text[1]).toBe(
    "After 2 tasks the backprop network was right 90.0 % of the time, the plastic network was right 80.0 % of the time (after one task).",
  );
});
