/** The criteria that come with the engine, by name. */
import { effectiveDimension } from "./effective-dimension.ts";
import { newClass } from "./new-class.ts";
import { plateau } from "./plateau.ts";
import { resetProbe } from "./reset-probe.ts";
import { saturation } from "./saturation.ts";
import { schedule } from "./schedule.ts";

export const criteria = {
  "effective-dimension": effectiveDimension,
  plateau,
  saturation,
  "reset-probe": resetProbe,
  schedule,
  "new-class": newClass,
};

export type CriterionName = keyof typeof criteria;
