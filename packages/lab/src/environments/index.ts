/** The environments, by the names that recipes use. */
import { check } from "../options/checks.ts";
import { acrobotWorld } from "./acrobot.ts";
import { cartPoleWorld } from "./cart-pole.ts";
import type { Environment } from "./environment.ts";
import { chosen, type EnvironmentKind, environmentKind } from "./kind.ts";
import { mountainCarWorld } from "./mountain-car.ts";

export { type AcrobotPhysics, acrobot } from "./acrobot.ts";
export { type CartPolePhysics, cartPole } from "./cart-pole.ts";
export { type Drift, driftOf } from "./drifting.ts";
export {
  type Environment,
  type EnvironmentOptions,
  environmentOf,
  type Physics,
  type Transition,
  type World,
} from "./environment.ts";
export type { EnvironmentKind } from "./kind.ts";
export { type MountainCarPhysics, mountainCar } from "./mountain-car.ts";

export const environments: Readonly<Record<string, EnvironmentKind>> = {
  "cart-pole": environmentKind("CartPole: keep a pole upright on a cart that is pushed left or right.", cartPoleWorld),
  acrobot: environmentKind("Acrobot: swing two links up by a torque at the joint between them.", acrobotWorld),
  "mountain-car": environmentKind("MountainCar: swing a weak car out of a valley.", mountainCarWorld),
};

export interface EnvironmentChoice {
  kind: string;
  [option: string]: unknown;
}

/**
 * The environment that is named: `"cart-pole"`, or `{ kind: "cart-pole", limit: 1000, drift: { gravity: { kind: "walk", ... } } }`.
 *
 * @throws RecipeError with a clause for each fault: an unknown kind, key or way to drift, a value that is none;
 *   ValueError where a constant would leave its range
 */
export function environmentFrom(choice: string | EnvironmentChoice, context: { readonly seed: number }): Environment {
  const shapes = Object.fromEntries(Object.entries(environments).map(([name, { shape }]) => [name, shape]));
  const { kind, ...options } = check(chosen<EnvironmentChoice>("environment", shapes), choice, "environment");
  return environments[kind].make(options as never, context);
}
