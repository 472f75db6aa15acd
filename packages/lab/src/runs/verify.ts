/** Lives a run a second time, somewhere else, and tells whether it ended in the same bits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Audience, type ConductOptions, conduct } from "./conduct.ts";
import { RunError } from "./errors.ts";
import { type LoggedEvent, readEvents } from "./events.ts";
import { mustBeSameData } from "./identity.ts";
import { eventsPath } from "./paths.ts";
import { createRun, type Run, stateOf } from "./run.ts";

/** Of one learner. */
export interface Verdict {
  readonly learner: string;
  readonly recorded: string;
  readonly again: string;
  /** The fingerprints agree, and so does every event of the log. */
  readonly same: boolean;
  /** Where the logs part: the line, from 1, and what each has there. Absent where they agree. */
  readonly difference?: string;
}

/**
 * @returns a verdict for each learner, or undefined when the signal stopped it
 * @throws RunError when the run is not complete, or its data have changed since; DataError when they cannot be read
 */
export async function verify(
  run: Run,
  audience: Audience = {},
  options: ConductOptions = {},
): Promise<Verdict[] | undefined> {
  const recorded = stateOf(run);
  if (!recorded.complete) throw new RunError(`${run.id}: not finished, so there is nothing to verify; resume it first`);
  for (const { begun } of Object.values(recorded.learners)) mustBeSameData(run.folder, run.recipe, begun);
  const root = mkdtempSync(join(tmpdir(), "plastica-verify-"));
  try {
    const second = createRun(root, run.recipe);
    if ((await conduct(second, audience, options)) === "stopped") return undefined;
    const again = stateOf(second);
    return Object.keys(run.recipe.learners).map((learner) => {
      const [before, after] = [recorded, again].map((state) => state.learners[learner].end?.fingerprint ?? "none");
      const [log, logAgain] = [run, second].map(({ folder }) => readEvents(eventsPath(folder, learner)).events);
      const difference = differenceOf(log, logAgain);
      const same = before === after && difference === undefined;
      return { learner, recorded: before, again: after, same, ...(difference === undefined ? {} : { difference }) };
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The first line in which two logs differ, in words; undefined when they agree. Only the engine's name may differ: whether another computes the same is the question. */
export function differenceOf(recorded: readonly LoggedEvent[], again: readonly LoggedEvent[]): string | undefined {
  const texts = [recorded, again].map((events) => events.map(textOf));
  for (let line = 0; line < Math.max(recorded.length, again.length); line++) {
    const [before, after] = texts.map((lines) => lines[line] ?? "nothing");
    if (before !== after) return `line ${line + 1} of the log is ${before}, now ${after}`;
  }
  return undefined;
}

function textOf(event: LoggedEvent): string {
  return JSON.stringify(event.type === "begun" ? { ...event, engine: undefined } : event);
}
