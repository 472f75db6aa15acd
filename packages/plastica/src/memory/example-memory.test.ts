import { expect, test } from "vitest";
import { SnapshotError, ValueError } from "../errors.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { ExampleMemory } from "./example-memory.ts";

const network = () => sequential({ inputs: 3, seed: 2 }, [dense(4, relu()), dense(5)]);
const shown = (i: number) => ({ count: 1, xs: [i, i + 0.5, -i], ys: [i % 5] });

test("the recent ones: the last of all that were shown, whole", () => {
  const memory = new ExampleMemory(network(), "test", { capacity: 4 });
  for (let i = 0; i < 6; i++) memory.show(shown(i));
  const { count, xs, ys, outputs } = memory.examples();
  expect([count, outputs]).toEqual([4, undefined]);
  expect([...xs]).toEqual([4, 4.5, -4, 5, 5.5, -5, 2, 2.5, -2, 3, 3.5, -3]);
  expect(ys).toEqual([4, 0, 2, 3]);
  expect(memory.examples([1]).ys).toEqual([0]);
});

test("a reservoir holds each of the shown with the same chance", () => {
  const times = new Array(60).fill(0);
  for (let seed = 0; seed < 40; seed++) {
    const memory = new ExampleMemory(sequential({ inputs: 3, seed }, [dense(5)]), "test", {
      capacity: 6,
      keeps: "reservoir",
    });
    for (let i = 0; i < 60; i++) memory.show(shown(i));
    const { xs } = memory.examples();
    for (let i = 0; i < 6; i++) times[xs[3 * i]]++;
  }
  const early = times.slice(0, 30).reduce((sum, n) => sum + n);
  // 240 places, half of them expected: five standard deviations of a coin thrown 240 times.
  expect(Math.abs(early - 120)).toBeLessThan(39);
});

test("heads and values come back as they were shown", () => {
  const memory = new ExampleMemory(network(), "test", { capacity: 4 });
  memory.show({ count: 2, xs: [1, 2, 3, 4, 5, 6], ys: [0, 4], outputs: [[0, 1], undefined] });
  expect(memory.examples()).toMatchObject({ ys: [0, 4], outputs: [[0, 1], undefined] });
  memory.show({ count: 1, xs: [7, 8, 9], ys: [0.5, 0, 0, 0, 0.25] });
  expect([...(memory.examples([0, 2]).ys as Float32Array)]).toEqual([1, 0, 0, 0, 0, 0.5, 0, 0, 0, 0.25]);
  expect(memory.examples([0]).outputs).toEqual([0, 1]);
});

test("an empty memory and impossible ones say so", () => {
  expect(() => new ExampleMemory(network(), "test", { capacity: 0 })).toThrow(ValueError);
  const memory = new ExampleMemory(network(), "test", { capacity: 1 });
  expect(() => memory.examples()).toThrow("holds no example yet");
  expect(() => memory.load(-1)).toThrow(SnapshotError);
});
