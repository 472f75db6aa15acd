/** How a recipe names an environment: `{ "kind": "cart-pole", "drift": { "length": { "kind": "linear", "to": 2, "over": 500 } } }`. */
import { z } from "zod";
import { fitting, listOf, shown, strict, whole } from "../options/checks.ts";
import { didYouMean } from "../options/nearest.ts";
import type { Drift } from "./drifting.ts";
import { type Environment, type EnvironmentOptions, environmentOf, type World } from "./environment.ts";

export interface EnvironmentKind {
  /** One sentence, for lists and editors. */
  readonly about: string;
  /** A schema for each option; all may be left out. */
  readonly shape: z.ZodRawShape;
  make(options: never, context: { readonly seed: number }): Environment;
}

const number = fitting<number>("a finite number", (v) => typeof v === "number" && Number.isFinite(v));
const every = whole(1);
const between = { low: number, high: number };

/** The options of each way in which a constant may drift. */
const drifts: Readonly<Record<Drift["kind"], z.ZodRawShape>> = {
  constant: { value: number.optional() },
  abrupt: { values: listOf("numbers", number), every },
  redrawn: { ...between, every },
  linear: { from: number.optional(), to: number, over: every },
  sine: { ...between, period: every },
  triangle: { ...between, period: every },
  walk: { ...between, from: number.optional(), step: number },
};

/** One of these kinds with its options: `"walk"` is `{ "kind": "walk" }`. */
export function chosen<T extends { kind: string }>(
  thing: string,
  shapes: Readonly<Record<string, z.ZodRawShape>>,
): z.ZodType<T> {
  const names = Object.keys(shapes);
  return z.unknown().transform((value, context): T => {
    const choice: unknown = typeof value === "string" ? { kind: value } : value;
    const kind = choice !== null && typeof choice === "object" ? (choice as { kind?: unknown }).kind : undefined;
    if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) {
      const guess = typeof kind === "string" ? didYouMean(kind, names) : "";
      const message = `is ${shown(kind ?? value)}, no ${thing}${guess} (known: ${names.join(", ")})`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
    const result = strict({ kind: z.string(), ...shapes[kind] }).safeParse(choice);
    if (result.success) return result.data as unknown as T;
    for (const { path, message } of result.error.issues) context.addIssue({ code: "custom", path: [...path], message });
    return z.NEVER;
  });
}

/** The kind of environments in which this world is. */
export function environmentKind<P extends string>(about: string, world: World<P>): EnvironmentKind {
  const drift = chosen<Drift>("kind of drift", drifts).optional();
  const constants = Object.fromEntries(Object.keys(world.usual).map((name) => [name, drift]));
  return {
    about,
    shape: { drift: strict(constants).default({}), limit: whole(1).default(world.limit) },
    make: (options: Omit<EnvironmentOptions<P>, "seed">, { seed }) => environmentOf(world, { ...options, seed }),
  };
}
