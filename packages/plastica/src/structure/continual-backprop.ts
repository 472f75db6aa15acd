/**
 * Continual backprop: in each step a small share of the mature neurons, those of least utility, is replaced by newborns
 * (Dohare et al., Nature 632:768-774, 2024; arXiv 2306.13812). For each hidden neuron, after each update:
 *
 *   h^ <- decay h^ + (1 - decay) h          u <- decay u + (1 - decay) utility(h, w)         (see utility.ts)
 *   both corrected for their start: h^ / (1 - decay^age), u / (1 - decay^age)
 *
 * Of the neurons older than `maturity`, `replacementRate` a step are replaced, fractions adding up. A dying neuron's mean
 * contribution is given to the biases it fed: b_post += w_out h^. (The authors' code means to and adds zeros: it clears h^
 * first. Here it is added.) A newborn's outgoing weights are zero, its incoming ones fresh, all state of both is new.
 *
 * Where we differ: with `accumulate: false` the fraction is drawn for at any rate, not only below one neuron a step. The means of |w| are refreshed in rotation, each neuron's once in `refresh` steps, since they change
 * slowly and reading all weights in each step would cost more than learning does; `refresh: 1` is as published.
 */
import { bernoulli, derive, type Key, uniform } from "../compute/random.ts";
import { SnapshotError, ValueError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Announce, Moment, PolicyAtWork, StructuralPolicy } from "./policy.ts";
import { replace } from "./structure.ts";
import { Usefulness } from "./usefulness.ts";
import { type UtilityName, utilities } from "./utility.ts";

export interface ContinualBackpropOptions {
  /** Share of the mature neurons of a layer that is replaced in a step, 0 to 1. Default 1e-4. */
  replacementRate?: number;
  /** Updates for which a newborn is safe, below 2^24. Default 100. */
  maturity?: number;
  /** Of the running means, 0 to 1 without 1. Default 0.99. */
  decay?: number;
  /** Default "adaptable-contribution". */
  utility?: UtilityName;
  /** Whether fractions of a neuron add up from step to step (true, default), or are drawn for in each (false). */
  accumulate?: boolean;
  /** Steps in which every neuron's mean |w| is measured anew at least once, 1 or more. Default 40. */
  refresh?: number;
}

const CAUSE = "continual-backprop";

/** Throws ValueError for an option out of its range. */
export function continualBackprop(options: ContinualBackpropOptions = {}): StructuralPolicy {
  const {
    replacementRate = 1e-4,
    maturity = 100,
    decay = 0.99,
    utility = "adaptable-contribution",
    accumulate = true,
    refresh = 40,
  } = options;
  const check = (name: string, value: unknown, fits: boolean, right: string) => {
    const shown = typeof value === "number" ? value : JSON.stringify(value);
    if (!fits) throw new ValueError(`continualBackprop: ${name} is ${shown}: ${right}`);
  };
  check("replacementRate", replacementRate, replacementRate >= 0 && replacementRate <= 1, "a share from 0 to 1");
  // Ages are float32, in which 2^24 + 1 is 2^24.
  const whole = Number.isInteger(maturity) && maturity >= 0 && maturity < 2 ** 24;
  check("maturity", maturity, whole, "a whole number of updates from 0, below 2^24");
  check("decay", decay, decay >= 0 && decay < 1, "from 0 to 1, without 1");
  check("refresh", refresh, Number.isInteger(refresh) && refresh >= 1, "a whole number of steps from 1");
  check("accumulate", accumulate, typeof accumulate === "boolean", "true or false");
  check("utility", utility, Object.hasOwn(utilities, utility), `one of ${Object.keys(utilities).join(", ")}`);
  const all = { replacementRate, maturity, decay, utility, accumulate, refresh };
  return { name: CAUSE, options: all, attach: ({ network }) => new ContinualBackprop(network, all) };
}

/** One hidden population under the policy. */
interface Ward {
  readonly population: Population;
  readonly usefulness: Usefulness;
  readonly key: Key;
  /** Neurons due for replacement, fractions included. */
  due: number;
  /** Neurons older than `maturity`: how many, until which step that holds, and since which births and changes. */
  mature: number;
  recount: number;
  nextId: number;
  layout: number;
}

/** Who is to be replaced, the least useful first, and the utility of each. */
interface Choice {
  readonly slots: readonly number[];
  readonly utility: readonly number[];
}

class ContinualBackprop implements PolicyAtWork {
  readonly #network: Network;
  readonly #options: Required<ContinualBackpropOptions>;
  #wards: Ward[] = [];

