import fc from "fast-check";
import { expect, test } from "vitest";
import { highest, lowest } from "./selection.ts";

test("the lowest of several groups together; of equals the first", () => {
  const groups = [
    { of: "a", scores: [5, 1, 9, 2], candidates: [0, 1, 3] },
    { of: "b", scores: [2, 2, 0.5], candidates: [0, 1, 2] },
  ];
  expect([...lowest(groups, 0)]).toEqual([
    ["a", []],
    ["b", []],
  ]);
  expect([...lowest(groups, 2)]).toEqual([
    ["a", [1]],
    ["b", [2]],
  ]);
  expect([...lowest(groups, 4)]).toEqual([
    ["a", [1, 3]],
    ["b", [0, 2]],
  ]);
  expect([...lowest(groups, 99)]).toEqual([
    ["a", [0, 1, 3]],
    ["b", [0, 1, 2]],
  ]);
});

test("the highest of several groups together; of equals the first", () => {
  const groups = [
    { of: "a", scores: [5, 1, 9, 2], candidates: [0, 1, 3] },
    { of: "b", scores: [2, 2, 0.5], candidates: [0, 1, 2] },
  ];
  expect([...highest(groups, 3)]).toEqual([
    ["a", [0, 3]],
    ["b", [0]],
  ]);
});

test("nobody who stays has a lower score than somebody who goes, and as many go as were asked for", () => {
  const group = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), fc.nat(130), (scores, count) => {
      const groups = scores.map((each, of) => ({
        of,
        scores: each,
        candidates: [...each.keys()].filter((i) => i % 3 < 2),
      }));
      const chosen = lowest(groups, count);
      const goes = groups.flatMap(({ of, scores: all }) => chosen.get(of)!.map((i) => all[i]));
      const stays = groups.flatMap(({ of, scores: all, candidates }) =>
        candidates.filter((i) => !chosen.get(of)!.includes(i)).map((i) => all[i]),
      );
      expect(goes.length).toBe(Math.min(count, goes.length + stays.length));
      expect(Math.max(...goes, -9)).toBeLessThanOrEqual(Math.min(...stays, 9));
    }),
    { numRuns: 50 },
  );
});
