/**
 * MountainCar: a car in a valley whose engine is too weak for the slope; it has to swing. With its place `x` and speed `v`,
 *
 *     v <- v + (action - 1) force - gravity cos(3 x) - friction v,    within -0.07 and 0.07
 *     x <- x + v,                                                     within -1.2 and 0.6; at -1.2 it stands still
 *
 * Actions are back, nothing and forth. An observation is x, v. It starts at rest, uniformly between -0.6 and -0.4, ends at 0.5 or
 * beyond with a speed of 0 or more, and is truncated after 200 steps. The reward is -1 a step.
 *
 * Moore (1990), "Efficient memory-based learning for robot control", technical report UCAM-CL-TR-209, as Gymnasium's MountainCar-v0;
 * `friction` is ours, and 0 by default.
 */
import { cosTurns, uniform } from "plastica";
import { type Environment, type EnvironmentOptions, environmentOf, type World } from "./environment.ts";

const TURN = 6.283185307179586476925;
const LEFT = -1.2;
const RIGHT = 0.6;
const FASTEST = 0.07;
const GOAL = 0.5;

/** Usual values: gravity 0.0025, force 0.001, no friction; all a step. */
export type MountainCarPhysics = "gravity" | "force" | "friction";

export const mountainCarWorld: World<MountainCarPhysics> = {
  name: "mountain-car",
  observations: 2,
  actions: 3,
  limit: 200,
  usual: { gravity: 0.0025, force: 0.001, friction: 0 },
  solid: [],
  start: (draws) => [0.2 * uniform(draws, 0) - 0.6, 0],
  advance([x, speed], action, { gravity, force, friction }) {
    const pull = cosTurns((3 * x) / TURN) * -gravity;
    const v = Math.max(-FASTEST, Math.min(FASTEST, speed + ((action - 1) * force + pull) - friction * speed));
    const place = Math.max(LEFT, Math.min(RIGHT, x + v));
    return [place, place === LEFT && v < 0 ? 0 : v];
  },
  observe: (state) => Float32Array.from(state),
  terminal: ([x, speed]) => x >= GOAL && speed >= 0,
  reward: () => -1,
};

export function mountainCar(options: EnvironmentOptions<MountainCarPhysics>): Environment<MountainCarPhysics> {
  return environmentOf(mountainCarWorld, options);
}
