import { RecipeError } from "plastica";
import { expect, test } from "vitest";
import { mustFit } from "./fit.ts";
import { readRecipe } from "./recipe.ts";

const recipe = {
  name: "small",
  stream: { kind: "permuted", tasks: 2, examplesPerTask: 10 },
  network: { hidden: [4] },
  learners: { a: { rule: "sgd" } },
};
const conv = (options: object) => ({ hidden: [{ kind: "conv", channels: 6, kernel: 3, ...options }, 65536] });

test.each([
  [{ network: conv({ kernel: 40 }) }, "recipe: network: hidden1: a kernel of 40 by 40 on a map of 28 by 28"],
  [{ network: conv({ groups: 4 }) }, "recipe: network: hidden1: 4 groups of 1 and 6 channels"],
  [
    { stream: { kind: "sea" }, network: conv({}) },
    "recipe: network.hidden[0]: is a convolution, but the stream has no images",
  ],
  [{ stream: { kind: "split", scenario: "task", classesPerTask: 11 } }, "recipe: stream.classesPerTask is 11, must be"],
  [
    { stream: { kind: "permuted", tasks: 2, examplesPerTask: 10_000_000 } },
    "recipe: stream.examplesPerTask is 10000000, task 0 of mnist has 1 to 60000 images",
  ],
  [
    { stream: { kind: "slowly-changing-regression" }, learners: { a: { rule: "sgd", loss: "cross-entropy" } } },
    "recipe: learners.a.loss: is cross-entropy, but the stream wants values",
  ],
])("a recipe with %j does not fit its stream, and is told where", async (change, told) => {
  const fitting = mustFit(readRecipe({ ...recipe, ...change }));
  await expect(fitting).rejects.toThrow(told);
  await expect(fitting).rejects.toThrow(RecipeError);
});

test("a recipe that fits is let through, in no time however large its layers are", async () => {
  await mustFit(readRecipe({ ...recipe, network: conv({ pool: { kind: "max", size: 2 } }) }));
  await expect(mustFit(readRecipe({ ...recipe, stream: { kind: "table", path: "none.csv" } }))).rejects.toThrow(
    "none.csv: no such file",
  );
});
