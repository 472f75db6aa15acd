import { expect, test } from "vitest";
import { ValueError } from "../../errors.ts";
import type { Learner } from "../../life/learner.ts";
import { eventsOf } from "../../life/testing.ts";
import { adam, oja, sgd } from "../../rules/index.ts";
import { continualBackprop } from "../continual-backprop.ts";
import { present } from "../synapses.ts";
import { staticMask } from "../turnover/static-mask.ts";
import { Budget, type Cost, costOf } from "./budget.ts";
import { decisions, example, learnerWith, through } from "./cycle.testing.ts";
import { neuroplasticity } from "./neuroplasticity.ts";

/** Junctures often enough for a test. */
const quick = {
  shortest: 100,
  longest: 400,
  cooldown: 50,
  recent: 24,
  probe: 16,
  heldOut: 0.1,
  settling: 800,
} as const;
const eager = { ...quick, growth: 3, price: 0.02, certainty: 0, margin: 0, maturity: 50, births: 0.3 } as const;
const noLimits = { maxNeurons: 0, maxOperations: 0, maxMilliseconds: 0, nanosecondsPerOperation: 0.1 };
const everything = "renewal awakening births deaths rewiring consolidation";

const weights = ({ network }: Learner) => network.projections.map(({ columns }) => columns.packed("w"));
const sizes = ({ network }: Learner) => network.populations.map(({ size }) => size);

test("a new season is tried some examples after the world has changed, and kept for what it gains", () => {
  const learner = learnerWith([neuroplasticity(quick)]);
  const events = eventsOf(learner);
  through(learner, [0, 1, 2], 1000);
  const kept = decisions(events).filter(({ outcome }) => outcome === "kept");
  expect(kept.map(({ step }) => Math.floor(step / 900))).toEqual([1, 2]);
  expect(kept[0].proposal).toBe("renewal");
  for (const { evidence, why } of kept) {
    expect(evidence.lossWith).toBeLessThan(evidence.lossWithout);
    expect(why).toMatch(/the loss went from .*; the loss on what was held out is .* with it, .* without$/);
  }
  // Held out are a tenth, and half of those that were waited for.
  expect(learner.step).toBeGreaterThan(3000 * 0.88 - 100);
  expect(learner.step).toBeLessThan(3000 * 0.92 + 100);
});

test("every decision says what it is of, why, by what evidence, and what came of it", () => {
  const learner = learnerWith([neuroplasticity(eager)]);
  const events = eventsOf(learner);
  through(learner, [0, 1], 1500);
  const found = decisions(events);
  expect(new Set(found.map(({ proposal }) => proposal))).toEqual(new Set(["births", "deaths", "renewal"]));
  for (const { proposal, count, population, evidence, outcome } of found) {
    for (const name of [
      "loss",
      "lossWith",
      "lossWithout",
      "error",
      "neurons",
      "parameters",
      "operations",
      "hidden1.dormant",
    ])
      expect(evidence[name]).toBeTypeOf("number");
    if (!["renewal", "awakening"].includes(proposal)) expect(count).toBeGreaterThan(0);
    if (proposal === "births") expect(population).toMatch(/^hidden[12]$/);
    expect(["kept", "undone", "refused"]).toContain(outcome);
  }
  // What was kept is told after the decision, and nothing else is.
  const born = events.filter(({ type, cause }) => type === "born" && cause === "neuroplasticity");
  const keptBirths = found.filter(({ proposal, outcome }) => proposal === "births" && outcome === "kept");
  expect(keptBirths.length).toBeGreaterThan(0);
  expect(born).toHaveLength(keptBirths.length);
});

test("whatever it does, it stays within its budget", () => {
  const plain = costOf(learnerWith([]).network);
  const budget = { maxNeurons: 48, maxOperations: plain.operations + 900, growth: 5, price: 0 };
  const learner = learnerWith([neuroplasticity({ ...eager, ...budget })]);
  const events = eventsOf(learner);
  for (const [task] of Array.from({ length: 5 }).entries()) {
    through(learner, [task], 400);
    const { neurons, operations } = costOf(learner.network);
    expect(neurons).toBeLessThanOrEqual(48);
    expect(operations).toBeLessThanOrEqual(plain.operations + 900);
  }
  expect(decisions(events).some(({ proposal, outcome }) => proposal === "births" && outcome === "kept")).toBe(true);
  // Milliseconds are operations at the declared rate.
  const inTime = { maxMilliseconds: 2e-6 * (plain.operations + 20), nanosecondsPerOperation: 2 };
  const small = learnerWith([neuroplasticity({ ...eager, ...inTime })]);
  through(small, [0, 1, 2], 600);
  expect(costOf(small.network).operations).toBeLessThanOrEqual(plain.operations + 20);
});

