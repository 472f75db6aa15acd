import { expect, test } from "vitest";
import { imageOf, imageSet } from "../data/images.ts";
import { permuted } from "./permuted.ts";

/** Forty images of 6 x 6 pixels, each told from the rest by its sum; the label is the image's number modulo 10. */
const images = imageSet(
  "small",
  {
    dimensions: [40, 6, 6],
    values: Uint8Array.from({ length: 40 * 36 }, (_, i) => (i % 3 === 0 ? 0 : Math.floor(i / 36) + (i % 36))),
  },
  { dimensions: [40], values: Uint8Array.from({ length: 40 }, (_, i) => i % 10) },
);
const options = { seed: 7, tasks: 5 };

/** What an item shows, whatever the permutation: its pixels in order of brightness, and its label. */
function content(x: Float32Array, y: number): string {
  return `${[...x].sort((a, b) => a - b).join()} ${y}`;
}

test("item n alone is item n in order", () => {
  const inOrder = permuted(images, options);
  for (let n = 0; n < inOrder.length; n++) {
    const { x, y } = inOrder.at(n);
    const alone = permuted(images, options).at(n);
    expect(alone.x).toEqual(x);
    expect(alone.y).toBe(y);
  }
});

test("items may be asked for in any order", () => {
  const stream = permuted(images, options);
  const expected = Array.from({ length: stream.length }, (_, n) => [...stream.at(n).x]);
  for (const n of [199, 0, 40, 39, 120, 121, 3, 3, 198]) expect([...stream.at(n).x]).toEqual(expected[n]);
});

test("each task shows every image once", () => {
  const all = Array.from({ length: 40 }, (_, i) => content(imageOf(images, i), i % 10)).sort();
  expect(new Set(all).size).toBe(40);
  const stream = permuted(images, options);
  for (let task = 0; task < 5; task++) {
    const seen = Array.from({ length: 40 }, (_, i) => {
      const { x, y } = stream.at(task * 40 + i);
      return content(x, y);
    });
    expect(seen.sort()).toEqual(all);
  }
});

test("each task, the first too, has its own permutation and its own order, and so has each seed", () => {
  const layouts = new Set<string>([imageOf(images, 3).join()]);
  const orders = new Set<string>();
  for (const seed of [1, 2]) {
    const stream = permuted(images, { ...options, seed });
    for (let task = 0; task < 5; task++) {
      const items = Array.from({ length: 40 }, (_, i) => {
        const { x, y } = stream.at(task * 40 + i);
        return { x: x.join(), content: content(x, y) };
      });
      const third = items.find((item) => item.content === content(imageOf(images, 3), 3));
      layouts.add(third?.x ?? "");
      orders.add(items.map((item) => item.content).join());
    }
  }
  expect(layouts.size).toBe(11);
  expect(orders.size).toBe(10);
});

test("a shorter task shows some of the images, none twice", () => {
  const stream = permuted(images, { ...options, examplesPerTask: 12 });
  expect(stream.length).toBe(60);
  const choices = new Set<string>();
  for (let task = 0; task < 5; task++) {
    const seen = Array.from({ length: 12 }, (_, i) => {
      const { x, y } = stream.at(task * 12 + i);
      return content(x, y);
    });
    expect(new Set(seen).size).toBe(12);
    choices.add(seen.sort().join());
  }
  expect(choices.size).toBe(5);
});

test("what is out of range is named", () => {
  expect(() => permuted(images, options).at(200)).toThrow("item 200 of the stream, must be an integer from 0 to 199");
  expect(() => permuted(images, options).at(0.5)).toThrow("item 0.5");
  expect(() => permuted(images, { ...options, tasks: 0 })).toThrow("tasks is 0");
  expect(() => permuted(images, { ...options, examplesPerTask: 41 })).toThrow(
    "examplesPerTask is 41, small has 1 to 40",
  );
});
