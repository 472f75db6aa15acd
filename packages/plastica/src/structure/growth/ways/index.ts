/** The ways that come with the engine, by name. */
import { copy } from "./copy.ts";
import { paired } from "./paired.ts";
import { random } from "./random.ts";
import { zeroIn } from "./zero-in.ts";
import { zeroOut } from "./zero-out.ts";

export const ways = {
  "zero-out": zeroOut,
  "zero-in": zeroIn,
  paired,
  copy,
  random,
};

export type WayName = keyof typeof ways;