test("no smaller than at birth, unless parameters have a price", () => {
  const [free, dear] = [0, 5].map((price) => learnerWith([neuroplasticity({ ...eager, growth: 1, price })]));
  for (const learner of [free, dear]) through(learner, [0, 1], 1500);
  expect(sizes(free)).toEqual([20, 24, 16, 4]);
  expect(costOf(dear.network).neurons).toBeLessThan(30);
});

test("a life is resumed to the same bits from anywhere: before a juncture, while it waits, in the middle of a phase", () => {
  const make = () =>
    learnerWith([neuroplasticity({ ...eager, proposals: everything, remembering: 0.3 })], adam({ lr: 0.005 }));
  for (const stop of [95, 502, 512, 520]) {
    const [one, heir] = [make(), make()];
    const go = (learner: Learner, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const { x, y } = example(i < 500 ? 0 : 1, i);
        learner.observe(x, y);
      }
    };
    go(one, 0, stop);
    heir.restore(one.snapshot());
    go(one, stop, 800);
    go(heir, stop, 800);
    expect(heir.fingerprint()).toBe(one.fingerprint());
  }
});

test("a life goes on to the same bits in a learner that was made larger, with another step size", () => {
  const options = { ...quick, growth: 1.5, births: 0.5, proposals: "births renewal", judged: false };
  const make = (lr: number, layers?: number[]) => learnerWith([neuroplasticity(options)], sgd({ lr }), layers);
  const [one, heir] = [make(0.02), make(0.1, [60, 40])];
  const [parameters, events] = [one.network.parameters, eventsOf(heir)];
  through(one, [0], 95);
  heir.restore(one.snapshot());
  expect(heir.fingerprint()).toBe(one.fingerprint());
  for (const learner of [one, heir]) through(learner, [0, 1], 600);
  expect(decisions(events).length).toBeGreaterThan(0);
  expect(heir.network.parameters).toBeGreaterThan(1.4 * parameters);
  expect(heir.network.parameters).toBeLessThanOrEqual(1.5 * parameters);
  expect(heir.hyper.lr).toBeLessThan(0.02);
  expect(heir.fingerprint()).toBe(one.fingerprint());
});

test("a snapshot that says neither parameters at birth nor the peak is of those that the learner was made with", () => {
  const policy = neuroplasticity(quick).attach(learnerWith([]));
  const saved = policy.save() as { clock: { parameters?: number }; season: { peak?: number } };
  const older = structuredClone(saved);
  delete older.clock.parameters;
  delete older.season.peak;
  policy.load(older, {});
  expect(policy.save()).toEqual(saved);
  expect([saved.clock.parameters, saved.season.peak]).toEqual([learnerWith([]).network.parameters, 0.02]);
});

test("a dry run says what it would do, and what came of it on the branch, and changes no bit", () => {
  for (const judged of [true, false]) {
    const dry = learnerWith([neuroplasticity({ ...eager, judged, turnover: 0.05, dryRun: true })]);
    const plain = learnerWith([]);
    const events = eventsOf(dry);
    const [a, b] = [dry, plain].map((learner) => through(learner, [0, 1], 1000));
    expect(events.length).toBeGreaterThan(3);
    expect(events.every((event) => event.type === "decided" && event.outcome === "would try")).toBe(true);
    expect(a).toEqual(b);
    expect(weights(dry)).toEqual(weights(plain));
    expect([dry.step, dry.network.nextId, dry.hyper]).toEqual([plain.step, plain.network.nextId, plain.hyper]);
    if (judged) expect(decisions(events).some(({ why }) => why.endsWith("it would be kept"))).toBe(true);
  }
});