  constructor(network: Network, options: Required<ContinualBackpropOptions>) {
    this.#network = network;
    this.#options = options;
    this.#settle();
    network.onRecomposed(() => this.#settle());
  }

  /** A ward for each hidden population. Those whose synapses come and go as before keep what is known of them. */
  #settle(): void {
    const network = this.#network;
    this.#wards = network.hidden.map((population) => {
      const known = this.#wards.find((ward) => ward.population === population);
      return {
        key: network.keyOf(CAUSE, population.name),
        due: 0,
        mature: 0,
        recount: 0,
        layout: -1,
        ...known,
        population,
        usefulness: known?.usefulness.fits() ? known.usefulness : new Usefulness(network, population, this.#options),
        nextId: -1,
      };
    });
  }

  after({ step, examples }: Moment, announce: Announce): void {
    // All are judged before any is replaced: a death in one population changes the weights by which its neighbours are judged.
    const chosen: { ward: Ward; choice: Choice }[] = [];
    for (const ward of this.#wards) {
      ward.usefulness.update(examples);
      const number = this.#number(ward, step);
      if (number > 0) chosen.push({ ward, choice: this.#choose(ward, number, step) });
    }
    for (const { ward, choice } of chosen) {
      // Somebody else may have made all of them young again.
      if (choice.slots.length === 0) continue;
      for (const slot of choice.slots) ward.usefulness.bequeath(slot);
      const occasion = { step, cause: CAUSE };
      for (const event of replace(this.#network, ward.population, choice.slots, occasion, choice.utility))
        announce(event);
    }
  }

  /** How many to replace now. */
  #number(ward: Ward, step: number): number {
    const { nextId, layout } = this.#network;
    if (step >= ward.recount || nextId !== ward.nextId || layout !== ward.layout) {
      Object.assign(ward, { nextId, layout, ...this.#count(ward.population, step) });
    }
    const share = this.#options.replacementRate * ward.mature;
    if (!this.#options.accumulate) {
      const fraction = share - Math.floor(share);
      return Math.floor(share) + (bernoulli(derive(ward.key, "number"), step, fraction) ? 1 : 0);
    }
    ward.due += share;
    const number = Math.floor(ward.due);
    ward.due -= number;
    return number;
  }

  /** Counts who is mature, and says when the next one will be. */
  #count(population: Population, step: number): { mature: number; recount: number } {
    const { maturity } = this.#options;
    const ages = population.columns.view("age");
    let [mature, oldest] = [0, -1];
    let safe = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < population.size; slot++) {
      const neuron = population.neurons[slot];
      if (this.#network.isProtected(neuron, step))
        safe = Math.min(safe, neuron.born + this.#network.protection.get(neuron.cause)!);
      else if (ages[slot] > maturity) mature++;
      else oldest = Math.max(oldest, ages[slot]);
    }
    return { mature, recount: oldest < 0 ? safe : Math.min(safe, step + maturity - oldest + 1) };
  }

  /** The `number` mature neurons of least utility; of equals, those in the first slots. */
  #choose({ population, usefulness, key }: Ward, number: number, step: number): Choice {
    const lots = derive(key, "lots", step);
    const value = this.#options.utility === "random" ? (slot: number) => uniform(lots, slot) : usefulness.of();
    const ages = population.columns.view("age");
    const [slots, utility]: [number[], number[]] = [[], []];
    for (let slot = 0; slot < population.size; slot++) {
      if (ages[slot] <= this.#options.maturity || this.#network.isProtected(population.neurons[slot], step)) continue;
      const worth = value(slot);
      let place = slots.length;
      while (place > 0 && worth < utility[place - 1]) place--;
      if (place === number) continue;
      slots.splice(place, 0, slot);
      utility.splice(place, 0, worth);
      if (slots.length > number) {
        slots.pop();
        utility.pop();
      }
    }
    return { slots, utility };
  }

  save(): unknown {
    return this.#wards.map(({ population, due, usefulness }) => ({
      population: population.name,
      due,
      ...usefulness.save(),
    }));
  }

  load(state: unknown): void {
    const saved = Array.isArray(state) ? (state as unknown[]) : [];
    if (saved.length !== this.#wards.length) {
      throw new SnapshotError(
        `the snapshot's state of ${CAUSE} is of ${saved.length} populations: ${this.#wards.length} are right`,
      );
    }
    const checked = this.#wards.map(({ population }, i) => {
      const { population: name, due, cursor, owed } = (saved[i] ?? {}) as Record<string, unknown>;
      if (name !== population.name || !isFraction(due) || !isFraction(owed) || !isVector(cursor)) {
        throw new SnapshotError(
          `the snapshot's state of ${CAUSE} for ${population.name} is ${JSON.stringify(saved[i])}: it has the population's name, due and owed from 0 to 1, and a cursor that is a multiple of 4`,
        );
      }
      return { due, owed, cursor };
    });
    for (const [i, ward] of this.#wards.entries()) {
      ward.due = checked[i].due;
      ward.nextId = -1;
      ward.usefulness.load(checked[i]);
    }
  }
}

function isFraction(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < 1;
}

function isVector(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) % 4 === 0;
}
