/** What became of a run, for the terminal and as JSON. */
import { relative } from "node:path";
import { count, duration, percent, type Run, type RunState, type Summary, sentences, summaryOf } from "@plastica/lab";
import { type Paint, widthOf, wrapped } from "./paint.ts";

/** The table, the sentences and where the report is. */
export function resultLines(
  run: Run,
  state: RunState,
  report: string | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const lines = ["", paint.bold(run.id), ""];
  const rows = Object.entries(state.learners).flatMap(([name, learner], i) => {
    const summary = summaryOf(learner);
    return summary === undefined ? [] : [row(paint.learner(i, name), summary)];
  });
  if (rows.length > 0) lines.push(...aligned([HEAD.map(paint.dim), ...rows]), "");
  for (const sentence of sentences(run.recipe, state)) lines.push(...wrapped(sentence, Math.min(columns, 100) - 1));
  if (report !== undefined) lines.push("", `Report: ${fromHere(report)}`);
  return lines;
}

const HEAD = ["", "first task", "best", "end", "dormant", "born", "died", "time"];

function row(name: string, { first, peak, peakTask, end, dormant, births, deaths, seconds }: Summary): string[] {
  const best = `${percent(peak)} (task ${peakTask + 1})`;
  return [name, percent(first), best, percent(end), percent(dormant), count(births), count(deaths), duration(seconds)];
}

/** Rows as columns: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? ""))));
  return rows.map((cells) =>
    cells
      .map((cell, column) => {
        const gap = " ".repeat(widths[column] - widthOf(cell));
        return column === 0 ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** The same as one JSON-able object. */
export function resultData(run: Run, state: RunState, report: string | undefined): object {
  const learners = Object.fromEntries(
    Object.entries(state.learners).map(([name, learner]) => {
      const { tasks = 0, ...summary } = summaryOf(learner) ?? {};
      return [
        name,
        { ...summary, tasks, position: learner.position, accuracy: learner.tasks.map(({ accuracy }) => accuracy) },
      ];
    }),
  );
  const status = state.complete ? "complete" : state.running ? "running" : "unfinished";
  return {
    run: run.id,
    folder: run.folder,
    status,
    examples: state.examples,
    report,
    sentences: sentences(run.recipe, state),
    learners,
  };
}

/** A path as one would type it here. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
