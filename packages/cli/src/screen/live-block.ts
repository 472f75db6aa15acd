/** The live block: what a person watches while a run is lived. It is drawn anew in place, ten times a second at most. */
import { count, duration, type Heartbeat, percent, several } from "@plastica/lab";
import { bar, sparkline } from "./bars.ts";
import { type Board, type Player, secondsLeft } from "./board.ts";
import { placed, reading } from "./lines.ts";
import { cut, type Paint } from "./paint.ts";

/** The block's lines, none wider than `columns`. */
export function blockLines(board: Board, elapsed: number, columns: number, paint: Paint, stopping = false): string[] {
  const left = secondsLeft(board, elapsed);
  const time = left === undefined ? "" : `about ${duration(left)} left`;
  const head = `${paint.bold(board.id)}  ${paint.dim(`${lengthOf(board)}  ${time}`)}`;
  const names = Math.max(...board.players.map(({ name }) => name.length)) + 2;
  const all = board.players.flatMap(({ values }) => values);
  const ends = range(all, board.outlook?.target === "values" ? 1e-9 : 0.01);
  const lines = ["", head];
  board.players.forEach((player, i) => {
    lines.push("", ...playerLines(player, i, board, names, columns, ends, paint));
  });
  const foot = stopping
    ? "Stopping: finishing the block and writing a snapshot."
    : "Ctrl-C stops it and loses nothing.";
  lines.push("", paint.dim(foot));
  return lines.map((line) => cut(line, columns - 1));
}

function playerLines(
  { name, values, position, beat, diverged }: Player,
  i: number,
  { examples, outlook }: Board,
  names: number,
  columns: number,
  [low, high]: readonly [number, number],
  paint: Paint,
): string[] {
  const cells = Math.max(10, Math.min(40, columns - names - 32));
  const { done, left } = bar(examples === undefined ? 0 : position / examples, cells);
  const step = outlook?.step ?? "window";
  const place = placed(values.length, outlook);
  const ended = diverged || position === examples;
  const state = diverged
    ? `diverged in ${step} ${values.length + 1}`
    : ended
      ? "done"
      : examples === undefined
        ? "opening"
        : place;
  const now = beat === undefined || beat.seen === 0 || ended ? "" : `${nowOf(outlook, beat)} now`;
  const indent = " ".repeat(names);
  const last = values.at(-1);
  const line = sparkline(values, cells, low, high);
  const seen = last === undefined ? `first ${step}` : `${reading(outlook?.target, last)} last ${step}`;
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

/** "150 tasks, 9,000,000 examples", as far as it is known. */
function lengthOf({ examples, outlook }: Board): string {
  if (examples === undefined) return "opening its stream";
  return outlook?.step === "task"
    ? `${several(outlook.windows, "task")}, ${several(examples, "example")}`
    : several(examples, "example");
}

function nowOf(outlook: Board["outlook"], { accuracy, loss }: Heartbeat): string {
  return reading(outlook?.target, outlook?.target === "values" ? loss : accuracy);
}

/** The sparklines' range: that of all values, and at least `least`. */
function range(values: readonly number[], least: number): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low < least ? [low - least / 2, low + least] : [low, high];
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
