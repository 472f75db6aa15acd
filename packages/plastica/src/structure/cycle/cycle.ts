/**
 * The neuroplasticity cycle at work on one life. It looks on at every update, and at junctures, which come by the clock of examples, by phases, or
 * some examples after the world has changed, it asks for proposals, has them tried, and says what was decided and why.
 */
import { isNone } from "../../credit/loss.ts";
import { SnapshotError, ValueError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import type { Watch } from "../growth/criteria/criterion.ts";
import { criteria } from "../growth/criteria/index.ts";
import { mustSuit } from "../growth/suiting.ts";
import { ways } from "../growth/ways/index.ts";
import { mustBeAPlace } from "../growth/where.ts";
import type { Announce, Examples, Life, Moment, PolicyAtWork, StructuralPolicy } from "../policy.ts";
import { beginOptimiserAnew } from "../renewal/renewal.ts";
import { learnBySynapse } from "../synapses.ts";
import { Budget } from "./budget.ts";
import { carryOut } from "./carry-out.ts";
import { type AllCycleOptions, wordsOf } from "./options.ts";
import { Probe, riseOf } from "./probe.ts";
import { proposalKinds } from "./proposals/index.ts";
import type { Plan, Proposal, Situation } from "./proposals/proposal.ts";
import { Season, type Turn } from "./season.ts";
import { type Result, trial } from "./trial.ts";
import { signsAsEvidence, vitalSigns } from "./vital-signs.ts";

export const CYCLE = "neuroplasticity";

/** What it remembers beside columns and its parts. All counts are of examples. */
interface Clock {
  /** To the next juncture, and from that to the one after. */
  until: number;
  interval: number;
  /** So far. */
  age: number;
  /** Of each update. */
  batch: number;
  /** The age until which each kind of proposal rests. */
  rest: Record<string, number>;
  /** What told that the world has changed, how long it is waited until that is acted upon, and how long at a change. */
  turn: Turn | null;
  wait: number;
  patience: number;
  /** Hidden neurons when the life began, by layer, and all parameters. */
  founders: Record<string, number>;
  parameters: number;
}

/** What is proposed, one after the other, once something tells that the world has changed, and only then. */
const ONCE_TURNED = ["renewal", "awakening"];

const isKept = ({ outcome }: { outcome: string }) => outcome === "kept";

interface Proposed {
  readonly proposal: Proposal;
  readonly plan: Plan;
}

export class Cycle implements PolicyAtWork {
  readonly columns: NonNullable<PolicyAtWork["columns"]>;
  readonly #life: Life;
  readonly #options: AllCycleOptions;
  readonly #proposals: readonly Proposal[];
  readonly #season: Season;
  readonly #probe: Probe;
  /** What was last learned from, as far as anybody will look at it. */
  readonly #recent: ExampleMemory;
  /** What asks for births. */
  readonly #watch: Watch | undefined;
  readonly #turnover: PolicyAtWork | undefined;
  #clock: Clock;

  /** `turnover` is at work beside it. */
  constructor(life: Life, options: AllCycleOptions, turnover: StructuralPolicy | undefined) {
    const { network } = life;
    const { recent, shortest, patience, settling } = options;
    const named = wordsOf(options.proposals) as (keyof typeof proposalKinds)[];
    if (isNone(life.loss))
      throw new ValueError(`${CYCLE}: it watches the loss and judges by it, and credit without a loss has none`);
    this.#life = life;
    this.#options = options;
    this.#proposals = Object.values<Proposal>(proposalKinds).filter(({ name }) => (named as string[]).includes(name));
    this.#season = new Season(life, { ...options, settling: this.#seasonal ? settling : 0 });
    if (this.#proposals.includes(proposalKinds.births)) {
      this.#watch = criteria[options.when]().watch(life);
      mustBeAPlace(network, CYCLE, options.where);
      mustSuit(network, options.where, ways[options.way]());
    }
    network.protection.set(CYCLE, options.maturity);
    this.#probe = new Probe(network, options);
    this.#recent = new ExampleMemory(network, `${CYCLE} recent`, { capacity: recent });
    this.#turnover = turnover?.attach(life);
    if (this.#proposals.some(({ bySynapse }) => bySynapse)) learnBySynapse(network);
    const memory = (name: string, { columns }: ExampleMemory) =>
      Object.fromEntries(Object.entries(columns).map(([part, own]) => [`${name}.${part}`, own]));
    this.columns = {
      season: this.#season.columns,
      ...this.#watch?.columns,
      ...(this.#proposals.length > 0 ? memory("recent", this.#recent) : {}),
      ...this.#probe.memories.reduce((all, [name, one]) => Object.assign(all, memory(name, one)), {}),
    };
    this.#clock = {
      ...{ until: shortest, interval: shortest, age: 0, batch: 1, rest: {}, turn: null, wait: 0, patience },
      founders: Object.fromEntries(network.hidden.map(({ name, size }) => [name, size])),
      parameters: network.parameters,
    };
  }

  get #budget(): Budget {
    return new Budget(this.#clock, this.#options);
  }

  /** Whether it asks what to do once the world has changed. */
  get #seasonal(): boolean {
    return this.#proposals.some(({ name }) => ONCE_TURNED.includes(name));
  }

  /** Keeps some of what is seen from learning. A dry run changes nothing: there what judges is learned from, too. */
  holdOut(seen: Examples): boolean {
    const { dryRun, judged } = this.#options;
    if (!judged || this.#proposals.length === 0) return false;
    return this.#probe.sift(seen, this.#clock.turn !== null) && !dryRun;
  }

  after(moment: Moment, announce: Announce): void {
    this.#turnover?.after?.(moment, announce);
    this.#watch?.sense?.(moment);
    const { examples, seen } = moment;
    const clock = this.#clock;
    clock.batch = examples;
    clock.until -= examples;
    clock.age += examples;
    clock.wait -= examples;
    if (this.#seasonal || (this.#watch && this.#options.where === "familiarity")) this.#look(moment);
    if (this.#near()) this.#recent.show(seen);
  }

  #look(moment: Moment): void {
    const turn = this.#season.sense(moment);
    const clock = this.#clock;
    if (!turn || !this.#seasonal || clock.turn || this.#rests("renewal")) return;
    clock.turn = turn;
    clock.wait = clock.patience;
    this.#recent.clear();
    this.#probe.clear();
  }

  #rests(kind: string): boolean {
    return this.#clock.rest[kind] > this.#clock.age;
  }

  /** Whether what is learned now will be looked at. */
  #near(): boolean {
    const { until, turn, age } = this.#clock;
    const { recent, period } = this.#options;
    if (this.#proposals.length === 0) return false;
    const next = period > 0 ? period / 3 - (age % (period / 3)) : until;
    return turn !== null || next <= recent;
  }

  reflect(moment: Moment, announce: Announce): void {
    this.#turnover?.reflect?.(moment, announce);
    const clock = this.#clock;
    const { period } = this.#options;
    if (clock.turn) {
      if (clock.wait <= 0) this.#turn(moment.step, clock.turn, announce);
    } else if (period > 0) this.#phase(moment, period, announce);
    else if (clock.until <= 0) this.#juncture(moment.step, announce);
  }

  /** The world has changed: is a new season to begin? If not, that is asked again with more to show for it, as long as the loss is no better. */
  #turn(step: number, turn: Turn, announce: Announce): void {
    const { shortest, patience, cooldown, dryRun } = this.#options;
    // The milder one only if the other is of no use: what renewal is worth shows in seasons to come, too.
    const kept = ONCE_TURNED.some((name) => this.#decide(step, [name], announce, turn).some(isKept));
    if (dryRun) this.#season.begin();
    const begun = dryRun || kept;
    const clock = this.#clock;
    const over = this.#season.means.fast < (turn.slow + turn.fast) / 2;
    clock.interval = shortest;
    clock.until = shortest;
    clock.turn = begun || over ? null : turn;
    clock.patience = begun || over ? patience : Math.max(1, Math.min(cooldown, 4 * clock.patience));
    clock.wait = clock.patience;
    if (over && !begun) clock.rest.renewal = clock.age + cooldown;
  }

  /** A third of the period after another: births, deaths, nothing. */
  #phase({ examples }: Moment, period: number, announce: Announce): void {
    const { age } = this.#clock;
    const third = (n: number) => Math.floor((3 * n) / period) % 3;
    const now = third(age);
    if (now === third(age - examples)) return;
    if (now > 0) this.#decide(this.#life.step, [now === 1 ? "births" : "deaths"], announce);
  }

  #juncture(step: number, announce: Announce): void {
    const { shortest, longest, cooldown } = this.#options;
    const awake = this.#proposals.filter(({ name }) => !ONCE_TURNED.includes(name) && !this.#rests(name));
    const results = this.#decide(
      step,
      awake.map(({ name }) => name),
      announce,
    );
    // What is undone takes the clock back, too: it is looked at again.
    const clock = this.#clock;
    const kept = results.some(isKept);
    clock.interval = kept ? shortest : Math.min(longest, 2 * clock.interval);
    clock.until = clock.interval;
    for (const { proposed } of results) clock.rest[proposed.proposal.name] = clock.age + cooldown;
  }

  #decide(step: number, names: readonly string[], announce: Announce, turn?: Turn): Result<Proposed>[] {
    const asked = this.#proposals.filter(({ name }) => names.includes(name));
    // What is tried is all tried on one network; what is simply done leaves another one for the next kind to look at.
    const rounds = this.#options.judged ? [asked] : asked.map((one) => [one]);
    return rounds.flatMap((kinds) => this.#consider(kinds, step, announce, turn));
  }

  #consider(asked: readonly Proposal[], step: number, announce: Announce, turn: Turn | undefined): Result<Proposed>[] {
    const { judged } = this.#options;
    if (asked.length === 0 || this.#recent.size === 0 || (judged && this.#probe.size === 0)) return [];
    const situation = this.#situation(step, turn);
    const proposed = asked.flatMap((proposal) => {
      const plan = proposal.propose(situation);
      return plan ? [{ proposal, plan: this.#complete(proposal, plan) }] : [];
    });
    if (proposed.length === 0) return [];
    const terms = this.#terms();
    const results = judged ? trial(proposed, terms) : proposed.map((one) => carryOut(one, terms));
    const evidence = signsAsEvidence(situation.signs);
    for (const result of results) {
      const { population, count, why } = result.proposed.plan;
      announce({
        ...{ type: "decided", step, cause: CYCLE, proposal: result.proposed.proposal.name },
        ...(population === undefined ? {} : { population }),
        ...(count === undefined ? {} : { count }),
        why: result.verdict === "" ? why : `${why}; ${result.verdict}`,
        evidence: { ...evidence, ...result.proposed.plan.evidence, ...result.evidence },
        outcome: result.outcome,
      });
      for (const event of result.events) announce(event);
      if (isKept(result) && result.proposed.proposal === proposalKinds.births) this.#watch?.settle?.();
    }
    return results;
  }

  #situation(step: number, turn: Turn | undefined): Situation {
    const [life, options] = [this.#life, this.#options];
    return {
      ...{ life, options, season: this.#season, recent: this.#recent, budget: this.#budget, turn, watch: this.#watch },
      ...(turn && options.judged ? { risen: riseOf(this.#probe.measure(life), turn.slow) } : {}),
      occasion: { step, cause: CYCLE },
      signs: vitalSigns(life, this.#recent.examples()),
      founders: new Map(Object.entries(this.#clock.founders)),
    };
  }

  #complete({ name }: Proposal, plan: Plan): Plan {
    if (!this.#options.resetOptimiser || (name !== "births" && name !== "deaths")) return plan;
    const apply = (announce: Announce) => {
      plan.apply(announce);
      beginOptimiserAnew(this.#life.network);
    };
    return { ...plan, apply };
  }

  #terms() {
    const { price, margin, certainty, dryRun } = this.#options;
    const [life, budget, { parameters }] = [this.#life, this.#budget, this.#clock];
    const measure = () => this.#probe.measure(life);
    return { life, budget, parameters, price, margin, certainty, dryRun, practice: this.#practice(), measure };
  }

  /** What was last learned, in pieces of the size in which it was. */
  #practice(): Examples[] {
    const { size } = this.#recent;
    const slots = Array.from({ length: size }, (_, i) => i);
    const { batch } = this.#clock;
    return Array.from({ length: Math.ceil(size / batch) }, (_, i) =>
      this.#recent.examples(slots.slice(i * batch, (i + 1) * batch)),
    );
  }

  save(): unknown {
    return {
      clock: structuredClone(this.#clock),
      season: this.#season.save(),
      probe: this.#probe.save(),
      recent: this.#recent.save(),
      watch: this.#watch?.save() ?? null,
      turnover: this.#turnover?.save() ?? null,
    };
  }

  load(state: unknown): void {
    const { clock, season, probe, recent, watch, turnover } = (state ?? {}) as Record<string, unknown>;
    const read = readClock(clock, this.#clock.parameters);
    this.#season.load(season);
    this.#probe.load(probe);
    this.#recent.load(recent);
    this.#watch?.load(watch);
    this.#turnover?.load(turnover, {});
    this.#clock = read;
  }
}

/** Throws SnapshotError for what it cannot have been. Older snapshots do not say how many parameters there were at birth. */
function readClock(state: unknown, parameters: number): Clock {
  const saved = (state ?? {}) as Record<string, unknown>;
  const clock: Record<string, unknown> = { ...saved, parameters: saved.parameters ?? parameters };
  const whole = (value: unknown) => Number.isSafeInteger(value);
  const numbers = (value: unknown, fits = whole) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(fits);
  const { turn, rest, founders } = clock;
  const counts = ["until", "interval", "age", "batch", "wait", "patience", "parameters"].every((name) =>
    whole(clock[name]),
  );
  if (!counts || !numbers(rest) || !numbers(founders) || (turn !== null && !numbers(turn, Number.isFinite)))
    throw new SnapshotError(
      `the snapshot's clock of ${CYCLE} is ${JSON.stringify(state)}: its counts are whole numbers, its turn null or what was measured`,
    );
  return structuredClone(clock) as unknown as Clock;
}
