/** A sweep on the screen, from its first run to its comparison: what `run` and `resume` share. */
import { join } from "node:path";
import { comparisonOf, measureNamed, openRun, type Recipe, type SweepResult, sweep } from "@plastica/lab";
import { interruptible } from "../interrupt.ts";
import { note, say } from "../output.ts";
import { sweepBoard } from "../screen/sweep-board.ts";
import { watchSweep } from "../screen/sweep-watch.ts";
import { tellComparison } from "./compare.ts";

export interface SweepPlayOptions {
  out: string;
  json?: boolean;
  workers?: number;
}

export interface SweepPlay extends SweepPlayOptions {
  readonly title: string;
  /** The recipes' shared name. */
  readonly name: string;
  /** The first decides. */
  readonly measures: readonly string[];
  /** What makes all of it again. */
  readonly command: string;
}

/** Returns 0 when every run is complete, 1 when one failed, 130 when it was interrupted. */
export async function playSweep(recipes: readonly Recipe[], play: SweepPlay): Promise<number> {
  const { out, json = false, workers, title, name, measures, command } = play;
  const board = sweepBoard(title, out, measureNamed(measures[0]), recipes);
  const watching = watchSweep(board, json);
  const interrupt = interruptible(watching.stopping);
  const threads = workers === undefined ? {} : { threads: workers };
  const result = await sweep(recipes, { root: out, signal: interrupt.signal, ...threads }, watching.audience).finally(
    () => {
      interrupt.release();
      watching.close();
    },
  );
  const data = { outcome: result.outcome, jobs: result.jobs.map(jobData) };
  const failed = result.jobs.filter(({ settled }) => settled !== undefined && "error" in settled).length;
  if (result.outcome === "stopped") {
    note(`Stopped; nothing is lost. To go on:\n\n  ${command}\n`);
    if (json) say(data);
    return 130;
  }
  if (!json) tellBefore(result);
  const done = result.jobs.filter(({ settled }) => settled !== undefined && "result" in settled);
  if (done.length === 0 && json) say(data);
  if (done.length > 0) {
    const runs = done.map(({ job }) => openRun(join(out, job.folder)));
    const comparison = comparisonOf(runs, { title, measures, command });
    tellComparison(comparison, { out, json, html: join(out, `${name}.html`) }, data);
  }
  if (failed > 0)
    note(`${failed} of ${result.jobs.length} runs failed; the same line tries them again:\n\n  ${command}\n`);
  return failed > 0 ? 1 : 0;
}

/** What was there already was not lived again: that must not look like a result of today. */
function tellBefore({ jobs }: SweepResult): void {
  const before = jobs.filter(
    ({ settled }) => settled !== undefined && "by" in settled && settled.by === "before",
  ).length;
  if (before === jobs.length) note("All of it was there already; a recipe has one result, and this is it.");
  else if (before > 0) note(`${before} of ${jobs.length} runs were there already and were not lived again.`);
}

function jobData({ job, settled }: SweepResult["jobs"][number]): object {
  const recipe = JSON.parse(job.recipe) as Recipe;
  const told = { run: job.folder, method: Object.keys(recipe.learners).join(" "), seed: recipe.seed };
  if (settled === undefined) return { ...told, state: "unfinished" };
  if ("error" in settled) return { ...told, state: "failed", error: settled.error };
  return { ...told, state: "done", by: settled.by, ...settled.result };
}
