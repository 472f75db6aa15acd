import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageOf } from "../data/images.ts";
import { dataset } from "../data/mnist.ts";
import { check } from "../options/checks.ts";
import { idx } from "../testing/images.ts";
import { streamChoice, streamFrom } from "./choice.ts";
import { driftKinds } from "./drift/index.ts";
import { streamKinds } from "./kinds.ts";

/** The stream of a recipe's words. */
async function read(choice: unknown, batch = 1) {
  return streamFrom(check(streamChoice, choice, "stream"), { seed: 2, batch });
}

test("every kind is there, once", () => {
  const ours = "permuted split rotated label-permuted random-label slowly-changing-regression table".split(" ");
  expect(Object.keys(streamKinds)).toEqual([...ours, ...Object.keys(driftKinds)]);
});

test("each kind of images makes its stream of MNIST, by its published options", async () => {
  const permuted = await read({ kind: "permuted", tasks: 800 });
  expect(permuted).toMatchObject({ inputs: 784, outputs: 10, target: "class", length: 48_000_000 });
  expect(permuted.tests).toBe(undefined);
  const upgd = { kind: "permuted", tasks: 200, examplesPerTask: 5000, range: "symmetric" };
  expect((await read(upgd)).length).toBe(1_000_000);
  const ofClass = { kind: "permuted", tasks: 10, scenario: "class", iterations: 5000, pad: 2, tests: true };
  expect(await read(ofClass, 128)).toMatchObject({ inputs: 1024, outputs: 100, length: 10 * 5000 * 128 });
  expect(await read({ kind: "rotated", tasks: 20 })).toMatchObject({ outputs: 10, length: 1_200_000 });
  expect((await read({ kind: "label-permuted", tasks: 400, examplesPerTask: 2500 })).length).toBe(1_000_000);
  expect((await read({ kind: "random-label", tasks: 50, iterations: 30_000 }, 16)).length).toBe(50 * 480_000);
  expect(await read({ kind: "slowly-changing-regression" })).toMatchObject({ inputs: 20, length: 1_000_000 });
});

test("split MNIST: two thousand batches a task, tests with the counts that MNIST has, of its held-out images", async () => {
  const stream = await read({ kind: "split", scenario: "task", iterations: 2000 }, 128);
  expect(stream.starts).toEqual([0, 256_000, 512_000, 768_000, 1_024_000]);
  const { tests } = stream;
  expect([0, 1, 2, 3, 4].map((set) => tests?.size(set))).toEqual([2115, 2042, 1874, 1986, 1983]);
  const held = dataset("mnist", "test");
  const seven = tests?.at(3, 0); // the first held-out image is a 7
  expect(seven).toMatchObject({ y: 7, outputs: [6, 7] });
  expect(seven?.x).toEqual(imageOf(held, 0));
  const train = new Set<string>();
  const { starts } = stream;
  for (const start of starts) for (let n = start; n < start + 2000; n++) train.add(stream.at(n).x.join());
  for (let i = 0; i < 200; i++) expect(train.has(imageOf(held, i).join())).toBe(false);
});

test("one's own images, from their files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plastica-images-"));
  const file = (name: string, dimensions: number[], values: number[]) => {
    writeFileSync(join(folder, name), idx(dimensions, values));
    return join(folder, name);
  };
  const own = {
    images: file("images", [3, 1, 2], [255, 0, 0, 255, 255, 255]),
    labels: file("labels", [3], [0, 1, 2]),
  };
  const choice = { kind: "permuted", tasks: 1, permuteFirst: false, dataset: own };
  const stream = await read(choice);
  expect(stream).toMatchObject({ inputs: 2, outputs: 3, length: 3 });
  expect([0, 1, 2].map((n) => `${[...stream.at(n).x].join()}: ${String(stream.at(n).y)}`).sort()).toEqual([
    "0,1: 1",
    "1,0: 0",
    "1,1: 2",
  ]);
  expect((await read({ ...choice, dataset: { ...own, classes: 5 } })).outputs).toBe(5);
  await expect(read({ ...choice, tests: true })).rejects.toThrow("tests is true, but dataset names no testImages");
  const held = { testImages: file("held", [1, 1, 2], [51, 0]), testLabels: file("said", [1], [1]) };
  const tested = await read({ ...choice, tests: true, dataset: { ...own, ...held } });
  expect(tested.tests?.at(0, 0)).toEqual({ x: Float32Array.of(0.2, 0), y: 1 });
});

test.each([
  [{ kind: "permutd" }, 'is "permutd", no kind of stream, did you mean "permuted"?'],
  [{ kind: "permuted", tasks: 2, task: 3 }, 'unknown key "task", did you mean "tasks"?'],
  [{ kind: "permuted", tasks: 0 }, "tasks: is 0, must be an integer from 1 to 100000"],
  [
    { kind: "permuted", tasks: 1, dataset: "mnits" },
    'dataset: is "mnits", must be one of mnist, fashion-mnist, or an object',
  ],
  [{ kind: "permuted", tasks: 1, dataset: { images: "a" } }, 'dataset: is {"images":"a"}, must be'],
  [
    { kind: "split", scenario: "tasks" },
    'scenario: is "tasks", must be one of task, domain, class, did you mean "task"?',
  ],
  [{ kind: "split" }, "scenario: is missing"],
  [{ kind: "rotated", tasks: 1, degrees: 0 }, "degrees: is 0, must be a number above 0 and at most 360"],
  [{ kind: "permuted", tasks: 1, range: { mean: 0.1 } }, 'range: is {"mean":0.1}, must be "unit", "symmetric" or'],
  [{ kind: "permuted", tasks: 2, boundary: 3 }, "boundary: is 3, must be an even integer from 0"],
  [{ kind: "slowly-changing-regression", beta: 2 }, "beta: is 2, must be a number from 0 to 1"],
])("%j: an error that says what would be right", (choice, message) => {
  expect(() => check(streamChoice, choice, "stream")).toThrow(message);
});
