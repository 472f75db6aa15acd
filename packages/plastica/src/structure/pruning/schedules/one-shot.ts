/** One shot: all that is to go goes at once. */
import { hasCome } from "../../policy.ts";
import type { Schedule } from "./schedule.ts";

/** At step `start` the whole share `target` goes. What is left may go on learning. `end` and `every` mean nothing here. */
export const oneShot: Schedule = {
  name: "one-shot",
  due: (moment, { start }) => hasCome(start, moment),
  share: (_, { target }) => target,
};
