/**
 * Acrobot: two links that hang one from the other, driven at the joint between them alone, which must be swung up. With the angles
 * `a` of the first link from hanging and `b` of the second from the first, `l`, `m` and `c = l / 2` a link's length, mass and
 * centre, and I = 1 each link's inertia,
 *
 *     d1 = m1 c1^2 + m2 (l1^2 + c2^2 + 2 l1 c2 cos b) + 2 I        d2 = m2 (c2^2 + l1 c2 cos b) + I
 *     p2 = m2 c2 gravity sin(a + b)
 *     p1 = -m2 l1 c2 b'^2 sin b - 2 m2 l1 c2 b' a' sin b + (m1 c1 + m2 l1) gravity sin a + p2 + friction a'
 *     b'' = (T - friction b' + d2 p1 / d1 - m2 l1 c2 a'^2 sin b - p2) / (m2 c2^2 + I - d2^2 / d1)
 *     a'' = -(d2 b'' + p1) / d1
 *
 * integrated over 0.2 s by one step of Runge and Kutta's fourth order. Actions are a torque T of -`torque`, 0 and `torque`. Angles
 * are kept between -pi and pi, their speeds within 4 pi and 9 pi a second. An observation is cos a, sin a, cos b, sin b, a', b'. It
 * starts with each of a, b, a', b' within 0.1 of 0, ends where the tip is higher above the upper joint than a usual link is long,
 * -cos a - cos(a + b) > 1 (whatever the lengths), and is truncated after 500 steps. The reward is -1 a step, 0 for the last.
 *
 * Sutton (1996), "Generalization in reinforcement learning: successful examples using sparse coarse coding", with the equations of
 * Sutton and Barto's book, as Gymnasium's Acrobot-v1; `friction` is ours, and 0 by default.
 */
import { cosTurns, sinTurns, uniform } from "plastica";
import { type Environment, type EnvironmentOptions, environmentOf, type Physics, type World } from "./environment.ts";

const TURN = 6.283185307179586476925;
const STEP = 0.2; // seconds
const FASTEST = [2 * TURN, 4.5 * TURN]; // radians a second
const INERTIA = 1; // kg m^2

/** Usual values: gravity 9.8 m/s^2, links of 1 m and 1 kg, torque 1 N m, no friction (in N m s, at both joints). */
export type AcrobotPhysics = "gravity" | "length1" | "length2" | "mass1" | "mass2" | "torque" | "friction";

const cos = (angle: number) => cosTurns(angle / TURN);
const sin = (angle: number) => sinTurns(angle / TURN);

export const acrobotWorld: World<AcrobotPhysics> = {
  name: "acrobot",
  observations: 6,
  actions: 3,
  limit: 500,
  usual: { gravity: 9.8, length1: 1, length2: 1, mass1: 1, mass2: 1, torque: 1, friction: 0 },
  solid: ["length1", "length2", "mass1", "mass2"],
  start: (draws) => [0, 1, 2, 3].map((i) => 0.2 * uniform(draws, i) - 0.1),
  advance(state, action, physics) {
    const torque = (action - 1) * physics.torque;
    const slope = (at: readonly number[]) => slopes(at, torque, physics);
    const k1 = slope(state);
    const k2 = slope(along(state, k1, STEP / 2));
    const k3 = slope(along(state, k2, STEP / 2));
    const k4 = slope(along(state, k3, STEP));
    const [a, b, da, db] = state.map((s, i) => s + (STEP / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    return [wrapped(a), wrapped(b), bounded(da, FASTEST[0]), bounded(db, FASTEST[1])];
  },
  observe: ([a, b, da, db]) => Float32Array.of(cos(a), sin(a), cos(b), sin(b), da, db),
  terminal: ([a, b]) => -cos(a) - cos(b + a) > 1,
  reward: (terminal) => (terminal ? 0 : -1),
};

/** How fast each part of the state changes. */
function slopes([a, b, da, db]: readonly number[], torque: number, physics: Physics<AcrobotPhysics>): number[] {
  const { gravity, length1: l1, length2: l2, mass1: m1, mass2: m2, friction } = physics;
  const c1 = l1 / 2;
  const c2 = l2 / 2;
  const [sinB, cosB] = [sin(b), cos(b)];
  const d1 = m1 * c1 * c1 + m2 * (l1 * l1 + c2 * c2 + 2 * l1 * c2 * cosB) + 2 * INERTIA;
  const d2 = m2 * (c2 * c2 + l1 * c2 * cosB) + INERTIA;
  const p2 = m2 * c2 * gravity * sin(a + b);
  const p1 =
    -m2 * l1 * c2 * db * db * sinB -
    2 * m2 * l1 * c2 * db * da * sinB +
    (m1 * c1 + m2 * l1) * gravity * sin(a) +
    p2 +
    friction * da;
  const ddb =
    (torque - friction * db + (d2 / d1) * p1 - m2 * l1 * c2 * da * da * sinB - p2) /
    (m2 * c2 * c2 + INERTIA - (d2 * d2) / d1);
  return [da, db, -(d2 * ddb + p1) / d1, ddb];
}

function along(state: readonly number[], slope: readonly number[], time: number): number[] {
  return state.map((s, i) => s + time * slope[i]);
}

/** The same angle between -pi and pi. */
function wrapped(angle: number): number {
  if (Math.abs(angle) <= TURN / 2) return angle;
  return angle - TURN * Math.floor(angle / TURN + 0.5);
}

function bounded(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

export function acrobot(options: EnvironmentOptions<AcrobotPhysics>): Environment<AcrobotPhysics> {
  return environmentOf(acrobotWorld, options);
}
