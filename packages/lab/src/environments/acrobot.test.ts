import { expect, test } from "vitest";
import { type AcrobotPhysics, acrobot, acrobotWorld } from "./acrobot.ts";
import type { Environment } from "./environment.ts";

const { usual, advance, terminal, observe } = acrobotWorld;

test("hanging still it stays, without torque", () => {
  expect(advance([0, 0, 0, 0], 1, usual).map(Math.abs)).toEqual([0, 0, 0, 0]);
});

test("ten steps as Gymnasium's Acrobot-v1 (1.4.0) makes them", () => {
  let state = [0.05, -0.03, 0.02, -0.08];
  for (const action of [2, 2, 0, 1, 0, 2, 2, 2, 0, 0]) state = advance(state, action, usual);
  const theirs = [-0.006855898375641822, -0.0007094902613348428, 0.1585827691058708, -0.3516032180613991];
  for (const [i, value] of theirs.entries()) expect(state[i]).toBeCloseTo(value, 12);
});

test("fast and over the top, as there: angles are kept between -pi and pi", () => {
  const once = advance([3, 0.3, 4, -20], 2, usual);
  const theirs = [-3.0847573507808552, 3.126964788335696, -4.364757888020231, -12.22038964617067];
  for (const [i, value] of theirs.entries()) expect(once[i]).toBeCloseTo(value, 11);
  const twice = advance(once, 2, usual);
  const then = [3.0451677382185376, 0.07692003722910368, 2.3012682769099717, -17.41789383589063];
  for (const [i, value] of then.entries()) expect(twice[i]).toBeCloseTo(value, 11);
  expect(terminal(twice, usual)).toBe(true);
});

test("no faster than 4 pi and 9 pi", () => {
  const [, , da, db] = advance([0, 0, 0, 0], 2, { ...usual, torque: 10_000 });
  expect(Math.abs(da)).toBeCloseTo(4 * Math.PI, 12);
  expect(Math.abs(db)).toBeCloseTo(9 * Math.PI, 12);
});

test("friction brings it to rest", () => {
  let state = [0.5, 0.2, 0, 0];
  for (let i = 0; i < 300; i++) state = advance(state, 1, { ...usual, friction: 2 });
  for (const value of state) expect(Math.abs(value)).toBeLessThan(1e-3);
});

test("without friction or torque its energy stays, to within the method's error", () => {
  const energy = ([a, b, da, db]: number[]) => {
    const [v1, v2] = [0.25 + 1, 0.25 + 1]; // m c^2 + I
    const kinetic = 0.5 * (v1 + 1) * da ** 2 + 0.5 * v2 * (da + db) ** 2 + 0.5 * da * (da + db) * Math.cos(b);
    return kinetic - 9.8 * (1.5 * Math.cos(a) + 0.5 * Math.cos(a + b));
  };
  let state = [0.6, -0.4, 0.1, 0.2];
  const before = energy(state);
  for (let i = 0; i < 50; i++) state = advance(state, 1, usual);
  expect(Math.abs(energy(state) - before)).toBeLessThan(0.05);
});

test("it ends where the tip is a link above the upper joint, and is observed as cosines, sines and speeds", () => {
  expect(terminal([Math.PI / 2, Math.PI / 2 - 0.01, 0, 0], usual)).toBe(false);
  expect(terminal([Math.PI / 2 + 0.01, Math.PI / 2 - 0.01, 0, 0], usual)).toBe(true);
  expect(observe([0, Math.PI / 2, 3, -4]).map(Math.round)).toEqual(Float32Array.of(1, 0, 0, 1, 3, -4));
});

/** Steps to the top, by a torque against the first link's motion. */
function swing(
  environment: Environment<AcrobotPhysics>,
  episode: number,
): { steps: number; worth: number; up: boolean } {
  let speed = environment.begin(episode)[4];
  for (let steps = 1, worth = 0; ; steps++) {
    const { observation, reward, terminated, truncated } = environment.step(speed > 0 ? 0 : 2);
    worth += reward;
    if (terminated || truncated) return { steps, worth, up: terminated };
    speed = observation[4];
  }
}

test("pumping energy swings it up in under 100 steps, each worth -1 but the last", () => {
  const environment = acrobot({ seed: 1 });
  for (const episode of [0, 1, 2]) {
    const { steps, worth, up } = swing(environment, episode);
    expect(up).toBe(true);
    expect(steps).toBeLessThan(100);
    expect(worth).toBe(1 - steps);
  }
});

test("a twentieth of the torque is not enough, and the episode is truncated after 500 steps", () => {
  const environment = acrobot({
    seed: 1,
    drift: { torque: { kind: "linear", to: 0.05, over: 10 }, friction: { kind: "constant", value: 0.05 } },
  });
  expect(swing(environment, 10)).toEqual({ steps: 500, worth: -500, up: false });
});
