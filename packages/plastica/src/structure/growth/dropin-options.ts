/** The options of dropin (./dropin.ts): read, checked, and flat, as recipes have them. */
import { ValueError } from "../../errors.ts";
import type { Criterion } from "./criteria/criterion.ts";
import { criteria } from "./criteria/index.ts";
import type { OldWeights } from "./old-weights.ts";
import { type WayName, ways } from "./ways/index.ts";
import type { Way } from "./ways/way.ts";

export const NAME = "dropin";

type Option = number | string | boolean;

export interface DropinOptions {
  /**
   * When: names of criteria with commas between them, of which any will do, or criteria of your own making. Default "effective-dimension". There are
   * "effective-dimension", "plateau", "saturation", "reset-probe", "schedule" and "new-class".
   */
  readonly when?: string | readonly Criterion[];
  /** How: the name of a way (see ways/index.ts), or one of your own making. Default "zero-out". */
  readonly how?: WayName | Way;
  /** An option of a criterion or a way that is named: `"plateau.patience": 500`, `"tiny.threshold": 0.01`. */
  readonly [ofPart: `${string}.${string}`]: Option;
  /** Where: "highest" (default), "all", "familiarity", or a population's name. See where.ts. */
  readonly where?: string;
  /**
   * What is born: "neurons" (default), a layer "beside" the one that is chosen, or one "between" it and the next. Ways that change neurons that are there go with "neurons" alone;
   * a layer in between has its number of neurons and its weights from where it is, so that `how`, `count` and `share` are left out.
   */
  readonly form?: Form;
  /** Neurons that are born in a layer at a time, from 1; 0 (default): as many as the criterion says, else `share` of the layer's width. */
  readonly count?: number;
  /** Above 0, to 1; rounded up. Default 0.1. */
  readonly share?: number;
  /** What becomes of the old weights: "free" (default), "masked" for `warmUp` updates, or "frozen". See old-weights.ts. */
  readonly old?: OldWeights;
  /** Updates, from 1. Default 500. */
  readonly warmUp?: number;
  /** Updates for which newborns learn at their own rate and no policy replaces or removes them: from 0. Default 1000. */
  readonly maturity?: number;
  /** How many times as fast as others the young learn, above 0. Default 1. */
  readonly rate?: number;
  /** Updates from one judgment to the next, from 1. Default 100. */
  readonly every?: number;
  /** Updates after a growth in which there is none: from 0. Default 1000. */
  readonly cooldown?: number;
  /** The most hidden neurons, and the most parameters (weights, biases, ...), that the network may have: from 0; 0 (default) is no limit. */
  readonly neurons?: number;
  readonly parameters?: number;
  /** Examples remembered, of those last learned from, for criteria and ways that look: from 1. Default 128. */
  readonly examples?: number;
  /** Only says what it would do. Default false. */
  readonly dryRun?: boolean;
}

const forms = ["neurons", "beside", "between"] as const;
export type Form = (typeof forms)[number];

/** What is not named any more, but there. */
export interface Settings extends Required<Omit<DropinOptions, "when" | "how" | `${string}.${string}`>> {
  readonly when: readonly Criterion[];
  readonly how: Way;
}

const defaults = {
  how: "zero-out",
  where: "highest",
  form: "neurons",
  count: 0,
  share: 0.1,
  old: "free",
  warmUp: 500,
  maturity: 1000,
  rate: 1,
  every: 100,
  cooldown: 1000,
  neurons: 0,
  parameters: 0,
  examples: 128,
  dryRun: false,
} as const;

