/**
 * The pieces that the recipe's schema is made of. They are zod schemas whose messages follow the house: the thing, the value
 * that was seen, what would be right. An unknown key is never passed over, since a misspelt option would otherwise be a
 * silent default.
 */
import { RecipeError } from "plastica";
import { z } from "zod";
import { didYouMean } from "./nearest.ts";

/** A value as it is shown in an error: JSON, cut short; "missing" when there is none. */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = jsonOf(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Undefined for what has no JSON: a function, a symbol, an object that holds itself. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
  } catch {
    return undefined;
  }
}

/** An object with exactly these keys (those with a default may be left out). */
export function strict<S extends z.ZodRawShape>(shape: S) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys")
        return `is ${shown(issue.input)}, must be an object of ${keys.join(", ")}`;
      return issue.keys
        .map((key) => `unknown key "${key}"${didYouMean(key, keys)} (known here: ${keys.join(", ")})`)
        .join("; ");
    },
  });
}

/** A value for which `test` holds; `what` says which those are, and `json` says the same to an editor, as JSON Schema. */
export function fitting<T>(
  what: string,
  test: (value: unknown) => boolean,
  json: Readonly<Record<string, unknown>> = {},
) {
  return z
    .custom<T>(test, { error: (issue) => `is ${shown(issue.input)}, must be ${what}` })
    .meta({ description: what, ...json });
}

/** True or false. */
export const flag = fitting<boolean>("true or false", (v) => typeof v === "boolean", { type: "boolean" });

/** An integer from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const what = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return fitting<number>(
    `an integer ${what}`,
    (v) => Number.isSafeInteger(v) && Number(v) >= least && Number(v) <= most,
    { type: "integer", minimum: least, maximum: most },
  );
}

/** One of these words. */
export function oneOf<T extends string>(...words: T[]) {
  const one = z.custom<T>((v) => (words as unknown[]).includes(v), {
    error: ({ input }) =>
      `is ${shown(input)}, must be one of ${words.join(", ")}${typeof input === "string" ? didYouMean(input, words) : ""}`,
  });
  return one.meta({ description: `one of ${words.join(", ")}`, enum: words });
}

/**
 * What an editor is told of one kind of thing that can be chosen. A choice's schema carries `{ choice: "rule", kinds }` as its
 * meta, `kinds` a function that returns these by name; `recipe/json-schema.ts` makes JSON Schema of them.
 */
export interface KindText {
  readonly shape: z.ZodRawShape;
  readonly about?: string;
  /** It may be given by its name alone. */
  readonly plain?: boolean;
}

/** `{ "kind": "max", "size": 2 }`, or a kind's name alone where that will do: checked by the kind's own shape. `or`: what it may be beside that. */
export function oneOfKinds(
  thing: string,
  kinds: Readonly<Record<string, KindText>>,
  or?: { readonly fits: z.ZodType; readonly what: string },
) {
  const names = Object.keys(kinds);
  const read = z.unknown().transform((value, context): unknown => {
    const report = (issues: readonly { path: readonly PropertyKey[]; message: string }[]) => {
      for (const { path, message } of issues) context.addIssue({ code: "custom", path: [...path], message });
      return z.NEVER;
    };
    if (or && typeof value === "number") {
      const result = or.fits.safeParse(value);
      return result.success ? result.data : report(result.error.issues);
    }
    const choice = typeof value === "string" && kinds[value]?.plain ? { kind: value } : value;
    const kind = choice !== null && typeof choice === "object" ? (choice as { kind?: unknown }).kind : undefined;
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
      const guess = typeof kind === "string" ? didYouMean(kind, names) : "";
      const known = `(known: ${or ? `${or.what}, or ` : ""}${names.join(", ")})`;
      return report([{ path: [], message: `is ${shown(kind ?? value)}, no ${thing}${guess} ${known}` }]);
    }
    const result = strict({ kind: z.string(), ...kinds[kind].shape }).safeParse(choice);
    return result.success ? result.data : report(result.error.issues);
  });
  const json = or && z.toJSONSchema(or.fits, { target: "draft-7", io: "input", unrepresentable: "any" });
  const { $schema: _, ...either } = (json ?? {}) as Record<string, unknown>;
  return read.meta({ choice: thing, kinds: () => kinds, ...(or && { or: either }) });
}

/** A list of these. */
export function listOf<T extends z.ZodType>(what: string, item: T) {
  const list = z.array(item, { error: (issue) => `is ${shown(issue.input)}, must be a list of ${what}` });
  return list.meta({ description: `a list of ${what}` });
}

/** The value as the schema reads it, or a RecipeError with a clause for each fault: its path, the value, what is right. */
export function check<T>(schema: z.ZodType<T>, value: unknown, thing: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${pathOf(path)}: ${message}`,
  );
  throw new RecipeError(`${thing}: ${faults.join("; ")}`, { cause: result.error });
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}
