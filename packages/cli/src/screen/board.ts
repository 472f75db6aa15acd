/** What is known of a run while it is lived: what the live block and the plain lines are drawn from. */
import type { Heartbeat, Outlook, Run, RunState, WindowRecord } from "@plastica/lab";

export interface Player {
  readonly name: string;
  /** Of each finished window: accuracy where the target is a class, else loss. */
  readonly values: number[];
  position: number;
  /** Its life has ended before the stream did: it diverged. */
  diverged: boolean;
  /** Examples it had seen when this session began, so that its pace can be told. */
  readonly from: number;
  beat: Heartbeat | undefined;
}

export interface Board {
  readonly id: string;
  /** Examples in each life; undefined until its stream is open. */
  examples: number | undefined;
  /** What else is known by then. */
  outlook: Outlook | undefined;
  readonly players: Player[];
}

export function boardOf(run: Run, state: RunState): Board {
  const players = Object.entries(state.learners).map(([name, { windows, position, end }]) => ({
    name,
    // The log may be ahead of the newest snapshot; what is behind that will be told again.
    values: finishedBy(position, windows).map(heightOf),
    position,
    diverged: end?.diverged !== undefined,
    from: position,
    beat: undefined,
  }));
  return { id: run.id, examples: state.examples, outlook: undefined, players };
}

/** The windows that had ended when so many examples were seen. */
function finishedBy(position: number, windows: readonly WindowRecord[]): WindowRecord[] {
  let seen = 0;
  return windows.filter(({ examples }) => (seen += examples) <= position);
}

/** What a window is drawn as. */
export function heightOf({ accuracy, loss }: WindowRecord): number {
  return accuracy ?? loss;
}

export function player(board: Board, name: string): Player {
  const found = board.players.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no learner "${name}" in ${board.id}`);
  return found;
}

export function noteOpened(board: Board, examples: number, outlook: Outlook): void {
  Object.assign(board, { examples, outlook });
}

export function noteBeat(board: Board, name: string, beat: Heartbeat): void {
  const one = player(board, name);
  one.beat = beat;
  one.position = beat.position;
}

export function noteDiverged(board: Board, name: string, position: number): void {
  Object.assign(player(board, name), { diverged: true, position });
}

export function noteWindow(board: Board, name: string, record: WindowRecord): void {
  const one = player(board, name);
  one.values[record.window] = heightOf(record);
  // The last heartbeat may be older than the window's end.
  if (board.examples !== undefined && one.values.length === board.outlook?.windows) one.position = board.examples;
}

/** Seconds until the slowest is done, at the pace of this session; undefined while there is no pace to tell. */
export function secondsLeft({ examples, players }: Board, elapsed: number): number | undefined {
  if (examples === undefined) return undefined;
  let most = 0;
  for (const { position, from, diverged } of players) {
    if (position >= examples || diverged) continue;
    if (position === from || elapsed <= 0) return undefined;
    most = Math.max(most, ((examples - position) / (position - from)) * elapsed);
  }
  return most;
}
