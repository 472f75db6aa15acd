import { key, permutation } from "plastica";
import { expect, test } from "vitest";
import { imageOf } from "../data/images.ts";
import { imagesOf, plainImages, shownBy } from "../testing/images.ts";
import { type SplitOptions, split } from "./split.ts";
import type { Item, Stream } from "./stream.ts";

const images = plainImages(60); // six of each class
const tests = plainImages(30, 6, { from: 100 });
const classOf = new Map(Array.from({ length: 60 }, (_, i) => [shownBy(imageOf(images, i)), i % 10]));

/** Each item's true class, its label and the outputs that take part. */
function told(stream: Stream, from = 0, to = stream.length) {
  return Array.from({ length: to - from }, (_, i) => {
    const { x, y, outputs } = stream.at(from + i);
    return { shows: classOf.get(shownBy(x)) ?? -1, y: Number(y), outputs, image: shownBy(x) };
  });
}

function make(options: Partial<SplitOptions> = {}): Stream {
  return split(images, { seed: 4, scenario: "class", ...options });
}

test.each([
  ["task", 10, (shows: number) => shows],
  ["class", 10, (shows: number) => shows],
  ["domain", 2, (shows: number) => shows % 2],
] as const)(
  "%s: each task shows its two classes, every image once, each with its label",
  (scenario, outputs, label) => {
    const stream = make({ scenario });
    expect(stream.outputs).toBe(outputs);
    expect(stream.starts).toEqual([0, 12, 24, 36, 48]);
    for (const [task, start] of stream.starts.entries()) {
      const items = told(stream, start, start + 12);
      expect(new Set(items.map(({ image }) => image)).size).toBe(12);
      for (const { shows, y, outputs } of items) {
        expect(Math.floor(shows / 2)).toBe(task);
        expect(y).toBe(label(shows));
        expect(outputs).toEqual(scenario === "task" ? [2 * task, 2 * task + 1] : undefined);
      }
    }
  },
);

test("natural order by hand: four images of two tasks", () => {
  const four = imagesOf("four", [[10], [20], [30], [40]], [3, 0, 2, 1], 4);
  const stream = split(four, { seed: 1, scenario: "domain", tests: four });
  const items = Array.from({ length: 4 }, (_, n) => {
    const { x, y } = stream.at(n);
    return `${Math.round(255 * x[0])} is ${String(y)}`;
  });
  expect(items.slice(0, 2).sort()).toEqual(["20 is 0", "40 is 1"]);
  expect(items.slice(2).sort()).toEqual(["10 is 1", "30 is 0"]);
});

test("random order: the class at place p of the seed's permutation is output p, in training and tests", () => {
  const firsts = new Set<string>();
  for (const seed of [4, 5, 6]) {
    const order = [...permutation(key(seed, "classes"), 10)];
    const stream = make({ seed, order: "random", tests });
    for (const { shows, y } of told(stream)) expect(order[y]).toBe(shows);
    const shown = told(stream, 0, 12).map(({ shows }) => shows);
    expect(new Set(shown)).toEqual(new Set(order.slice(0, 2)));
    firsts.add(order.slice(0, 2).join());
    for (let set = 0; set < 5; set++) {
      for (let i = 0; i < 6; i++) expect([2 * set, 2 * set + 1]).toContain(stream.tests?.at(set, i).y);
    }
  }
  expect(firsts.size).toBe(3);
});

test("iterations: whole batches, each epoch without its last, incomplete one", () => {
  const stream = make({ iterations: 7, batch: 5 });
  expect(stream.starts).toEqual([0, 35, 70, 105, 140]);
  expect(stream.length).toBe(175);
  for (const from of [0, 10, 20, 35]) {
    expect(new Set(told(stream, from, from + 10).map(({ image }) => image)).size).toBe(10);
  }
});

test("epochs: all images of a task, again and again; or as many as fill whole batches", () => {
  expect(make({ epochs: 4, batch: 5 }).starts).toEqual([0, 48, 96, 144, 192]);
  expect(make({ epochs: 4, batch: 5, dropLast: true }).starts).toEqual([0, 40, 80, 120, 160]);
  const items = told(make({ epochs: 4 }), 0, 48).map(({ image }) => image);
  expect(new Set(items.slice(0, 12))).toEqual(new Set(items.slice(12, 24)));
  expect(items.slice(0, 12)).not.toEqual(items.slice(12, 24));
});

test("other numbers of classes and tasks; what is left over is not shown", () => {
  const threes = make({ classesPerTask: 3 });
  expect(threes.starts).toEqual([0, 18, 36]);
  expect(threes.outputs).toBe(9);
  expect(told(threes).map(({ shows }) => shows)).not.toContain(9);
  expect(make({ tasks: 2 }).outputs).toBe(4);
  expect(make({ examplesPerTask: 5 }).starts).toEqual([0, 5, 10, 15, 20]);
});

test("a head a task in its tests; none in the other scenarios", () => {
  const heads = (stream: Stream) =>
    Array.from({ length: 5 }, (_, set) => {
      expect(stream.tests?.size(set)).toBe(6);
      const item: Item | undefined = stream.tests?.at(set, 5);
      return item?.outputs;
    });
  expect(heads(make({ scenario: "task", tests }))).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
    [8, 9],
  ]);
  expect(heads(make({ scenario: "domain", tests }))).toEqual(Array(5).fill(undefined));
  expect(heads(make({ scenario: "class", active: "seen", tests }))).toEqual(Array(5).fill(undefined));
});

