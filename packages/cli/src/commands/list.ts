/** `plastica ls`: the runs there are, and how far each has come. */
import { join } from "node:path";
import { openRun, percent, type RunState, runIds, stateOf, summaryOf } from "@plastica/lab";
import { paintFor } from "../screen/paint.ts";
import { aligned, resultData } from "../screen/result.ts";
import type { PlayOptions } from "./play.ts";

export function list(options: PlayOptions): number {
  const runs = runIds(options.out).map((id) => openRun(join(options.out, id)));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(runs.map((run) => resultData(run, stateOf(run), undefined)))}\n`);
    return 0;
  }
  if (runs.length === 0) {
    process.stdout.write(`No runs in ${options.out}. To make one: npx plastica live first-life\n`);
    return 0;
  }
  const paint = paintFor(process.stdout);
  const rows = runs.map((run) => {
    const state = stateOf(run);
    return [
      run.id,
      statusOf(state),
      ...Object.entries(state.learners).map(([name, learner]) => {
        const summary = summaryOf(learner);
        return `${name} ${summary === undefined ? "–" : percent(summary.end)}`;
      }),
    ];
  });
  const columns = Math.max(...rows.map((row) => row.length));
  const full = rows.map((row) => [...row, ...Array.from({ length: columns - row.length }, () => "")]);
  process.stdout.write(`${aligned(full.map(([id, ...rest]) => [paint.bold(id), ...rest])).join("\n")}\n`);
  return 0;
}

function statusOf({ complete, running, learners, examples }: RunState): string {
  if (complete) return "complete";
  const least = Math.min(...Object.values(learners).map(({ position }) => position));
  return `${running ? "running" : "unfinished"}, ${percent(least / examples, 0)}`;
}
