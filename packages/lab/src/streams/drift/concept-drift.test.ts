import { ShapeError, ValueError } from "plastica";
import { describe, expect, test } from "vitest";
import { type Concept, conceptDrift, incrementalDrift, moving } from "./concept-drift.ts";

/** Says its own number to every input, and the item's number as the input. */
function concept(own: number): Concept {
  return { inputs: 1, outputs: 9, target: "class", at: (n) => ({ x: Float32Array.of(n), y: own }) };
}

/** Which concept each item is of. */
function classes(width: number, { concepts = [1, 2, 3], every = 100, length = 1000, seed = 1 } = {}): number[] {
  const stream = conceptDrift(concepts.map(concept), { seed, every, width, length });
  return Array.from({ length }, (_, n) => stream.at(n).y as number);
}

test("abrupt: each concept has its items, then the cycle comes round", () => {
  const seen = classes(0, { every: 3, length: 11 });
  expect(seen).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 1, 1]);
});

test("an item is the one of that number, of the concept whose turn it is", () => {
  const stream = conceptDrift([concept(1), concept(2)], { seed: 1, every: 10, length: 40 });
  expect(stream.at(25).x[0]).toBe(25);
  expect(stream.at(25).y).toBe(1);
  expect(stream.starts).toEqual([0, 10, 20, 30]);
});

test("gradual: the share of the new concept is the logistic function of how far the change is", () => {
  const width = 400;
  const stream = Array.from({ length: 200 }, (_, seed) =>
    classes(width, { concepts: [0, 1], every: 1000, length: 1500, seed }),
  );
  const shareAt = (n: number) => {
    let news = 0;
    for (const life of stream) for (let i = n - 20; i < n + 20; i++) news += life[i];
    return news / (40 * stream.length);
  };
  for (const [n, share] of [
    [500, 1 / (1 + Math.exp(5))],
    [800, 1 / (1 + Math.exp(2))],
    [1000, 0.5],
    [1100, 1 / (1 + Math.exp(-1))],
    [1200, 1 / (1 + Math.exp(-2))],
  ])
    expect(Math.abs(shareAt(n) - share)).toBeLessThan(0.025); // over four standard errors
  for (const life of stream) {
    expect(life[0]).toBe(0);
    expect(life.slice(1400).filter((own) => own === 0).length).toBeLessThan(12);
  }
});

test("gradual: what fades in is the next concept, and after the last change nothing comes", () => {
  const seen = classes(40, { every: 100, length: 250 });
  expect(new Set(seen.slice(0, 150))).toEqual(new Set([1, 2]));
  expect(new Set(seen.slice(150))).toEqual(new Set([2, 3]));
});

describe("incremental", () => {
  test("a value stays, moves in a straight line around each change, and stays", () => {
    const value = moving([8, 10], { every: 100, width: 20, length: 300 });
    const seen = [0, 89, 90, 95, 100, 105, 110, 150, 200, 299].map(value);
    expect(seen).toEqual([8, 8, 8, 8.5, 9, 9.5, 10, 10, 9, 8]);
  });

  test("without a width it jumps", () => {
    const value = moving([8, 10, 12], { every: 5, length: 20 });
    expect([0, 4, 5, 9, 10, 14, 15].map(value)).toEqual([8, 8, 10, 10, 12, 12, 8]);
  });

  test("targets move from what the old concept says to what the new one says", () => {
    const says = (own: number): Concept => ({
      inputs: 1,
      outputs: 2,
      target: "values",
      at: (n) => ({ x: Float32Array.of(n), y: Float32Array.of(own, -own) }),
    });
    const stream = incrementalDrift([says(0), says(8)], { every: 10, width: 4, length: 20 });
    const seen = [0, 8, 9, 10, 11, 12, 19].map((n) => [...(stream.at(n).y as Float32Array)]);
    expect(seen).toEqual([
      [0, -0],
      [0, -0],
      [2, -2],
      [4, -4],
      [6, -6],
      [8, -8],
      [8, -8],
    ]);
    expect(stream.at(11).x[0]).toBe(11);
  });

  test("there is nothing between two classes", () => {
    expect(() => incrementalDrift([concept(1)], { every: 1, length: 1 })).toThrow('must be "values"');
  });
});

test("concepts must be of one shape", () => {
  const other = { ...concept(2), inputs: 2 };
  expect(() => conceptDrift([concept(1), other], { seed: 1, every: 1, length: 2 })).toThrow(ShapeError);
  expect(() => conceptDrift([concept(1), other], { seed: 1, every: 1, length: 2 })).toThrow("concept 1 has 2 inputs");
});

test.each([
  [{ every: 0, length: 10 }, "every is 0, must be an integer from 1"],
  [{ every: 5, length: 0 }, "length is 0, must be an integer from 1"],
  [{ every: 5, width: 6, length: 10 }, "width is 6, must be an integer from 0 to 5, which is every"],
])("%j is refused", (options, message) => {
  const make = () => conceptDrift([concept(1)], { seed: 1, ...options });
  expect(make).toThrow(ValueError);
  expect(make).toThrow(message);
});

test("there is no drift over nothing, and no item beyond the last", () => {
  expect(() => conceptDrift([], { seed: 1, every: 1, length: 1 })).toThrow("no concepts");
  expect(() => conceptDrift([concept(1)], { seed: 1, every: 4, length: 8 }).at(8)).toThrow("from 0 to 7");
});
