/** `plastica verify RUN`: lives a finished run again in another place and compares fingerprints and logs. */
import { findRun, stateOf, verify } from "@plastica/lab";
import { interruptible } from "../interrupt.ts";
import { watch } from "../screen/watch.ts";
import type { PlayOptions } from "./play.ts";

/** Returns 0 when every bit agrees, 1 when one does not, 130 when it was interrupted. */
export async function verifyRun(meant: string, options: PlayOptions): Promise<number> {
  const run = findRun(options.out, meant, ({ complete }) => complete);
  const state = stateOf(run);
  const fresh = Object.fromEntries(
    Object.entries(state.learners).map(([name, learner]) => [
      name,
      { ...learner, tasks: [], position: 0, diverged: undefined },
    ]),
  );
  const watching = watch(run, { ...state, learners: fresh }, options.json === true);
  const interrupt = interruptible(watching.stopping);
  const verdicts = await verify(run, watching.audience, { signal: interrupt.signal }).finally(() => {
    interrupt.release();
    watching.close();
  });
  if (verdicts === undefined) {
    process.stderr.write("Interrupted; nothing was verified, and the run is as it was.\n");
    return 130;
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ run: run.id, verdicts })}\n`);
  else {
    for (const { learner, recorded, again, same, difference } of verdicts) {
      const now = recorded === again ? "" : ` ${recorded}, now ${again};`;
      process.stdout.write(`${learner}: ${same ? `the same, ${recorded}` : `NOT the same:${now} ${difference}`}\n`);
    }
  }
  return verdicts.every(({ same }) => same) ? 0 : 1;
}
