import { key, permutation } from "plastica";
import { expect, test } from "vitest";
import { imageOf } from "../data/images.ts";
import { imagesOf, plainImages, shownBy } from "../testing/images.ts";
import { permuted } from "./permuted.ts";
import type { Stream } from "./stream.ts";

const images = plainImages(40);
const options = { seed: 7, tasks: 5 };
const every = Array.from({ length: 40 }, (_, i) => `${shownBy(imageOf(images, i))} ${i % 10}`).sort();

/** What the items show, wherever their pixels lie, with their labels. */
function shown(stream: Stream, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const { x, y } = stream.at(from + i);
    return `${shownBy(x)} ${String(y)}`;
  });
}

test("an item by hand: the pixel p of the image lies where the permutation says", () => {
  const stream = permuted(images, options);
  const order = permutation(key(7, "order", 2), 40);
  const place = permutation(key(7, "pixels", 2), 36);
  for (const i of [0, 17, 39]) {
    const { x, y } = stream.at(2 * 40 + i);
    const image = imageOf(images, order[i]);
    expect(y).toBe(order[i] % 10);
    expect([...image]).toEqual(Array.from(image, (_, p) => x[place[p]]));
  }
});

test("each task shows every image once", () => {
  expect(new Set(every).size).toBe(40);
  const stream = permuted(images, options);
  expect(stream.starts).toEqual([0, 40, 80, 120, 160]);
  for (const start of stream.starts) expect(shown(stream, start, start + 40).sort()).toEqual(every);
});

test("each task, the first too, has its own permutation and its own order, and so has each seed", () => {
  const layouts = new Set<string>([imageOf(images, 3).join()]);
  const orders = new Set<string>();
  for (const seed of [1, 2]) {
    const stream = permuted(images, { ...options, seed });
    for (const start of stream.starts) {
      const items = shown(stream, start, start + 40);
      orders.add(items.join());
      const third = items.indexOf(`${shownBy(imageOf(images, 3))} 3`);
      layouts.add(stream.at(start + third).x.join());
    }
  }
  expect(layouts.size).toBe(11);
  expect(orders.size).toBe(10);
});

test("the first task may be left as it is", () => {
  const stream = permuted(images, { ...options, permuteFirst: false });
  const order = permutation(key(7, "order", 0), 40);
  for (const i of [0, 5, 39]) expect(stream.at(i).x).toEqual(imageOf(images, order[i]));
  const second = permutation(key(7, "order", 1), 40);
  expect(stream.at(40).x).not.toEqual(imageOf(images, second[0]));
});

test("a shorter task shows some of the images, none twice, others in each task", () => {
  const stream = permuted(images, { ...options, examplesPerTask: 12 });
  expect(stream.length).toBe(60);
  const choices = new Set<string>();
  for (const start of stream.starts) {
    const seen = shown(stream, start, start + 12);
    expect(new Set(seen).size).toBe(12);
    choices.add(seen.sort().join());
  }
  expect(choices.size).toBe(5);
});

test("or the same in each task, in another order", () => {
  const stream = permuted(images, { ...options, examplesPerTask: 12, sameImages: true });
  const tasks = stream.starts.map((start) => shown(stream, start, start + 12));
  expect(new Set(tasks.map((task) => task.join())).size).toBe(5);
  expect(new Set(tasks.map((task) => task.sort().join())).size).toBe(1);
  expect(new Set(tasks[0]).size).toBe(12);
});

test("each epoch shows the task's images again, in an order of its own", () => {
  const stream = permuted(images, { ...options, examplesPerTask: 12, epochs: 3 });
  expect(stream.starts).toEqual([0, 36, 72, 108, 144]);
  for (const start of stream.starts) {
    const epochs = [0, 12, 24].map((from) => shown(stream, start + from, start + from + 12));
    expect(new Set(epochs.map((epoch) => epoch.join())).size).toBe(3);
    expect(new Set(epochs.map((epoch) => epoch.sort().join())).size).toBe(1);
  }
});

