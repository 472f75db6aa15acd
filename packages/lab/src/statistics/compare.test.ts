import { key, normal, ValueError } from "plastica";
import { expect, test } from "vitest";
import { measures } from "../metrics/measure.ts";
import { type Comparisons, compare } from "./compare.ts";
import type { Group } from "./comparison.ts";
import { mean } from "./sample.ts";

const accuracy = measures["online-accuracy"];
const loss = measures["online-loss"];
const plain = (text: string) => text.replaceAll("\u00a0", " ");

function group(name: string, values: readonly (number | undefined)[], first = 1): Group {
  return { name, values: values.map((value, i) => ({ seed: first + i, value })) };
}

/** `n` values around `center`, the same noise for all of one purpose, `own` of its own. */
function noisy(name: string, n: number, center: number, own = 0.002): Group {
  const [shared, alone] = [key(7, "shared"), key(7, name)];
  return group(
    name,
    Array.from({ length: n }, (_, i) => center + 0.01 * normal(shared, i) + own * normal(alone, i)),
  );
}

function only({ comparisons }: Comparisons) {
  expect(comparisons).toHaveLength(1);
  return comparisons[0];
}

test("who is better, by how much and how sure", () => {
  const found = only(compare([noisy("A", 20, 0.9), noisy("B", 20, 0.888)], { measure: accuracy }));
  expect(found).toMatchObject({ a: "A", b: "B", paired: true, n: [20, 20], outcome: "a", family: 1 });
  expect(plain(found.verdict)).toMatch(
    /^A is better than B by 1\.\d+ points \(95 % CI 1\.\d+ to 1\.\d+, 20 seeds, p < 0\.0001\)\.$/,
  );
});

