/** Lives a run a second time, somewhere else, and tells whether it ended in the same bits. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Audience, type ConductOptions, conduct } from "./conduct.ts";
import { RunError } from "./errors.ts";
import { eventsPath } from "./paths.ts";
import { createRun, type Run, stateOf } from "./run.ts";

/** Of one learner. */
export interface Verdict {
  readonly learner: string;
  readonly recorded: string;
  readonly again: string;
  /** The fingerprints agree, and so does every byte of the log. */
  readonly same: boolean;
}

/**
 * @returns a verdict for each learner, or undefined when the signal stopped it
 * @throws RunError when the run is not complete
 */
export async function verify(run: Run, audience: Audience = {}, options: ConductOptions = {}): Promise<Verdict[] | undefined> {
  const recorded = stateOf(run);
  if (!recorded.complete) throw new RunError(`${run.id}: not finished, so there is nothing to verify; resume it first`);
  const root = mkdtempSync(join(tmpdir(), "plastica-verify-"));
  try {
    const second = createRun(root, run.recipe);
    if ((await conduct(second, audience, options)) === "stopped") return undefined;
    const again = stateOf(second);
    return Object.keys(run.recipe.learners).map((learner) => {
      const [before, after] = [recorded, again].map((state) => state.learners[learner].fingerprint ?? "none");
      const [log, logAgain] = [run, second].map(({ folder }) => readFileSync(eventsPath(folder, learner)));
      return { learner, recorded: before, again: after, same: before === after && log.equals(logAgain) };
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}
