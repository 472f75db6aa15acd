import { integer, key } from "plastica";
import { expect, test } from "vitest";
import { type SlowlyChangingOptions, slowlyChanging } from "./slowly-changing.ts";

const value = (y: number | Float32Array) => (y as Float32Array)[0];
const code = (bits: Float32Array) => bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);

/** The target by its formula, unit by unit, from the same addresses. */
function twin(
  seed: number,
  x: Float32Array,
  { features = 100, beta = 0.7 }: Partial<SlowlyChangingOptions> = {},
): number {
  const m = x.length;
  const drawn = key(seed, "target");
  const sign = (index: number): number => (integer(drawn, index, 2) === 1 ? 1 : -1);
  let y = sign((m + 2) * features);
  for (let i = 0; i < features; i++) {
    const w = Array.from({ length: m }, (_, j) => sign((m + 2) * i + j));
    const b = sign((m + 2) * i + m);
    const s = (m - w.reduce((a, c) => a + c, 0) + b) / 2;
    const theta = beta * (m + 1) - s;
    const activation = w.reduce((a, c, j) => a + c * x[j], b);
    if (activation > theta) y += sign((m + 2) * i + m + 1);
  }
  return y;
}

const sizes: Partial<SlowlyChangingOptions>[] = [
  {},
  { slowBits: 4, randomBits: 3, features: 7, beta: 0.6 },
  { slowBits: 3, randomBits: 3, beta: 0.5 }, // units on their thresholds, which do not fire
];

test.each(sizes)("the target is the formula: %j", (options) => {
  const stream = slowlyChanging({ seed: 9, tasks: 6, examplesPerTask: 50, ...options });
  const values = new Set<number>();
  for (let n = 0; n < stream.length; n += 3) {
    const { x, y } = stream.at(n);
    expect(value(y)).toBe(twin(9, x, options));
    values.add(value(y));
  }
  expect(values.size).toBeGreaterThan(2);
});

test("slow bits stay through a task and are new in the next; random bits are fresh, and fair", () => {
  const stream = slowlyChanging({ seed: 1, tasks: 40, examplesPerTask: 200 });
  expect(stream.starts.slice(0, 3)).toEqual([0, 200, 400]);
  expect(stream.inputs).toBe(20);
  const slow = new Set<number>();
  const ones = new Float64Array(20);
  const fast = new Set<number>();
  for (let task = 0; task < 40; task++) {
    const first = code(stream.at(task * 200).x.slice(0, 15));
    slow.add(first);
    for (let n = task * 200; n < (task + 1) * 200; n++) {
      const { x } = stream.at(n);
      expect(code(x.slice(0, 15))).toBe(first);
      fast.add(code(x.slice(15)));
      x.forEach((bit, j) => (ones[j] += bit / 8000));
    }
  }
  expect(slow.size).toBeGreaterThan(38);
  expect(fast.size).toBe(32);
  ones.slice(0, 15).forEach((share) => expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 40)));
  ones.slice(15).forEach((share) => expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 8000)));
});

test("flipping one: neighbouring tasks differ in one slow bit, and each bit has its turn", () => {
  const stream = slowlyChanging({ seed: 1, tasks: 200, examplesPerTask: 2, flip: "one" });
  const slow = (task: number) => stream.at(2 * task).x.slice(0, 15);
  const flipped = new Set<number>();
  for (let task = 1; task < 200; task++) {
    const before = slow(task - 1);
    const changed = [...slow(task)].flatMap((bit, j) => (bit === before[j] ? [] : [j]));
    expect(changed.length).toBe(1);
    flipped.add(changed[0]);
  }
  expect(flipped.size).toBe(15);
});

test("a line has the published error: about 0.87 at a step of 0.01", () => {
  const seeds = 12;
  const length = 200_000;
  let error = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const stream = slowlyChanging({ seed, tasks: 20 });
    const w = new Float64Array(20);
    let bias = 0;
    for (let n = 0; n < length; n++) {
      const { x, y } = stream.at(n);
      let wrong = bias - value(y);
      for (let j = 0; j < 20; j++) wrong += w[j] * x[j];
      error += wrong ** 2 / (seeds * length);
      for (let j = 0; j < 20; j++) w[j] -= 0.02 * wrong * x[j]; // the gradient of the squared error
      bias -= 0.02 * wrong;
    }
  }
  expect(error).toBeGreaterThan(0.75);
  expect(error).toBeLessThan(1);
});

test("what is out of range is named", () => {
  expect(() => slowlyChanging({ seed: 1, tasks: 0 })).toThrow("tasks is 0, must be an integer from 1");
  expect(() => slowlyChanging({ seed: 1, slowBits: 31 })).toThrow("slowBits is 31, must be an integer from 1 to 30");
  expect(() => slowlyChanging({ seed: 1, randomBits: 0 })).toThrow("randomBits is 0, must be an integer from 1 to 12");
  expect(() => slowlyChanging({ seed: 1, features: 0.5 })).toThrow("features is 0.5");
  expect(() => slowlyChanging({ seed: 1, beta: 2 })).toThrow("beta is 2, must be from 0 to 1");
});
