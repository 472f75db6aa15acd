/**
 * CartPole: a cart on a track, pushed left or right at every step, with a pole hinged on it that must not fall. With the pole's
 * angle `a` from upright, the cart's place `x`, the push `F` of `force` to the left (action 0) or right (action 1), and
 * `M = cartMass + poleMass`, `m = poleMass`, `l = length`,
 *
 *     t   = (F + m l a'^2 sin a - friction sgn x') / M
 *     a'' = (gravity sin a - t cos a - jointFriction a' / (m l)) / (l (4/3 - m cos^2 a / M))
 *     x'' = t - m l a'' cos a / M
 *
 * integrated in steps of 0.02 s by Euler's method, all from the state before the step. An observation is x, x', a, a'. It starts
 * with each within 0.05 of 0, ends where the pole is more than 12 degrees from upright or the cart more than 2.4 m from the middle,
 * and is truncated after 500 steps. The reward is 1 a step, the last too.
 *
 * Barto, Sutton and Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control problems",
 * doi:10.1109/TSMC.1983.6313077, as Gymnasium's CartPole-v1, which has no friction; here that is 0 by default (the paper has 0.0005
 * and 0.000002).
 */
import { cosTurns, sinTurns, uniform } from "plastica";
import { type Environment, type EnvironmentOptions, environmentOf, type World } from "./environment.ts";

const TURN = 6.283185307179586476925;
const STEP = 0.02; // seconds
const FARTHEST = 2.4; // metres
const STEEPEST = (12 * TURN) / 360; // radians

/** Usual values: gravity 9.8 m/s^2, cart 1 kg, pole 0.1 kg, length 0.5 m from hinge to middle, force 10 N, no friction. */
export type CartPolePhysics = "gravity" | "cartMass" | "poleMass" | "length" | "force" | "friction" | "jointFriction";

export const cartPoleWorld: World<CartPolePhysics> = {
  name: "cart-pole",
  observations: 4,
  actions: 2,
  limit: 500,
  usual: { gravity: 9.8, cartMass: 1, poleMass: 0.1, length: 0.5, force: 10, friction: 0, jointFriction: 0 },
  solid: ["cartMass", "poleMass", "length"],
  start: (draws) => [0, 1, 2, 3].map((i) => 0.1 * uniform(draws, i) - 0.05),
  advance([x, speed, angle, turning], action, physics) {
    const { gravity, cartMass, poleMass, length, force, friction, jointFriction } = physics;
    const push = action === 1 ? force : -force;
    const mass = cartMass + poleMass;
    const poleMoment = poleMass * length;
    const sin = sinTurns(angle / TURN);
    const cos = cosTurns(angle / TURN);
    const drag = friction * Math.sign(speed);
    const t = (push + poleMoment * (turning * turning) * sin - drag) / mass;
    const turningMore =
      (gravity * sin - cos * t - (jointFriction * turning) / poleMoment) /
      (length * (4 / 3 - (poleMass * (cos * cos)) / mass));
    const faster = t - (poleMoment * turningMore * cos) / mass;
    return [x + STEP * speed, speed + STEP * faster, angle + STEP * turning, turning + STEP * turningMore];
  },
  observe: (state) => Float32Array.from(state),
  terminal: ([x, , angle]) => Math.abs(x) > FARTHEST || Math.abs(angle) > STEEPEST,
  reward: () => 1,
};

export function cartPole(options: EnvironmentOptions<CartPolePhysics>): Environment<CartPolePhysics> {
  return environmentOf(cartPoleWorld, options);
}
