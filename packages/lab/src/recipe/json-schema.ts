/**
 * The recipe's schema as JSON Schema (draft 7, which editors know best): names are completed and faults underlined while a
 * recipe is written. It is made of what checks a recipe, so that the two say the same; an editor cannot know what only the
 * engine can judge, such as a range of one option that hangs on another.
 */
import { z } from "zod";
import type { KindText } from "../options/checks.ts";
import { recipeSchema } from "./recipe.ts";

/** A piece of JSON Schema. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/** What each key means, by its path. */
const ABOUT: Readonly<Record<string, string>> = {
  name: "Small letters, digits and hyphens; the first part of the run's id.",
  seed: "Of every draw, in the stream and in the networks.",
  arithmetic: "plain: the same bits everywhere. fused: faster, the same bits wherever multiply-add is fused.",
  stream: "What there is to see: its kind and that kind's options.",
  batch: "Examples of each update. A batch ends where a window does.",
  window:
    "Examples of which one line of the log tells. Absent: a task's; of a stream of one task, a hundredth of its length.",
  network: "The network that each learner begins with.",
  "network.hidden": "The hidden layers: how many neurons a dense one has, or what a convolution is like.",
  "network.activation": "Of the hidden layers.",
  "network.layerNorm": "Layer normalisation before each hidden layer's activation.",
  "network.batchNorm": "Batch normalisation before each hidden layer's activation.",
  "network.inputNormalisation":
    "Running normalisation of each input: its decay, between 0 and 1, or decay and epsilon, what is added to each variance; false for none.",
  "network.dropout": "Who of the hidden layers is silent while the network learns.",
  "network.initialiser": "Of all weights.",
  learners: "Who lives on the stream, side by side, by name.",
  "learners.*.network": "What of its network differs from that of the others.",
  "learners.*.loss":
    "What backprop assigns credit for. Absent: cross-entropy where the stream wants a class, squared error where it wants values.",
  "learners.*.rule": "The synaptic rule and its hyper-parameters.",
  "learners.*.terms": "What is added to the rule, in this order.",
  "learners.*.structure": "What changes the structure after each update.",
  "learners.*.afresh": "Begins each task as a new network.",
  snapshotEvery: "Examples between snapshots; one is taken at each window's end too. Absent: only there.",
  events: "What the log holds: a line a window, or every birth and death too.",
};

/** JSON Schema for a recipe, as `plastica schema` prints it. */
export function recipeJsonSchema(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const { $schema, ...schema } = jsonSchemaOf(recipeSchema, definitions);
  for (const [path, text] of Object.entries(ABOUT)) describe(schema, path.split("."), text);
  const properties = { $schema: { type: "string" }, ...(schema.properties as JsonSchema) };
  return { $schema, title: "A recipe of Plastica", ...schema, properties, definitions };
}

/** An option of a kind of thing, for people. */
export interface OptionText {
  readonly name: string;
  /** What it may be, in words: "an integer from 1". */
  readonly what: string;
  /** Absent where there is none. */
  readonly default?: unknown;
  /** It may not be left out. */
  readonly required: boolean;
}

/** The options of a kind, in their order. */
export function optionTexts({ shape }: KindText): OptionText[] {
  const { properties, required = [] } = jsonSchemaOf(z.strictObject(shape), {}) as unknown as Parts;
  return Object.entries(properties).map(([name, option]) => ({
    name,
    what: typeof option.description === "string" ? option.description : "a value",
    ...("default" in option ? { default: option.default } : {}),
    required: required.includes(name),
  }));
}

interface Parts {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The schema of `type`; the choices in it stand among `definitions`, once each. */
function jsonSchemaOf(type: z.ZodType, definitions: Record<string, JsonSchema>): JsonSchema {
  return z.toJSONSchema(type, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ jsonSchema }) {
      const { choice, kinds, or, ...rest } = jsonSchema as JsonSchema;
      if (typeof choice !== "string" || typeof kinds !== "function") return;
      for (const keyword of Object.keys(jsonSchema)) delete (jsonSchema as JsonSchema)[keyword];
      // Beside a reference every other keyword is passed over in draft 7, so it stands in a list of its own.
      const name = choice.replaceAll(" ", "-");
      const reference = { $ref: `#/definitions/${name}` };
      Object.assign(jsonSchema, rest, or === undefined ? { allOf: [reference] } : { anyOf: [or, reference] });
      if (definitions[name] !== undefined) return;
      definitions[name] = {}; // before its kinds are asked: a stream may hold a stream
      Object.assign(definitions[name], choiceOf(kinds() as Record<string, KindText>, definitions));
    },
  }) as JsonSchema;
}

/** One of these kinds: its name alone where that will do, or an object of its options. */
function choiceOf(kinds: Readonly<Record<string, KindText>>, definitions: Record<string, JsonSchema>): JsonSchema {
  const plain = Object.keys(kinds).filter((name) => kinds[name].plain === true);
  const objects = Object.entries(kinds).map(([name, { shape, about }]) => {
    const { $schema: _, ...schema } = jsonSchemaOf(z.strictObject(shape), definitions);
    const { properties, required = [] } = schema as unknown as Parts;
    return {
      ...(about === undefined ? {} : { description: about }),
      ...schema,
      properties: { kind: { const: name }, ...properties },
      required: ["kind", ...required],
    };
  });
  return { anyOf: [...(plain.length > 0 ? [{ enum: plain }] : []), ...objects] };
}

/** Sets the description of the key at `path`; `*` stands for any key. */
function describe(schema: JsonSchema, [key, ...rest]: readonly string[], text: string): void {
  const inner = key === "*" ? schema.additionalProperties : (schema.properties as JsonSchema)[key];
  if (rest.length === 0) (inner as JsonSchema).description = text;
  else describe(inner as JsonSchema, rest, text);
}
