import fc from "fast-check";
import { expect, test } from "vitest";
import { plainImages } from "../testing/images.ts";
import { fading } from "./fuzzy.ts";
import { imageTasks } from "./images-tasks.ts";
import { labelPermuted } from "./label-permuted.ts";
import { permuted } from "./permuted.ts";
import { randomLabel } from "./random-label.ts";
import { rotated } from "./rotated.ts";
import { slowlyChanging } from "./slowly-changing.ts";
import { split } from "./split.ts";
import type { Stream } from "./stream.ts";

const images = plainImages(40);
const tests = plainImages(20, 6, { from: 100 });
const unequal = plainImages(37, 6, { classes: 4 });

const streams: Record<string, (seed: number) => Stream> = {
  permuted: (seed) => permuted(images, { seed, tasks: 4, epochs: 2, tests }),
  "permuted, with all it can": (seed) =>
    permuted(images, { seed, tasks: 5, recurring: 3, boundary: 20, examplesPerTask: 20, pad: 1, scenario: "task" }),
  split: (seed) => split(images, { seed, scenario: "task", order: "random", iterations: 9, batch: 3, tests }),
  "split, fading, of unequal tasks": (seed) =>
    split(unequal, { seed, scenario: "domain", epochs: 2, tasks: 5, recurring: 2, boundary: 10 }),
  "split, joint": (seed) => split(images, { seed, scenario: "task", iterations: 9, batch: 7, joint: true, tests }),
  rotated: (seed) => rotated(images, { seed, tasks: 4, boundary: 8, tests }),
  "label-permuted": (seed) => labelPermuted(images, { seed, tasks: 4, boundary: 8 }),
  "random-label": (seed) => randomLabel(images, { seed, tasks: 3, images: 12, epochs: 5, batch: 4 }),
  "slowly-changing": (seed) => slowlyChanging({ seed, tasks: 20, examplesPerTask: 10 }),
  "slowly-changing, one bit": (seed) => slowlyChanging({ seed, tasks: 20, examplesPerTask: 10, flip: "one" }),
};

/** An item, in words. */
function told(stream: Stream, n: number): string {
  const { x, y, outputs } = stream.at(n);
  return `${x.join()} | ${y instanceof Float32Array ? y.join() : y} | ${outputs?.join() ?? "all"}`;
}

for (const [name, make] of Object.entries(streams)) {
  test(`${name}: item n is the same, whatever was asked for before`, () => {
    const inOrder = make(3);
    const expected = Array.from({ length: inOrder.length }, (_, n) => told(inOrder, n));
    const stream = make(3);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length - 1), { minLength: 1, maxLength: 20 }), (asked) => {
        for (const n of asked) expect(told(stream, n)).toBe(expected[n]);
      }),
      { numRuns: 30 },
    );
  });

  test(`${name}: a seed is the same stream, another seed another`, () => {
    const items = (seed: number) => {
      const stream = make(seed);
      return Array.from({ length: stream.length }, (_, n) => told(stream, n)).join("\n");
    };
    expect(items(1)).toBe(items(1));
    expect(items(1)).not.toBe(items(2));
  });

  test(`${name}: says what it is, and refuses what it has not`, () => {
    const stream = make(1);
    expect(stream.starts[0]).toBe(0);
    for (const [task, start] of stream.starts.entries()) {
      expect(start).toBeLessThan(stream.starts[task + 1] ?? stream.length);
    }
    for (let n = 0; n < stream.length; n++) {
      const { x, y, outputs } = stream.at(n);
      expect(x.length).toBe(stream.inputs);
      if (typeof y !== "number") {
        expect(stream.target).toBe("values");
        expect(y.length).toBe(stream.outputs);
        continue;
      }
      expect(stream.target).toBe("class");
      expect(y).toBeLessThan(stream.outputs);
      if (outputs !== undefined) expect(outputs).toContain(y);
    }
    for (const n of [-1, 0.5, Number.NaN, stream.length]) {
      expect(() => stream.at(n)).toThrow(`item ${n} of the stream, must be an integer from 0 to ${stream.length - 1}`);
    }
  });
}

test("held-out images must be of the same kind; a set or item that is not there is named", () => {
  const other = plainImages(20, 5);
  expect(() => permuted(images, { seed: 1, tasks: 2, tests: other })).toThrow(
    "tests are 10 classes of 25 pixels, must be 10 of 36, as small",
  );
  const stream = permuted(images, { seed: 1, tasks: 2, tests });
  expect(() => stream.tests?.at(2, 0)).toThrow("the test set is 2, must be an integer from 0 to 1");
  expect(() => stream.tests?.size(-1)).toThrow("the test set is -1");
  expect(() => stream.tests?.at(1, 20)).toThrow("the item of test set 1 is 20, must be an integer from 0 to 19");
});

test("testing does not disturb what is learned from", () => {
  const stream = permuted(images, { seed: 1, tasks: 2, tests });
  const item = stream.at(5);
  const before = item.x.join();
  stream.tests?.at(1, 3);
  expect(item.x.join()).toBe(before);
});

test("where two tasks alternate, each is laid out once", () => {
  let laidOut = 0;
  const tasks = imageTasks({
    seed: 1,
    images,
    tasks: 5,
    contents: 5,
    inputs: 36,
    outputs: 10,
    dealing: {},
    pool: () => Uint32Array.from({ length: 40 }, (_, i) => i),
    view: () => {
      laidOut++;
      return { draw: () => {}, label: () => 0 };
    },
  });
  const stream = fading(tasks, 40, 1);
  for (let n = 0; n < stream.length; n++) stream.at(n);
  expect(laidOut).toBe(5);
});