test("births by familiarity come where the change is, whether or not seasons are proposed", () => {
  const options = { ...quick, judged: false, shortest: 20, longest: 20, cooldown: 0, growth: 99, births: 0.01 };
  const learner = learnerWith([
    neuroplasticity({ ...options, proposals: "births", where: "familiarity", settling: 0 }),
  ]);
  const events = eventsOf(learner);
  through(learner, [0, 1], 600);
  const born = (from: number, to: number) =>
    decisions(events).flatMap(({ step, population }) => (step > from && step <= to ? [population] : []));
  expect(new Set(born(0, 600))).toEqual(new Set(["hidden2"]));
  expect(born(600, 640)).toEqual(["hidden1", "hidden1"]);
});

test("the preset continual-backprop is continual backprop, bit by bit", () => {
  const cycle = learnerWith([neuroplasticity({ preset: "continual-backprop", turnover: 0.01 })]);
  const plain = learnerWith([continualBackprop({ replacementRate: 0.01 })]);
  expect(through(cycle, [0, 1], 500)).toEqual(through(plain, [0, 1], 500));
  expect(weights(cycle)).toEqual(weights(plain));
  expect(cycle.network.nextId).toBeGreaterThan(44);
});

test("turnover is continual backprop: beside another one it is refused", () => {
  for (const other of [continualBackprop(), continualBackprop({ replacementRate: 0 })])
    expect(() => learnerWith([neuroplasticity({ turnover: 0.01 }), other])).toThrow(
      "two structural policies are called continual-backprop, one as a part of neuroplasticity: they would share their columns",
    );
  expect(() => learnerWith([continualBackprop(), neuroplasticity({ turnover: 0.01 })])).toThrow(ValueError);
  expect(() => learnerWith([neuroplasticity(), continualBackprop()])).not.toThrow();
});

test("the preset dropin grows, truncates by position, and goes on, a third of the period each, with a new optimiser", () => {
  const learner = learnerWith([neuroplasticity({ preset: "dropin", period: 300 })], adam({ lr: 0.01 }));
  const events = eventsOf(learner);
  const moments = [learner.network.projections[2].columns.packed("m")];
  for (const [i, right] of [
    [99, 24],
    [2, 48],
    [98, 48],
    [2, 24],
    [99, 24],
    [100, 48],
  ].entries()) {
    through(learner, [i], right[0]);
    expect(learner.network.population("hidden1").size).toBe(right[1]);
    moments.push(learner.network.projections[2].columns.packed("m"));
  }
  const founders = learner.network
    .population("hidden1")
    .neurons.slice(0, 24)
    .map(({ id }) => id);
  expect(founders).toEqual(Array.from({ length: 24 }, (_, i) => 20 + i));
  expect(events.filter(({ type }) => type === "died").map(({ step }) => step)).toEqual([200, 200]);
  expect(decisions(events).every(({ outcome }) => outcome === "kept")).toBe(true);
});

test("the preset north grows the layers whose effective dimension says that they are full, as far as there is room", () => {
  const options = { preset: "north", shortest: 100, longest: 100, recent: 60, growth: 2 } as const;
  const learner = learnerWith([neuroplasticity(options)]);
  const [founders, parameters] = [sizes(learner), learner.network.parameters];
  const events = eventsOf(learner);
  through(learner, [0], 600);
  const births = decisions(events);
  expect(births.length).toBeGreaterThan(0);
  for (const { proposal, evidence } of births) {
    expect(proposal).toBe("births");
    expect(evidence["effective dimension"]).toBeGreaterThan(0);
  }
  expect(sizes(learner)[1] + sizes(learner)[2]).toBeGreaterThan(founders[1] + founders[2]);
  expect(learner.network.parameters).toBeLessThanOrEqual(2 * parameters);
});

test.each([
  ["neurons", { maxNeurons: 55, growth: 1000 }],
  ["parameters", { growth: 1.6 }],
  ["operations", { maxOperations: 4500, growth: 1000 }],
])("births in all layers share the room that the budget leaves: %s", (kind, limits) => {
  const grown = { proposals: "births", judged: false, heldOut: 0, births: 0.5, where: "all" } as const;
  const learner = learnerWith([neuroplasticity({ ...quick, ...grown, cooldown: 0, ...limits })]);
  const { limit } = new Budget(learner.network, { ...noLimits, ...limits });
  const events = eventsOf(learner);
  through(learner, [0], 600);
  expect(decisions(events).map(({ outcome }) => outcome)).toContain("kept");
  expect(decisions(events).map(({ outcome }) => outcome)).not.toContain("refused");
  const now = costOf(learner.network)[kind as keyof Cost];
  expect(now).toBeLessThanOrEqual(limit[kind as keyof Cost]);
  expect(now).toBeGreaterThan(0.95 * limit[kind as keyof Cost]);
});

