/**
 * Dropin: artificial neurogenesis as a policy. Criteria say when (criteria/), a place where (where.ts), a way how newborns begin (ways/); beside it stands what becomes of the old
 * weights (old-weights.ts), and a budget. The words are those of Y. Li, M. Milling and B. Schuller (arXiv 2503.21419).
 */
import { SnapshotError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Decided, LifeEvent } from "../events.ts";
import {
  type Announce,
  comesRound,
  type Examples,
  type Life,
  type Moment,
  type PolicyAtWork,
  type StructuralPolicy,
} from "../policy.ts";
import { Familiarity } from "../renewal/familiarity.ts";
import { putBackStatistics } from "../stillness.ts";
import { sharesInUse } from "./criteria/activity.ts";
import type { Demand, Watch } from "./criteria/criterion.ts";
import { type DropinOptions, type Form, NAME, type Settings, settingsOf } from "./dropin-options.ts";
import { type GrowthOptions, growNeurons } from "./grow.ts";
import { costBeside, growBeside, growBetween, layerBetween } from "./layers.ts";
import { allowFreezing, allowMasks, calm, freezeOld, hasten, type Is, mask, unmask } from "./old-weights.ts";
import { mustSuit } from "./suiting.ts";
import type { Way } from "./ways/way.ts";
import { mustBeAPlace, type Placed, placed } from "./where.ts";

/**
 * Lets a network grow while it lives.
 *
 *     dropin({ when: "effective-dimension", how: "north", where: "all", neurons: 400 })                       // NORTH*
 *     dropin({ when: "new-class", where: "all", count: 24, old: "frozen" })                                  // room of its own for each task
 *     dropin({ when: [plateau({ patience: 500 })], how: tiny(), old: "masked", rate: 2 })
 *
 * It announces `born` and `decided`, the latter with what the criterion and the way have measured; in a dry run only `decided`, and nothing changes. Throws ValueError for an option
 * out of its range; when it is attached, ValueError or ShapeError where a population in which neurons may be born does not suit the way or the form.
 */
export function dropin(options: DropinOptions = {}): StructuralPolicy {
  const { settings, flat } = settingsOf(options);
  return { name: NAME, options: flat, attach: (life) => new Dropin(life, settings) };
}

class Dropin implements PolicyAtWork {
  readonly columns: NonNullable<PolicyAtWork["columns"]>;
  readonly #life: Life;
  readonly #options: Settings;
  readonly #watches: readonly Watch[];
  readonly #memory: ExampleMemory | undefined;
  readonly #familiarity: Familiarity | undefined;
  /** The update of the last growth, or of the last one that was refused; -1: there was none. */
  #last = -1;
  /** The updates of births whose newborns are young. */
  #young: number[] = [];
  /** The update until which the old is masked; 0: it is not. */
  #masked = 0;

