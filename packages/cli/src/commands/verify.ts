/** `plastica verify RUN...`: lives finished runs again in another place and compares fingerprints and logs. */
import { type Run, stateOf, type Verdict, verify } from "@plastica/lab";
import { interruptible } from "../interrupt.ts";
import { runsMeant } from "../meant.ts";
import { note, print, say } from "../output.ts";
import { watch } from "../screen/watch.ts";
import type { PlayOptions } from "./play.ts";

/** Returns 0 when every bit agrees, 1 when one does not, 130 when it was interrupted. */
export async function verifyRuns(meant: readonly string[], options: PlayOptions): Promise<number> {
  const runs = runsMeant(options.out, meant, (run) => stateOf(run).complete);
  const results: { run: string; same: boolean; verdicts: readonly Verdict[] }[] = [];
  let stopped = false;
  for (const run of runs) {
    const verdicts = await verified(run, options.json === true);
    if (verdicts === undefined) {
      stopped = true;
      break;
    }
    results.push({ run: run.id, same: verdicts.every(({ same }) => same), verdicts });
    if (!options.json) print(...verdicts.map((verdict) => (runs.length > 1 ? `${run.id}  ` : "") + sentence(verdict)));
  }
  if (options.json) say(results);
  if (stopped) note("Interrupted; this run was not verified, and it is as it was.");
  if (stopped) return 130;
  return results.every(({ same }) => same) ? 0 : 1;
}

/** The verdicts, or undefined when it was interrupted. */
async function verified(run: Run, quiet: boolean): Promise<Verdict[] | undefined> {
  const state = stateOf(run);
  const fresh = Object.fromEntries(
    Object.entries(state.learners).map(([name, learner]) => [
      name,
      { ...learner, windows: [], position: 0, end: undefined },
    ]),
  );
  const watching = watch(run, { ...state, learners: fresh }, quiet);
  const interrupt = interruptible(watching.stopping);
  return verify(run, watching.audience, { signal: interrupt.signal }).finally(() => {
    interrupt.release();
    watching.close();
  });
}

function sentence({ learner, recorded, again, same, difference }: Verdict): string {
  const now = recorded === again ? "" : ` ${recorded}, now ${again};`;
  return `${learner}: ${same ? `the same, ${recorded}` : `NOT the same:${now} ${difference}`}`;
}