test("tests hold each held-out image once, none of those learned from", () => {
  const stream = make({ tests });
  const held = Array.from({ length: 30 }, (_, i) => {
    const item = stream.tests?.at(Math.floor(i / 6), i % 6);
    return `${shownBy(item?.x ?? new Float32Array())} ${String(item?.y)}`;
  });
  const expected = Array.from({ length: 30 }, (_, i) => `${shownBy(imageOf(tests, i))} ${i % 10}`);
  expect(held.sort()).toEqual(expected.sort());
  for (const { image } of told(stream)) expect(held.some((item) => item.startsWith(`${image} `))).toBe(false);
});

test("active: only classes seen so far take part", () => {
  const stream = make({ active: "seen", tasks: 12, recurring: 5 });
  const outputs = stream.starts.map((start) => stream.at(start).outputs?.length);
  expect(outputs).toEqual([2, 4, 6, 8, 10, 10, 10, 10, 10, 10, 10, 10]);
  expect(stream.at(stream.starts[1]).outputs).toEqual([0, 1, 2, 3]);
});

test("recurring: the classes come back, in another order", () => {
  const stream = make({ recurring: 2, tasks: 4, tests });
  expect(stream.outputs).toBe(4);
  const tasks = stream.starts.map((start) => told(stream, start, start + 12).map(({ image }) => image));
  expect(new Set(tasks[2])).toEqual(new Set(tasks[0]));
  expect(tasks[2]).not.toEqual(tasks[0]);
  expect(stream.tests?.sets).toBe(2);
});

test("joint: one task of all images, for as many iterations; tested as the tasks are", () => {
  for (const scenario of ["domain", "class"] as const) {
    const stream = make({ scenario, joint: true, iterations: 6, batch: 20, tests });
    expect(stream.starts).toEqual([0]);
    expect(stream.length).toBe(5 * 6 * 20);
    expect(new Set(told(stream, 0, 60).map(({ image }) => image)).size).toBe(60);
    for (const { shows, y, outputs } of told(stream)) {
      expect(y).toBe(scenario === "domain" ? shows % 2 : shows);
      expect(outputs).toBe(undefined);
    }
    expect(stream.tests?.sets).toBe(5);
    expect(stream.tests?.size(3)).toBe(6);
  }
  expect(make({ joint: true, epochs: 3 }).length).toBe(180);
  expect(make({ joint: true, active: "seen" }).at(0).outputs).toBe(undefined); // all classes have been seen
  const first = told(make({ joint: true }), 0, 12).map(({ shows }) => Math.floor(shows / 2));
  expect(new Set(first).size).toBeGreaterThan(2); // not one task after the other
});

test("joint, with heads: each batch is dealt evenly, each image with its own task's head", () => {
  const stream = make({ scenario: "task", joint: true, iterations: 6, batch: 17, tests });
  expect(stream.length).toBe(5 * 6 * 17);
  for (let batch = 0; batch < 30; batch++) {
    const items = told(stream, 17 * batch, 17 * (batch + 1));
    const counts = [0, 0, 0, 0, 0];
    for (const { shows, y, outputs } of items) {
      const task = Math.floor(shows / 2);
      counts[task]++;
      expect(y).toBe(shows);
      expect(outputs).toEqual([2 * task, 2 * task + 1]);
    }
    expect(counts).toEqual([4, 4, 3, 3, 3]);
    expect(new Set(items.map(({ image }) => image)).size).toBe(17);
  }
  // The first task's twelve images fill three shares of four; then a new epoch begins.
  const ofFirst = told(stream)
    .filter(({ shows }) => shows < 2)
    .map(({ image }) => image);
  expect(new Set(ofFirst.slice(0, 12)).size).toBe(12);
  expect(new Set(ofFirst.slice(12, 24)).size).toBe(12);
  expect(stream.tests?.at(4, 0).outputs).toEqual([8, 9]);
});

test("joint shows the images that the tasks would", () => {
  const images = (options: Partial<SplitOptions>) =>
    new Set(told(make({ ...options, examplesPerTask: 4 })).map(({ image }) => image));
  const apart = images({});
  expect(apart.size).toBe(20);
  expect(images({ joint: true })).toEqual(apart);
  expect(images({ joint: true, scenario: "task", iterations: 8, batch: 5 })).toEqual(apart);
});

test("what is out of range, or does not go together, is named", () => {
  expect(() => make({ classesPerTask: 11 })).toThrow("classesPerTask is 11, must be an integer from 1 to 10");
  expect(() => make({ tasks: 6 })).toThrow("tasks is 6, 10 classes give 5 of 2 each; more must come back");
  expect(() => make({ scenario: "task", active: "seen" })).toThrow('active is "seen" in the scenario "task"');
  expect(() => make({ examplesPerTask: 13 })).toThrow("examplesPerTask is 13, task 0 of small has 1 to 12 images");
  expect(() => make({ examplesPerTask: 13, joint: true })).toThrow("examplesPerTask is 13");
  expect(() => make({ joint: true, boundary: 4 })).toThrow("boundary is 4 and joint is true");
  expect(make({ joint: true, boundary: 0 }).length).toBe(60);
  expect(() => make({ iterations: 3, batch: 13 })).toThrow("batch is 13, more than the 12 images of a task");
  expect(() => make({ scenario: "task", joint: true, iterations: 3, batch: 4 })).toThrow(
    "batch is 4, must be at least 5: joint, it is dealt evenly",
  );
});
