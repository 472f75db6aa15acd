/**
 * One set of synapses under a rule: a projection, or one trained column of a population (a single row, whose presynaptic
 * activity is 1). A site binds the rule's compiled programs to where weights, state, activities and signals lie.
 */
import { type Key, threefry } from "../compute/random.ts";
import type { Columns } from "../network/columns.ts";
import { GridCall, type Place } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { GridProgram } from "../rules/grid.ts";
import { MASK, type Plan } from "../rules/plan.ts";
import { gated, PLASTICITY } from "../rules/plasticity.ts";
import { SitePrelude } from "./site-prelude.ts";

/** The first pass over all synapses of a network, where a rule has one, and the pass that changes weights. */
export type Pass = "survey" | "update";

type Calls = Readonly<Record<Pass, GridCall | undefined>>;
type Forms = Readonly<Record<"calls" | "batchCalls", Calls>>;

/** What sites share: summed signals of a batch, maxima by row, and the presynaptic side of a bias (activity, age). */
export interface SharedPlaces {
  readonly sum: number;
  readonly rowMaxima: number;
  readonly one: number;
}

export class Site {
  readonly projection: Projection | undefined;
  readonly population: Population;
  readonly columns: Columns;
  /** "w", or the name of the population's column. */
  readonly weight: string;
  /** Only rows of active neurons are visited. Not where a rule reads the one age of a neuron with several rows. */
  readonly skipsSilence: boolean;
  calls!: Calls;
  /** For a batch, where the rule reads a gradient and no activities. */
  batchCalls!: Calls;
  readonly prelude: SitePrelude | undefined;
  readonly #plan: Plan;
  readonly #batchPlan: Plan;
  /** As the rule says, and gated by each synapse's plasticity. */
  readonly #forms: { plain?: Forms; gated?: Forms } = {};
  readonly #network: Network;
  readonly #noise: Key;
  /** Where the programs that are run now read the step, as many do to settle state now and then, even where the rule does not. */
  #steps: readonly number[] = [];
  readonly #word = new Uint32Array(2);

