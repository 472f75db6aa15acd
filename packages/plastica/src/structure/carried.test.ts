/** Random sequences of births, deaths, replacements and steps, played on a network and on a Map from ids to values. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, type LifeOptions, live } from "../life/learner.ts";
import { columnsOf, observe, untidy } from "../life/testing.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, l2Init, momentum, sgd, upgd } from "../rules/index.ts";
import { continualBackprop } from "./continual-backprop.ts";
import { type Holding, holding, of, without } from "./testing.ts";

const policies = [continualBackprop({ replacementRate: 0.05, maturity: 4 })];
const lives: Record<string, Omit<LifeOptions, "credit">> = {
  sgd: { rule: sgd() },
  "momentum and l2Init": { rule: momentum(), terms: [l2Init()] },
  "adam and continual backprop": { rule: adam(), structure: policies },
  "upgd, l2Init and continual backprop": { rule: upgd(), terms: [l2Init()], structure: policies },
};

function learnerOf(options: Omit<LifeOptions, "credit">): Learner {
  const net = sequential({ inputs: 3, seed: 8, normaliseInputs: { decay: 0.99 } }, [
    dense(5, crelu(), { layerNorm: true }),
    dense(4, relu(), { bias: false }),
    dense(2),
  ]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), ...options });
  observe(learner, 0, 9);
  return learner;
}

/** What a newborn has in a column, where it does not have 0. */
function initial(learner: Learner, place: string, held: Holding): number {
  const [path, ...ids] = place.split(" ");
  const column = path.slice(path.indexOf("/") + 1);
  if (column === "gain" || column === "continual-backprop.power") return 1;
  if (column === "l2Init.origin") return held.get(`${path.split("/")[0]}/w ${ids.join(" ")}`)!;
  if (column === "gain.l2Init.origin") return 1;
  expect(columnsOf(learner.network).some(({ columns }) => columns.has(column))).toBe(true);
  return 0;
}

/** Newborns have what newborns have, everywhere, but for the incoming weights, which are drawn. */
function expectNewborn(learner: Learner, population: string, ids: readonly number[]): void {
  const held = holding(learner.network);
  const [into] = learner.network.incoming(learner.network.population(population));
  for (const [place, value] of of(held, ids)) {
    if (place.startsWith(`${into.name}/w `)) expect(value).not.toBe(0);
    else expect([place, value]).toEqual([place, initial(learner, place, held)]);
  }
}

type Act = { what: "grow" | "remove" | "replace" | "learn"; population: string; picks: number[] };
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    what: fc.constantFrom("grow", "remove", "replace", "learn"),
    population: fc.constantFrom("hidden1", "hidden2"),
    picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }),
  }),
  { maxLength: 12 },
);

/** Does it to the network and to the Map, and holds them against each other. */
function play(learner: Learner, { what, population: name, picks }: Act): void {
  const population = learner.network.population(name);
  const before = holding(learner.network);
  const chosen = [...new Set(picks.map((pick) => population.neurons[pick % population.size].id))];
  if (what === "learn") return void observe(learner, learner.step, learner.step + picks.length);
  if (what === "grow") {
    const born = learner.grow(name, picks.length);
    expectNewborn(learner, name, born);
    expect(without(holding(learner.network), born)).toEqual(before);
  } else if (what === "replace") {
    const slots = chosen.map((id) => population.neurons.findIndex((neuron) => neuron.id === id));
    learner.replace(name, chosen);
    const born = slots.map((slot) => population.neurons[slot].id);
    expectNewborn(learner, name, born);
    expect(without(holding(learner.network), born)).toEqual(without(before, chosen));
  } else if (chosen.length < population.size) {
    learner.remove(name, chosen);
    expect(holding(learner.network)).toEqual(without(before, chosen));
  }
  expect(untidy(learner.network)).toEqual([]);
}

test.each(Object.entries(lives))("all state of survivors is carried exactly: %s", (_, options) => {
  fc.assert(
    fc.property(acts, (sequence) => {
      const learner = learnerOf(options);
      const { nextId } = learner.network;
      for (const act of sequence) play(learner, act);
      observe(learner, learner.step, learner.step + 6);
      observe(learner, learner.step, learner.step + 6, 3);
      expect(untidy(learner.network)).toEqual([]);
      const ids = learner.network.populations.flatMap(({ neurons }) => neurons.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(learner.network.nextId).toBeGreaterThanOrEqual(nextId);
    }),
    { numRuns: 40, seed: 1 },
  );
});
