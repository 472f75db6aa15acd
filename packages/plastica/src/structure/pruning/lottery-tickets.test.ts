import { expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { ValueError } from "../../errors.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, observe, untidy } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import type { Projection } from "../../network/projection.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam } from "../../rules/index.ts";
import { absent, density, freeze, places, present } from "../synapses.ts";
import { type LotteryTicketsOptions, lotteryTickets } from "./lottery-tickets.ts";

function learnerWith(options: LotteryTicketsOptions): Learner {
  const network = sequential({ inputs: 6, seed: 13 }, [dense(14, relu()), dense(9, relu()), dense(3)]);
  const credit = backprop({ loss: crossEntropy() });
  return live(network, { credit, rule: adam({ lr: 0.01 }), structure: [lotteryTickets(options)] });
}

const weightsOf = ({ network }: Learner) => network.projections.map(({ columns }) => columns.packed("w"));
const gapsOf = ({ network }: Learner) => network.projections.map(absent);

test("each round the smallest weights go, and the others are back at the first update", () => {
  const learner = learnerWith({ target: 0.6, rounds: 3, updates: 20 });
  const first = weightsOf(learner);
  const whole = first.reduce((sum, { length }) => sum + length, 0);
  for (const round of [1, 2, 3]) {
    observe(learner, learner.step, 20 * round - 1);
    const learned = weightsOf(learner);
    const gone = gapsOf(learner).map((gaps) => new Set(gaps));
    observe(learner, 20 * round - 1, 20 * round);
    const now = gapsOf(learner).map((gaps) => new Set(gaps));
    expect(now.reduce((sum, gaps) => sum + gaps.size, 0)).toBe(Math.round(whole * (1 - 0.4 ** (round / 3))));
    // One update of Adam moves a weight by 0.01 or so: who goes was among the smallest before it.
    const sizes = learned.flatMap((w, l) =>
      [...w.keys()].filter((i) => now[l].has(i) && !gone[l].has(i)).map((i) => Math.abs(w[i])),
    );
    const kept = learned.flatMap((w, l) => [...w.keys()].filter((i) => !now[l].has(i)).map((i) => Math.abs(w[i])));
    expect(Math.max(...sizes)).toBeLessThan(Math.min(...kept) + 0.03);
    for (const [l, w] of weightsOf(learner).entries())
      expect([...w]).toEqual([...first[l]].map((value, i) => (now[l].has(i) ? 0 : value)));
  }
  const { network } = learner;
  for (const { columns } of network.populations.slice(1))
    expect([...columns.packed("bias")].every((b) => b === 0)).toBe(true);
  observe(learner, 60, 100);
  expect(gapsOf(learner).reduce((sum, { length }) => sum + length, 0)).toBe(Math.round(0.6 * whole));
});

test("the controls differ from the ticket in one thing each", () => {
  const drawn = (ticket: NonNullable<LotteryTicketsOptions["ticket"]>) => {
    const learner = learnerWith({ target: 0.7, rounds: 2, updates: 25, rewindTo: 5, ticket });
    observe(learner, 0, 5);
    const early = weightsOf(learner);
    const events = eventsOf(learner);
    observe(learner, 5, 50);
    return { early, events, weights: weightsOf(learner), gaps: gapsOf(learner), untidy: untidy(learner.network) };
  };
  const [winning, reinitialised, random] = [drawn("winning"), drawn("reinitialised"), drawn("random")];
  expect(winning.events.at(-1)).toMatchObject({ type: "treated", step: 50, treatment: "rewound" });
  expect(random.events.at(-1)).toMatchObject({ treatment: "rewound, random" });

  expect(reinitialised.gaps).toEqual(winning.gaps);
  for (const [l, gaps] of winning.gaps.entries()) {
    const there = [...winning.early[l].keys()].filter((i) => !gaps.includes(i));
    for (const i of there) expect(winning.weights[l][i]).toBe(winning.early[l][i]);
    expect(there.every((i) => reinitialised.weights[l][i] !== winning.weights[l][i])).toBe(true);

    const lots = random.gaps[l];
    expect(lots.length).toBe(gaps.length);
    expect(lots).not.toEqual(gaps);
    random.weights[l].forEach((w, i) => expect(w).toBe(lots.includes(i) ? 0 : random.early[l][i]));
  }
  expect([...winning.untidy, ...reinitialised.untidy, ...random.untidy]).toEqual([]);
});

test.each(["winning", "reinitialised"] as const)(
  "what stands still is neither rewound nor drawn anew: %s",
  (ticket) => {
    const learner = learnerWith({ target: 0.5, rounds: 1, updates: 20, ticket });
    const { network } = learner;
    const [{ columns }] = network.projections;
    observe(learner, 0, 15);
    // The largest weights: they stay.
    const largest = [...columns.packed("w").keys()].sort(
      (a, b) => Math.abs(columns.packed("w")[b]) - Math.abs(columns.packed("w")[a]),
    );
    const still = largest.slice(0, 4);
    freeze(network, network.projections[0], still, { step: 15, cause: "test" });
    const before = still.map((place) => columns.packed("w")[place]);
    observe(learner, 15, 30);
    expect(density(network.projections[0])).toBeLessThan(1);
    expect(still.map((place) => columns.packed("w")[place])).toEqual(before);
  },
);

test.each(["winning", "reinitialised", "random"] as const)(
  "births and deaths by other hands, a snapshot in the middle, and the same life goes on (%s)",
  (ticket) => {
    const options = { target: 0.7, rounds: 3, updates: 15, rewindTo: 4, ticket };
    const [one, two] = [learnerWith(options), learnerWith(options)];
    observe(one, 0, 10);
    one.grow("hidden1", 3);
    observe(one, 10, 33);
    one.remove("hidden2", [one.network.population("hidden2").neurons[0].id]);
    two.restore(one.snapshot());
    expect(observe(two, 33, 60)).toEqual(observe(one, 33, 60));
    expect(two.fingerprint()).toBe(one.fingerprint());
    const sum = (of: (each: Projection) => number) => one.network.projections.reduce((n, each) => n + of(each), 0);
    const [there, all] = [sum((each) => present(each).length), sum(places)];
    expect(there).toBe(all - Math.round(0.7 * all));
    expect(untidy(one.network)).toEqual([]);
  },
);

test.each([
  [{ target: 0 }, /target is 0: a share between 0 and 1/],
  [{ rounds: 0 }, /rounds is 0/],
  [{ updates: 10, rewindTo: 10 }, /rewindTo is 10: an update from 0, before round 1 ends at 10/],
  [{ ticket: "blank" }, /ticket is "blank": one of winning, reinitialised, random/],
  [{ scope: "neuron" }, /scope is "neuron"/],
])("options out of range say so: %j", (options, message) => {
  expect(() => lotteryTickets(options as LotteryTicketsOptions)).toThrow(ValueError);
  expect(() => lotteryTickets(options as LotteryTicketsOptions)).toThrow(message);
});
