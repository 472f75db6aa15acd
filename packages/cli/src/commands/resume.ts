/** `plastica resume RUN`: goes on with a run from its newest snapshots. */
import { findRun, stateOf, writeReport } from "@plastica/lab";
import { type PlayOptions, play, tell } from "./play.ts";

export async function resume(meant: string, options: PlayOptions): Promise<number> {
  const run = findRun(options.out, meant, ({ complete }) => !complete);
  if (!stateOf(run).complete) return play(run, options);
  if (!options.json) process.stderr.write(`${run.id} is complete already.\n`);
  tell(run, writeReport(run), options.json === true);
  return 0;
}
