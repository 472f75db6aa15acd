import { describe, expect, test } from "vitest";
import { type CartPolePhysics, cartPole, cartPoleWorld } from "./cart-pole.ts";
import type { Environment } from "./environment.ts";

const { usual, advance, terminal } = cartPoleWorld;

test("a push from rest, by hand: t = 10 / 1.1, a'' = -t / (0.5 (4/3 - 0.1 / 1.1)), x'' = t - 0.05 a'' / 1.1", () => {
  const [x, speed, angle, turning] = advance([0, 0, 0, 0], 1, usual);
  expect([x, angle]).toEqual([0, 0]);
  expect(turning).toBeCloseTo((0.02 * -(10 / 1.1)) / (0.5 * (4 / 3 - 0.1 / 1.1)), 14);
  expect(turning).toBeCloseTo(-0.29268, 5);
  expect(speed).toBeCloseTo(0.19512, 5);
});

test("ten steps as Gymnasium's CartPole-v1 (1.4.0) makes them", () => {
  let state = [0.01, -0.02, 0.03, 0.04];
  for (const action of [1, 1, 0, 1, 0, 0, 1, 1, 1, 0]) state = advance(state, action, usual);
  const theirs = [0.05649316485946018, 0.36901517137137, -0.032849498377435594, -0.5184785912499668];
  for (const [i, value] of theirs.entries()) expect(state[i]).toBeCloseTo(value, 13);
});

test("friction, by hand: 2 N against the cart's motion, and the joint's against the pole's", () => {
  const physics = { ...usual, friction: 2, jointFriction: 0.01 };
  const [, speed, , turning] = advance([0, 1, 0, 3], 1, physics);
  const t = (10 - 2) / 1.1;
  const more = (-t - (0.01 * 3) / 0.05) / (0.5 * (4 / 3 - 0.1 / 1.1));
  expect(turning).toBeCloseTo(3 + 0.02 * more, 12);
  expect(speed).toBeCloseTo(1 + 0.02 * (t - (0.05 * more) / 1.1), 12);
});

test("it ends beyond 2.4 metres and beyond 12 degrees, on either side", () => {
  const degrees = Math.PI / 180;
  for (const sign of [1, -1]) {
    expect(terminal([sign * 2.3999, 0, 0, 0], usual)).toBe(false);
    expect(terminal([sign * 2.4001, 0, 0, 0], usual)).toBe(true);
    expect(terminal([0, 0, sign * 11.999 * degrees, 0], usual)).toBe(false);
    expect(terminal([0, 0, sign * 12.001 * degrees, 0], usual)).toBe(true);
  }
});

test("it starts within 0.05 of upright rest, all over that range", () => {
  const environment = cartPole({ seed: 1 });
  const starts = Array.from({ length: 500 }, (_, episode) => [...environment.begin(episode)]);
  for (let i = 0; i < 4; i++) {
    const values = starts.map((start) => start[i]);
    expect(Math.min(...values)).toBeLessThan(-0.048);
    expect(Math.max(...values)).toBeGreaterThan(0.048);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.0501);
  }
});

/** Steps that a fixed linear controller keeps the pole up, and how it ended. */
function balance(environment: Environment<CartPolePhysics>, episode: number): { steps: number; fell: boolean } {
  let [x, speed, angle, turning] = environment.begin(episode);
  for (let steps = 1; ; steps++) {
    const push = angle + 0.3 * turning + 0.03 * x + 0.08 * speed > 0 ? 1 : 0;
    const { observation, reward, terminated, truncated } = environment.step(push);
    expect(reward).toBe(1);
    if (terminated || truncated) return { steps, fell: terminated };
    [x, speed, angle, turning] = observation;
  }
}

describe("a controller that is right for the usual pole", () => {
  test("keeps it up for all 500 steps", () => {
    const environment = cartPole({ seed: 1 });
    for (const episode of [0, 1, 2, 1_000_000])
      expect(balance(environment, episode)).toEqual({ steps: 500, fell: false });
  });

  test("loses it when the pole is ten times as long, and has it again when it is as before", () => {
    const environment = cartPole({ seed: 1, drift: { length: { kind: "abrupt", values: [0.5, 5], every: 3 } } });
    const steps = [0, 1, 2, 3, 4, 5, 6].map((episode) => balance(environment, episode).steps);
    expect([steps[0], steps[1], steps[2], steps[6]]).toEqual([500, 500, 500, 500]);
    for (const after of steps.slice(3, 6)) expect(after).toBeLessThan(50);
  });

  test("may be given more steps", () => {
    expect(balance(cartPole({ seed: 1, limit: 900 }), 0)).toEqual({ steps: 900, fell: false });
  });
});

test("a constant that it has not is refused", () => {
  const drift = { lenght: { kind: "constant" } } as object;
  expect(() => cartPole({ seed: 1, drift })).toThrow(
    "drift.lenght: cart-pole has no such constant, must be one of gravity",
  );
});
