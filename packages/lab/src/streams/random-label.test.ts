import { expect, test } from "vitest";
import { plainImages } from "../testing/images.ts";
import { type RandomLabelOptions, randomLabel } from "./random-label.ts";

const images = plainImages(200);

/** For each task, the label of each image it shows; each epoch must say the same. */
function labels(options: Partial<RandomLabelOptions> = {}): Map<string, number>[] {
  const stream = randomLabel(images, { seed: 2, tasks: 3, images: 60, epochs: 3, ...options });
  return stream.starts.map((start, task) => {
    const said = new Map<string, number>();
    for (let n = start; n < (stream.starts[task + 1] ?? stream.length); n++) {
      const { x, y } = stream.at(n);
      expect(said.get(x.join()) ?? y).toBe(y);
      said.set(x.join(), Number(y));
    }
    return said;
  });
}

const inOrder = (task: Map<string, number>) => [...task].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, label]) => label);

/** The class of what is shown: image i, of class i modulo 10, has shade i + 1 in its second place. */
const classOf = (x: string) => (Math.round(255 * Number(x.split(",")[1])) - 1) % 10;

test("the same images in every task, with other labels, as many of each class", () => {
  const tasks = labels();
  expect(tasks[0].size).toBe(60);
  expect(new Set(tasks.map((task) => [...task.keys()].sort().join("\n"))).size).toBe(1);
  expect(new Set(tasks.map((task) => inOrder(task).join())).size).toBe(3);
  const classes = [...tasks[0].keys()].map(classOf).sort();
  for (const task of tasks) expect(inOrder(task).sort()).toEqual(classes);
});

test("labels have nothing to do with the images, in the first task either", () => {
  const [task] = labels({ images: 200, epochs: 1, tasks: 1, seed: 8 });
  expect(task.size).toBe(200);
  const agree = [...task].filter(([x, label]) => classOf(x) === label).length;
  expect(agree).toBeLessThan(37); // 20 expected, standard deviation 4.2
});

test("uniform labels: each class as often as chance has it", () => {
  const tasks = labels({ labels: "uniform" });
  expect(new Set(tasks.map((task) => inOrder(task).sort().join())).size).toBe(3);
  for (const task of tasks) expect(new Set(task.values()).size).toBeGreaterThan(7);
});

test("four hundred epochs unless iterations say else", () => {
  expect(randomLabel(images, { seed: 1, tasks: 2, images: 30 }).length).toBe(2 * 400 * 30);
  expect(randomLabel(images, { seed: 1, tasks: 2, images: 30, iterations: 10, batch: 16 }).length).toBe(2 * 160);
  expect(() => randomLabel(images, { seed: 1, tasks: 2 })).toThrow("images is 1200, must be an integer from 1 to 200");
});
