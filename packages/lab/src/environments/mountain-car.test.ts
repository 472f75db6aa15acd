import { expect, test } from "vitest";
import type { Environment } from "./environment.ts";
import { type MountainCarPhysics, mountainCar, mountainCarWorld } from "./mountain-car.ts";

const { usual, advance, terminal } = mountainCarWorld;

test("a step forth from rest, by hand: v = 0.001 - 0.0025 cos(-1.5)", () => {
  const [x, v] = advance([-0.5, 0], 2, usual);
  expect(v).toBeCloseTo(0.001 - 0.0025 * 0.0707372, 9);
  expect(x).toBe(-0.5 + v);
});

test("steps as Gymnasium's MountainCar-v0 (1.4.0) makes them", () => {
  let state = [-0.5, 0];
  for (const action of [2, 2, 2, 0, 0, 1, 1, 2, 0, 0]) state = advance(state, action, usual);
  expect(state[0]).toBeCloseTo(-0.49711662227622483, 14);
  expect(state[1]).toBeCloseTo(-0.0020879144601947167, 14);
});

test("at the left wall it stands still, as there", () => {
  expect(advance([-1.19, -0.06], 0, usual)).toEqual([-1.2, 0]);
});

test("it goes no faster than 0.07 and no farther than 0.6", () => {
  expect(advance([0.58, 0.07], 2, { ...usual, gravity: 0, force: 1 })).toEqual([0.6, 0.07]);
});

test("friction takes its share of the speed", () => {
  expect(advance([0, 0.04], 1, { gravity: 0, force: 0, friction: 0.25 })[1]).toBeCloseTo(0.03, 15);
});

test("it ends at the flag", () => {
  expect(terminal([0.4999, 0.01], usual)).toBe(false);
  expect(terminal([0.5, 0], usual)).toBe(true);
  expect(terminal([0.55, -0.01], usual)).toBe(false);
});

test("it starts at rest, from -0.6 to -0.4", () => {
  const environment = mountainCar({ seed: 1 });
  const starts = Array.from({ length: 500 }, (_, episode) => {
    const [x, v] = environment.begin(episode);
    expect(v).toBe(0);
    return x;
  });
  expect(Math.min(...starts)).toBeGreaterThan(-0.6001);
  expect(Math.min(...starts)).toBeLessThan(-0.595);
  expect(Math.max(...starts)).toBeGreaterThan(-0.405);
  expect(Math.max(...starts)).toBeLessThan(-0.4);
});

/** Drives an episode and returns what it was worth. */
function drive(
  environment: Environment<MountainCarPhysics>,
  episode: number,
  policy: (v: number) => number,
): { worth: number; there: boolean } {
  let [, v] = environment.begin(episode);
  for (let worth = 0; ; ) {
    const { observation, reward, terminated, truncated } = environment.step(policy(v));
    worth += reward;
    if (terminated || truncated) return { worth, there: terminated };
    v = observation[1];
  }
}

test("pushing the way it goes swings it out; pushing forth alone does not, in 200 steps", () => {
  const environment = mountainCar({ seed: 1 });
  for (const episode of [0, 1, 2]) {
    const swung = drive(environment, episode, (v) => (v >= 0 ? 2 : 0));
    expect(swung.there).toBe(true);
    expect(swung.worth).toBeGreaterThan(-130);
    expect(drive(environment, episode, () => 2)).toEqual({ worth: -200, there: false });
  }
});

test("with half the force swinging takes longer than there is", () => {
  const environment = mountainCar({ seed: 1, drift: { force: { kind: "abrupt", values: [0.001, 0.0005], every: 1 } } });
  const swing = (episode: number) => drive(environment, episode, (v) => (v >= 0 ? 2 : 0)).there;
  expect([0, 1, 2, 3].map(swing)).toEqual([true, false, true, false]);
});
