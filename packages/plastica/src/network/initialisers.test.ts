import fc from "fast-check";
import { expect, test } from "vitest";
import { key, uniform as uniformDraw } from "../compute/random.ts";
import { ValueError } from "../errors.ts";
import * as face from "./initialisers.ts";
import { type Initialiser, initialisers, orthogonal, pytorchDefault } from "./initialisers.ts";

const whole = (fanIn: number, fanOut: number) => ({ fanIn, fanOut, rows: fanIn, lanes: fanOut });
const newborn = (fanIn: number, fanOut: number) => ({ fanIn, fanOut, rows: fanIn, lanes: 1 });
const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, w) => sum + w * w, 0) / values.length);
const largest = (values: Float32Array) => values.reduce((most, w) => Math.max(most, Math.abs(w)), 0);

const GAIN = 1.7;
/** Of each initialiser for a projection of 90 by 40: its standard deviation, and for the uniform ones the bound. */
const SCALES: Record<string, { initialiser: Initialiser; sd: number; bound?: number }> = {
  kaimingUniform: { initialiser: face.kaimingUniform(), sd: GAIN / Math.sqrt(90), bound: GAIN * Math.sqrt(3 / 90) },
  kaimingNormal: { initialiser: face.kaimingNormal(), sd: GAIN / Math.sqrt(90) },
  xavierUniform: { initialiser: face.xavierUniform(), sd: GAIN / Math.sqrt(65), bound: GAIN * Math.sqrt(6 / 130) },
  xavierNormal: { initialiser: face.xavierNormal(), sd: GAIN / Math.sqrt(65) },
  lecunUniform: { initialiser: face.lecunUniform(), sd: 1 / Math.sqrt(90), bound: Math.sqrt(3 / 90) },
  lecunNormal: { initialiser: face.lecunNormal(), sd: 1 / Math.sqrt(90) },
  pytorchDefault: { initialiser: pytorchDefault(), sd: 1 / Math.sqrt(270), bound: 1 / Math.sqrt(90) },
  uniform: { initialiser: face.uniform({ bound: 0.3 }), sd: 0.3 / Math.sqrt(3), bound: 0.3 },
  normal: { initialiser: face.normal({ sd: 0.3 }), sd: 0.3 },
};

test.each(Object.entries(SCALES))("%s: mean 0, its standard deviation and bound", (_, { initialiser, sd, bound }) => {
  const weights = initialiser.fill(whole(90, 40), key(1), GAIN);
  const n = weights.length;
  expect(n).toBe(3600);
  expect(Math.abs(weights.reduce((sum, w) => sum + w, 0) / n)).toBeLessThan((4 * sd) / Math.sqrt(n));
  expect(Math.abs(deviation(weights) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * n)); // four standard errors of a normal's
  if (bound === undefined) expect(largest(weights)).toBeGreaterThan(3 * sd);
  else {
    expect(largest(weights)).toBeLessThanOrEqual(Math.fround(bound));
    expect(largest(weights)).toBeGreaterThan(0.99 * bound);
  }
});

test.each(Object.entries(SCALES))("%s: a newborn's weights have the same distribution", (_, { initialiser, sd }) => {
  const newborns = Array.from({ length: 40 }, (_, i) => initialiser.fill(newborn(90, 40), key(2, i), GAIN));
  expect(newborns.every((incoming) => incoming.length === 90)).toBe(true);
  const all = Float32Array.from(newborns.flatMap((incoming) => [...incoming]));
  expect(Math.abs(deviation(all) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * all.length));
});

test("each draw is at its synapse's address", () => {
  const bound = 0.25;
  const weights = face.uniform({ bound }).fill(whole(5, 3), key(3, "w"), 1);
  for (let row = 0; row < 5; row++) {
    for (let lane = 0; lane < 3; lane++) {
      const at = row * 3 + lane;
      expect(weights[at]).toBe(Math.fround(bound * (2 * uniformDraw(key(3, "w"), at) - 1)));
    }
  }
});

test("pytorchDefault draws biases too, within the same bound and apart from the weights", () => {
  const block = whole(25, 500);
  const bias = pytorchDefault().bias?.(block, key(4), GAIN) as Float32Array;
  expect(bias.length).toBe(500);
  expect(largest(bias)).toBeLessThanOrEqual(0.2);
  expect(largest(bias)).toBeGreaterThan(0.19);
  expect(bias[0]).not.toBe(pytorchDefault().fill(block, key(4), GAIN)[0]);
});

test("zeros and constant", () => {
  expect([...face.zeros().fill(whole(2, 2), key(1), GAIN)]).toEqual([0, 0, 0, 0]);
  expect([...face.constant({ value: -0.5 }).fill(whole(1, 3), key(1), GAIN)]).toEqual([-0.5, -0.5, -0.5]);
});

test("orthogonal: lanes or rows, whichever are fewer, are orthogonal and of the gain's length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }), fc.nat(), (rows, lanes, seed) => {
      const w = orthogonal().fill(whole(rows, lanes), key(seed), GAIN);
      const [count, length] = rows < lanes ? [rows, lanes] : [lanes, rows];
      const at = (i: number, j: number) => (rows < lanes ? w[i * lanes + j] : w[j * lanes + i]);
      for (let a = 0; a < count; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let j = 0; j < length; j++) sum += at(a, j) * at(b, j);
          expect(Math.abs(sum - (a === b ? GAIN * GAIN : 0))).toBeLessThan(2e-6);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("orthogonal: uniformly drawn, so each entry of a 2 by 2 rotation has variance 1/2 and either sign of determinant", () => {
  let squares = 0;
  let reflections = 0;
  for (let i = 0; i < 2000; i++) {
    const [a, b, c, d] = orthogonal().fill(whole(2, 2), key(5, i), 1);
    squares += a * a;
    if (a * d - b * c < 0) reflections++;
  }
  expect(Math.abs(squares / 2000 - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 8 / 2000));
  expect(Math.abs(reflections / 2000 - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 4 / 2000));
});

test.each([
  [64, 16, 1],
  [16, 64, 0.5],
])("orthogonal: a newborn's weights in a projection of %i by %i are as long as the others", (fanIn, fanOut, right) => {
  const length = (w: Float32Array) => deviation(w) * Math.sqrt(w.length);
  expect(length(orthogonal().fill(newborn(fanIn, fanOut), key(6), 1))).toBeCloseTo(right, 5);
  const all = length(orthogonal().fill(whole(fanIn, fanOut), key(6), 1));
  expect(all / Math.sqrt(fanOut)).toBeCloseTo(right, 5); // the root mean square over its lanes
});

test("options outside their range are named", () => {
  expect(() => face.uniform({ bound: -1 })).toThrow("uniform: bound is -1");
  expect(() => face.normal({ sd: Number.NaN })).toThrow("normal: sd is NaN");
  expect(() => face.constant({ value: Infinity })).toThrow(ValueError);
});

test("each is in the list under its own name, with the options it was made with", () => {
  const options = { bound: 0.5, sd: 0.5, value: 0.5 };
  for (const [name, make] of Object.entries(initialisers)) {
    const initialiser = make(options);
    expect(initialiser.name).toBe(name);
    expect(make({ ...options, ...initialiser.options }).fill(whole(3, 2), key(7), 1)).toEqual(
      initialiser.fill(whole(3, 2), key(7), 1),
    );
  }
});
