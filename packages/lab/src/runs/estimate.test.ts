import { expect, test } from "vitest";
import { readRecipe } from "../recipe/recipe.ts";
import { estimate } from "./estimate.ts";

function recipe(stream: object, hidden: number[], batch = 1) {
  return readRecipe({ name: "a", stream, network: { hidden }, batch, learners: { plain: { rule: "sgd" } } });
}

const regression = (tasks: number) => ({ kind: "slowly-changing-regression", tasks, examplesPerTask: 1000 });

test("ten times the examples cost about ten times as much, measured in the same time", async () => {
  await estimate(recipe(regression(10), [64]), "plain", 60); // what is compiled once is compiled now
  const short = await estimate(recipe(regression(10), [64]), "plain", 60);
  const long = await estimate(recipe(regression(100), [64]), "plain", 60);
  expect([short.examples, long.examples]).toEqual([10_000, 100_000]);
  expect(long.seconds / short.seconds).toBeGreaterThan(2);
  expect(long.seconds / short.seconds).toBeLessThan(50);
});

test("a network fifty times as wide costs more; batches count each example", async () => {
  const narrow = await estimate(recipe(regression(10), [8]), "plain", 30);
  const wide = await estimate(recipe(regression(10), [400, 400], 10), "plain", 30);
  expect(wide.microseconds).toBeGreaterThan(2 * narrow.microseconds);
});

test("a life shorter than a warm-up is measured too", async () => {
  const { seconds, examples } = await estimate(recipe({ ...regression(1), examplesPerTask: 5 }, [4]), "plain", 30);
  expect(examples).toBe(5);
  expect(seconds).toBeGreaterThan(0);
});
