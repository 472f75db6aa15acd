/** `plastica resume RUN`: goes on with a run from its newest snapshots, or with all that a sweep has left. */
import { existsSync } from "node:fs";
import { openQueue, protocols, queuePath, type Recipe, readRecipe, stateOf, writeReport } from "@plastica/lab";
import { runMeant } from "../meant.ts";
import { note } from "../output.ts";
import { outOption, type PlayOptions, play, tell } from "./play.ts";
import { playSweep, type SweepPlayOptions } from "./sweep.ts";

export async function resume(meant: string, options: PlayOptions & SweepPlayOptions): Promise<number> {
  const swept = sweptAs(meant, options.out);
  if (swept.length > 0) {
    const { title = meant, measures = ["end-loss"] } = Object.hasOwn(protocols, meant) ? protocols[meant] : {};
    const command = `npx plastica resume ${meant}${outOption(options.out)}`;
    return playSweep(swept, { ...options, name: meant, title, measures, command });
  }
  const run = runMeant(options.out, meant, ({ complete }) => !complete);
  if (!stateOf(run).complete) return play(run, options);
  if (!options.json) note(`${run.id} is complete already.`);
  tell(run, writeReport(run), options.json === true);
  return 0;
}

/** The recipes of that name that sweeps of this folder were asked for. */
function sweptAs(name: string, out: string): Recipe[] {
  return sweptIn(out).flatMap(({ recipe }) => (recipe.name === name ? [readRecipe(recipe)] : []));
}

/** What the sweeps of this folder were asked for: each run once, whatever engine it was asked of. */
export function sweptIn(out: string): { folder: string; recipe: Recipe }[] {
  if (!existsSync(queuePath(out))) return [];
  const queue = openQueue(queuePath(out));
  try {
    const jobs = new Map(queue.jobs().map((job) => [job.folder, job]));
    return [...jobs.values()].map(({ folder, recipe }) => ({ folder, recipe: JSON.parse(recipe) as Recipe }));
  } finally {
    queue.close();
  }
}
