import { ValueError } from "plastica";
import { expect, test } from "vitest";
import type { EndRecord } from "../runs/record.ts";
import { measureNamed, measures } from "./measure.ts";
import { tasksOf, windowsOf } from "./windows.fixture.ts";

const end: EndRecord = { examples: 300, fingerprint: "0", births: 0, deaths: 0 };

test("every measure is known by its own name, in the order of tables", () => {
  expect(Object.keys(measures)).toEqual([
    "online-accuracy",
    "first-accuracy",
    "best-accuracy",
    "end-accuracy",
    "online-loss",
    "first-loss",
    "least-loss",
    "end-loss",
    "regret",
    "average-accuracy",
    "forgetting",
    "backward-transfer",
    "worst-moment",
    "largest-fall",
    "area-under-curve",
    "calibration-error",
    "kappa",
    "parameters",
    "operations",
    "bytes",
    "dormant",
  ]);
  for (const [name, measure] of Object.entries(measures)) expect(measure.name).toBe(name);
});

/** The names of those that have a number. */
function applying(life: Parameters<(typeof measures)[string]["of"]>[0]): string[] {
  return Object.values(measures).flatMap((measure) => (measure.of(life) === undefined ? [] : [measure.name]));
}

test("a tested life of classes has a number for all of them", () => {
  const windows = tasksOf([
    [0.9, 0.1],
    [0.5, 0.8],
  ]);
  const confusion = [
    [3, 1],
    [1, 3],
  ];
  const life = {
    windows,
    afresh: windows,
    end: { ...end, confusion, calibration: [{ examples: 8, confidence: 0.9, accuracy: 0.75 }] },
  };
  expect(applying(life)).toEqual(Object.keys(measures));
  expect(measures.forgetting.of(life)).toBeCloseTo(0.4, 15);
  expect(measures["backward-transfer"].of(life)).toBeCloseTo(-0.4, 15);
  expect(measures["average-accuracy"].of(life)).toBeCloseTo(0.65, 15);
  expect(measures["worst-moment"].of(life)).toBe(0.5);
  expect(measures["largest-fall"].of(life)).toBe(0);
  expect(measures["largest-fall"].of({ ...life, windows: windows.toReversed() })).toBeCloseTo(0.15, 15);
  expect(measures.kappa.of(life)).toBe(0.5);
  expect(measures["calibration-error"].of(life)).toBeCloseTo(0.15, 15);
});

test("a life of values has losses and costs alone, though its tests are numbers too", () => {
  const windows = windowsOf([
    { loss: 2, tests: [1.5] },
    { loss: 1, tests: [1.1] },
  ]);
  expect(applying({ windows, end })).toEqual([
    "online-loss",
    "first-loss",
    "least-loss",
    "end-loss",
    "parameters",
    "operations",
    "bytes",
    "dormant",
  ]);
});

test("one test set for all gives an average accuracy, but nothing that compares tasks", () => {
  const names = applying({ windows: tasksOf([[0.4], [0.6]]), end });
  expect(names).toContain("average-accuracy");
  expect(names).toContain("area-under-curve");
  for (const name of ["forgetting", "backward-transfer", "worst-moment"]) expect(names).not.toContain(name);
});

test("no area under the curve while all that was seen is the first of what may be several tasks", () => {
  const area = measures["area-under-curve"];
  const windows = tasksOf([
    [0.9, 0.1],
    [0.5, 0.7],
  ]);
  expect(area.of({ windows: windows.slice(0, 1) })).toBeUndefined();
  expect(area.of({ windows })).toBeCloseTo((0.9 + 0.6) / 2, 15);
  expect(area.of({ windows: windows.slice(0, 1), end })).toBeCloseTo(0.5, 15); // one task, tested on two sets
  expect(area.of({ windows: tasksOf([[0.4]]) })).toBe(0.4);
});

test("a life that diverged has no number that stands for the whole of it", () => {
  const windows = windowsOf([{ accuracy: 0.9, loss: 0.2 }]);
  const names = applying({ windows, end: { ...end, diverged: 150 } });
  expect(names).toEqual([
    "first-accuracy",
    "best-accuracy",
    "first-loss",
    "least-loss",
    "parameters",
    "operations",
    "bytes",
  ]);
});

test("a life without a window has no numbers, and none is ever not finite", () => {
  expect(applying({ windows: [] })).toEqual([]);
  expect(measures["first-loss"].of({ windows: windowsOf([{ loss: Number.NaN }]) })).toBeUndefined();
});

test("costs: parameters at the end, operations on average, bytes at their peak", () => {
  const windows = windowsOf([
    { parameters: 9, operations: 4, bytes: 90 },
    { parameters: 5, operations: 8, bytes: 50 },
  ]);
  expect(["parameters", "operations", "bytes"].map((name) => measures[name].of({ windows }))).toEqual([5, 6, 90]);
});

test("a name that no measure has is an error with the nearest", () => {
  expect(measureNamed("kappa")).toBe(measures.kappa);
  expect(() => measureNamed("online-acuracy")).toThrow(/"online-acuracy".*online-accuracy/);
  expect(() => measureNamed("toString")).toThrow(ValueError);
});

const right = (...shares: number[]) => windowsOf(shares.map((accuracy) => ({ accuracy })));

test("regret is told where a life afresh is beside, and by how much an example", () => {
  const windows = right(0.9, 0.8);
  const regret = measures.regret;
  expect(regret.of({ windows, end })).toBeUndefined();
  expect(regret.of({ windows, end, afresh: windows })).toBe(0);
  expect(regret.of({ windows, end, afresh: right(0.9, 0.9) })).toBeCloseTo(0.05, 12);
  expect(regret.of({ windows, end, afresh: right(0.9) })).toBeUndefined();
});

test("a criterion of any level is a measure", () => {
  const windows = right(0.5, 0.7, 0.9, 0.8);
  const examples = windows[0].examples;
  expect(measureNamed("examples-to-accuracy-0.7").of({ windows })).toBe(2 * examples);
  expect(measureNamed("examples-to-accuracy-0.95").of({ windows })).toBeUndefined();
  expect(measureNamed("examples-to-accuracy-0.7")).toMatchObject({ unit: "examples", better: "lower" });
  expect(measureNamed("examples-to-loss-10").of({ windows })).toBe(examples);
  expect(() => measureNamed("examples-to-accuracy")).toThrow('did you mean "examples-to-accuracy-0.9"?');
});
