/** `plastica ls`: the runs there are, and how far each has come. */
import { join } from "node:path";
import { openRun, percent, type Run, type RunState, runIds, stateOf, statusOf, summaryOf } from "@plastica/lab";
import { paintFor } from "../screen/paint.ts";
import { aligned, resultData } from "../screen/result.ts";
import type { PlayOptions } from "./play.ts";

export function list(options: PlayOptions): number {
  const runs = runIds(options.out).map((name) => look(options.out, name));
  if (options.json) {
    const data = runs.map((seen) => ("reason" in seen ? seen : resultData(seen.run, seen.state, undefined)));
    process.stdout.write(`${JSON.stringify(data)}\n`);
    return 0;
  }
  if (runs.length === 0) {
    process.stdout.write(`No runs in ${options.out}. To make one: npx plastica live first-life\n`);
    return 0;
  }
  const paint = paintFor(process.stdout);
  const rows = runs.flatMap((seen) => {
    if ("reason" in seen) return [];
    const { name, state } = seen;
    const learners = Object.entries(state.learners).map(([learner, lived]) => {
      const summary = summaryOf(lived);
      const end = summary === undefined ? "–" : percent(summary.end);
      return `${learner} ${end}${lived.diverged === undefined ? "" : " (diverged)"}`;
    });
    return [[name, progressOf(state), ...learners]];
  });
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const full = rows.map((row) => [...row, ...Array.from({ length: columns - row.length }, () => "")]);
  const lines = rows.length > 0 ? aligned(full.map(([name, ...rest]) => [paint.bold(name), ...rest])) : [];
  // The reasons stand below: they would make a wide column of what is short.
  for (const seen of runs) if ("reason" in seen) lines.push(`${paint.bold(seen.name)}  unreadable: ${seen.reason}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

type Seen = { name: string; run: Run; state: RunState } | { name: string; status: "unreadable"; reason: string };

/** One run, or why it cannot be read: the others are shown all the same. */
function look(root: string, name: string): Seen {
  try {
    const run = openRun(join(root, name));
    return { name, run, state: stateOf(run) };
  } catch (error) {
    return { name, status: "unreadable", reason: (error as Error).message };
  }
}

function progressOf(state: RunState): string {
  if (state.complete) return "complete";
  const going = Object.values(state.learners).filter(({ diverged }) => diverged === undefined);
  const least = Math.min(...going.map(({ position }) => position), state.examples);
  return `${statusOf(state)}, ${percent(least / state.examples, 0)}`;
}