test("iterations are whole batches: each epoch leaves out its last, incomplete one", () => {
  const stream = permuted(images, { ...options, iterations: 4, batch: 16 });
  expect(stream.starts).toEqual([0, 64, 128, 192, 256]);
  for (const start of stream.starts) {
    expect(new Set(shown(stream, start, start + 32)).size).toBe(32);
    expect(new Set(shown(stream, start + 32, start + 64)).size).toBe(32);
  }
});

test("padded, black takes part in the permutation, and is what the range says", () => {
  const stream = permuted(images, { ...options, pad: 1, range: "symmetric" });
  expect(stream.inputs).toBe(64);
  const blank = new Set<number>();
  for (const start of stream.starts) {
    const { x } = stream.at(start);
    expect(Math.min(...x)).toBe(-1);
    expect(x.filter((value) => value === -1).length).toBe(64 - 24);
    x.forEach((value, p) => value === -1 && blank.add(p));
  }
  expect(blank.size).toBeGreaterThan(50); // nowhere for good
});

test("tests: each held-out image under each task's permutation, none of those learned from", () => {
  const tests = plainImages(20, 6, { from: 100 });
  const stream = permuted(images, { ...options, tests });
  expect(stream.tests?.sets).toBe(5);
  const learned = new Set(shown(stream, 0, stream.length));
  for (let set = 0; set < 5; set++) {
    const place = permutation(key(7, "pixels", set), 36);
    expect(stream.tests?.size(set)).toBe(20);
    for (const i of [0, 19]) {
      const item = stream.tests?.at(set, i);
      const image = imageOf(tests, i);
      expect(Array.from(image, (_, p) => item?.x[place[p]])).toEqual([...image]);
      expect(item?.y).toBe(i % 10);
      expect(learned).not.toContain(`${shownBy(image)} ${i % 10}`);
    }
  }
});

test("a scenario may give each task classes of its own, and heads", () => {
  const few = imagesOf("few", [[9], [8], [7]], [0, 1, 2], 3);
  const tests = imagesOf("few", [[6], [5]], [0, 2], 3);
  const ofClass = permuted(few, { seed: 1, tasks: 2, scenario: "class", tests });
  expect(ofClass.outputs).toBe(6);
  expect(Array.from({ length: 6 }, (_, n) => ofClass.at(n).y).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect([0, 1].map((i) => ofClass.tests?.at(1, i).y)).toEqual([3, 5]);
  expect("outputs" in ofClass.at(0)).toBe(false);
  const ofTask = permuted(few, { seed: 1, tasks: 2, scenario: "task", tests });
  expect(ofTask.at(2).outputs).toEqual([0, 1, 2]);
  expect(ofTask.at(3).outputs).toEqual([3, 4, 5]);
  expect(ofTask.tests?.at(1, 0).outputs).toEqual([3, 4, 5]);
  expect(ofTask.tests?.at(0, 0).outputs).toEqual([0, 1, 2]);
  expect(permuted(few, { seed: 1, tasks: 2 }).outputs).toBe(3);
});

test("recurring: a task that comes back has the same permutation and another order", () => {
  const tests = plainImages(20, 6, { from: 100 });
  const stream = permuted(images, { ...options, recurring: 2, tests });
  const layouts = stream.starts.map((start, task) => {
    const image = [...permutation(key(7, "order", task), 40)].indexOf(3);
    return stream.at(start + image).x.join();
  });
  expect(layouts[2]).toBe(layouts[0]);
  expect(layouts[4]).toBe(layouts[0]);
  expect(layouts[3]).toBe(layouts[1]);
  expect(layouts[1]).not.toBe(layouts[0]);
  expect(new Set(stream.starts.map((start) => shown(stream, start, start + 40).join())).size).toBe(5);
  expect(stream.tests?.sets).toBe(2);
});

test("what is out of range is named", () => {
  expect(() => permuted(images, { ...options, tasks: 0 })).toThrow("tasks is 0, must be an integer from 1");
  expect(() => permuted(images, { ...options, recurring: 0 })).toThrow("recurring is 0");
  for (const sameImages of [false, true]) {
    expect(() => permuted(images, { ...options, sameImages, examplesPerTask: 41 })).toThrow(
      "examplesPerTask is 41, task 0 of small has 1 to 40 images",
    );
  }
});
