/** Follows a run on the screen: as a live block in a terminal, as a line a task elsewhere, not at all when asked to be quiet. */
import { type Audience, meanDormant, percent, type Run, type RunState, type TaskRecord } from "@plastica/lab";
import { type Board, boardOf, noteBeat, noteDiverged, noteTask } from "./board.ts";
import { blockLines, LiveBlock } from "./live-block.ts";
import { paintFor } from "./paint.ts";

export interface Watching {
  readonly audience: Audience;
  /** The run was asked to stop. */
  stopping: () => void;
  close: () => void;
}

const FRAME = 100; // milliseconds

/** Follows `run` from `state` on. Messages go to standard error where there is no live block. */
export function watch(run: Run, state: RunState, quiet: boolean): Watching {
  const tell = (message: string) => process.stderr.write(`${message}\n`);
  if (quiet) return { audience: { said: tell }, stopping: () => {}, close: () => {} };
  const board = boardOf(run, state);
  if (process.stdout.isTTY && process.env.TERM !== "dumb") return liveBlock(board);
  return {
    audience: {
      task: (name, record, seconds) => process.stdout.write(`${taskLine(board, name, record, seconds)}\n`),
      said: tell,
    },
    stopping: () => tell("stopping: finishing the block and writing a snapshot"),
    close: () => {},
  };
}

function liveBlock(board: Board): Watching {
  const paint = paintFor(process.stdout);
  const block = new LiveBlock(process.stdout);
  const began = performance.now();
  let stopping = false;
  const draw = () => {
    const elapsed = (performance.now() - began) / 1000;
    block.draw(blockLines(board, elapsed, process.stdout.columns ?? 80, paint, stopping));
  };
  draw();
  const timer = setInterval(draw, FRAME);
  return {
    audience: {
      beat: (name, beat) => noteBeat(board, name, beat),
      task: (name, record) => noteTask(board, name, record),
      diverged: (name, position) => noteDiverged(board, name, position),
      said: (message) => block.say(message),
    },
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

function taskLine({ players, tasks }: Board, name: string, record: TaskRecord, seconds: number): string {
  const { task, accuracy, loss, births, deaths } = record;
  const names = Math.max(...players.map((player) => player.name.length));
  return [
    name.padEnd(names),
    `task ${String(task + 1).padStart(String(tasks).length)} of ${tasks}`,
    `accuracy ${percent(accuracy, 2).padStart(7)}`,
    `loss ${loss.toFixed(4)}`,
    `dormant ${percent(meanDormant(record)).padStart(6)}`,
    `births ${births}`,
    `deaths ${deaths}`,
    `${seconds.toFixed(1)} s`,
  ].join("  ");
}
