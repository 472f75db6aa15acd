import { key } from "plastica";
import { expect, test } from "vitest";
import { type Drift, driftOf } from "./drifting.ts";

const constant = { usual: 10, solid: true, from: key(1, "physics", "gravity") };
const course = (drift: Drift, episodes: number[]) => episodes.map(driftOf("gravity", drift, constant));

test.each<[string, Drift, number[], number[]]>([
  ["constant, as usual", { kind: "constant" }, [0, 1e6], [10, 10]],
  ["constant, as said", { kind: "constant", value: 3 }, [0, 1e6], [3, 3]],
  [
    "abrupt",
    { kind: "abrupt", values: [10, 20, 30], every: 100 },
    [0, 99, 100, 299, 300, 1_000_050],
    [10, 10, 20, 30, 10, 20],
  ],
  ["linear", { kind: "linear", to: 20, over: 100 }, [0, 25, 50, 100, 1e9], [10, 12.5, 15, 20, 20]],
  ["linear, from elsewhere", { kind: "linear", from: 40, to: 20, over: 4 }, [0, 1, 4], [40, 35, 20]],
  [
    "sine",
    { kind: "sine", low: 10, high: 14, period: 12 },
    [0, 1, 3, 6, 9, 12, 1_200_001],
    [12, 13, 14, 12, 10, 12, 13],
  ],
  [
    "triangle",
    { kind: "triangle", low: 10, high: 14, period: 8 },
    [0, 1, 2, 3, 4, 6, 7, 8],
    [12, 13, 14, 13, 12, 10, 11, 12],
  ],
])("%s", (_, drift, episodes, values) => {
  course(drift, episodes).forEach((value, i) => {
    expect(value).toBeCloseTo(values[i], 9);
  });
});

test("redrawn: anything in the range, and it holds for so many episodes", () => {
  const at = driftOf("gravity", { kind: "redrawn", low: 4, high: 16, every: 10 }, constant);
  const values = Array.from({ length: 2000 }, (_, n) => at(n));
  expect(new Set(values).size).toBe(200);
  for (let n = 0; n < 2000; n++) expect(values[n]).toBe(values[n - (n % 10)]);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(4);
  expect(Math.min(...values)).toBeLessThan(5);
  expect(Math.max(...values)).toBeGreaterThan(15);
  expect(Math.max(...values)).toBeLessThan(16);
});

test("walk: from the usual value, by small steps, all over the range and never out of it", () => {
  const at = driftOf("gravity", { kind: "walk", step: 0.1, low: 8, high: 12 }, constant);
  expect(at(0)).toBe(10);
  const values = Array.from({ length: 5000 }, (_, n) => at(n));
  for (let n = 1; n < 5000; n++) expect(Math.abs(values[n] - values[n - 1])).toBeLessThan(0.577); // no draw is beyond 5.77
  expect(Math.min(...values)).toBeGreaterThanOrEqual(8);
  expect(Math.min(...values)).toBeLessThan(8.3);
  expect(Math.max(...values)).toBeGreaterThan(11.7);
  expect(Math.max(...values)).toBeLessThanOrEqual(12);
});

test.each<[Drift, string]>([
  [{ kind: "constant", value: 0 }, "gravity.value is 0, must be a number above 0"],
  [{ kind: "abrupt", values: [1, Number.NaN], every: 1 }, "gravity.values[1] is NaN, must be a number above 0"],
  [{ kind: "abrupt", values: [], every: 1 }, "gravity.values is [], must have at least one value"],
  [{ kind: "redrawn", low: 2, high: 1, every: 1 }, "gravity.high is 1, must be at least gravity.low, which is 2"],
  [{ kind: "linear", to: 1, over: 0 }, "gravity.over is 0, must be an integer from 1"],
  [{ kind: "sine", low: -1, high: 1, period: 5 }, "gravity.low is -1, must be a number above 0"],
  [{ kind: "walk", step: 1, low: 11, high: 12 }, "gravity walks from 10, must be from 11 to 12"],
  [{ kind: "walk", step: -1, low: 1, high: 12 }, "gravity.step is -1, must be a number from 0"],
  [{ kind: "jump" } as unknown as Drift, 'gravity.kind is "jump", must be one of constant, abrupt'],
])("%j is refused", (drift, message) => {
  expect(() => driftOf("gravity", drift, constant)).toThrow(message);
});

test("what is not solid may be nothing", () => {
  const friction = { ...constant, usual: 0, solid: false };
  expect(driftOf("friction", { kind: "linear", to: 1, over: 2 }, friction)(1)).toBe(0.5);
});
