/** The live block: what a person watches while a run is lived. It is drawn anew in place, ten times a second at most. */
import { count, duration, percent } from "@plastica/lab";
import { bar, sparkline } from "./bars.ts";
import { type Board, type Player, secondsLeft } from "./board.ts";
import { cut, type Paint } from "./paint.ts";

/** The block's lines, none wider than `columns`. */
export function blockLines(board: Board, elapsed: number, columns: number, paint: Paint, stopping = false): string[] {
  const left = secondsLeft(board, elapsed);
  const time = left === undefined ? "" : `about ${duration(left)} left`;
  const head = `${paint.bold(board.id)}  ${paint.dim(`${count(board.tasks)} tasks of ${count(board.examplesPerTask)} images  ${time}`)}`;
  const names = Math.max(...board.players.map(({ name }) => name.length)) + 2;
  const all = board.players.flatMap(({ accuracies }) => accuracies);
  const [low, high] = range(all);
  const lines = ["", head];
  board.players.forEach((player, i) => {
    lines.push("", ...playerLines(player, i, board, names, columns, low, high, paint));
  });
  const foot = stopping
    ? "Stopping: finishing the block and writing a snapshot."
    : "Ctrl-C stops it and loses nothing.";
  lines.push("", paint.dim(foot));
  return lines.map((line) => cut(line, columns - 1));
}

function playerLines(
  { name, accuracies, position, beat, diverged }: Player,
  i: number,
  { tasks, examplesPerTask }: Board,
  names: number,
  columns: number,
  low: number,
  high: number,
  paint: Paint,
): string[] {
  const total = tasks * examplesPerTask;
  const cells = Math.max(10, Math.min(40, columns - names - 32));
  const { done, left } = bar(position / total, cells);
  const task = Math.min(tasks, Math.floor(position / examplesPerTask) + 1);
  const ended = diverged || position >= total;
  const state = diverged
    ? `diverged in task ${task}`
    : ended
      ? "done"
      : `task ${String(task).padStart(String(tasks).length)} of ${tasks}`;
  const now = beat === undefined || ended ? "" : `${percent(beat.accuracy)} now`;
  const indent = " ".repeat(names);
  const last = accuracies.at(-1);
  const line = sparkline(accuracies, cells, low, high);
  const seen = last === undefined ? "first task" : `${percent(last)} last task`;
  const lines = [
    `${paint.learner(i, name.padEnd(names))}${paint.learner(i, done)}${paint.dim(left)}  ${state}  ${now}`,
    `${indent}${paint.learner(i, line)}${" ".repeat(cells - line.length)}  ${seen}`,
  ];
  if (beat !== undefined) {
    const { dormant, births, deaths } = beat;
    const turnover = births + deaths > 0 ? `, ${count(births)} born, ${count(deaths)} died` : "";
    lines.push(`${indent}${paint.dim(`dormant neurons ${percent(dormant)}${turnover}`)}`);
  }
  return lines;
}

/** The sparklines' range: that of all values, and at least one percentage point. */
function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low < 0.01 ? [low - 0.005, low + 0.01] : [low, high];
}

/** Draws a block over the one before. */
export class LiveBlock {
  readonly #stream: NodeJS.WriteStream;
  #height = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write("\u001b[?25l"); // no cursor blinking in the middle of it
    process.once("exit", this.#showCursor);
  }

  readonly #showCursor = (): void => {
    this.#stream.write("\u001b[?25h");
  };

  draw(lines: readonly string[]): void {
    const rows = Math.max(1, (this.#stream.rows ?? 24) - 1);
    const shown = lines.slice(0, rows); // lines that scrolled away could not be drawn over
    this.#stream.write(`${this.#back()}${shown.map((line) => `${line}\u001b[K`).join("\n")}\n\u001b[J`);
    this.#height = shown.length;
  }

  /** Writes lines that stay, above the block. */
  say(text: string): void {
    this.#stream.write(`${this.#back()}\u001b[J${text}\n`);
    this.#height = 0;
  }

  /** Leaves the screen as it was before the block. */
  close(): void {
    this.#stream.write(`${this.#back()}\u001b[J`);
    this.#showCursor();
    process.off("exit", this.#showCursor);
  }

  #back(): string {
    return this.#height > 0 ? `\r\u001b[${this.#height}A` : "\r";
  }
}
