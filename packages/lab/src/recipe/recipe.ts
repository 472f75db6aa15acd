/**
 * A recipe: everything that a run is a function of. It names a stream, a network and one or more learners that live on the same
 * stream side by side. Reading one fills in every default, so that what a run keeps is complete and its hash is the run's
 * name; whatever is unknown or impossible is an error before anything has been made.
 */
import { RecipeError } from "plastica";
import { z } from "zod";
import { check, fitting, flag, listOf, oneOf, shown, strict, whole } from "../options/checks.ts";
import { streamChoice } from "../streams/choice.ts";
import { canonical, hashOf } from "./canonical.ts";
import { choiceOf } from "./choice.ts";
import {
  activations,
  type Choice,
  dropouts,
  initialisers,
  type Kinds,
  losses,
  rules,
  structures,
  terms,
} from "./kinds.ts";
import { hiddenLayers, type Layer } from "./layers.ts";
import { learnerFromRecipe } from "./learner.ts";

export interface Recipe {
  /** Small letters, digits and hyphens; the first part of the run's id. */
  name: string;
  /** Of every draw, in the stream and in the networks: an integer from 0 to 2^53 - 1. Default 1. */
  seed: number;
  /** `plain` (default): the same bits everywhere. `fused`: faster, the same bits wherever multiply-add is fused. */
  arithmetic: "plain" | "fused";
  /** What there is to see: its kind and that kind's options, see `plastica streams`. */
  stream: { kind: string; [option: string]: unknown };
  /** Examples of each update. Default 1. A batch ends where a window does. */
  batch: number;
  /** Examples of which one line of the log tells. Absent: a task's; of a stream of one task, a hundredth of its length. */
  window?: number;
  network: NetworkRecipe;
  learners: Record<string, LearnerRecipe>;
  /** Examples between snapshots; one is taken at each window's end too. Absent: only there. */
  snapshotEvery?: number;
  /** What the log holds: a line a window and a decision (default), or every birth, death and other event too (`all`). */
  events: "windows" | "all";
}

export interface NetworkRecipe {
  /** Each hidden layer: neurons of a dense one, or a convolution. */
  hidden: Layer[];
  /** Of the hidden layers; a name, or an object with `kind` and its options. Default relu. */
  activation: Choice;
  layerNorm: boolean;
  /** Absent: false. */
  batchNorm?: boolean;
  /** Running normalisation of each input: its decay, between 0 and 1, or decay and epsilon. Default false: none. */
  inputNormalisation: false | number | { decay: number; epsilon: number };
  /** Of the hidden layers, while they learn. Absent: none. */
  dropout?: Choice;
  /** Of all weights; biases start at 0, or as the initialiser says. */
  initialiser: Choice;
}

export interface LearnerRecipe {
  /** What of its network differs from that of the others. Absent: nothing. */
  network?: Partial<NetworkRecipe>;
  /** What backprop assigns credit for. Absent: cross-entropy where the stream wants a class, squared error where it wants values. */
  loss?: Choice;
  /** The synaptic rule and its hyper-parameters; what is left out has the rule's own default. */
  rule: Choice;
  /** What is added to the rule, in this order. Default none. */
  terms: Choice[];
  /** What changes the structure after each update. Default nothing. */
  structure: Choice[];
  /** Begins each task as a new network: what others are held against to see what their past costs them. Default false. */
  afresh: boolean;
}

/** A recipe as it is written: what has a default may be left out, and a choice without options may be its name alone. */
export type RecipeText = Readonly<Record<string, unknown>>;

const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
/** No name of a file that a run has beside its learners' folders. */
const LEARNER = /^(?!lock(\.|$)|.*\.(json|html|part)$)[a-z0-9][a-z0-9.-]{0,59}$/;
const NAMES = "small letters, digits and hyphens, 1 to 60 of them";
const isDecay = (v: unknown) => typeof v === "number" && v > 0 && v < 1;

type InputNormalisation = NetworkRecipe["inputNormalisation"];
const decay = { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 } as const;
const isNormalisation = (v: unknown) => {
  if (v === false || isDecay(v)) return true;
  if (v === null || typeof v !== "object" || Object.keys(v).sort().join() !== "decay,epsilon") return false;
  const { decay, epsilon } = v as { decay: unknown; epsilon: unknown };
  return isDecay(decay) && typeof epsilon === "number" && epsilon > 0;
};

const network = {
  hidden: hiddenLayers,
  activation: choiceOf("activation", activations),
  layerNorm: flag,
  batchNorm: flag,
  dropout: choiceOf("dropout", dropouts),
  inputNormalisation: fitting<InputNormalisation>(
    'false, the decay of its running statistics, between 0 and 1, or { "decay": ..., "epsilon": above 0 }',
    isNormalisation,
    {
      anyOf: [
        { const: false },
        decay,
        {
          ...{ type: "object", additionalProperties: false, required: ["decay", "epsilon"] },
          properties: { decay, epsilon: { type: "number", exclusiveMinimum: 0 } },
        },
      ],
    },
  ),
  initialiser: choiceOf("initialiser", initialisers),
};

