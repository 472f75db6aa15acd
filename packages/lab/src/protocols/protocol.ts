/**
 * A protocol: an experiment as somebody published it, with everything that it leaves to nobody's choice, the methods that it is
 * run with, and the numbers that were reported. A method is one learner, with what else its authors changed for it.
 *
 * A sweep of a protocol makes one run for each method and seed. The run's recipe is named by the protocol, its only learner by
 * the method, so that a run says by itself what it is part of, and runs of other sweeps can stand beside it.
 */
import { RecipeError } from "plastica";
import { didYouMean } from "../options/nearest.ts";
import { canonical } from "../recipe/canonical.ts";
import { networkOf, type Recipe, readRecipe } from "../recipe/recipe.ts";

/** A number that somebody reported. */
export interface Published {
  /** One of the protocol's methods, or one that we do not have yet. */
  readonly method: string;
  /** A name in `measures`. Shares, not percents. */
  readonly measure: string;
  readonly value: number;
  /** What is told beside it, plus or minus. */
  readonly error?: number;
  readonly errorKind?: "standard error" | "standard deviation" | "95 % interval" | "reading";
  /** Printed by those who measured it; read off their figure; or told by others. */
  readonly standing: "first-hand" | "read off a figure" | "second-hand";
  readonly seeds?: number;
  readonly note?: string;
}

/** What a recipe says beside its name, seed and learners. */
type Setting = Readonly<{
  stream: Readonly<{ kind: string; [option: string]: unknown }>;
  network: Readonly<Record<string, unknown>>;
  batch?: number;
  window?: number;
  arithmetic?: "plain" | "fused";
}>;

export interface Method {
  /** As a recipe has it under `learners`. */
  readonly learner: Readonly<Record<string, unknown>>;
  /** What this method changes in the protocol's setting. */
  readonly stream?: Readonly<Record<string, unknown>>;
  readonly network?: Readonly<Record<string, unknown>>;
  readonly batch?: number;
}

export interface Protocol {
  readonly name: string;
  readonly title: string;
  /** What is learned and what is measured, in two or three sentences. */
  readonly about: string;
  readonly source: { readonly citation: string; readonly link: string };
  /** Where ours differs from the publication. Absent where it does not to our knowledge. */
  readonly differs?: string;
  readonly setting: Setting;
  readonly methods: Readonly<Record<string, Method>>;
  /** Names in `measures`; the first decides. */
  readonly measures: readonly string[];
  /** How many seeds the publication has, or, where no number of it belongs here, how many we ask for. */
  readonly seeds: number;
  readonly published: readonly Published[];
}

/** What may be changed of a protocol for a shorter look; the numbers are then no longer those of the protocol. */
export interface ProtocolOptions {
  readonly seed: number;
  /** Another number of tasks, where the stream has that option. */
  readonly tasks?: number;
}

/**
 * The recipe of one method and seed.
 *
 * @throws RecipeError when there is no such method, or `tasks` does not fit the stream
 */
export function protocolRecipe(protocol: Protocol, method: string, { seed, tasks }: ProtocolOptions): Recipe {
  const { name, setting, methods } = protocol;
  if (!Object.hasOwn(methods, method)) {
    const names = Object.keys(methods);
    throw new RecipeError(`method "${method}": ${name} has ${names.join(", ")}${didYouMean(method, names)}`);
  }
  const { learner, stream, network, batch = setting.batch } = methods[method];
  return readRecipe({
    name,
    seed,
    stream: { ...setting.stream, ...stream, ...(tasks === undefined ? {} : { tasks }) },
    network: { ...setting.network, ...network },
    ...(batch === undefined ? {} : { batch }),
    ...(setting.window === undefined ? {} : { window: setting.window }),
    ...(setting.arithmetic === undefined ? {} : { arithmetic: setting.arithmetic }),
    learners: { [method]: learner },
  });
}

/** Which of a recipe's learners live as which of the protocol's methods; undefined when none does. */
export function methodsIn(protocol: Protocol, recipe: Recipe): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = Object.create(null);
  if (protocol.setting.stream.kind !== recipe.stream.kind) return undefined;
  for (const method of Object.keys(protocol.methods)) {
    const published = anyRecipe(protocol, method);
    for (const learner of Object.keys(recipe.learners)) {
      if (life(recipe, learner) === life(published, method)) found[learner] ??= method;
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

const read = new WeakMap<Protocol, Map<string, Recipe>>();

/** The method's recipe of any seed: to compare with, so read once. */
function anyRecipe(protocol: Protocol, method: string): Recipe {
  let recipes = read.get(protocol);
  if (recipes === undefined) read.set(protocol, (recipes = new Map()));
  const known = recipes.get(method);
  if (known !== undefined) return known;
  const recipe = protocolRecipe(protocol, method, { seed: 1 });
  recipes.set(method, recipe);
  return recipe;
}

/** All that a learner's life is a function of but the seed: names, logging and snapshots change no number. */
function life(recipe: Recipe, name: string): string {
  const { stream, batch, window, arithmetic, learners } = recipe;
  const { network: _, ...learner } = learners[name];
  return canonical({ stream, batch, window, arithmetic, network: networkOf(recipe, name), learner });
}
