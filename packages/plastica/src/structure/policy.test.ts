import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { eventsOf, example, observe } from "../life/testing.ts";
import { tanh } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { dropin } from "./growth/dropin.ts";
import type { StructuralPolicy } from "./policy.ts";
import { lotteryTickets } from "./pruning/lottery-tickets.ts";
import { pruning } from "./pruning/pruning.ts";
import { absent } from "./synapses.ts";
import { fire } from "./turnover/fire.ts";
import { hareAndTortoise } from "./turnover/hare-and-tortoise.ts";
import { periodicShrinkAndPerturb } from "./turnover/periodic-shrink-and-perturb.ts";
import { plasticityInjection } from "./turnover/plasticity-injection.ts";
import { redo } from "./turnover/redo.ts";
import { sparseEvolutionaryTraining } from "./turnover/set.ts";

function learnerWith(policy: StructuralPolicy): Learner {
  const network = sequential({ inputs: 6, seed: 4 }, [dense(8, tanh()), dense(3)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.05 }), structure: [policy] });
}

/** Updates of which no policy hears. */
function practise(learner: Learner, updates: number): void {
  for (let i = 0; i < updates; i++) {
    const { x, y } = example(500 + i, 6, 3);
    learner.practise({ count: 1, xs: x, ys: [y] });
  }
}

test.each([
  ["plasticity injection", () => plasticityInjection({ at: 10 })],
  ["one-shot pruning", () => pruning({ schedule: "one-shot", start: 10, target: 0.5 })],
  ["the end of gradual pruning", () => pruning({ start: 10, end: 11, every: 50, target: 0.5 })],
  ["rounds of iterative pruning", () => pruning({ schedule: "iterative", start: 9, end: 11, every: 2, target: 0.5 })],
  ["the last lottery ticket", () => lotteryTickets({ rounds: 2, updates: 5, rewindTo: 4, target: 0.5 })],
])(
  "what waits for an update that was practised is done at the next one, once, in a resumed life too: %s",
  (_, policy) => {
    const [one, heir] = [learnerWith(policy()), learnerWith(policy())];
    const [events, theirs] = [eventsOf(one), eventsOf(heir)];
    observe(one, 0, 8);
    const before = events.length;
    practise(one, 4);
    heir.restore(one.snapshot());
    expect(heir.fingerprint()).toBe(one.fingerprint());
    for (const learner of [one, heir]) observe(learner, 8, 30);
    expect(theirs).toEqual(events.slice(before));
    expect(new Set(theirs.map(({ step }) => step))).toEqual(new Set([13]));
    const pruned = theirs.reduce((sum, event) => sum + (event.type === "rewired" ? event.pruned : 0), 0);
    const there = 6 * 8 + 8 * 3;
    if (policy().name === "pruning") expect(pruned).toBe(there / 2);
    if (policy().name === "lottery-tickets") expect(absentIn(one)).toBe(there / 2);
    expect(heir.fingerprint()).toBe(one.fingerprint());
  },
);

test.each([
  ["dropin", () => dropin({ when: "schedule", every: 10, cooldown: 0, count: 1 })],
  ["fire", () => fire({ every: 10 })],
  ["hare and tortoise", () => hareAndTortoise({ every: 10 })],
  ["redo", () => redo({ threshold: 0.9, every: 10 })],
  ["rewiring", () => sparseEvolutionaryTraining({ density: 0.5, every: 10, end: 100 })],
  ["shrink and perturb", () => periodicShrinkAndPerturb({ every: 10 })],
])(
  "what comes round while it is practised is done at the next update that is heard of, and then in turn: %s",
  (_, policy) => {
    const learner = learnerWith(policy());
    observe(learner, 0, 8);
    practise(learner, 4);
    const events = eventsOf(learner);
    observe(learner, 8, 27);
    expect([...new Set(events.map(({ step }) => step))]).toEqual([13, 20, 30]);
  },
);

const absentIn = ({ network }: Learner) => network.projections.reduce((sum, each) => sum + absent(each).length, 0);

test("where the update to rewind to was practised, survivors go back to the first one after it", () => {
  const timing = { start: 20, end: 20, target: 0.5 };
  const policies = [
    pruning({ schedule: "iterative", rewindTo: 10, orphans: false, ...timing }),
    lotteryTickets({ rounds: 1, updates: 20, rewindTo: 10, target: 0.5 }),
  ];
  for (const policy of policies) {
    const learner = learnerWith(policy);
    const weights = () => learner.network.projections.map(({ columns }) => columns.packed("w"));
    observe(learner, 0, 8);
    practise(learner, 4);
    observe(learner, 8, 9);
    const early = weights();
    observe(learner, 9, 16);
    expect(learner.step).toBe(20);
    const gone = learner.network.projections.map((each) => new Set(absent(each)));
    expect(weights()).toEqual(early.map((w, i) => w.map((value, place) => (gone[i].has(place) ? 0 : value))));
  }
});
