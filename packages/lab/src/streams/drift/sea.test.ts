import { adam, backprop, crossEntropy, dense, live, relu, sequential } from "plastica";
import { expect, test } from "vitest";
import type { Stream } from "../stream.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { sea, seaKind, seaThresholds } from "./sea.ts";

const context = { seed: 1, batch: 1 };
const usual = { concepts: [0, 1, 2, 3], width: 0, length: 100_000, incremental: false, noise: 0.1 };

test.each(seaThresholds)("class 1 is a sum above %d", (threshold) => {
  const concept = sea({ seed: 1, threshold, noise: 0 });
  let ones = 0;
  for (let n = 0; n < 4000; n++) {
    const { x, y } = concept.at(n);
    for (const value of x) expect(value >= 0 && value < 10).toBe(true);
    expect(y).toBe(x[0] + x[1] > threshold ? 1 : 0);
    ones += y as number;
  }
  const share = 1 - threshold ** 2 / 200; // what of the square lies above the diagonal
  expect(Math.abs(ones / 4000 - share)).toBeLessThan(0.032); // four standard errors
});

test("one label in ten is wrong, none of the inputs", () => {
  const [clean, noisy] = [0, 0.1].map((noise) => sea({ seed: 1, noise }));
  let wrong = 0;
  for (let n = 0; n < 10_000; n++) {
    const { x, y } = clean.at(n);
    const other = noisy.at(n);
    expect(other.x).toEqual(x);
    if (other.y !== y) wrong++;
  }
  expect(Math.abs(wrong / 10_000 - 0.1)).toBeLessThan(0.012); // four standard errors
});

/** The share of class 1 among inputs whose sum is from 8 to 9.5, of items `from` to `to`: all in concept 0, none in concept 3. */
function disputed({ at }: Concept, from: number, to: number): number {
  const labels: number[] = [];
  for (let n = from; n < to; n++) {
    const { x, y } = at(n);
    if (x[0] + x[1] > 8 && x[0] + x[1] <= 9.5) labels.push(y as number);
  }
  return labels.reduce((a, b) => a + b) / labels.length;
}

test("what is right for an input changes at the boundary, at once or gradually", async () => {
  const options = { ...usual, concepts: [0, 3], every: 5000, length: 20_000, noise: 0 };
  const abrupt = (await seaKind.make(options as never, context)) as Stream;
  expect(disputed(abrupt, 4000, 5000)).toBe(1);
  expect(disputed(abrupt, 5000, 6000)).toBe(0);
  expect(disputed(abrupt, 10_000, 11_000)).toBe(1); // the cycle comes round
  const gradual = (await seaKind.make({ ...options, width: 2000 } as never, context)) as Stream;
  const course = [0, 3500, 4000, 4500, 5000, 5500, 6000].map((from) => disputed(gradual, from, from + 500));
  for (let i = 1; i < course.length; i++) expect(course[i]).toBeLessThan(course[i - 1] + 0.02);
  expect(course[0]).toBe(1);
  expect(disputed(gradual, 4750, 5250)).toBeGreaterThan(0.3);
  expect(disputed(gradual, 4750, 5250)).toBeLessThan(0.7);
  expect(disputed(gradual, 7000, 8000)).toBeLessThan(0.06);
});

test("incremental: the threshold itself moves from 8 to 9.5", async () => {
  const options = { ...usual, concepts: [0, 3], every: 5000, width: 3000, length: 10_000, noise: 0, incremental: true };
  const stream = (await seaKind.make(options as never, context)) as Stream;
  for (let n = 0; n < 10_000; n++) {
    const { x, y } = stream.at(n);
    const threshold = 8 + 1.5 * Math.max(0, Math.min(1, (n - 3500) / 3000));
    if (Math.abs(x[0] + x[1] - threshold) > 1e-9) expect(y).toBe(x[0] + x[1] > threshold ? 1 : 0);
  }
});

test("a network that learns online stumbles over an abrupt drift, and finds its feet", () => {
  const stream = conceptDrift(
    [7, 9.5].map((threshold) => sea({ seed: 1, threshold, noise: 0 })),
    { seed: 1, every: 6000, length: 12_000 },
  );
  const learner = live(sequential({ inputs: 3, seed: 1 }, [dense(16, relu()), dense(2)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 1e-3 }),
  });
  const right = Array.from({ length: 12_000 }, (_, n) => {
    const { x, y } = stream.at(n);
    return learner.observe(x, y).prediction === y ? 1 : 0;
  });
  const accuracy = (from: number, to: number) => right.slice(from, to).reduce((a: number, b) => a + b, 0) / (to - from);
  expect(accuracy(5000, 6000)).toBeGreaterThan(0.9);
  expect(accuracy(6000, 6100)).toBeLessThan(accuracy(5000, 6000) - 0.08); // a fifth of the inputs has another class now
  expect(accuracy(11_000, 12_000)).toBeGreaterThan(0.93);
});

test("a noise beyond 1 is refused", () => {
  expect(() => sea({ seed: 1, noise: 10 })).toThrow("noise is 10, must be a number from 0 to 1");
});
