/** Convolutions in recipes: what is read, what is refused, and what is built. */
import { expect, test } from "vitest";
import { recipeJsonSchema } from "./json-schema.ts";
import { learnerFromRecipe } from "./learner.ts";
import { readRecipe } from "./recipe.ts";

const recipe = (hidden: unknown, network: Readonly<Record<string, unknown>> = {}, rule: unknown = "sgd") => ({
  name: "maps",
  stream: { kind: "permuted", tasks: 1, permuteFirst: false },
  network: { hidden, ...network },
  learners: { one: { rule } },
});
const conv = (more: Readonly<Record<string, unknown>> = {}) => ({ kind: "conv", channels: 4, kernel: 3, ...more });
const shape = { inputs: 100, image: { height: 10, width: 10, channels: 1 }, outputs: 3, target: "class" } as const;

test("what is left out is filled in, and two directions may differ", () => {
  const { network } = readRecipe(
    recipe([conv({ pool: { kind: "max", size: 2 } }), conv({ kernel: [2, 1], pool: "global-average" }), 5]),
  );
  const rest = { stride: 1, padding: 0, groups: 1 };
  expect(network.hidden).toEqual([
    { kind: "conv", channels: 4, kernel: 3, ...rest, pool: { kind: "max", size: 2 } },
    { kind: "conv", channels: 4, kernel: [2, 1], ...rest, pool: { kind: "global-average" } },
    5,
  ]);
  expect("batchNorm" in network).toBe(false);
});

test("the network is what the recipe says", () => {
  const hidden = [
    conv({ padding: 1, pool: { kind: "average", size: [2, 5], stride: 1 } }),
    conv({ groups: 2, stride: 2 }),
    6,
  ];
  const learner = learnerFromRecipe(readRecipe(recipe(hidden, { batchNorm: true })), "one", shape);
  const [, first, second, third] = learner.network.populations;
  expect([first.map, first.outMap]).toEqual([
    { height: 10, width: 10 },
    { height: 9, width: 6 },
  ]);
  expect([second.size, second.map]).toEqual([4, { height: 4, width: 2 }]);
  expect([third.size, third.spatial]).toEqual([6, false]);
  expect([first, second, third].map(({ norm }) => norm?.kind)).toEqual(["batch", "batch", "batch"]);
  expect(learner.network.projections.map(({ kernel }) => kernel?.groups)).toEqual([1, 2, undefined, undefined]);
  expect(learner.predict(new Float32Array(100))).toHaveLength(3);
  learner.close();
});

const faults: readonly [unknown, Readonly<Record<string, unknown>>, string][] = [
  [[conv({ kernal: 3 })], {}, 'network.hidden[0]: unknown key "kernal", did you mean "kernel"?'],
  [
    [conv({ kernel: 0 })],
    {},
    "network.hidden[0].kernel: is 0, must be an integer from 1, or two of them, [down, across]",
  ],
  [
    [conv({ stride: [1, 2, 3] })],
    {},
    "network.hidden[0].stride: is [1,2,3], must be an integer from 1, or two of them",
  ],
  [[conv({ pool: "max" })], {}, 'network.hidden[0].pool: is "max", no pool'],
  [[conv({ pool: { kind: "maks", size: 2 } })], {}, 'network.hidden[0].pool: is "maks", no pool, did you mean "max"?'],
  [
    [{ kind: "convo", channels: 3 }],
    {},
    'is "convo", no layer, did you mean "conv"? (known: a number of neurons, or conv)',
  ],
  [[0], {}, "network.hidden[0]: is 0, must be an integer from 1 to 65536"],
  [[8, conv()], {}, "network.hidden[1]: is a convolution after a dense layer"],
  [[conv()], { batchNorm: true, layerNorm: true }, "normalised by layer and by batch"],
];

test.each(faults)("%j, %j", (hidden, network, fault) => {
  expect(() => readRecipe(recipe(hidden, network))).toThrow(fault);
});

test("a rule that reads what single neurons do is no rule for convolutions", () => {
  expect(() => readRecipe(recipe([conv()], {}, "oja"))).toThrow("learners.one: oja reads what single neurons do");
});

test("a convolution wants images, and must fit them", () => {
  const read = readRecipe(recipe([conv(), 5]));
  expect(() => learnerFromRecipe(read, "one", { ...shape, image: undefined })).toThrow(
    "network.hidden[0]: is a convolution, but the stream has no images",
  );
  expect(() => learnerFromRecipe(readRecipe(recipe([conv({ kernel: 11 })])), "one", shape)).toThrow(
    "network: hidden1: a kernel of 11 by 11 on a map of 10 by 10, padded by 0 and 0: it does not fit",
  );
});

test("editors are told the same", () => {
  const { definitions, properties } = recipeJsonSchema() as {
    definitions: Record<string, { anyOf: { properties: Record<string, unknown>; required: string[] }[] }>;
    properties: Record<string, { properties: Record<string, { items: { anyOf: unknown[] } }> }>;
  };
  const { items } = properties.network.properties.hidden;
  expect(items.anyOf[1]).toEqual({ $ref: "#/definitions/layer" });
  expect(items.anyOf[0]).toMatchObject({ type: "integer", minimum: 1, maximum: 65536 });
  const [layer] = definitions.layer.anyOf;
  expect(Object.keys(layer.properties)).toEqual(["kind", "channels", "kernel", "stride", "padding", "groups", "pool"]);
  expect(layer.required).toEqual(["kind", "channels", "kernel"]);
  expect(definitions.pool.anyOf[0]).toEqual({ enum: ["global-average"] });
});
