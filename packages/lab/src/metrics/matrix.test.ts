import { ValueError } from "plastica";
import { expect, test } from "vitest";
import { areaUnderCurve, averageIncrementalAccuracy } from "./area.ts";
import { forgetting } from "./forgetting.ts";
import { accuracyMatrix, averageAccuracies, averageAccuracy } from "./matrix.ts";
import { backwardTransfer, forwardTransfer } from "./transfer.ts";
import { tasksOf, windowsOf } from "./windows.fixture.ts";
import { worstCaseAccuracy, worstMoment } from "./worst-moment.ts";

// Worked by hand, below. Task 1 was best known after task 2, where backward transfer and forgetting part.
const R = [
  [0.9, 0.2, 0.1, 0.3],
  [0.6, 0.8, 0.3, 0.2],
  [0.7, 0.9, 1.0, 0.1],
  [0.5, 0.4, 0.7, 0.6],
];

test("average accuracy is the mean of the last row", () => {
  expect(averageAccuracy(R)).toBeCloseTo((0.5 + 0.4 + 0.7 + 0.6) / 4, 15);
  expect(averageAccuracy([[0.2], [0.6]])).toBe(0.6); // one test set for all
  expect(averageAccuracy([[0.2, 0.6]])).toBeCloseTo(0.4, 15); // joint training: one task, all sets
});

test("average accuracies are over the tasks so far", () => {
  const expected = [0.9, (0.6 + 0.8) / 2, (0.7 + 0.9 + 1.0) / 3, 0.55];
  for (const [i, accuracy] of averageAccuracies(R).entries()) expect(accuracy).toBeCloseTo(expected[i], 15);
  expect(averageIncrementalAccuracy(R)).toBeCloseTo((0.9 + 0.7 + 2.6 / 3 + 0.55) / 4, 15);
});

test("forgetting is from the best row before the last", () => {
  expect(forgetting(R)).toBeCloseTo((0.9 - 0.5 + (0.9 - 0.4) + (1.0 - 0.7)) / 3, 15);
});

test("forgetting counts a best from before the task was learned, and is negative where tasks improve", () => {
  // Task 1 stood at 0.7 before it was learned, and at 0.6 right after.
  const rows = [
    [0.5, 0.7, 0],
    [0.5, 0.6, 0],
    [0.8, 0.5, 1],
  ];
  expect(forgetting(rows)).toBeCloseTo((0.5 - 0.8 + (0.7 - 0.5)) / 2, 15);
});

test("backward transfer is from the diagonal", () => {
  expect(backwardTransfer(R)).toBeCloseTo((0.5 - 0.9 + (0.4 - 0.8) + (0.7 - 1.0)) / 3, 15);
});

test("forward transfer is from the row before, against a network that has learned nothing", () => {
  const untrained = [0.5, 0.1, 0.2, 0.1];
  expect(forwardTransfer(R, untrained)).toBeCloseTo((0.2 - 0.1 + (0.3 - 0.2) + (0.1 - 0.1)) / 3, 15);
  expect(() => forwardTransfer(R, [0.1])).toThrow("1 accuracies at initialisation, must be 4");
});

test("what compares tasks refuses a matrix without a test set a task", () => {
  for (const measure of [forgetting, backwardTransfer]) {
    expect(() => measure([[0.5], [0.6]])).toThrow(ValueError);
    expect(() => measure([[0.5, 0.6]])).toThrow("has 1 tasks and 2 test sets, must have at least 2 tasks");
    expect(() => measure([[0.5, 0.6], [0.5]])).toThrow("rows of 2, 1 test sets");
  }
});

test("a life's matrix is its tests at the ends of tasks", () => {
  expect(accuracyMatrix(tasksOf(R))).toEqual(R);
  const finer = windowsOf([
    { task: 0, accuracy: 0.5, tests: [0.4, 0] },
    { task: 0, accuracy: 0.5, tests: [0.9, 0.1] },
    { task: 1, accuracy: 0.5 }, // not tested in the middle of a task
    { task: 1, accuracy: 0.5, tests: [0.5, 0.8] },
  ]);
  expect(accuracyMatrix(finer)).toEqual([
    [0.9, 0.1],
    [0.5, 0.8],
  ]);
});

