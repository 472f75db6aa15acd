/**
 * What an environment is: a world that an agent acts in, episode by episode, and whose physics may drift from one episode to the
 * next. It is addressed as streams are: where episode `n` starts and what its physics is come from the seed and `n` alone, so that
 * episode 1,000,000 can be begun without those before. Within an episode one state follows from the last.
 *
 * A world is its equations alone (`World`); `environmentOf` gives it episodes, a limit of steps, and drift.
 */
import { derive, type Key, key, ValueError } from "plastica";
import { type Drift, driftOf } from "./drifting.ts";

/** What an action led to. All of it is the caller's. */
export interface Transition {
  readonly observation: Float32Array;
  readonly reward: number;
  /** The task is done, or failed: nothing can follow. */
  readonly terminated: boolean;
  /** The episode has lasted as many steps as it may. Both may hold at once. */
  readonly truncated: boolean;
}

/** Constants of nature by name, such as gravity 9.8. */
export type Physics<P extends string = string> = Readonly<Record<P, number>>;

export interface Environment<P extends string = string> {
  /** Values of an observation. */
  readonly observations: number;
  /** How many actions there are: 0 to actions - 1. */
  readonly actions: number;
  /** Steps after which an episode is truncated. */
  readonly limit: number;
  /** Begins episode `n` and returns its first observation. Throws ValueError unless `n` is an integer from 0. */
  begin(episode: number): Float32Array;
  /** Throws ValueError for an action that is none, and where no episode is under way. */
  step(action: number): Transition;
  /** The physics of an episode. Throws ValueError as `begin`. */
  physicsAt(episode: number): Physics<P>;
}

/** The equations of a world. */
export interface World<P extends string> {
  readonly name: string;
  readonly observations: number;
  readonly actions: number;
  readonly limit: number;
  /** The constants of nature as they usually are. */
  readonly usual: Physics<P>;
  /** Those that must stay above 0, such as masses; the others may be 0. */
  readonly solid: readonly P[];
  /** The state that an episode starts in. */
  start(draws: Key): number[];
  /** The state one step later. */
  advance(state: readonly number[], action: number, physics: Physics<P>): number[];
  observe(state: readonly number[]): Float32Array;
  terminal(state: readonly number[], physics: Physics<P>): boolean;
  /** For a step into a state that is terminal, or is not. */
  reward(terminal: boolean): number;
}

export interface EnvironmentOptions<P extends string> {
  /** Of every draw: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How constants drift from episode to episode. Default: none does. */
  drift?: Partial<Record<P, Drift>>;
  /** Steps after which an episode is truncated: an integer from 1. Default: the world's. */
  limit?: number;
}

/**
 * A world as an environment. Throws ValueError for a limit or a drift out of its range.
 */
export function environmentOf<P extends string>(world: World<P>, options: EnvironmentOptions<P>): Environment<P> {
  const { seed, drift = {}, limit = world.limit } = options;
  if (!Number.isSafeInteger(limit) || limit < 1) throw new ValueError(`limit is ${limit}, must be an integer from 1`);
  const names = Object.keys(world.usual) as P[];
  for (const name of Object.keys(drift)) {
    if (names.includes(name as P)) continue;
    throw new ValueError(`drift.${name}: ${world.name} has no such constant, must be one of ${names.join(", ")}`);
  }
  const drifts = names.map((name) => {
    const way = (drift as Partial<Record<P, Drift>>)[name] ?? { kind: "constant" };
    const from = key(seed, "physics", name);
    return driftOf(`drift.${name}`, way, { usual: world.usual[name], solid: world.solid.includes(name), from });
  });
  const starts = key(seed, "start");
  let episode = -1;
  let steps = 0;
  let over = true;
  let state: number[] = [];
  let physics = world.usual;

  function physicsAt(n: number): Physics<P> {
    if (!Number.isSafeInteger(n) || n < 0) throw new ValueError(`episode ${n}, must be an integer from 0 to 2^53 - 1`);
    return Object.fromEntries(names.map((name, i) => [name, drifts[i](n)])) as Record<P, number>;
  }

  return {
    observations: world.observations,
    actions: world.actions,
    limit,
    physicsAt,
    begin(n) {
      physics = physicsAt(n);
      state = world.start(derive(starts, n));
      episode = n;
      steps = 0;
      over = false;
      return world.observe(state);
    },
    step(action) {
      if (over)
        throw new ValueError(
          episode < 0 ? "no episode has begun: begin one" : `episode ${episode} is over: begin another`,
        );
      if (!Number.isInteger(action) || action < 0 || action >= world.actions)
        throw new ValueError(`action is ${action}, must be an integer from 0 to ${world.actions - 1}`);
      state = world.advance(state, action, physics);
      steps++;
      const terminated = world.terminal(state, physics);
      const truncated = steps >= limit;
      over = terminated || truncated;
      return { observation: world.observe(state), reward: world.reward(terminated), terminated, truncated };
    },
  };
}
