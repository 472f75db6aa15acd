/** Follows a sweep on the screen: as a block in a terminal, as a line a finished run elsewhere, not at all when asked to be quiet. */

import type { Job } from "@plastica/lab";
import { formatted, type Result, type SweepAudience } from "@plastica/lab";
import { note, print } from "../output.ts";
import { took } from "./lines.ts";
import { LiveBlock } from "./live-block.ts";
import { paintFor } from "./paint.ts";
import { sweepLines } from "./sweep-block.ts";
import { methodOf, noteFailed, noteFinished, noteView, recipeOf, type SweepBoard } from "./sweep-board.ts";

export interface SweepWatching {
  readonly audience: SweepAudience;
  /** The sweep was asked to stop. */
  stopping: () => void;
  close: () => void;
}

const FRAME = 200; // milliseconds

/** Follows a sweep. Messages go to standard error where there is no block. */
export function watchSweep(board: SweepBoard, quiet: boolean): SweepWatching {
  const screen = !quiet && process.stdout.isTTY && process.env.TERM !== "dumb" ? blockOf(board) : undefined;
  const said = (text: string) => (screen === undefined ? note(text) : screen.say(text));
  return {
    audience: {
      finished(job, result, by) {
        const value = noteFinished(board, job);
        if (!quiet && screen === undefined && by !== "before") print(finishedLine(board, job, result, value));
      },
      failed(job, error) {
        noteFailed(board, job);
        said(`${nameOf(job)}: failed: ${error}`);
      },
      putBack: (job, why) => said(`${nameOf(job)}: put back: ${why}`),
      said: (job, message) => said(`${nameOf(job)}: ${message}`),
      view: (view) => noteView(board, view),
    },
    stopping() {
      if (screen === undefined) note("stopping: every run writes a snapshot");
      else screen.stopping();
    },
    close: () => screen?.close(),
  };
}

function nameOf(job: Job): string {
  const recipe = recipeOf(job);
  return `${methodOf(recipe)}, seed ${recipe.seed}`;
}

function finishedLine(
  { measure, methods }: SweepBoard,
  job: Job,
  { seconds }: Result,
  value: number | undefined,
): string {
  const recipe = recipeOf(job);
  const [done, runs] = methods.reduce(([done, runs], method) => [done + method.done, runs + method.runs], [0, 0]);
  const names = Math.max(...methods.map(({ name }) => name.length));
  const seeds = String(Math.max(...methods.map((method) => method.most))).length;
  return [
    methodOf(recipe).padEnd(names),
    `seed ${String(recipe.seed).padStart(seeds)}`,
    `${measure.title.toLowerCase()} ${formatted(measure, value)}`,
    took(seconds),
    `(${done} of ${runs})`,
  ].join("  ");
}

interface SweepScreen {
  say(text: string): void;
  stopping(): void;
  close(): void;
}

function blockOf(board: SweepBoard): SweepScreen {
  const paint = paintFor(process.stdout);
  const block = new LiveBlock(process.stdout);
  let stopping = false;
  const draw = () => block.draw(sweepLines(board, process.stdout.columns ?? 80, paint, stopping));
  draw();
  const timer = setInterval(draw, FRAME);
  return {
    say: (text) => block.say(text),
    stopping() {
      stopping = true;
      draw();
    },
    close() {
      clearInterval(timer);
      block.close();
    },
  };
}