test("no matrix without tests, of losses, or with a task that no window ends in", () => {
  expect(accuracyMatrix([])).toBeUndefined();
  expect(accuracyMatrix(windowsOf([{ accuracy: 0.5 }]))).toBeUndefined();
  expect(accuracyMatrix(windowsOf([{ tests: [1.2] }]))).toBeUndefined();
  expect(accuracyMatrix(windowsOf([{ task: 1, accuracy: 0.5, tests: [0.5] }]))).toBeUndefined();
});

const gap = windowsOf([
  { task: 0, accuracy: 0.5, tests: [0.1, 0.0, 0.0] }, // before task 0 was learned: does not count
  { task: 0, accuracy: 0.5, tests: [0.9, 0.1, 0.0] },
  { task: 1, accuracy: 0.5, tests: [0.3, 0.2, 0.0] }, // the gap of task 0
  { task: 1, accuracy: 0.5, tests: [0.8, 0.9, 0.1] },
  { task: 2, accuracy: 0.5, tests: [0.7, 0.5, 0.2] }, // the gap of task 1
  { task: 2, accuracy: 0.5, tests: [0.8, 0.8, 0.6] },
]);

test("the worst moment is seen between the ends of tasks", () => {
  expect(worstMoment(gap)).toBeCloseTo((0.3 + 0.5) / 2, 15);
  expect(worstMoment(gap.filter((_, w) => w % 2 === 1))).toBeCloseTo((0.8 + 0.8) / 2, 15);
  expect(worstCaseAccuracy(gap)).toBeCloseTo(0.6 / 3 + (2 / 3) * 0.4, 15);
});

test("a worst moment needs a test at each window, two tasks and a set a task", () => {
  const untested = gap.map((window, w) => (w === 2 ? { ...window, tests: undefined } : window));
  expect(() => worstMoment(untested)).toThrow("tested at the end of every window");
  expect(() => worstMoment(gap.slice(0, 2))).toThrow("2 windows up to task 0");
  expect(() => worstMoment([])).toThrow(ValueError);
});

test("the area under the curve is over the tasks begun, weighed by examples", () => {
  const windows = windowsOf([
    { task: 0, examples: 100, accuracy: 0.5, tests: [0.8, 0.1] },
    { task: 1, examples: 300, accuracy: 0.5, tests: [0.4, 0.6] },
  ]);
  expect(areaUnderCurve(windows)).toBeCloseTo((100 * 0.8 + 300 * 0.5) / 400, 15);
  const one = windowsOf([
    { task: 0, accuracy: 0.5, tests: [0.2] },
    { task: 1, accuracy: 0.5, tests: [0.6] },
  ]);
  expect(areaUnderCurve(one)).toBeCloseTo(0.4, 15);
  const joint = windowsOf([{ task: 0, accuracy: 0.5, tests: [0.2, 0.6] }]);
  expect(areaUnderCurve(joint)).toBeCloseTo(0.4, 15);
  const twice = windowsOf([
    { task: 0, accuracy: 0.5, tests: [0.8, 0.2] },
    { task: 1, accuracy: 0.5, tests: [0.4, 0.6] },
    { task: 2, accuracy: 0.5, tests: [0.9, 0.7] }, // task 0 again
  ]);
  expect(areaUnderCurve(twice.slice(0, 2))).toBeCloseTo((0.8 + 0.5) / 2, 15);
  expect(areaUnderCurve(twice)).toBeCloseTo((0.8 + 0.5 + 0.8) / 3, 15);
  expect(areaUnderCurve(windowsOf([{ accuracy: 0.5 }]))).toBeUndefined();
  expect(areaUnderCurve(windowsOf([{ tests: [3] }]))).toBeUndefined();
});
