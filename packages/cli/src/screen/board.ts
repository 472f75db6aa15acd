/** What is known of a run while it is lived: what the live block and the plain lines are drawn from. */
import type { Heartbeat, Run, RunState, TaskRecord } from "@plastica/lab";

export interface Player {
  readonly name: string;
  /** Accuracy of each finished task. */
  readonly accuracies: number[];
  position: number;
  /** Its life has ended before the stream did: it diverged. */
  diverged: boolean;
  /** Examples it had seen when this session began, so that its pace can be told. */
  readonly from: number;
  beat: Heartbeat | undefined;
}

export interface Board {
  readonly id: string;
  readonly tasks: number;
  readonly examplesPerTask: number;
  readonly players: Player[];
}

export function boardOf(run: Run, state: RunState): Board {
  const { tasks, examplesPerTask } = run.recipe.stream;
  const players = Object.entries(state.learners).map(([name, { tasks: done, position, diverged }]) => ({
    name,
    // The log may be ahead of the newest snapshot; what is behind that will be told again.
    accuracies: done.slice(0, Math.floor(position / examplesPerTask)).map(({ accuracy }) => accuracy),
    position,
    diverged: diverged !== undefined,
    from: position,
    beat: undefined,
  }));
  return { id: run.id, tasks, examplesPerTask, players };
}

export function player(board: Board, name: string): Player {
  const found = board.players.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no learner "${name}" in ${board.id}`);
  return found;
}

export function noteBeat(board: Board, name: string, beat: Heartbeat): void {
  const one = player(board, name);
  one.beat = beat;
  one.position = beat.position;
}

export function noteDiverged(board: Board, name: string, position: number): void {
  Object.assign(player(board, name), { diverged: true, position });
}

export function noteTask(board: Board, name: string, record: TaskRecord): void {
  const one = player(board, name);
  one.accuracies[record.task] = record.accuracy;
  one.position = Math.max(one.position, (record.task + 1) * board.examplesPerTask);
}

/** Seconds until the slowest is done, at the pace of this session; undefined while there is no pace to tell. */
export function secondsLeft(board: Board, elapsed: number): number | undefined {
  const total = board.tasks * board.examplesPerTask;
  let most = 0;
  for (const { position, from, diverged } of board.players) {
    if (position >= total || diverged) continue;
    if (position === from || elapsed <= 0) return undefined;
    most = Math.max(most, ((total - position) / (position - from)) * elapsed);
  }
  return most;
}