const learner = strict({
  network: strict(network).partial().optional(),
  loss: choiceOf("loss", losses).optional(),
  rule: choiceOf("rule", rules),
  terms: listOf("terms", choiceOf("term", terms)).default([]),
  structure: listOf("structural policies", choiceOf("structural policy", structures)).default([]),
  afresh: flag.default(false),
});

/** What a recipe may hold. `recipe/json-schema.ts` tells editors the same. */
export const recipeSchema = strict({
  name: fitting<string>(NAMES, (v) => typeof v === "string" && NAME.test(v), { type: "string", pattern: NAME.source }),
  seed: whole(0).default(1),
  arithmetic: oneOf("plain", "fused").default("plain"),
  stream: streamChoice,
  batch: whole(1, 65536).default(1),
  window: whole(1).optional(),
  network: strict({
    hidden: network.hidden,
    activation: network.activation.default({ kind: "relu" }),
    layerNorm: network.layerNorm.default(false),
    batchNorm: network.batchNorm.optional(),
    dropout: network.dropout.optional(),
    inputNormalisation: network.inputNormalisation.default(false),
    initialiser: network.initialiser.default({ kind: "kaiming-uniform" }),
  }),
  learners: z
    .record(z.string(), learner, { error: ({ input }) => `is ${shown(input)}, must be an object of named learners` })
    .superRefine((named, context) => {
      const names = Object.keys(named);
      if (names.length === 0) context.addIssue({ code: "custom", message: "is {}, must name at least one learner" });
      for (const name of names) {
        if (LEARNER.test(name)) continue;
        context.addIssue({
          code: "custom",
          message: `a learner is called ${shown(name)}, must be small letters, digits, dots and hyphens, 1 to 60 of them, and no file's name (lock, .json, .html, .part)`,
        });
      }
    }),
  snapshotEvery: whole(1).optional(),
  events: oneOf("windows", "all").default("windows"),
});

/**
 * A value, fresh from JSON, as a recipe with every default filled in.
 *
 * @throws RecipeError with a clause for each fault: where it is, what was found and what is right; for an unknown key or
 *   word also the nearest that is known
 */
export function readRecipe(value: unknown): Recipe {
  const read = check(recipeSchema, withoutSchema(value), "recipe");
  const recipe = JSON.parse(canonical(read)) as Recipe; // the same order of learners, whatever order they were written in
  networkMakeable("network", recipe.network);
  for (const [name, { network: own = {}, rule, terms: added, structure }] of Object.entries(recipe.learners)) {
    networkMakeable(`learners.${name}.network`, own);
    makeable(`learners.${name}.rule`, rules, rule);
    added.forEach((term, i) => {
      makeable(`learners.${name}.terms[${i}]`, terms, term);
    });
    structure.forEach((policy, i) => {
      makeable(`learners.${name}.structure[${i}]`, structures, policy);
    });
    combinable(recipe, name);
  }
  return recipe;
}

/** The network of one of the recipe's learners. */
export function networkOf({ network, learners }: Recipe, name: string): NetworkRecipe {
  return { ...network, ...learners[name].network };
}

/** A recipe may name its schema, for editors; what it does does not hang on that. */
function withoutSchema(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const { $schema: _, ...rest } = value as RecipeText;
  return rest;
}

/** The run's id: the recipe's name and the first eight digits of its hash. */
export function runId(recipe: Recipe): string {
  return `${recipe.name}-${hashOf(recipe).slice(0, 8)}`;
}

/** What `recipe.json` holds. */
export function recipeText(recipe: Recipe): string {
  return canonical(recipe);
}

/** What the engine judges a learner by: any stream will do. */
const SAMPLE = { inputs: 2, image: { height: 1, width: 1, channels: 2 }, outputs: 2, target: "class" } as const;

/**
 * Lets the engine judge what goes together, such as a term given twice or a policy that does not suit a layer: makes the learner once, with a network
 * that costs nothing, of layers of the same kinds.
 */
function combinable(recipe: Recipe, name: string): void {
  const network = networkOf(recipe, name);
  const small = network.hidden.map((layer) =>
    typeof layer === "number"
      ? 1
      : { ...layer, channels: 2, groups: Math.min(2, layer.groups), kernel: 1, stride: 1, padding: 0, pool: undefined },
  );
  try {
    const learners = { [name]: { ...recipe.learners[name], network: { ...network, hidden: small } } };
    learnerFromRecipe({ ...recipe, learners }, name, SAMPLE).close();
  } catch (cause) {
    throw new RecipeError(`recipe: learners.${name}: ${(cause as Error).message}`, { cause });
  }
}

function networkMakeable(path: string, { activation, initialiser, dropout }: Partial<NetworkRecipe>): void {
  if (activation) makeable(`${path}.activation`, activations, activation);
  if (initialiser) makeable(`${path}.initialiser`, initialisers, initialiser);
  if (dropout) makeable(`${path}.dropout`, dropouts, dropout);
}

/** Lets the engine judge the options' ranges, and tells where in the recipe it found fault. */
function makeable<T>(path: string, kinds: Kinds<T>, choice: Choice): void {
  try {
    kinds[choice.kind].make(choice);
  } catch (cause) {
    throw new RecipeError(`recipe: ${path}: ${(cause as Error).message}`, { cause });
  }
}
