/**
 * A recipe: everything that a run is a function of. It names a stream, a network and one or more learners that live on the same
 * stream side by side. Reading one fills in every default, so that what a run keeps is complete and its hash is the run's
 * name; whatever is unknown or impossible is an error before anything has been made.
 */
import { RecipeError } from "plastica";
import { z } from "zod";
import type { DatasetName } from "../data/mnist.ts";
import { canonical, hashOf } from "./canonical.ts";
import { check, fitting, listOf, oneOf, shown, strict, whole } from "./checks.ts";
import {
  activations,
  type Choice,
  initialisers,
  type Kind,
  type Kinds,
  losses,
  type Option,
  rules,
  structures,
  terms,
} from "./kinds.ts";
import { learnerFromRecipe } from "./learner.ts";
import { didYouMean } from "./nearest.ts";

export interface Recipe {
  /** Small letters, digits and hyphens; the first part of the run's id. */
  name: string;
  /** Of every draw, in the stream and in the networks: an integer from 0 to 2^53 - 1. Default 1. */
  seed: number;
  /** `plain` (default): the same bits everywhere. `fused`: faster, the same bits wherever multiply-add is fused. */
  arithmetic: "plain" | "fused";
  stream: {
    kind: "permuted-mnist";
    dataset: DatasetName;
    /** How many permutations, from 1 up. */
    tasks: number;
    /** Images in each task, 1 to 60000. Default 60000. */
    examplesPerTask: number;
  };
  network: {
    /** Must be what the stream shows, 784; may be left out. */
    inputs: number;
    /** Neurons of each hidden layer. */
    hidden: number[];
    /** Of the hidden layers; a name, or an object with `kind` and its options. Default relu. */
    activation: Choice;
    layerNorm: boolean;
    /** Running normalisation of each input: its decay, between 0 and 1. Default false: none. */
    inputNormalisation: number | false;
    /** Of all weights; biases start at 0. */
    initialiser: Choice;
  };
  learners: Record<string, LearnerRecipe>;
  /** Examples between snapshots; one is taken at each task's end too. Default: `examplesPerTask`. */
  snapshotEvery: number;
  /** What the log holds: a line a task (default), or every birth and death too (`all`). */
  events: "tasks" | "all";
}

export interface LearnerRecipe {
  /** What backprop assigns credit for. Default cross-entropy. */
  loss: Choice;
  /** The synaptic rule and its hyper-parameters; what is left out has the rule's own default. */
  rule: Choice;
  /** What is added to the rule, in this order. Default none. */
  terms: Choice[];
  /** What changes the structure after each example. Default nothing. */
  structure: Choice[];
}

const PIXELS = 784;
/** In the training set of each data set that can be named. */
export const IMAGES = 60000;
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

const NAMES = "small letters, digits and hyphens, 1 to 40 of them";

const flag = fitting<boolean>("true or false", (v) => typeof v === "boolean");
const isDecay = (v: unknown) => v === false || (typeof v === "number" && v > 0 && v < 1);

const learner = strict({
  loss: choiceOf("loss", losses).default({ kind: "cross-entropy" }),
  rule: choiceOf("rule", rules),
  terms: listOf("terms", choiceOf("term", terms)).default([]),
  structure: listOf("structural policies", choiceOf("structural policy", structures)).default([]),
});

const schema = strict({
  name: fitting<string>(NAMES, (v) => typeof v === "string" && NAME.test(v)),
  seed: whole(0).default(1),
  arithmetic: oneOf("plain", "fused").default("plain"),
  stream: strict({
    kind: oneOf("permuted-mnist"),
    dataset: oneOf("mnist", "fashion-mnist").default("mnist"),
    tasks: whole(1, 100_000),
    examplesPerTask: whole(1, IMAGES).default(IMAGES),
  }),
  network: strict({
    inputs: fitting<number>(`${PIXELS}, the pixels of the stream's images`, (v) => v === PIXELS).default(PIXELS),
    hidden: listOf("layer sizes", whole(1, 65536)),
    activation: choiceOf("activation", activations).default({ kind: "relu" }),
    layerNorm: flag.default(false),
    inputNormalisation: fitting<number | false>(
      "false, or the decay of its running statistics, between 0 and 1",
      isDecay,
    ).default(false),
    initialiser: choiceOf("initialiser", initialisers).default({ kind: "kaiming-uniform" }),
  }),
  learners: z
    .record(z.string(), learner, { error: ({ input }) => `is ${shown(input)}, must be an object of named learners` })
    .superRefine((named, context) => {
      const names = Object.keys(named);
      if (names.length === 0) context.addIssue({ code: "custom", message: "is {}, must name at least one learner" });
      for (const name of names) {
        if (NAME.test(name) && name !== "lock") continue; // the folder of a learner called lock would be in the lock's way
        context.addIssue({
          code: "custom",
          message: `a learner is called ${shown(name)}, must be ${NAMES}, and not "lock"`,
        });
      }
    }),
  snapshotEvery: whole(1).optional(),
  events: oneOf("tasks", "all").default("tasks"),
});

