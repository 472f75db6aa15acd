import { key, permutation } from "plastica";
import { expect, test } from "vitest";
import { imageOf } from "../data/images.ts";
import { plainImages } from "../testing/images.ts";
import { labelPermuted } from "./label-permuted.ts";

const images = plainImages(40);
const classOf = new Map(Array.from({ length: 40 }, (_, i) => [imageOf(images, i).join(), i % 10]));

/** What each task calls the ten classes. */
function called(options: Parameters<typeof labelPermuted>[1]): string[] {
  const stream = labelPermuted(images, options);
  return stream.starts.map((start, task) => {
    const names = new Map<number, number>();
    for (let n = start; n < (stream.starts[task + 1] ?? stream.length); n++) {
      const { x, y } = stream.at(n);
      const shows = classOf.get(x.join()) ?? -1;
      expect(names.get(shows) ?? y).toBe(y);
      names.set(shows, Number(y));
    }
    return Array.from({ length: 10 }, (_, c) => names.get(c)).join();
  });
}

test("each task renames the classes as its permutation says, the images as they were", () => {
  const names = called({ seed: 3, tasks: 4 });
  expect(names).toEqual([0, 1, 2, 3].map((task) => permutation(key(3, "labels", task), 10).join()));
  expect(new Set(names).size).toBe(4);
});

test("the first task may keep its names; names may come back", () => {
  const names = called({ seed: 3, tasks: 5, permuteFirst: false, recurring: 2 });
  expect(names[0]).toBe("0,1,2,3,4,5,6,7,8,9");
  expect(names[1]).not.toBe(names[0]);
  expect(names).toEqual([names[0], names[1], names[0], names[1], names[0]]);
});

test("shorter tasks show some of the images, others in each task", () => {
  const stream = labelPermuted(images, { seed: 3, tasks: 6, examplesPerTask: 8 });
  expect(stream.starts).toEqual([0, 8, 16, 24, 32, 40]);
  const tasks = stream.starts.map(
    (start) => new Set(Array.from({ length: 8 }, (_, i) => stream.at(start + i).x.join())),
  );
  for (const shown of tasks) expect(shown.size).toBe(8);
  expect(new Set(tasks.map((shown) => [...shown].sort().join())).size).toBe(6);
});