test("judged by what it remembers, too, it consolidates: fewer synapses learn, and the past is forgotten less", () => {
  const make = (proposals: string) =>
    learnerWith(
      [
        neuroplasticity({
          ...quick,
          proposals,
          remembering: 0.9,
          certainty: 0,
          margin: 0,
          consolidated: 0.5,
          firmness: 0,
          settling: 0,
          longest: 100,
        }),
      ],
      sgd({ lr: 0.03 }),
    );
  const [firm, soft] = [make("consolidation"), make("deaths")];
  const events = eventsOf(firm);
  for (const learner of [firm, soft]) through(learner, [0], 1500);
  for (const learner of [firm, soft]) through(learner, [1], 600);
  const share = (learner: Learner) => {
    let right = 0;
    for (let i = 0; i < 300; i++) {
      const { x, y } = example(0, 5000 + i);
      const said = learner.predict(x);
      if (said.indexOf(Math.max(...said)) === y) right++;
    }
    return right / 300;
  };
  expect(events.some(({ type }) => type === "consolidated")).toBe(true);
  expect(share(firm)).toBeGreaterThan(share(soft) + 0.02);
});

test("rewiring exchanges synapses where a projection is sparse", () => {
  const learner = learnerWith([neuroplasticity({ ...quick, proposals: "rewiring", judged: false })]);
  const events = eventsOf(learner);
  const { columns } = learner.network.projections[0];
  for (let i = 0; i < 300; i++) {
    columns.set("w", i % 20, i % 24, 0);
    columns.set("plasticity", i % 20, i % 24, 0);
  }
  learner.network.changed();
  const there = learner.network.parameters;
  through(learner, [0], 1500);
  expect(learner.network.parameters).toBe(there);
  expect(decisions(events).length).toBeGreaterThan(2);
  expect(events.filter(({ type }) => type === "rewired")).toHaveLength(decisions(events).length);
  const dense = learnerWith([neuroplasticity({ ...quick, proposals: "rewiring" })]);
  expect(decisions(eventsOf(dense))).toEqual([]);
});

test("unjudged, each kind looks at the network that the one before it has left", () => {
  const through101 = (proposals: string) => {
    const options = { ...quick, judged: false, growth: 9, births: 0.5, where: "all", rewired: 0.3 };
    const mask = staticMask({ density: 0.5, distribution: "uniform" });
    const learner = learnerWith([mask, neuroplasticity({ ...options, proposals })]);
    const events = eventsOf(learner);
    through(learner, [0], 101);
    const there = learner.network.projections.map((projection) => present(projection).length);
    return { there, proposals: decisions(events).map(({ proposal }) => proposal) };
  };
  const { there } = through101("births");
  // Neither makes synapses, or leaves fewer: of those that are there some move, or learn less.
  for (const second of ["rewiring", "consolidation"])
    expect(through101(`births ${second}`)).toEqual({ there, proposals: ["births", second] });
});

test("what lies out of range is named, and a rule without a step size is told", () => {
  expect(() => neuroplasticity({ proposals: "births marriages" })).toThrow(
    'neuroplasticity: proposals is "births marriages": some of renewal, awakening, births, deaths, rewiring, consolidation',
  );
  expect(() => neuroplasticity({ preset: "theirs" as "ours" })).toThrow('preset is "theirs": one of ours');
  expect(() => neuroplasticity({ heldOut: 0.7 })).toThrow(ValueError);
  expect(() => neuroplasticity({ heldOut: 0 })).toThrow("nothing is held out");
  expect(() => neuroplasticity({ longest: 10 })).toThrow("longest is 10: a whole number from 5000, the shortest");
  expect(() => neuroplasticity({ judged: "false" as never })).toThrow('judged is "false": true or false');
  expect(() => neuroplasticity({ dryRun: 0 as never })).toThrow("dryRun is 0: true or false");
  expect(() => neuroplasticity({ score: "movement" })).toThrow("movement is summed");
  expect(() => learnerWith([neuroplasticity()], oja({ lr: 0.1 }))).not.toThrow();
});
