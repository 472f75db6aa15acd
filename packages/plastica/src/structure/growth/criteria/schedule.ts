/** Schedule: it is always time, from one update to another. */
import { ValueError } from "../../../errors.ts";
import type { Criterion } from "./criterion.ts";

export interface ScheduleOptions {
  /** The first update at which it is time, from 1. Default 1. */
  readonly start?: number;
  /** The last one; 0, the default, is never. */
  readonly end?: number;
}

/** Throws ValueError for an option out of its range. */
export function schedule({ start = 1, end = 0 }: ScheduleOptions = {}): Criterion {
  if (!Number.isSafeInteger(start) || start < 1) throw new ValueError(`schedule: start is ${start}: an update, from 1`);
  if (!Number.isSafeInteger(end) || (end !== 0 && end < start))
    throw new ValueError(`schedule: end is ${end}: an update from ${start}, its start, or 0 for never`);
  return {
    name: "schedule",
    options: { start, end },
    looks: false,
    watch: () => ({
      judge: ({ step }) =>
        step >= start && (end === 0 || step <= end) ? [{ score: 1, why: "it is time", evidence: {} }] : [],
      save: () => null,
      load: () => {},
    }),
  };
}
