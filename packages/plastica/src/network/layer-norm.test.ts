import { expect, it } from "vitest";
import { Compute } from "../compute/compute.ts";
import { uniform } from "../compute/random.ts";
import { linear } from "./neurons.ts";
import { Population } from "./population.ts";

const neurons = (n: number) => Array.from({ length: n }, (_, id) => ({ id, born: 0, cause: "founder" }));
const draw = (seed: number, n: number) =>
  Array.from({ length: n }, (_, i) => Math.fround(4 * uniform({ k0: seed, k1: 0 }, i) - 1));

function layer(size: number, batch = 1): Population {
  const population = new Population(new Compute(), "layer", linear(), neurons(size), { bias: false, layerNorm: true });
  population.columns.unpack("gain", Float32Array.from(draw(1, size)));
  population.columns.unpack("shift", Float32Array.from(draw(2, size)));
  population.reserve(batch);
  return population;
}

function put({ compute, capacity }: Population, pointer: number, rows: readonly (readonly number[])[]): void {
  rows.forEach((row, r) => compute.arena.f32.set(row, (pointer >> 2) + r * capacity));
}

function get({ compute, capacity }: Population, pointer: number, row: number, n: number): number[] {
  return [...compute.arena.f32.subarray((pointer >> 2) + row * capacity, (pointer >> 2) + row * capacity + n)];
}

function normal(x: readonly number[]): number[] {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v) => (v - mean) / Math.sqrt(variance + 1e-5));
}

const near = (ours: readonly number[], right: readonly number[], by = 2e-6) => {
  expect(ours.length).toBe(right.length);
  right.forEach((value, i) => expect(Math.abs(ours[i] - value)).toBeLessThan(by * Math.max(1, Math.abs(value))));
};

it.each([1, 2, 3, 4, 5, 17, 130])("normalises %i neurons, example by example", (size) => {
  const rows = [3, 4, 5].map((seed) => draw(seed, size));
  const population = layer(size, 3);
  const [gain, shift] = [draw(1, size), draw(2, size)];
  put(population, population.input, rows);
  population.norm!.forward(3, false);
  rows.forEach((row, r) => {
    const right = normal(row).map((v, j) => gain[j] * v + shift[j]);
    near(get(population, population.norm!.drive, r, size), right, 2e-5);
  });
});

it("turns dLoss / dDrive into dLoss / dInput, and says what gain and shift learn from", () => {
  const size = 6;
  const [x, back, gain] = [draw(3, size), draw(4, size), draw(1, size)];
  const population = layer(size, 2);
  put(population, population.input, [draw(8, size), x]);
  population.norm!.forward(2, false);
  put(population, population.signal, [draw(9, size), back]);
  population.norm!.backward(2);
  const { gainSignal, shiftSignal } = population.norm!;
  near(get(population, shiftSignal, 1, size), back);
  near(
    get(population, gainSignal, 1, size),
    normal(x).map((v, j) => v * back[j]),
  );
  const loss = (input: readonly number[]) => normal(input).reduce((sum, v, j) => sum + back[j] * gain[j] * v, 0);
  const slope = x.map((v, i) => (loss(x.with(i, v + 1e-5)) - loss(x.with(i, v - 1e-5))) / 2e-5);
  near(get(population, population.signal, 1, size), slope, 1e-5);
});

it("keeps neurons that are equal at their shift, and does not divide by zero", () => {
  const population = layer(5);
  put(population, population.input, [[7, 7, 7, 7, 7]]);
  population.norm!.forward(1, false);
  near(get(population, population.norm!.drive, 0, 5), draw(2, 5));
});
