/** The block that a person watches while a sweep lasts: a line for each method. */
import { duration, type GroupSummary, intervalText, percent, several } from "@plastica/lab";
import { bar } from "./bars.ts";
import { aligned } from "./lines.ts";
import { cut, type Paint } from "./paint.ts";
import { type SweepBoard, standings } from "./sweep-board.ts";

/** Running shares that are told of one method. */
const TOLD = 4;

/** The block's lines, none wider than `columns`. */
export function sweepLines(board: SweepBoard, columns: number, paint: Paint, stopping = false): string[] {
  const { title, methods, measure, view } = board;
  const left = view?.secondsLeft === undefined ? "" : `about ${duration(view.secondsLeft)} left`;
  const runs = methods.reduce((sum, method) => sum + method.runs, 0);
  const groups = standings(board);
  const rows = methods.map((method, i) => {
    const share = (method.done + method.running.reduce((sum, one) => sum + one, 0)) / method.runs;
    const { done, left } = bar(share, columns >= 100 ? 16 : 10);
    return [
      paint.learner(i, method.name),
      `${paint.learner(i, done)}${paint.dim(left)}`,
      `${String(method.done).padStart(String(method.runs).length)}/${method.runs}${method.failed > 0 ? paint.bold(` ${method.failed} failed`) : ""}`,
      meanText(board, groups[i]),
      paint.dim(runningText(method.running)),
    ];
  });
  const head = ["", "", "done", measure.title.toLowerCase(), "running"].map(paint.dim);
  const elsewhere = view === undefined || view.elsewhere === 0 ? "" : `, ${view.elsewhere} of them in other processes`;
  const foot = stopping
    ? "Stopping: every run writes a snapshot."
    : "Ctrl-C stops it and loses nothing; the same line goes on.";
  const lines = ["", `${paint.bold(title)}  ${paint.dim(`${several(runs, "run")}${elsewhere}  ${left}`)}`, ""];
  lines.push(...aligned([head, ...rows], 5), "", paint.dim(foot));
  return lines.map((line) => cut(line, columns - 1));
}

function meanText({ measure }: SweepBoard, group: GroupSummary): string {
  return group.mean === undefined ? "–" : intervalText(measure, group);
}

function runningText(shares: readonly number[]): string {
  const told = shares.slice(0, TOLD).map((share) => percent(share, 0));
  return `${told.join(" ")}${shares.length > TOLD ? ` +${shares.length - TOLD}` : ""}`;
}
