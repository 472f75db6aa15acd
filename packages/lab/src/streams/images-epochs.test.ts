import { expect, test } from "vitest";
import { dealt } from "./images-epochs.ts";

test.each([
  [{}, 100, 100],
  [{ batch: 32 }, 100, 100],
  [{ epochs: 3, batch: 32 }, 100, 300],
  [{ epochs: 3, batch: 32, dropLast: true }, 96, 288],
  [{ epochs: 3, batch: 50, dropLast: true }, 100, 300],
  [{ iterations: 7, batch: 32 }, 96, 224],
  [{ iterations: 7 }, 100, 7],
])("100 images with %j: epochs of %i, %i items", (dealing, epoch, length) => {
  expect(dealt(100, dealing)).toEqual({ epoch, length });
});

test("what does not go together is named", () => {
  expect(() => dealt(100, { epochs: 2, iterations: 5 })).toThrow("epochs is 2 and iterations 5, only one may be given");
  expect(() => dealt(100, { iterations: 5, dropLast: false })).toThrow("dropLast is false");
  expect(() => dealt(100, { iterations: 5, batch: 128 })).toThrow("batch is 128, more than the 100 images of a task");
  expect(() => dealt(100, { epochs: 0 })).toThrow("epochs is 0, must be an integer from 1");
  expect(() => dealt(100, { iterations: 1.5 })).toThrow("iterations is 1.5");
  expect(() => dealt(100, { batch: 0 })).toThrow("batch is 0");
});