  /** Adds the state that the plan needs to the columns. */
  constructor(network: Network, plan: Plan, batchPlan: Plan, owner: Projection | Population, weight: string) {
    this.#plan = plan;
    this.#batchPlan = batchPlan;
    this.#network = network;
    this.projection = "post" in owner ? owner : undefined;
    this.population = "post" in owner ? owner.post : owner;
    this.columns = owner.columns;
    this.weight = weight;
    for (const [state, initial] of Object.entries(plan.states)) {
      this.columns.add(this.#stateName(state), initial === "w" ? weight : initial);
    }
    this.#takeForm();
    if (plan.prelude.lanes || plan.prelude.rows) {
      this.prelude = new SitePrelude(network.compute, plan.prelude, this.projection, this.population);
    }
    const severalRows = (this.projection?.columns.planes ?? 1) > 1;
    this.skipsSilence = plan.silenceFree && !(severalRows && this.#all.some((program) => program.has("preAge")));
    this.#noise = network.keyOf("noise", owner.name, weight);
  }

  /** Whether what is learned acts at many positions. */
  get shared(): boolean {
    return this.projection?.shared ?? this.population.spatial;
  }

  /** Where the learning signal lies, example by example. */
  get signal(): number {
    if (this.weight === "gain") return this.population.norm!.gainSignal;
    if (this.weight === "shift") return this.population.norm!.shiftSignal;
    return this.population.signal;
  }

  /** Whether what is visited has plasticities other than 1. */
  get #isGated(): boolean {
    if (!this.columns.has(this.#stateName(PLASTICITY))) return false;
    const { fullyPlastic, blocks } = this.projection ?? {};
    // A survey looks at all places, also where there are blocks.
    return !fullyPlastic && !(blocks?.fullyPlastic && this.#plan.survey === undefined);
  }

  /** Gated programs where there are plasticities to heed; each form is compiled when it is first needed. */
  #takeForm(): void {
    const form = this.#isGated ? "gated" : "plain";
    const forms = this.#forms[form] ?? this.#compile(form === "gated" ? gated : (program) => program);
    this.#forms[form] = forms;
    ({ calls: this.calls, batchCalls: this.batchCalls } = forms);
  }

  #compile(as: (program: GridProgram) => GridProgram): Forms {
    const network = this.#network;
    const call = (program: Plan["survey"]) =>
      program && new GridCall(network.compute, as(program), () => network.noisePool);
    const all = ({ survey, update }: Plan): Calls => ({ survey: call(survey), update: call(update) });
    const batched = this.projection && !this.#plan.readsActivity;
    return {
      calls: all(this.#plan),
      batchCalls: batched ? all(this.#batchPlan) : { survey: undefined, update: undefined },
    };
  }

  /** Points every program at columns and buffers as they are now. */
  bind({ sum, rowMaxima, one }: SharedPlaces, batched: boolean, hyper: Readonly<Record<string, number>>): void {
    this.#takeForm();
    const { projection, population, columns, weight } = this;
    const { stride } = columns;
    const summed = !projection && (batched || this.shared) && !this.#plan.readsActivity;
    const places: Record<string, Place> = {
      w: { pointer: columns.pointer(weight), stride },
      pre: { pointer: projection ? projection.pre.out : one },
      post: { pointer: population.out },
      signal: { pointer: summed ? sum : this.signal },
    };
    for (const state of Object.keys(this.#plan.states)) {
      places[state] = { pointer: columns.pointer(this.#stateName(state)), stride };
    }
    const plasticity = this.#stateName(PLASTICITY);
    if (columns.has(plasticity)) places[PLASTICITY] = { pointer: columns.pointer(plasticity), stride };
    const mask = projection?.post.silencing?.work.maskOf?.(projection);
    if (mask) places[MASK] = { pointer: mask, stride };
    for (const name of Object.keys(this.#plan.over)) places[name] = { pointer: rowMaxima };
    if (population.columns.has("age")) places.age = { pointer: population.columns.pointer("age") };
    if (!projection) places.preAge = { pointer: one + 4 };
    else if (projection.pre.columns.has("age")) places.preAge = { pointer: projection.pre.columns.pointer("age") };
    const uniforms = { fanIn: this.#fanIn, modulator: 1, significance: 1, gradientScale: 1, ...hyper };
    Object.assign(places, this.prelude?.bind(places, uniforms));
    for (const call of this.#all) {
      call.point(places).lanes(population.size);
      for (const [name, value] of Object.entries(uniforms)) call.set(name, value);
    }
    const steps = this.#all.map((call) => call.uniform("step")).filter((at) => at > 0);
    this.#steps = [...steps, ...(this.prelude?.steps ?? [])];
    const list = projection && this.skipsSilence ? projection.pre.list.index : 0;
    for (const call of [this.calls.survey, this.calls.update]) call?.rows(list);
    for (const { update } of [this.calls, this.batchCalls]) update?.within(projection?.blocks);
  }

  /** Lanes of a row that an update visits, on average. */
  get lanes(): number {
    return this.projection?.blocks?.lanes ?? this.population.size;
  }

  /** Sets a uniform in every program that reads it. */
  set(name: string, value: number): void {
    this.prelude?.set(name, value);
    for (const call of this.#all) call.set(name, value);
  }

  /** Update `step` begins. */
  begin(step: number): void {
    const { f32 } = this.#network.compute.arena;
    for (const at of this.#steps) f32[at] = step;
  }

  /**
   * Makes a call ready for update `step`: this step's draws, and what is computed once a neuron. `row` is the example
   * of a batch whose examples learn in turn; each has draws of its own.
   */
  prepare(call: GridCall, step: number, row = 0): void {
    this.prelude?.run(row);
    if (!this.#plan.usesNoise) return;
    const word = this.#word;
    threefry(this.#noise.k0, this.#noise.k1, step >>> 0, (step / 2 ** 32) >>> 0, word);
    if (row > 0) threefry(word[0], word[1], row, 0, word);
    call.noiseKey(word[0], word[1]);
  }

  /** The live rows, of those in [from, to), plane by plane. All planes of a neuron are of its age. */
  eachPlane(call: GridCall, visit: (from: number, to: number) => void, from = 0, to = this.columns.extent): void {
    const { planes, rowCapacity } = this.columns;
    if (planes === 1) return visit(from, Math.min(to, this.columns.rows));
    const age = this.projection && call.has("preAge") ? this.projection.pre.columns.pointer("age") : 0;
    for (const [first, end] of this.columns.live(from, to)) {
      if (age) call.point({ preAge: { pointer: age - (first - (first % rowCapacity)) * 4 } });
      visit(first, end);
    }
  }

  get #all(): GridCall[] {
    return [...Object.values(this.calls), ...Object.values(this.batchCalls)].filter((call) => call !== undefined);
  }

  /** Inputs of one postsynaptic neuron here: a gain has one, its neuron's normalised input. */
  get #fanIn(): number {
    if (this.projection) return this.projection.fanIn;
    if (this.weight === "gain") return 1;
    const incoming = this.#network.incoming(this.population);
    return Math.max(
      1,
      incoming.reduce((sum, { fanIn }) => sum + fanIn, 0),
    );
  }

  /** The column of a rule's state: "m" of synapses, "bias.m" of biases. */
  #stateName(state: string): string {
    return this.weight === "w" ? state : `${this.weight}.${state}`;
  }
}
