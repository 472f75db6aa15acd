import { backprop, crossEntropy, dense, live, relu, sequential, sgd } from "plastica";
import { expect, test } from "vitest";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { led } from "./led.ts";

/** The segments of each digit, from top to bottom and left to right. */
const display = [
  [1, 1, 1, 0, 1, 1, 1],
  [0, 0, 1, 0, 0, 1, 0],
  [1, 0, 1, 1, 1, 0, 1],
  [1, 0, 1, 1, 0, 1, 1],
  [0, 1, 1, 1, 0, 1, 0],
  [1, 1, 0, 1, 0, 1, 1],
  [1, 1, 0, 1, 1, 1, 1],
  [1, 0, 1, 0, 0, 1, 0],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 0, 1, 1],
];

test("without noise the segments are the digit's, and the other lights are on half the time", () => {
  const { at } = led({ seed: 1, noise: 0 });
  const on = new Float64Array(17);
  for (let n = 0; n < 4000; n++) {
    const { x, y } = at(n);
    expect([...x.subarray(0, 7)]).toEqual(display[y as number]);
    for (let i = 0; i < 17; i++) on[i] += x[7 + i] / 4000;
  }
  for (const share of on) expect(Math.abs(share - 0.5)).toBeLessThan(0.033); // four standard errors
});

test("one segment in ten is inverted, and the nearest digit is then right 74 times in a hundred, as the book says", () => {
  const { at } = led({ seed: 2, irrelevant: false });
  let inverted = 0;
  let right = 0;
  for (let n = 0; n < 10_000; n++) {
    const { x, y } = at(n);
    const distances = display.map((segments) => segments.reduce((sum, on, i) => sum + Math.abs(on - x[i]), 0));
    inverted += distances[y as number];
    const nearest = Math.min(...distances);
    const digits = distances.flatMap((distance, digit) => (distance === nearest ? [digit] : []));
    if (digits.includes(y as number)) right += 1 / digits.length; // a guess among equals
  }
  expect(Math.abs(inverted / 70_000 - 0.1)).toBeLessThan(0.0046); // four standard errors
  expect(Math.abs(right / 10_000 - 0.74)).toBeLessThan(0.018);
});

/** For each input the share of items in which it is what segment 3 of the shown digit should be, and so on: the input of each segment. */
function inputOfSegment({ at }: Concept): number[] {
  const agreed = Array.from({ length: 7 }, () => new Float64Array(24));
  for (let n = 0; n < 500; n++) {
    const { x, y } = at(n);
    for (let s = 0; s < 7; s++) for (let i = 0; i < 24; i++) if (x[i] === display[y as number][s]) agreed[s][i]++;
  }
  return agreed.map((counts) => counts.indexOf(500));
}

test("a concept is the number of segments that have changed places with other lights", () => {
  expect(inputOfSegment(led({ seed: 1, noise: 0 }))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  for (const concept of [1, 3, 7]) {
    const inputs = inputOfSegment(led({ seed: 1, noise: 0, concept }));
    expect(new Set(inputs).size).toBe(7);
    expect(inputs.filter((input, segment) => input !== segment).length).toBe(concept);
    expect(inputs.filter((input) => input >= 7).length).toBe(concept);
  }
});

test("a network that learns online is lost when all segments change places, and finds its way again", () => {
  const stream = conceptDrift(
    [0, 7].map((concept) => led({ seed: 5, concept, noise: 0.05 })),
    { seed: 5, every: 5000, length: 10_000 },
  );
  const learner = live(sequential({ inputs: 24, seed: 5 }, [dense(32, relu()), dense(10)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: sgd({ lr: 0.05 }),
  });
  const right = Array.from({ length: 10_000 }, (_, n) => {
    const { x, y } = stream.at(n);
    return learner.observe(x, y).prediction === y ? 1 : 0;
  });
  const accuracy = (from: number, to: number) => right.slice(from, to).reduce((a: number, b) => a + b, 0) / (to - from);
  expect(accuracy(4000, 5000)).toBeGreaterThan(0.75);
  expect(accuracy(5000, 5100)).toBeLessThan(0.35);
  expect(accuracy(9000, 10_000)).toBeGreaterThan(0.75);
});

test("segments cannot change places with lights that are not there", () => {
  expect(() => led({ seed: 1, concept: 3, irrelevant: false })).toThrow("must be 0 where no lights are irrelevant");
  expect(() => led({ seed: 1, concept: 8 })).toThrow("concept is 8, must be an integer from 0 to 7");
});
