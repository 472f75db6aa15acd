import { RecipeError } from "plastica";
import { expect, test } from "vitest";
import { measures } from "../metrics/measure.ts";
import { builtInRecipe } from "../recipe/first-life.ts";
import { readRecipe } from "../recipe/recipe.ts";
import { protocolNamed, protocolOf, protocols } from "./index.ts";
import { methodsIn, protocolRecipe } from "./protocol.ts";

test.each(Object.values(protocols))("$name: every method is a recipe of its own, and is known again", (protocol) => {
  const texts = new Set<string>();
  for (const method of Object.keys(protocol.methods)) {
    const recipe = protocolRecipe(protocol, method, { seed: 3 });
    expect(recipe).toMatchObject({ name: protocol.name, seed: 3, learners: { [method]: {} } });
    expect(readRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(methodsIn(protocol, recipe)).toEqual({ [method]: method });
    texts.add(JSON.stringify({ ...recipe, learners: Object.values(recipe.learners) }));
  }
  expect(texts.size, "two methods that are one").toBe(Object.keys(protocol.methods).length);
});

test.each(Object.values(protocols))(
  "$name: what was published is a share or a loss of a measure there is",
  (protocol) => {
    for (const measure of protocol.measures) expect(Object.keys(measures)).toContain(measure);
    for (const { measure, value, error, errorKind, standing } of protocol.published) {
      expect(protocol.measures).toContain(measure);
      expect(value).toBeGreaterThan(0);
      if (measures[measure].unit === "share") expect(value).toBeLessThanOrEqual(1);
      expect(error === undefined).toBe(errorKind === undefined);
      expect(["first-hand", "read off a figure", "second-hand"]).toContain(standing);
    }
  },
);

test("a recipe that follows a protocol under another name is held against it", () => {
  const first = builtInRecipe("first-life");
  expect(protocolOf(first)?.name).toBe("online-permuted-mnist");
  expect(methodsIn(protocols["online-permuted-mnist"], first)).toEqual({
    backprop: "backprop",
    "continual-backprop": "continual-backprop",
    neuroplasticity: "neuroplasticity",
  });
  const { neuroplasticity } = first.learners;
  const plain = readRecipe({ ...first, learners: { neuroplasticity: { ...neuroplasticity, network: {} } } });
  expect(methodsIn(protocols["online-permuted-mnist"], plain)).toEqual({
    neuroplasticity: "neuroplasticity-without-layer-norm",
  });
});

test.each([
  ["fewer tasks", { stream: { kind: "permuted", tasks: 149 } }],
  ["another network", { network: { hidden: [100, 100] } }],
  ["another step", { learners: { backprop: { rule: { kind: "sgd", lr: 0.004 } } } }],
  ["batches", { batch: 2 }],
  ["fused arithmetic", { arithmetic: "fused" }],
])("a recipe with %s follows none", (_, change) => {
  const recipe = protocolRecipe(protocols["online-permuted-mnist"], "backprop", { seed: 1 });
  expect(protocolOf(readRecipe({ ...recipe, ...change }))).toBeUndefined();
});

test("what is not there is told with what is near", () => {
  expect(() => protocolNamed("split-mnist-clas")).toThrow(RecipeError);
  expect(() => protocolNamed("split-mnist-clas")).toThrow('did you mean "split-mnist-class"?');
  expect(() => protocolRecipe(protocols["split-mnist-task"], "nothing", { seed: 1 })).toThrow(
    "split-mnist-task has none, joint",
  );
  expect(() => protocolRecipe(protocols["split-mnist-task"], "none", { seed: 1, tasks: 0 })).toThrow("stream.tasks");
});
