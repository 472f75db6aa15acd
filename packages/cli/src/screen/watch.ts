/** Follows a run on the screen: as a live block in a terminal, as a line a window elsewhere, not at all when asked to be quiet. */
import { type Audience, meanDormant, percent, type Run, type RunState, type WindowRecord } from "@plastica/lab";
import { type Board, boardOf, noteBeat, noteDiverged, noteOpened, noteWindow } from "./board.ts";
import { placed } from "./lines.ts";
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
      opened: (_, examples, outlook) => noteOpened(board, examples, outlook),
      window: (name, record, seconds) => process.stdout.write(`${windowLine(board, name, record, seconds)}\n`),
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
      opened: (_, examples, outlook) => noteOpened(board, examples, outlook),
      beat: (name, beat) => noteBeat(board, name, beat),
      window: (name, record) => noteWindow(board, name, record),
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

function windowLine({ players, outlook }: Board, name: string, record: WindowRecord, seconds: number): string {
  const { window, accuracy, loss, births, deaths } = record;
  const names = Math.max(...players.map((player) => player.name.length));
  return [
    name.padEnd(names),
    placed(window, outlook),
    ...(accuracy === undefined ? [] : [`accuracy ${percent(accuracy, 2).padStart(8)}`]),
    `loss ${loss.toFixed(4)}`,
    `dormant ${percent(meanDormant(record)).padStart(6)}`,
    ...(births + deaths === 0 ? [] : [`${births} born ${deaths} died`]),
    `${seconds.toFixed(1)} s`,
  ].join("  ");
}