/**
 * A value, fresh from JSON, as a recipe with every default filled in.
 *
 * @throws RecipeError with a clause for each fault: where it is, what was found and what is right; for an unknown key or
 *   word also the nearest that is known
 */
export function readRecipe(value: unknown): Recipe {
  const { snapshotEvery, ...read } = check(schema, value, "recipe");
  const full = { ...read, snapshotEvery: snapshotEvery ?? read.stream.examplesPerTask };
  const recipe = JSON.parse(canonical(full)) as Recipe; // the same order of learners, whatever order they were written in
  makeable("network.activation", activations, recipe.network.activation);
  makeable("network.initialiser", initialisers, recipe.network.initialiser);
  for (const [name, { rule, terms: added, structure }] of Object.entries(recipe.learners)) {
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

/** The run's id: the recipe's name and the first six digits of its hash. */
export function runId(recipe: Recipe): string {
  return `${recipe.name}-${hashOf(recipe).slice(0, 6)}`;
}

/** What `recipe.json` holds. */
export function recipeText(recipe: Recipe): string {
  return canonical(recipe);
}

/** A choice by name, such as `"relu"` or `{ kind: "sgd", lr: 0.003 }`, with the defaults of the rest. */
function choiceOf<T>(thing: string, kinds: Kinds<T>) {
  const names = Object.keys(kinds);
  return z
    .unknown()
    .transform((value) => (typeof value === "string" ? { kind: value } : value))
    .superRefine((value, context) => {
      const kind = value !== null && typeof value === "object" ? (value as Choice).kind : undefined;
      if (typeof kind === "string" && Object.hasOwn(kinds, kind)) {
        const result = strict({ kind: z.string(), ...optionsOf(kinds[kind]) }).safeParse(value);
        for (const { path, message } of result.error?.issues ?? [])
          context.addIssue({ code: "custom", path: [...path], message });
        return;
      }
      const guess = typeof kind === "string" ? didYouMean(kind, names) : "";
      const seen = kind === undefined ? value : kind;
      context.addIssue({
        code: "custom",
        message: `is ${shown(seen)}, no ${thing}${guess} (known: ${names.join(", ")})`,
      });
    })
    .transform((value) => {
      const choice = value as Choice;
      return { ...kinds[choice.kind]?.defaults, ...choice };
    });
}

const number = fitting<Option>("a finite number", (v) => typeof v === "number" && Number.isFinite(v));
const text = fitting<Option>("a word", (v) => typeof v === "string");

/** What fits an option of that default, or of none: then it is a number. */
function fits(usual: Option | undefined) {
  if (typeof usual === "string") return text;
  return typeof usual === "boolean" ? flag : number;
}

function optionsOf<T>({ options, defaults }: Kind<T>): z.ZodRawShape {
  return Object.fromEntries(
    options.map((option) => {
      const usual = defaults[option];
      return [option, usual === undefined ? fits(usual) : fits(usual).optional()];
    }),
  );
}

/** Lets the engine judge what goes together, such as a term given twice: makes the learner once, with a network that costs nothing. */
function combinable(recipe: Recipe, name: string): void {
  const hidden = recipe.network.hidden.length > 0 ? [1] : [];
  try {
    learnerFromRecipe({ ...recipe, network: { ...recipe.network, hidden } }, name).close();
  } catch (cause) {
    throw new RecipeError(`recipe: learners.${name}: ${(cause as Error).message}`, { cause });
  }
}

/** Lets the engine judge the options' ranges, and tells where in the recipe it found fault. */
function makeable<T>(path: string, kinds: Kinds<T>, choice: Choice): void {
  try {
    kinds[choice.kind].make(choice);
  } catch (cause) {
    throw new RecipeError(`recipe: ${path}: ${(cause as Error).message}`, { cause });
  }
}