  constructor(life: Life, options: Settings) {
    const { when, how, form, old, maturity, examples, where } = options;
    const { network } = life;
    mustBeAPlace(network, NAME, where);
    mustSuit(network, where, how, form);
    this.#life = life;
    this.#options = options;
    this.#watches = when.map((criterion) => criterion.watch(life));
    const looks = how.looks || where === "highest" || when.some((criterion) => criterion.looks);
    this.#memory = looks ? new ExampleMemory(network, NAME, { capacity: examples }) : undefined;
    this.#familiarity = where === "familiarity" ? new Familiarity(network) : undefined;
    this.columns = Object.fromEntries([
      ...Object.entries(this.#memory?.columns ?? {}),
      ...(this.#familiarity ? [["familiarity", this.#familiarity.columns] as const] : []),
      ...this.#watches.flatMap(({ columns = {} }, i) =>
        Object.entries(columns).map(([name, own]) => [`${when[i].name}.${name}`, own] as const),
      ),
    ]);
    network.protection.set(NAME, maturity);
    if (old === "masked") allowMasks(network);
    if (old === "frozen") allowFreezing(network);
  }

  after(moment: Moment): void {
    this.#memory?.show(moment.seen);
    this.#familiarity?.sense(moment.seen);
    for (const watch of this.#watches) watch.sense?.(moment);
    if (this.#options.old === "frozen") putBackStatistics(this.#life.network);
  }

  reflect(moment: Moment, announce: Announce): void {
    const { step, seen } = moment;
    for (const event of this.#comeOfAge(step)) announce(event);
    const { every, cooldown, where, how, dryRun } = this.#options;
    if (!comesRound(every, moment) || (this.#last >= 0 && step - this.#last < cooldown)) return;
    const examples = this.#memory?.examples();
    const demands = this.#watches.flatMap((watch) => watch.judge({ step, examples }));
    const { network } = this.#life;
    const before = network.nextId;
    const wanted = placed(network, demands, where, {
      familiarity: () => this.#familiarity!.familiarity,
      scores: () => sharesInUse(this.#life, examples!),
    });
    if (wanted.length === 0) return;
    this.#last = step;
    for (const one of wanted) this.#answer(one, step, announce, how.looks ? examples : undefined);
    if (!dryRun && network.nextId === before) return;
    for (const watch of this.#watches) watch.settle?.();
    if (!dryRun) for (const event of this.#hold(({ id }) => id >= before, step, seen)) announce(event);
  }

  /** Lets neurons be born, or says why not. */
  #answer({ population, demand }: Placed, step: number, announce: Announce, examples: Examples | undefined): void {
    const { how, form, dryRun } = this.#options;
    const count = this.#count(population, demand);
    const decide = (outcome: Decided["outcome"], born: number, why: string, more: Decided["evidence"] = {}) => {
      const proposal = form === "neurons" ? "birth" : `layer ${form}`;
      const evidence = { ...demand.evidence, ...more };
      const said = { proposal, population: population.name, count: born, why, evidence, outcome };
      announce({ type: "decided", step, cause: NAME, ...said });
    };
    if (count === 0) {
      const { parameters } = this.#life.network;
      return decide("refused", 0, `${demand.why}; the budget has no room for it`, { parameters });
    }
    if (dryRun) return decide("would try", count, demand.why);
    const options = { cause: NAME, examples };
    const { events, evidence } = grownAs[form](this.#life, population, count, how, options);
    for (const event of events) announce(event);
    const born = events.reduce((sum, event) => sum + (event.type === "born" ? event.neurons.length : 0), 0);
    if (born > 0) return decide("kept", born, demand.why, evidence);
    const found = Object.entries(evidence).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`);
    decide("refused", 0, `${demand.why}; by ${how.name} nobody is to be born (${found.join(", ")})`, evidence);
  }

  /** How many may be born of those that are asked for. */
  #count(population: Population, demand: Demand): number {
    const { network } = this.#life;
    const { count, share, neurons, parameters, how, form } = this.#options;
    const room = {
      neurons:
        neurons > 0 ? neurons - network.hidden.reduce((sum, { size }) => sum + size, 0) : Number.POSITIVE_INFINITY,
      parameters: parameters > 0 ? parameters - network.parameters : Number.POSITIVE_INFINITY,
    };
    if (form === "between") {
      const layer = layerBetween(network, population);
      return layer.size <= room.neurons && layer.parameters <= room.parameters ? layer.size : 0;
    }
    const cost = form === "beside" ? costBeside(network, population) : costOf(network, population);
    const most = Math.min(room.neurons, Math.floor(room.parameters / cost));
    const asked = count || demand.count || Math.ceil(share * population.size);
    const { multiple = 1 } = how;
    return Math.max(0, multiple * Math.min(Math.ceil(asked / multiple), Math.floor(most / multiple)));
  }

  /** What becomes of the old, and how fast the new learns. */
  #hold(isNew: Is, step: number, { outputs }: Examples): LifeEvent[] {
    const { old, rate, warmUp } = this.#options;
    const { network } = this.#life;
    const occasion = { step, cause: NAME };
    const events: LifeEvent[] = [];
    if (old === "masked") {
      events.push(...mask(network, isNew, occasion));
      this.#masked = step + warmUp;
    }
    if (old === "frozen") events.push(...freezeOld(network, isNew, occasion, everyOutput(outputs)));
    hasten(network, isNew, rate);
    if (rate !== 1) this.#young.push(step);
    network.changed();
    return events;
  }

  /** Whose time is over: masks, and the youth of newborns. */
  #comeOfAge(step: number): LifeEvent[] {
    const { network } = this.#life;
    const { maturity, rate } = this.#options;
    const unmasking = this.#masked > 0 && step >= this.#masked;
    const grownUp = this.#young.some((born) => step - born >= maturity);
    if (!unmasking && !grownUp) return [];
    const events = unmasking ? unmask(network, { step, cause: NAME }) : [];
    if (unmasking) this.#masked = 0;
    this.#young = this.#young.filter((born) => step - born < maturity);
    const young = new Set(this.#young);
    if (grownUp) calm(network, ({ cause, born }) => cause === NAME && young.has(born), rate);
    network.changed();
    return events;
  }

  save(): unknown {
    return {
      last: this.#last,
      young: this.#young,
      masked: this.#masked,
      remembered: this.#memory?.save() ?? 0,
      familiarity: this.#familiarity?.save() ?? null,
      criteria: this.#watches.map((watch) => watch.save()),
    };
  }

  load(state: unknown): void {
    const {
      last,
      young,
      masked,
      remembered,
      familiarity,
      criteria: watched,
    } = (state ?? {}) as Record<string, unknown>;
    const whole = (n: unknown, least: number) => Number.isSafeInteger(n) && (n as number) >= least;
    const listed = Array.isArray(young) && young.every((step) => whole(step, 0));
    if (
      !whole(last, -1) ||
      !listed ||
      !whole(masked, 0) ||
      !Array.isArray(watched) ||
      watched.length !== this.#watches.length
    )
      throw new SnapshotError(
        `the snapshot's state of ${NAME} is ${JSON.stringify(state)}: last and masked are updates, young a list of them, criteria ${this.#watches.length}`,
      );
    this.#memory?.load(remembered);
    this.#familiarity?.load(familiarity);
    for (const [i, watch] of this.#watches.entries()) watch.load(watched[i]);
    this.#last = last as number;
    this.#young = [...young];
    this.#masked = masked as number;
  }
}

interface Grown {
  readonly events: readonly LifeEvent[];
  readonly evidence: Readonly<Record<string, number>>;
}

const grownAs: Record<
  Form,
  (life: Life, population: Population, count: number, way: Way, options: GrowthOptions) => Grown
> = {
  neurons(life, population, count, way, options) {
    const { event, evidence } = growNeurons(life, population, count, way, options);
    return { events: event ? [event] : [], evidence };
  },
  beside: growBeside,
  between: (life, population, _count, _way, options) => growBetween(life, population, options),
};

/** Parameters that a newborn brings along, at most. */
function costOf(network: Network, population: Population): number {
  const own = population.parameters.length;
  const heard = network.incoming(population).reduce((sum, { fanIn }) => sum + fanIn, 0);
  const said = network.outgoing(population).reduce((sum, { columns, post }) => sum + columns.planes * post.size, 0);
  return own + heard + said;
}

/** All outputs that took part in any of the examples; undefined for all that there are. */
function everyOutput(outputs: Examples["outputs"]): readonly number[] | undefined {
  if (outputs === undefined || outputs.length === 0 || typeof outputs[0] === "number")
    return outputs as readonly number[] | undefined;
  const each = outputs as readonly (readonly number[] | undefined)[];
  return each.includes(undefined) ? undefined : [...new Set(each.flatMap((taking) => taking ?? []))];
}
