/** What became of a run, for the terminal and as JSON. */
import { relative } from "node:path";
import {
  count,
  duration,
  engineVersion,
  percent,
  type Run,
  type RunState,
  type Summary,
  sentences,
  statusOf,
  summaryOf,
} from "@plastica/lab";
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
  const engine = otherEngine(state);
  if (engine !== undefined)
    lines.push(`Lived with plastica ${engine}; \`plastica verify\` tells whether this one agrees.`);
  if (report !== undefined) lines.push("", `Report: ${fromHere(report)}`);
  return lines;
}

/** The engine that a complete run was lived with, where it is another than this one. */
function otherEngine({ complete, learners }: RunState): string | undefined {
  const engines = Object.values(learners).map(({ engine }) => engine);
  return complete ? engines.find((engine) => engine !== undefined && engine !== engineVersion()) : undefined;
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
        {
          fingerprint: learner.fingerprint,
          diverged: learner.diverged,
          ...summary,
          tasks,
          position: learner.position,
          engine: learner.engine,
          accuracy: learner.tasks.map(({ accuracy }) => accuracy),
        },
      ];
    }),
  );
  return {
    run: run.id,
    folder: run.folder,
    status: statusOf(state),
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
