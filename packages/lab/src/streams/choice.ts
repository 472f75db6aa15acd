/** A stream as a recipe names it, `{ "kind": "permuted", "tasks": 10 }`: checked by its kind's schemas, its defaults filled in. */
import { z } from "zod";
import { shown, strict } from "../options/checks.ts";
import { didYouMean } from "../options/nearest.ts";
import { streamKinds } from "./kinds.ts";
import type { Stream, StreamContext } from "./stream.ts";

export interface StreamChoice {
  kind: string;
  [option: string]: unknown;
}

const read = z.unknown().transform((value, context): StreamChoice => {
  const names = Object.keys(streamKinds);
  const kind = value !== null && typeof value === "object" ? (value as Partial<StreamChoice>).kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(streamKinds, kind)) {
    const guess = typeof kind === "string" ? didYouMean(kind, names) : "";
    const message = `is ${shown(kind ?? value)}, no kind of stream${guess} (known: ${names.join(", ")})`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
  const result = strict({ kind: z.string(), ...streamKinds[kind].shape }).safeParse(value);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
});

export const streamChoice = read.meta({ choice: "stream", kinds: () => streamKinds });

/**
 * The stream that a recipe names.
 *
 * @throws DataError when its files are missing or damaged; ValueError when its options do not go together
 */
export async function streamFrom({ kind, ...options }: StreamChoice, context: StreamContext): Promise<Stream> {
  return streamKinds[kind].make(options as never, context);
}
