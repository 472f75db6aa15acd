/** The ways that come with the engine, by name. */
import { copy } from "./copy.ts";
import { firefly } from "./firefly.ts";
import { gradmax } from "./gradmax.ts";
import { north } from "./north.ts";
import { paired } from "./paired.ts";
import { random } from "./random.ts";
import { split } from "./split.ts";
import { tiny } from "./tiny.ts";
import { zeroIn } from "./zero-in.ts";
import { zeroOut } from "./zero-out.ts";

export const ways = {
  "zero-out": zeroOut,
  "zero-in": zeroIn,
  paired,
  copy,
  random,
  gradmax,
  tiny,
  split,
  north,
  firefly,
};

export type WayName = keyof typeof ways;
