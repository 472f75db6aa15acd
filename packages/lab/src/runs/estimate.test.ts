import { expect, test } from "vitest";
import { readRecipe } from "../recipe/recipe.ts";
import { estimate } from "./estimate.ts";

function recipe(stream: object, hidden: number[], batch = 1) {
  return readRecipe({ name: "a", stream, network: { hidden }, batch, learners: { plain: { rule: "sgd" } } });
}

const regression = (tasks: number) => ({ kind: "slowly-changing-regression", tasks, examplesPerTask: 1000 });

test("a longer life is measured on a piece no longer, and costs each of its examples", async () => {
  for (const tasks of [10, 100]) {
    const { examples, microseconds, seconds } = await estimate(recipe(regression(tasks), [64]), "plain", 30);
    expect(examples).toBe(tasks * 1000);
    expect(microseconds).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThanOrEqual((microseconds / 1e6) * examples);
  }
});

test("batches count each of their examples", async () => {
  const { examples, microseconds, seconds } = await estimate(recipe(regression(10), [40, 40], 10), "plain", 30);
  expect(examples).toBe(10_000);
  expect(seconds).toBeGreaterThanOrEqual((microseconds / 1e6) * examples);
});

test("a life shorter than a warm-up is measured too", async () => {
  const { seconds, examples } = await estimate(recipe({ ...regression(1), examplesPerTask: 5 }, [4]), "plain", 30);
  expect(examples).toBe(5);
  expect(seconds).toBeGreaterThan(0);
});
