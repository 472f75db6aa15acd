import { expect, test } from "vitest";
import { protocols } from "../protocols/index.ts";
import { protocolRecipe } from "../protocols/protocol.ts";
import { streamKinds } from "../streams/kinds.ts";
import { builtInRecipe, builtInRecipes } from "./first-life.ts";
import { type JsonSchema, optionTexts, recipeJsonSchema } from "./json-schema.ts";
import { type Recipe, readRecipe, runId } from "./recipe.ts";

const schema = JSON.parse(JSON.stringify(recipeJsonSchema())) as JsonSchema;
const definitions = schema.definitions as Record<string, JsonSchema>;

/** What a validator of JSON Schema would find wrong, by the keywords that ours has; any other keyword is an error. */
function faults(value: unknown, piece: JsonSchema, path = "$"): string[] {
  const found: string[] = [];
  const wrong = (what: string) => found.push(`${path}: ${what}`);
  for (const [keyword, says] of Object.entries(piece)) {
    const number = Number(value);
    if (keyword === "$ref") found.push(...faults(value, definitions[String(says).replace("#/definitions/", "")], path));
    else if (keyword === "allOf") for (const one of says as JsonSchema[]) found.push(...faults(value, one, path));
    else if (keyword === "anyOf") {
      if ((says as JsonSchema[]).every((one) => faults(value, one, path).length > 0)) wrong("none of its forms");
    } else if (keyword === "type") {
      if (!hasType(value, String(says))) wrong(`no ${says}`);
    } else if (keyword === "const" || keyword === "enum") {
      if (![says].flat().includes(value)) wrong(`not ${says}`);
    } else if (keyword === "minimum" || keyword === "maximum") {
      if (keyword === "minimum" ? number < Number(says) : number > Number(says)) wrong(`beyond its ${keyword}`);
    } else if (keyword === "exclusiveMinimum" || keyword === "exclusiveMaximum") {
      if (keyword === "exclusiveMinimum" ? number <= Number(says) : number >= Number(says)) wrong(`beyond ${keyword}`);
    } else if (keyword === "pattern") {
      if (!new RegExp(String(says)).test(String(value))) wrong("not its pattern");
    } else if (keyword === "items") {
      if (Array.isArray(value))
        value.forEach((item, i) => found.push(...faults(item, says as JsonSchema, `${path}[${i}]`)));
    } else if (keyword === "required") {
      for (const key of says as string[])
        if (!hasType(value, "object") || !(key in (value as object))) wrong(`no ${key}`);
    } else if (keyword === "properties" || keyword === "additionalProperties") {
      found.push(...members(value, piece, keyword, path));
    } else if (!["$schema", "title", "definitions", "description", "default", "propertyNames"].includes(keyword)) {
      throw new Error(`${path}: this test knows no keyword ${keyword}`);
    }
  }
  return found;
}

function members(value: unknown, piece: JsonSchema, keyword: string, path: string): string[] {
  if (!hasType(value, "object")) return [];
  const known = (piece.properties ?? {}) as Record<string, JsonSchema>;
  return Object.entries(value as object).flatMap(([key, inner]) => {
    const here = `${path}.${key}`;
    if (keyword === "properties") return key in known ? faults(inner, known[key], here) : [];
    if (key in known) return [];
    const more = piece.additionalProperties;
    return more === false ? [`${here}: unknown`] : faults(inner, more as JsonSchema, here);
  });
}

function hasType(value: unknown, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return value !== null && typeof value === "object" && !Array.isArray(value);
  return typeof value === type;
}

const short = {
  name: "short",
  stream: { kind: "slowly-changing-regression", tasks: 2 },
  network: { hidden: [4] },
  learners: { plain: { rule: "sgd" }, other: { rule: { kind: "adam", lr: 0.01 }, structure: ["continual-backprop"] } },
};

test("what readRecipe reads is valid: recipes that come along, every protocol's methods, and short forms", () => {
  for (const name of builtInRecipes) expect(faults(builtInRecipe(name), schema)).toEqual([]);
  for (const protocol of Object.values(protocols)) {
    for (const method of Object.keys(protocol.methods)) {
      expect([protocol.name, method, ...faults(protocolRecipe(protocol, method, { seed: 1 }), schema)]).toEqual([
        protocol.name,
        method,
      ]);
    }
  }
  expect(faults(short, schema)).toEqual([]);
});

test.each<[string, object]>([
  ["an unknown key", { ...short, sede: 1 }],
  ["an unknown option of a stream", { ...short, stream: { kind: "slowly-changing-regression", task: 2 } }],
  ["a stream that is not there", { ...short, stream: { kind: "quickly-changing" } }],
  ["an unknown option of a rule", { ...short, learners: { plain: { rule: { kind: "sgd", lrr: 1 } } } }],
  ["a word where a number belongs", { ...short, learners: { plain: { rule: { kind: "sgd", lr: "much" } } } }],
  ["a layer of no size", { ...short, network: { hidden: [0] } }],
  ["a decay of 1", { ...short, network: { hidden: [4], inputNormalisation: 1 } }],
  ["an activation that is not there", { ...short, network: { hidden: [4], activation: "rulu" } }],
  ["no learners", { name: "short", stream: short.stream, network: short.network }],
])("%s is underlined, as readRecipe refuses it", (_, wrong) => {
  expect(() => readRecipe(wrong)).toThrow();
  expect(faults(wrong, schema)).not.toEqual([]);
});

test("a recipe may name its schema: it is still the same recipe", () => {
  const named = { $schema: "./recipe.schema.json", ...short };
  expect(faults(named, schema)).toEqual([]);
  expect(readRecipe(named)).not.toHaveProperty("$schema");
  expect(runId(readRecipe(named))).toBe(runId(readRecipe(short)));
});

test("every key of a complete recipe is described, and so is every kind of stream", () => {
  const { learners, network } = schema.properties as Record<keyof Recipe, JsonSchema>;
  const learner = (learners.additionalProperties as JsonSchema).properties;
  for (const piece of [schema.properties, network.properties, learner] as Record<string, JsonSchema>[]) {
    for (const [key, { description }] of Object.entries(piece)) {
      if (key !== "$schema") expect([key, description]).toEqual([key, expect.stringMatching(/\.$/)]);
    }
  }
  const streams = definitions.stream.anyOf as { description: string; properties: { kind: JsonSchema } }[];
  expect(streams.map(({ properties }) => properties.kind.const)).toEqual(Object.keys(streamKinds));
  expect(streams.map(({ description }) => description)).toEqual(Object.values(streamKinds).map(({ about }) => about));
});

test("an option is told in words, with its default", () => {
  const texts = optionTexts(streamKinds["slowly-changing-regression"]);
  expect(texts).toContainEqual({ name: "tasks", what: "an integer from 1 to 1000000", default: 100, required: false });
  expect(texts).toContainEqual({ name: "flip", what: "one of all, one", default: "all", required: false });
  for (const [kind, text] of Object.entries(streamKinds)) {
    for (const { name, what } of optionTexts(text)) expect([kind, name, what]).not.toEqual([kind, name, "a value"]);
  }
});