/** Throws ValueError for an option out of its range, or that there is not. */
export function settingsOf(options: DropinOptions): { settings: Settings; flat: Record<string, Option> } {
  const { when = "effective-dimension", how = defaults.how, ...rest } = options;
  const parts = new Map(Object.entries(rest).filter(([name]) => name.includes(".")));
  const known = partsOf({ ...criteria, ...ways });
  for (const name of parts.keys())
    if (!Object.hasOwn(known, name)) throw new ValueError(`${NAME}: no criterion and no way has an option ${name}`);
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.includes(".")));
  const settings: Settings = {
    ...defaults,
    ...own,
    when: typeof when === "string" ? when.split(",").map((name) => made("when", criteria, name.trim(), parts)) : when,
    how: typeof how === "string" ? made("how", ways, how, parts) : how,
  };
  check(settings);
  const names = { when: settings.when.map(({ name }) => name).join(", "), how: settings.how.name };
  const chosen = Object.fromEntries(
    [...settings.when, settings.how].flatMap(({ name, options: all }) =>
      Object.entries(all).map(([option, value]) => [`${name}.${option}`, value]),
    ),
  );
  return { settings, flat: { ...known, ...Object.fromEntries(parts), ...settings, ...names, ...chosen } };
}

interface Part {
  readonly name: string;
  readonly options: Readonly<Record<string, Option>>;
}

type Makers<T extends Part> = Readonly<Record<string, (options?: never) => T>>;

/** Every option of every part, with its default. */
function partsOf(makers: Makers<Part>): Record<string, Option> {
  return Object.fromEntries(
    Object.entries(makers).flatMap(([name, make]) =>
      Object.entries(make().options).map(([option, value]) => [`${name}.${option}`, value]),
    ),
  );
}

function made<T extends Part>(what: string, makers: Makers<T>, name: string, parts: ReadonlyMap<string, Option>): T {
  if (!Object.hasOwn(makers, name))
    throw new ValueError(`${NAME}: ${what} is ${JSON.stringify(name)}: one of ${Object.keys(makers).join(", ")}`);
  const options = [...parts].filter(([part]) => part.startsWith(`${name}.`));
  return makers[name](
    Object.fromEntries(options.map(([part, value]) => [part.slice(name.length + 1), value])) as never,
  );
}

function check(options: Settings): void {
  const { when, how, where, form, count, old, warmUp, maturity, cooldown, share, rate } = options;
  const must = (name: keyof Settings, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${JSON.stringify(options[name])}: ${right}`);
  };
  const whole = (
    name: "count" | "warmUp" | "maturity" | "every" | "cooldown" | "neurons" | "parameters" | "examples",
    least: number,
  ) => must(name, Number.isSafeInteger(options[name]) && options[name] >= least, `a whole number from ${least}`);
  const names = when.map(({ name }) => name);
  must("when", when.length > 0 && new Set(names).size === names.length, "one or more criteria, each once");
  must("form", forms.includes(form), `one of ${forms.join(", ")}`);
  must(
    "form",
    form !== "beside" || !how.alters,
    `not with how ${JSON.stringify(how.name)}, which changes neurons that are there`,
  );
  const drawn = { how: how.name, count, share };
  const idle = (["how", "count", "share"] as const).find((name) => drawn[name] !== defaults[name]);
  must(
    "form",
    form !== "between" || !idle,
    `then ${idle} says nothing, but it is ${JSON.stringify(idle && drawn[idle])}`,
  );
  must("old", ["free", "masked", "frozen"].includes(old), "free, masked or frozen");
  whole("count", 0);
  must("share", share > 0 && share <= 1, "above 0, to 1");
  whole("warmUp", 1);
  whole("maturity", 0);
  must("rate", rate > 0 && rate < Number.POSITIVE_INFINITY, "above 0");
  must("rate", rate === 1 || maturity > 0, "1, where nobody is young: maturity is 0");
  whole("every", 1);
  whole("cooldown", 0);
  must(
    "cooldown",
    old !== "masked" || cooldown >= warmUp,
    `at least ${warmUp}, the warm-up: one mask ends before the next begins`,
  );
  for (const name of ["neurons", "parameters"] as const) whole(name, 0);
  whole("examples", 1);
  must(
    "old",
    old !== "frozen" || (where === "all" && form === "neurons"),
    "frozen, where the old hears no newborn, only where neurons are born in all layers",
  );
}