test("the same said from the other side", () => {
  const found = only(compare([noisy("B", 20, 0.888), noisy("A", 20, 0.9)], { measure: accuracy }));
  expect(found.outcome).toBe("b");
  expect(found.difference).toBeLessThan(0);
  expect(plain(found.verdict)).toMatch(/^A is better than B by 1\.\d+ points \(95 % CI 1\.\d+ to 1\.\d+, 20 seeds/);
});

test("of a loss, lower is better", () => {
  const found = only(compare([noisy("A", 20, 0.3), noisy("B", 20, 0.25)], { measure: loss }));
  expect(found.outcome).toBe("b");
  expect(found.difference).toBeGreaterThan(0);
  expect(plain(found.verdict)).toMatch(/^B is better than A by 0\.0\d+ \(95 % CI 0\.0\d+ to 0\.0\d+, 20 seeds/);
});

test("seeds that cannot tell", () => {
  const values = [0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.57];
  const differences = [0.01, -0.008, 0.012, -0.006, 0.003, -0.009, 0.004, 0.002];
  const found = only(
    compare(
      [
        group(
          "A",
          values.map((v, i) => v - differences[i]),
        ),
        group("B", values),
      ],
      { measure: accuracy },
    ),
  );
  expect(found.outcome).toBe("untold");
  expect(plain(found.verdict)).toMatch(
    /^8 seeds cannot tell B and A apart \(difference 0\.10? points, 95 % CI -0\.\d+ to 0\.\d+, p = 0\.\d+\)\.$/,
  );
  expect(found.tellable).toBeGreaterThan(0.005);
});

test("too few seeds are told so, however far apart the values", () => {
  const verdictOf = (n: number, more: readonly Group[] = []) =>
    compare([group("A", new Array(n).fill(0.9)), group("B", new Array(n).fill(0.1)), ...more], { measure: accuracy });
  expect(plain(only(verdictOf(3)).verdict)).toBe("3 seeds are too few to tell anything at 5 %: at least 6 are needed.");
  expect(plain(only(verdictOf(1)).verdict)).toBe("One seed is too few to tell anything at 5 %: at least 6 are needed.");
  expect(only(verdictOf(5)).outcome).toBe("too few");
  expect(only(verdictOf(6)).outcome).toBe("a");
  // Six are too few among three comparisons: 3 / 32 is above 5 %.
  const [first] = verdictOf(6, [group("C", new Array(6).fill(0.5))]).comparisons;
  expect(plain(first.verdict)).toBe(
    "6 seeds are too few to tell anything at 5 % in 3 comparisons: at least 7 are needed.",
  );
  expect(verdictOf(7, [group("C", new Array(7).fill(0.5))]).comparisons.map(({ outcome }) => outcome)).toEqual([
    "a",
    "a",
    "b",
  ]);
});

test("methods that gave the same are said to have", () => {
  const found = only(compare([group("A", [0.1, 0.2, 0.3]), group("B", [0.1, 0.2, 0.3])], { measure: accuracy }));
  expect(found).toMatchObject({
    outcome: "same",
    p: 1,
    difference: 0,
    verdict: "A and B gave the same with each of 3 seeds.",
  });
});

test("p is corrected for all comparisons, and says so", () => {
  const groups = ["A", "B", "C", "D"].map((name, i) => noisy(name, 8, 0.9 + 0.02 * i));
  const { comparisons } = compare(groups, { measure: accuracy });
  expect(comparisons).toHaveLength(6);
  for (const { p, adjusted, family, verdict } of comparisons) {
    expect(family).toBe(6);
    expect(p).toBe(2 / 256);
    expect(adjusted).toBeCloseTo((6 * 2) / 256, 15);
    expect(verdict).toContain("p = 0.0469 corrected for 6 comparisons");
  }
});

test("against the best, and against a baseline", () => {
  const groups = ["A", "B", "C"].map((name, i) => noisy(name, 20, 0.9 + 0.02 * i));
  const best = compare(groups, { measure: accuracy, against: "best" });
  expect(best.comparisons.map(({ a, b }) => [a, b])).toEqual([
    ["A", "C"],
    ["B", "C"],
  ]);
  expect(best.comparisons.map(({ family }) => family)).toEqual([3, 3]); // the best was picked from all
  expect(compare(groups, { measure: loss, against: "best" }).comparisons.map(({ a }) => a)).toEqual(["A", "A"]);
  const baseline = compare(groups, { measure: accuracy, against: "B" });
  expect(baseline.comparisons.map(({ a, b, family }) => [a, b, family])).toEqual([
    ["A", "B", 2],
    ["C", "B", 2],
  ]);
  expect(() => compare(groups, { measure: accuracy, against: "b1" })).toThrow(ValueError);
  expect(() => compare(groups, { measure: accuracy, against: "D" })).toThrow('no group "D"');
});

test("each group's numbers", () => {
  const { groups } = compare([group("A", [4, 1, 2, 3]), group("B", [5]), group("C", [])], { measure: loss });
  expect(groups[0]).toMatchObject({ name: "A", n: 4, without: [], mean: 2.5, iqm: 2.5, min: 1, max: 4 });
  expect(groups[0].se).toBeCloseTo(Math.sqrt(5 / 3) / 2, 14);
  expect(groups[0].ci!.low).toBeLessThan(groups[0].mean! - groups[0].se!);
  expect(groups[0].iqmCi!.low).toBeLessThan(groups[0].iqm!);
  expect(groups[1]).toEqual({ name: "B", n: 1, without: [], mean: 5, iqm: 5, min: 5, max: 5 });
  expect(groups[2]).toEqual({ name: "C", n: 0, without: [] });
});

test("seeds without a value are left out, and named", () => {
  const a = noisy("A", 20, 0.9);
  const b = noisy("B", 20, 0.8);
  const holes = {
    ...b,
    values: b.values.map((v, i) => (i < 2 ? { ...v, value: i === 0 ? undefined : Number.NaN } : v)),
  };
  const { groups, comparisons } = compare([a, holes], { measure: accuracy });
  expect(groups[1]).toMatchObject({ n: 18, without: [1, 2] });
  expect(comparisons[0]).toMatchObject({ paired: true, n: [18, 18], without: [0, 2], unmatched: [2, 0] });
  expect(comparisons[0].verdict).toMatch(
    /\. Left out: 2 seeds of A without a partner, 2 seeds of B without a value\.$/,
  );
  const pairs = a.values.slice(2).map(({ value }, i) => value! - b.values[i + 2].value!);
  expect(comparisons[0].difference).toBeCloseTo(mean(pairs), 14);
});

test("a method of which nothing came cannot be compared", () => {
  const found = compare([group("A", [0.5, 0.6]), group("B", [undefined, undefined])], { measure: accuracy });
  expect(only(found).verdict).toBe("A and B cannot be compared: B has no value.");
  expect(only(compare([group("A", []), group("B", [])], { measure: accuracy })).verdict).toContain(
    "A and B have no value",
  );
});

test("seeds that do not match are compared as groups", () => {
  const a = noisy("A", 8, 0.9);
  const b = { ...noisy("B", 9, 0.85) };
  const others = { ...b, values: b.values.map(({ value }, i) => ({ seed: 100 + i, value })) };
  const found = only(compare([a, others], { measure: accuracy }));
  expect(found).toMatchObject({ paired: false, n: [8, 9], unmatched: [0, 0], outcome: "a" });
  expect(plain(found.verdict)).toContain("8 and 9 seeds, not paired, p");
});

test("two seeds in common are no pairing of many: the rest would be thrown away", () => {
  const a = noisy("A", 10, 0.9);
  const b = noisy("B", 10, 0.88);
  const shifted = (by: number) => ({ ...b, values: b.values.map(({ value }, i) => ({ seed: 1 + by + i, value })) });
  expect(only(compare([a, shifted(8)], { measure: accuracy }))).toMatchObject({ paired: false, n: [10, 10] });
  expect(only(compare([a, shifted(5)], { measure: accuracy }))).toMatchObject({
    paired: true,
    n: [5, 5],
    unmatched: [5, 5],
  });
});

test("seeds are matched by number, not by place, and their order makes no difference", () => {
  const a = noisy("A", 12, 0.9);
  const b = noisy("B", 12, 0.899);
  const forward = compare([a, b], { measure: accuracy });
  const turned = compare([{ ...a, values: [...a.values].reverse() }, b], { measure: accuracy });
  expect(turned).toEqual(forward);
});

test("what comes out is plain data", () => {
  const found = compare([noisy("A", 6, 0.9), noisy("B", 6, 0.8), group("C", [0.5])], { measure: accuracy });
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("groups that cannot be told apart by name or seed are refused", () => {
  expect(() => compare([], { measure: accuracy })).toThrow("no groups");
  expect(() => compare([group("A", [1]), group("A", [2])], { measure: accuracy })).toThrow('two groups are named "A"');
  const twice = {
    name: "A",
    values: [
      { seed: 1, value: 1 },
      { seed: 1, value: 2 },
    ],
  };
  expect(() => compare([twice], { measure: accuracy })).toThrow('group "A": seed 1 is there twice');
  expect(() => compare([group("A", [1])], { measure: accuracy, alpha: 5 })).toThrow("the level is 5");
});

test("who is ahead only among the seeds that did not diverge is not called better", () => {
  const values = (level: number, lost: number) =>
    Array.from({ length: 20 }, (_, seed) => ({
      seed,
      value: seed < lost ? undefined : level + 0.001 * ((seed * 7) % 5),
    }));
  const wild = { name: "wild", values: values(0.95, 12) };
  const safe = { name: "safe", values: values(0.85, 0) };
  const [found] = compare([wild, safe], { measure: measures["end-accuracy"] }).comparisons;
  expect(found.outcome).toBe("survivors");
  expect(plain(found.verdict)).toMatch(
    /^wild is ahead of safe by 10\.0 points \(.*8 seeds, p = 0\.0078\), but only among the seeds that came to a value: 12 of 20 of wild did not\./,
  );
  const [other] = compare([{ ...wild, values: values(0.75, 12) }, safe], {
    measure: measures["end-accuracy"],
  }).comparisons;
  expect(other.outcome).toBe("b");
});

test("few seeds can tell what Holm's correction leaves for last", () => {
  const level = (name: string, n: number, center: number) =>
    group(
      name,
      Array.from({ length: n }, (_, i) => center + 0.001 * i),
    );
  const base = level("base", 12, 0.5);
  const clear = [level("A", 12, 0.9), level("B", 12, 0.7)];
  const against = (few: Group) => compare([base, ...clear, few], { measure: accuracy, against: "base" }).comparisons[2];
  // Of three comparisons two are told: the third is held against 5 %, which six seeds can reach.
  const open = against(group("few", [0.6, 0.6, 0.6, 0.6, 0.6, 0.4]));
  expect(open).toMatchObject({ paired: true, n: [6, 6], family: 3, least: 1 / 32, outcome: "untold" });
  expect(against(level("few", 6, 0.6))).toMatchObject({ adjusted: 1 / 32, outcome: "a" });
  const { paired, verdict } = compare([level("base", 8, 0.5), level("A", 8, 0.9), level("few", 4, 0.6)], {
    measure: accuracy,
    against: "base",
  }).comparisons[1];
  expect([paired, plain(verdict)]).toEqual([
    true,
    "4 seeds are too few to tell anything at 5 % in 2 comparisons: at least 6 are needed.",
  ]);
});

test("what cannot be told of groups that are not paired is a sentence too", () => {
  const apart = compare([group("A", [0.5, 0.6, 0.4]), group("B", [0.6, 0.4, 0.55, 0.5, 0.45], 50)], {
    measure: accuracy,
  });
  expect(plain(only(apart).verdict)).toMatch(/^3 and 5 seeds, not paired, cannot tell /);
  const few = compare([group("A", [0.9, 0.8]), group("B", [0.1, 0.2], 50)], { measure: accuracy });
  expect(plain(only(few).verdict)).toBe("2 and 2 seeds, not paired, are too few to tell anything at 5 %.");
});
