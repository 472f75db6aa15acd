/** A thing chosen by name with its options beside, as a schema: `"relu"` or `{ "kind": "sgd", "lr": 0.003 }`. */
import { z } from "zod";
import { fitting, flag, type KindText, shown, strict } from "../options/checks.ts";
import { didYouMean } from "../options/nearest.ts";
import type { Choice, Kind, Kinds, Option } from "./kinds.ts";

/** One of these kinds, with the defaults of the options that are left out. */
export function choiceOf<T>(thing: string, kinds: Kinds<T>) {
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
    .transform((value, context) => {
      const choice = value as Choice;
      try {
        return { ...(Object.hasOwn(kinds, choice.kind) ? kinds[choice.kind].defaultsOf(choice) : {}), ...choice };
      } catch (cause) {
        context.addIssue({ code: "custom", message: (cause as Error).message }); // a preset that there is not
        return z.NEVER;
      }
    })
    .meta({ choice: thing, kinds: () => textsOf(kinds) });
}

const number = fitting<Option>("a finite number", (v) => typeof v === "number" && Number.isFinite(v), {
  type: "number",
});
const text = fitting<Option>("a word", (v) => typeof v === "string", { type: "string" });

/** What fits an option of that default, or of none: then it is a number. */
function fits(usual: Option | undefined) {
  if (typeof usual === "string") return text;
  return typeof usual === "boolean" ? flag : number;
}

function optionsOf<T>({ options, defaults }: Kind<T>): z.ZodRawShape {
  return Object.fromEntries(
    options.map((option) => {
      const usual = defaults[option];
      return [option, usual === undefined ? fits(usual) : fits(usual).default(usual as never)];
    }),
  );
}

/** For editors: each kind's options, and whether its name alone will do. */
function textsOf<T>(kinds: Kinds<T>): Record<string, KindText> {
  const texts = Object.entries(kinds).map(([name, kind]): [string, KindText] => {
    const plain = kind.options.every((option) => kind.defaults[option] !== undefined);
    return [name, { shape: optionsOf(kind), plain }];
  });
  return Object.fromEntries(texts);
}
