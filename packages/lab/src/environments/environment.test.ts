import { ValueError } from "plastica";
import { describe, expect, test } from "vitest";
import { type Environment, environmentFrom, environments } from "./index.ts";

const names = Object.keys(environments);

/** An episode in which action `n` is `n` times 7 modulo their number: everything that was seen, as text. */
function played(environment: Environment, episode: number): string {
  const seen = [environment.begin(episode).join()];
  for (let n = 0; ; n++) {
    const { observation, reward, terminated, truncated } = environment.step((n * 7) % environment.actions);
    seen.push(`${observation.join()} ${reward}`);
    if (terminated || truncated) return seen.join("\n");
  }
}

describe.each(names)("%s", (name) => {
  const choice = { kind: name, drift: { gravity: { kind: "walk", step: 0.0001, low: 0.002, high: 20 } } };
  if (name !== "mountain-car") Object.assign(choice.drift.gravity, { step: 0.1, low: 5 });

  test("an episode alone is that episode in order", () => {
    const inOrder = environmentFrom(choice, { seed: 1 });
    const expected = [0, 1, 2, 3, 4].map((episode) => played(inOrder, episode));
    expect(new Set(expected).size).toBe(5);
    for (const episode of [4, 0, 3, 3, 1]) {
      expect(played(inOrder, episode)).toBe(expected[episode]);
      expect(played(environmentFrom(choice, { seed: 1 }), episode)).toBe(expected[episode]);
    }
    expect(played(environmentFrom(choice, { seed: 2 }), 0)).not.toBe(expected[0]);
  });

  test("episode 1,000,000 can be begun at once, with the physics it has", () => {
    const [one, other] = [1, 1].map((seed) => environmentFrom(choice, { seed }));
    const { gravity } = one.physicsAt(1_000_000);
    expect(gravity).not.toBe(one.physicsAt(0).gravity);
    expect(other.physicsAt(1_000_000).gravity).toBe(gravity);
    expect(played(other, 1_000_000)).toBe(played(one, 1_000_000));
  });

  test("without a choice the physics is as usual, for ever", () => {
    const environment = environmentFrom(name, { seed: 1 });
    expect(environment.physicsAt(0)).toEqual(environment.physicsAt(12_345));
  });

  test("what was observed stays as it was", () => {
    const environment = environmentFrom(name, { seed: 1 });
    const first = environment.begin(0);
    const before = first.join();
    const { observation } = environment.step(0);
    environment.step(0);
    expect(first.join()).toBe(before);
    expect(observation).not.toEqual(first);
  });

  test("an action that is none is refused, and so is a step outside an episode", () => {
    const environment = environmentFrom({ kind: name, limit: 1 }, { seed: 1 });
    expect(() => environment.step(0)).toThrow("no episode has begun");
    environment.begin(3);
    for (const action of [-1, 0.5, Number.NaN, environment.actions])
      expect(() => environment.step(action)).toThrow(
        `action is ${action}, must be an integer from 0 to ${environment.actions - 1}`,
      );
    expect(environment.step(0).truncated).toBe(true);
    expect(() => environment.step(0)).toThrow("episode 3 is over: begin another");
    expect(() => environment.begin(-1)).toThrow(ValueError);
    expect(() => environment.physicsAt(0.5)).toThrow("episode 0.5, must be an integer");
  });
});

test.each([
  ["cartpole", 'is "cartpole", no environment, did you mean "cart-pole"? (known: cart-pole, acrobot, mountain-car)'],
  [{ kind: "acrobot", drfit: {} }, 'unknown key "drfit", did you mean "drift"?'],
  [{ kind: "acrobot", limit: 0 }, "limit: is 0, must be an integer from 1"],
  [{ kind: "cart-pole", drift: { lenght: "constant" } }, 'unknown key "lenght", did you mean "length"?'],
  [
    { kind: "cart-pole", drift: { length: "walks" } },
    'drift.length: is "walks", no kind of drift, did you mean "walk"?',
  ],
  [
    { kind: "cart-pole", drift: { length: { kind: "linear", over: 5 } } },
    "drift.length.to: is missing, must be a finite number",
  ],
  [
    { kind: "cart-pole", drift: { length: { kind: "linear", to: 0, over: 5 } } },
    "drift.length.to is 0, must be a number above 0",
  ],
])("%j is refused", (choice, message) => {
  expect(() => environmentFrom(choice, { seed: 1 })).toThrow(message);
});
