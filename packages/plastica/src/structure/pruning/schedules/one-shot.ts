/** One shot: all that is to go goes at once. */
import type { Schedule } from "./schedule.ts";

/** At step `start` the whole share `target` goes. What is left may go on learning. `end` and `every` mean nothing here. */
export const oneShot: Schedule = {
  name: "one-shot",
  due: (step, { start }) => step === start,
  share: (_, { target }) => target,
};
