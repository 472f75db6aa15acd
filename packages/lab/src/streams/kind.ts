/** How a recipe names a stream: `{ "kind": "permuted", ... }`, the options it takes, and what makes it of them. */
import type { z } from "zod";
import type { Stream, StreamContext } from "./stream.ts";

export interface StreamKind {
  /** One sentence, for lists and editors. */
  readonly about: string;
  /** A zod schema for each option, made of `options/checks.ts`; those with a default may be left out. */
  readonly shape: z.ZodRawShape;
  make(options: never, context: StreamContext): Stream | Promise<Stream>;
  /** The paths of the user's own files that it reads. Absent: none. */
  files?(options: never): readonly string[];
}

/** A kind of stream, its options typed by their schemas. Each stream's file exports its own. */
export function streamKind<S extends z.ZodRawShape>(
  about: string,
  shape: S,
  make: (options: z.output<z.ZodObject<S>>, context: StreamContext) => Stream | Promise<Stream>,
  files?: (options: z.output<z.ZodObject<S>>) => readonly string[],
): StreamKind {
  return { about, shape, make, ...(files === undefined ? {} : { files }) };
}
