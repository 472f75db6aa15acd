/** The schedules that come with the engine, by name. */
import { dynamic } from "./dynamic.ts";
import { gradual } from "./gradual.ts";
import { iterative } from "./iterative.ts";
import { oneShot } from "./one-shot.ts";
import type { Schedule } from "./schedule.ts";

export const schedules = {
  "one-shot": oneShot,
  gradual,
  iterative,
  dynamic,
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof schedules;
