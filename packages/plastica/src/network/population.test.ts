import { expect, it } from "vitest";
import { Compute } from "../compute/compute.ts";
import type { NeuronModel } from "./neuron.ts";
import { crelu, relu, tanh } from "./neurons.ts";
import { Population } from "./population.ts";

function populationOf(size: number, model: NeuronModel = relu(), layerNorm = false): Population {
  const neurons = Array.from({ length: size }, (_, id) => ({ id, born: 0, cause: "founder" }));
  return new Population(new Compute(), "hidden", model, neurons, { bias: true, layerNorm });
}

/** Writes rows of a cell buffer, `capacity` numbers apart. */
function put({ compute, capacity }: Population, pointer: number, rows: readonly (readonly number[])[]): void {
  rows.forEach((row, r) => compute.arena.f32.set(row, (pointer >> 2) + r * capacity));
}

function ints({ compute }: Population, pointer: number, n: number): number[] {
  return [...compute.arena.i32.subarray(pointer >> 2, (pointer >> 2) + n)];
}

const floats = ({ compute }: Population, pointer: number, n: number) => [
  ...compute.arena.f32.subarray(pointer >> 2, (pointer >> 2) + n),
];

it("has room in whole vectors", () => {
  const population = populationOf(5, crelu());
  expect([population.size, population.capacity, population.vectors]).toEqual([5, 8, 2]);
  expect([population.stride, population.outStride]).toEqual([32, 64]);
  expect(population.parameters).toEqual(["bias"]);
  expect(populationOf(4, tanh(), true).parameters).toEqual(["bias", "gain", "shift"]);
});

it("fires: outputs plane by plane, and a list of who is active, by example and by neuron", () => {
  const population = populationOf(3, crelu());
  population.reserve(2);
  const rows = [
    [1, -2, 0],
    [-3, 4, 5],
  ];
  put(population, population.input, rows);
  population.fire(2);
  // -0 is 0 here.
  expect([...population.outputs(2).map((v) => v + 0)]).toEqual([1, 0, 0, 0, 2, 0, 0, 4, 5, 3, 0, 0]);
  const { rowStart, index, value, columnStart, rowIndex, rowValue } = population.list;
  expect(population.active).toBe(5);
  expect(ints(population, rowStart, 3)).toEqual([0, 2, 5]);
  expect(ints(population, index, 5)).toEqual([0, 5, 1, 2, 4]);
  expect(floats(population, value, 5)).toEqual([1, 2, 4, 5, 3]);
  population.listByNeuron(2);
  expect(ints(population, columnStart, 9)).toEqual([0, 1, 2, 3, 3, 4, 5, 5, 5]);
  expect(ints(population, rowIndex, 5)).toEqual([0, 1, 1, 1, 0]);
  expect(floats(population, rowValue, 5)).toEqual([1, 4, 5, 3, 2]);
});

it("differentiates: what comes back, times the slope", () => {
  const population = populationOf(3, crelu());
  put(population, population.input, [[1, -2, 0]]);
  population.fire(1);
  put(population, population.back, [
    [10, 20, 30],
    [1, 2, 3],
  ]);
  population.differentiate(1);
  expect(floats(population, population.signal, 4)).toEqual([10, -2, 0, 0]);
});

it("reserves more, never less, and says whether anything moved", () => {
  const population = populationOf(6, tanh(), true);
  expect(population.reserve(1)).toBe(false);
  expect(population.reserve(20)).toBe(true);
  const { input } = population;
  expect(population.reserve(7)).toBe(false);
  expect([population.batch, population.input]).toEqual([20, input]);
});

it("is as large after much reserving as after the largest", () => {
  const population = populationOf(6, crelu(), true);
  population.reserve(50);
  const { used } = population.compute.arena;
  for (let i = 0; i < 100; i++) population.reserve(1 + (i % 50), i % 3 === 0);
  expect(population.compute.arena.used).toBe(used);
});

it("forgets what passed through", () => {
  const population = populationOf(3);
  put(population, population.input, [[1, 2, 3]]);
  population.fire(1);
  population.clearBuffers();
  const { input, out, back, signal } = population;
  for (const pointer of [input, out, back, signal]) expect(floats(population, pointer, 4)).toEqual([0, 0, 0, 0]);
});
