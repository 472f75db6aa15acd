import { expect, test } from "vitest";
import { derive, integer, key } from "../../compute/random.ts";
import { ValueError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import { adam } from "../../rules/index.ts";
import { criteria } from "../growth/criteria/index.ts";
import { ways } from "../growth/ways/index.ts";
import { scores } from "../pruning/scores/index.ts";
import { learnBySynapse, prune } from "../synapses.ts";
import { Budget, costOf } from "./budget.ts";
import { example, learnerWith, through } from "./cycle.testing.ts";
import { type CycleOptions, completeOptions } from "./options.ts";
import { errorOfDifference, lossOf, type Measured } from "./probe.ts";
import { proposalKinds } from "./proposals/index.ts";
import type { Plan, Situation } from "./proposals/proposal.ts";
import { Season } from "./season.ts";
import { type TrialOptions, trial } from "./trial.ts";
import { vitalSigns } from "./vital-signs.ts";

/** A learner with a past, some absent synapses, and all that a trial needs. */
function scene(options: CycleOptions = {}) {
  const learner = learnerWith([], adam({ lr: 0.01 }));
  const { network } = learner;
  learnBySynapse(network);
  const all = completeOptions("ours", { growth: 4, price: 0.01, settling: 0, maturity: 0, ...options });
  const season = new Season(learner, all);
  const recent = new ExampleMemory(network, "recent", { capacity: 32 });
  through(learner, [0], 100);
  prune(network, network.projections[1], [0, 5, 9, 100, 101], { step: learner.step, cause: "test" });
  for (let i = 0; i < 32; i++) {
    const { x, y } = example(0, 500 + i);
    recent.show({ count: 1, xs: x, ys: [y] });
  }
  const budget = new Budget(network, all);
  const measure = (): Measured => [
    { weight: 1, losses: Array.from({ length: 16 }, (_, i) => learner.evaluate(held(i)).loss) },
  ];
  const situation: Situation = {
    ...{ life: learner, options: all, season, recent, budget, watch: criteria.schedule().watch(learner) },
    occasion: { step: learner.step, cause: "test" },
    turn: { birth: 1.4, fast: 1.2, slow: 0.4, since: 100, familiarity: 0.1 },
    signs: vitalSigns(learner, recent.examples()),
    founders: new Map(network.hidden.map(({ name, size }) => [name, size])),
  };
  const terms: TrialOptions = {
    ...{
      life: learner,
      budget,
      parameters: network.parameters,
      price: 0,
      margin: 0,
      certainty: 0,
      dryRun: false,
      measure,
    },
    practice: Array.from({ length: 8 }, (_, i) => recent.examples([i])),
  };
  return { learner, situation, terms };
}

function held(i: number) {
  const { x, y } = example(0, 900 + i);
  return { count: 1, xs: x, ys: [y] };
}

const kinds = Object.values(proposalKinds);

test("a change that is undone leaves no trace: fingerprint, next id, and all that comes after are those of a life without it", () => {
  const lots = key(5, "proposals");
  for (let round = 0; round < 24; round++) {
    const draw = (purpose: string, below: number) => integer(derive(lots, purpose), round, below);
    const pick = <T>(purpose: string, from: readonly T[]) => from[draw(purpose, from.length)];
    const { learner, situation, terms } = scene({
      way: pick("way", Object.keys(ways) as (keyof typeof ways)[]),
      score: pick(
        "score",
        (Object.keys(scores) as (keyof typeof scores)[]).filter((name) => name !== "movement"),
      ),
      births: (1 + draw("births", 9)) / 10,
      deaths: (1 + draw("deaths", 6)) / 10,
    });
    const plans = [pick("one", kinds), pick("other", kinds)].flatMap((kind) => {
      const plan = kind.propose(situation);
      // Each has to prove what it is worth, so that none is kept.
      return plan ? [{ plan: { ...plan, burden: 1 as const } }] : [];
    });
    expect(plans.length).toBeGreaterThan(0);
    const [before, nextId, file] = [learner.fingerprint(), learner.network.nextId, learner.snapshot()];
    const results = trial(plans, { ...terms, margin: 1e6 });
    expect(results.map(({ outcome }) => outcome)).toEqual(plans.map(() => "undone"));
    expect(learner.fingerprint()).toBe(before);
    expect(learner.network.nextId).toBe(nextId);
    expect(learner.snapshot()).toEqual(file);
    if (round % 8 > 0) continue;
    const twin = scene();
    expect(through(learner, [1], 40)).toEqual(through(twin.learner, [1], 40));
    expect(learner.fingerprint()).toBe(twin.learner.fingerprint());
  }
});

test("what is kept is the branch of the largest gain, and the gain is what it says", () => {
  const { learner, situation, terms } = scene();
  const plan = (cause: string, by: number): { plan: Plan } => ({
    plan: { why: cause, evidence: {}, apply: () => learner.set("lr", by) },
  });
  const twin = scene();
  const lossAt = (lr: number) => {
    const undo = twin.learner.branch();
    twin.learner.set("lr", lr);
    for (const examples of twin.terms.practice) twin.learner.practise(examples);
    const loss = Array.from({ length: 16 }, (_, i) => twin.learner.evaluate(held(i)).loss).reduce((a, b) => a + b) / 16;
    undo();
    return loss;
  };
  const [without, faster, slower] = [0.01, 0.03, 1e-5].map(lossAt);
  const results = trial([plan("faster", 0.03), plan("slower", 1e-5)], terms);
  expect(results.map(({ evidence }) => evidence.lossWith)).toEqual([faster, slower]);
  expect(results.map(({ evidence }) => evidence.lossWithout)).toEqual([without, without]);
  const best = Math.min(without, faster, slower);
  expect(results.map(({ outcome }) => outcome === "kept")).toEqual(
    [faster, slower].map((loss) => loss === best && loss < without),
  );
  expect(situation.options.judged).toBe(true);
});

test("a price on parameters lets a smaller network win that is a little worse, and a difference within its error is none", () => {
  const { situation, terms } = scene();
  const deaths = () => [{ plan: proposalKinds.deaths.propose(situation)! }];
  const [cheap] = trial(deaths(), { ...terms, dryRun: true });
  const loss = cheap.evidence.lossWith - cheap.evidence.lossWithout;
  const share = -cheap.evidence.parametersMore / terms.parameters;
  expect(cheap.outcome).toBe("would try");
  const price = (Math.abs(loss) + 0.01) / share;
  expect(trial(deaths(), { ...terms, price, certainty: 1e6 })[0].outcome).toBe("undone");
  expect(trial(deaths(), { ...terms, price })[0].outcome).toBe("kept");
});

test("what the budget has no room for is refused, with the numbers", () => {
  const { learner, situation, terms } = scene({ growth: 1.1 });
  const { budget } = terms;
  const before = costOf(learner.network);
  const apply = proposalKinds.births.propose({
    ...situation,
    budget: new Budget(learner.network, { ...situation.options, growth: 9 }),
    options: { ...situation.options, births: 3 },
  })!.apply;
  const [result] = trial([{ plan: { why: "too many", evidence: {}, apply } }], terms);
  expect(result.outcome).toBe("refused");
  expect(result.verdict).toContain(`more than the budget's ${budget.limit.parameters}`);
  expect(costOf(learner.network)).toEqual(before);
});

test("a branch that diverges loses, and is undone", () => {
  const { learner, terms } = scene();
  const before = learner.fingerprint();
  const plan: Plan = { why: "too fast", evidence: {}, apply: () => learner.set("lr", 1e38) };
  const [result] = trial([{ plan }], terms);
  expect(result.outcome).toBe("undone");
  expect(result.evidence.lossWith).toBeUndefined();
  expect(learner.fingerprint()).toBe(before);
});

test("what the signs speak for is kept unless the trial speaks against it for sure", () => {
  for (const [certainty, outcome] of [
    [1e3, "kept"],
    [0, "undone"],
  ] as const) {
    const { learner, terms } = scene();
    const plan: Plan = { why: "faster", evidence: {}, burden: -1, apply: () => learner.set("lr", 0.1) };
    const [result] = trial([{ plan }], { ...terms, certainty });
    expect(result.evidence.lossWith).toBeGreaterThan(result.evidence.lossWithout);
    expect(result.outcome).toBe(outcome);
    if (outcome === "kept") expect(result.verdict).toMatch(/, no sure loss$/);
  }
});

test("an error on a branch leaves everything as it was", () => {
  const { learner, terms } = scene();
  const before = learner.fingerprint();
  const apply = () => {
    learner.set("lr", 0.5);
    throw new ValueError("no");
  };
  expect(() => trial([{ plan: { why: "", evidence: {}, apply } }], terms)).toThrow("no");
  expect(learner.fingerprint()).toBe(before);
});

test("the error of a difference is that of paired losses, groups by their weights", () => {
  const group = (weight: number, losses: number[]) => ({ weight, losses });
  const one = [group(0.5, [1, 2, 3]), group(0.5, [4])];
  const other = [group(0.5, [0, 2, 1]), group(0.5, [1])];
  expect(lossOf(one)).toBeCloseTo(3);
  // Differences 1, 0, 2: variance 1; and 3 alone: 9.
  expect(errorOfDifference(one, other)).toBeCloseTo(Math.sqrt((0.25 * 1) / 3 + 0.25 * 9));
});
