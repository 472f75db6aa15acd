import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest.ts";

test.each([
  ["lrr", ["lr", "momentum"], "lr"],
  ["examplePerTask", ["tasks", "examplesPerTask", "dataset"], "examplesPerTask"],
  ["weightClipping", ["l2", "weight-clipping", "gradient-clipping"], "weight-clipping"],
  ["adma", ["adam", "adamw", "sgd"], "adam"],
  ["ADAM", ["adamw", "adam"], "adam"],
  ["hiden", ["inputs", "hidden"], "hidden"],
])("%s of %j is %s", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});

test("nothing near is nothing guessed", () => {
  expect(nearest("zebra", ["lr", "momentum"])).toBeUndefined();
  expect(nearest("lr", [])).toBeUndefined();
  expect(didYouMean("zebra", ["lr"])).toBe("");
  expect(didYouMean("lrr", ["lr"])).toBe(', did you mean "lr"?');
});
