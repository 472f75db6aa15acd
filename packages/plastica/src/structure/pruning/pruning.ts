/**
 * Pruning: apoptosis as a policy. A score says what would be missed least, a granularity in what pieces, a schedule when and how much.
 * A pruned synapse is absent (../synapses.ts); a neuron that is pruned leaves the arrays.
 */
import { exponential, ln } from "../../compute/elementary.ts";
import { SnapshotError, ValueError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import { type Announce, hasCome, type Life, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";
import { learnBySynapse, places } from "../synapses.ts";
import type { Culling, Scope } from "./culling.ts";
import { Gauge } from "./gauge.ts";
import { pruneLayers } from "./layer-death.ts";
import { pruneNeurons } from "./neuron-death.ts";
import { dropOrphans } from "./orphans.ts";
import { Rewinding } from "./rewinding.ts";
import { type ScheduleName, schedules } from "./schedules/index.ts";
import type { Schedule } from "./schedules/schedule.ts";
import { type ScoreName, scores } from "./scores/index.ts";
import type { Score } from "./scores/score.ts";
import { pruneBlocks, pruneSynapses } from "./synapse-death.ts";

export interface PruningOptions {
  /**
   * What is missed least: "magnitude" (default), "activity", "taylor", "utility", "snip", "synaptic-flow", "fisher", "movement" or
   * "group-norm"; or a score of your own, with a name that no other has.
   */
  readonly score?: ScoreName | Score;
  /** "batch" (default): judged by the examples last learned from, when it is time. "running": by means over the stream. */
  readonly from?: "batch" | "running";
  /** Of running means: what is kept at each update, in [0, 1). Default 0.99. */
  readonly decay?: number;
  /** In what pieces it goes: "synapse" (default), "block" (of lanes), "neuron" or "layer". */
  readonly granularity?: Granularity;
  /** Postsynaptic neurons of a block: a multiple of 4. Default 16. */
  readonly lanes?: number;
  /** "gradual" (default), "one-shot", "iterative" or "dynamic" (synapses only). */
  readonly schedule?: ScheduleName;
  /** Share that is gone at the end, in (0, 1): of the synapses, blocks, hidden neurons or layers that there were. Default 0.9. */
  readonly target?: number;
  /** First and last update at which something goes: whole numbers from 1. Defaults 1000, 10000. */
  readonly start?: number;
  readonly end?: number;
  /** Updates from one time to the next, from 1. Default 100. */
  readonly every?: number;
  /** Whether scores are compared over the whole network ("global", default) or within each projection or population ("layer"). */
  readonly scope?: Scope;
  /** In how many rounds each time's share goes, with scores taken anew in each; from 1. Default 1; SynFlow's authors take 100, at once. */
  readonly rounds?: number;
  /** Examples remembered, of which scores, gradients and means are taken: from 1. Default 256. */
  readonly examples?: number;
  /** Iterative only: the update whose weights survivors go back to each time, 0 for the first ones. -1 (default): they do not. */
  readonly rewindTo?: number;
  /** Whether neurons die that are left without incoming, or without outgoing, synapses: when none can come back any more. Default true. */
  readonly orphans?: boolean;
  /** Neurons younger than so many updates are safe: from 0. Default 0. */
  readonly maturity?: number;
}

const granularities = ["synapse", "block", "neuron", "layer"] as const;
export type Granularity = (typeof granularities)[number];

const OWNER = "pruning";

/**
 * Prunes a network while it learns. What goes is announced as `rewired` (synapses), `died` (neurons) or `layer-died`, rewinding as `treated`.
 *
 *     pruning({ target: 0.97, start: 1000, end: 18000 })                                   // Zhu and Gupta, by magnitude
 *     pruning({ score: "synaptic-flow", schedule: "one-shot", start: 1, rounds: 100 })     // SynFlow, before anything is learned
 *     pruning({ granularity: "neuron", score: "taylor", from: "running", target: 0.5 })
 *
 * Throws ValueError for an option out of its range.
 */
export function pruning(options: PruningOptions = {}): StructuralPolicy {
  const all: Required<PruningOptions> = {
    score: "magnitude",
    from: "batch",
    decay: 0.99,
    granularity: "synapse",
    lanes: 16,
    schedule: "gradual",
    target: 0.9,
    start: 1000,
    end: 10_000,
    every: 100,
    scope: "global",
    rounds: 1,
    examples: 256,
    rewindTo: -1,
    orphans: true,
    maturity: 0,
    ...options,
  };
  check(all);
  const { score } = all;
  const named = typeof score === "string" ? score : score.name;
  return { name: OWNER, options: { ...all, score: named }, attach: (life) => new Pruning(life, all) };
}

class Pruning implements PolicyAtWork {
  readonly columns: PolicyAtWork["columns"];
  readonly #life: Life;
  readonly #options: Required<PruningOptions>;
  readonly #schedule: Schedule;
  readonly #gauge: Gauge;
  readonly #memory: ExampleMemory;
  /** Whether examples are needed for anything. */
  readonly #remembers: boolean;
  readonly #rewinding: Rewinding | undefined;
  /** What there was when the life began, by name: neurons of hidden populations, and places of synapses. */
  #neurons: ReadonlyMap<string, number>;
  #places: ReadonlyMap<string, number>;

  constructor(life: Life, options: Required<PruningOptions>) {
    const { score, from, decay, schedule, granularity, examples, rewindTo } = options;
    const { network } = life;
    this.#life = life;
    this.#options = options;
    this.#schedule = schedules[schedule];
    this.#gauge = new Gauge(life, typeof score === "string" ? scores[score] : score, { from, decay, owner: OWNER });
    this.#memory = new ExampleMemory(network, OWNER, { capacity: examples });
    this.#remembers = this.#gauge.looks || granularity === "neuron" || this.#schedule.exchanged !== undefined;
    this.columns = this.#remembers ? this.#memory.columns : {};
    if (granularity === "synapse" || granularity === "block") learnBySynapse(network);
    if (rewindTo >= 0) this.#rewinding = new Rewinding(network, OWNER);
    this.#neurons = new Map(network.hidden.map(({ name, size }) => [name, size]));
    this.#places = new Map(network.projections.map((projection) => [projection.name, places(projection)]));
  }

  after({ step, since = step - 1, examples, seen }: Moment): void {
    this.#gauge.after(examples);
    const { schedule, start, end } = this.#options;
    if (this.#remembers && since < (schedule === "one-shot" ? start : end)) this.#memory.show(seen);
  }

  reflect(moment: Moment, announce: Announce): void {
    const { step } = moment;
    if (hasCome(this.#options.rewindTo, moment)) this.#rewinding!.remember();
    if (!this.#schedule.due(moment, this.#options)) return;
    this.#prune(step, announce);
    const { granularity, orphans, end } = this.#options;
    const bySynapse = granularity === "synapse" || granularity === "block";
    const forGood = this.#schedule.exchanged === undefined || step >= end;
    if (bySynapse && orphans && forGood) dropOrphans(this.#life.network, announce, { step, cause: OWNER });
    if (!this.#rewinding) return;
    this.#rewinding.rewind();
    announce({ type: "treated", step, cause: OWNER, treatment: "rewound" });
  }

  #prune(step: number, announce: Announce): void {
    const { granularity, lanes, scope, rounds, maturity } = this.#options;
    const [life, gauge, memory] = [this.#life, this.#gauge, this.#memory];
    const culling: Culling = { life, gauge, memory, scope, announce, occasion: { step, cause: OWNER } };
    const share = this.#schedule.share(step, this.#options);
    const exchanged = this.#schedule.exchanged?.(step, this.#options) ?? 0;
    for (let round = 1; round <= rounds; round++) {
      if (gauge.looks) gauge.look(memory);
      // Each round takes the same share of what is left.
      const part = round === rounds ? share : 1 - exponential((ln(1 - share) * round) / rounds);
      if (granularity === "neuron") pruneNeurons({ ...culling, founders: this.#neurons, maturity }, part);
      else if (granularity === "layer") pruneLayers(culling, this.#neurons.size, part);
      else if (granularity === "block") pruneBlocks({ ...culling, founders: this.#places }, part, lanes);
      else pruneSynapses({ ...culling, founders: this.#places }, part, round === rounds ? exchanged : 0);
    }
  }

  save(): unknown {
    const remembered = this.#remembers ? this.#memory.save() : 0;
    return { remembered, neurons: Object.fromEntries(this.#neurons), places: Object.fromEntries(this.#places) };
  }

  load(state: unknown): void {
    // Older snapshots say what is remembered, and not what there was: then it is as much as here.
    const known = typeof state === "number" ? { ...(this.save() as object), remembered: state } : state;
    const { remembered, neurons, places } = (known ?? {}) as Record<string, unknown>;
    const [ofNeurons, ofPlaces] = [countsIn(neurons), countsIn(places)];
    this.#memory.load(remembered);
    [this.#neurons, this.#places] = [ofNeurons, ofPlaces];
  }
}

/** Throws SnapshotError for what it cannot have been. */
function countsIn(saved: unknown): ReadonlyMap<string, number> {
  const counts = Object.entries(saved ?? {});
  if (typeof saved !== "object" || counts.some(([, count]) => !Number.isSafeInteger(count)))
    throw new SnapshotError(
      `the snapshot's state of ${OWNER} says that there was ${JSON.stringify(saved)}: whole numbers, by name`,
    );
  return new Map(counts);
}

function check(options: Required<PruningOptions>): void {
  const { target, start, end, every, rounds, examples, rewindTo, maturity, decay, granularity, schedule } = options;
  const must = (name: keyof PruningOptions, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`pruning: ${name} is ${JSON.stringify(options[name])}: ${right}`);
  };
  const one = (name: "from" | "granularity" | "schedule" | "scope", names: readonly string[]) =>
    must(name, names.includes(options[name]), `one of ${names.join(", ")}`);
  const whole = (n: number, least: number) => Number.isSafeInteger(n) && n >= least;
  const { score } = options;
  if (typeof score === "string")
    must("score", Object.hasOwn(scores, score), `one of ${Object.keys(scores).join(", ")}`);
  else must("score", !Object.hasOwn(scores, score.name), `${score.name} is the name of a score that there is`);
  one("from", ["batch", "running"]);
  must("from", score !== "movement" || options.from === "running", "movement is summed over the stream: running");
  one("granularity", granularities);
  one("schedule", Object.keys(schedules));
  one("scope", ["global", "layer"]);
  must("decay", decay >= 0 && decay < 1, "from 0 to 1, without 1");
  must("target", target > 0 && target < 1, "a share between 0 and 1");
  must("start", whole(start, 1), "an update, a whole number from 1");
  must("end", schedule === "one-shot" || whole(end, start), `an update from ${start}, its start`);
  must("every", whole(every, 1), "a whole number of updates from 1");
  must("rounds", whole(rounds, 1), "a whole number from 1");
  must("examples", whole(examples, 1), "a whole number from 1");
  must("lanes", whole(options.lanes, 4) && options.lanes % 4 === 0, "a multiple of 4");
  must("orphans", typeof options.orphans === "boolean", "true or false");
  must("maturity", whole(maturity, 0), "a whole number of updates from 0");
  const { rewinds = false }: Schedule = schedules[schedule];
  must(
    "rewindTo",
    rewindTo === -1 || (rewinds && whole(rewindTo, 0) && rewindTo < start),
    "an update from 0, before start, where the schedule is iterative; else -1",
  );
  must(
    "schedule",
    schedule !== "dynamic" || granularity === "synapse",
    `${granularity}s do not come back: dynamic is for synapses`,
  );
}
