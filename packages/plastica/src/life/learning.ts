/**
 * Learning: a rule, with its terms, at work on every synapse of a network. It binds the rule's compiled programs to the
 * columns of projections and populations, and runs them as credit assignment says that signals are there.
 *
 * One example: the gradient pre * signal is formed in registers, and where the rule leaves silent rows unchanged, only the
 * rows of active neurons are visited. A batch: the gradient is gathered a block of rows at a time, so that it never takes
 * the memory of a second network; a rule that reads activities itself is applied to the examples one after the other.
 */
import { type Key, threefry } from "../compute/random.ts";
import type { Learning } from "../credit/credit.ts";
import type { Columns } from "../network/columns.ts";
import { GridCall, type Place } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import { type Plan, plan } from "../rules/plan.ts";
import type { Rule } from "../rules/rule.ts";
import type { Term } from "../rules/term.ts";
import { GradientNorm } from "./gradient-norm.ts";
import { SitePrelude } from "./site-prelude.ts";

/** Bytes of a block of gradients, and of rows that go back and learn while they are in cache. */
const BLOCK = 1 << 19;
const IN_CACHE = 1 << 18;

/** Programs bound to one set of synapses: a projection, or one trained column of a population (a single row). */
interface Site {
  readonly projection: Projection | undefined;
  readonly population: Population;
  readonly columns: Columns;
  /** "w", or the parameter's name. */
  readonly weight: string;
  readonly update: GridCall;
  readonly survey: GridCall | undefined;
  readonly batchUpdate: GridCall | undefined;
  readonly batchSurvey: GridCall | undefined;
  readonly prelude: SitePrelude | undefined;
  readonly noise: Key;
}

export class SynapticLearning implements Learning {
  readonly plan: Plan;
  readonly hyper: Record<string, number>;
  readonly #network: Network;
  readonly #batchPlan: Plan;
  readonly #sites = new Map<Projection | Population, Site[]>();
  readonly #norm: GradientNorm | undefined;
  /** Everything waits until all signals are known: a survey or a norm comes first. */
  readonly #waits: boolean;
  readonly #maxima: Record<string, number> = {};
  readonly #word = new Uint32Array(2);
  #layout = -1;
  #batched = false;
  #examples = 1;
  #step = 0;
  /** Many programs read the step, to settle state now and then, even where the rule does not. */
  #readsStep = false;
  /** The presynaptic side of a bias: an activity of 1, and the step for an age, which is never the younger one. */
  readonly #one: number;
  /** Summed signals of a batch, gradient blocks, and maxima by row. */
  #sum = 0;
  #block = 0;
  #rowMaxima = 0;
  #ones = { rowStart: 0, index: 0, value: 0, examples: 0 };

  constructor(network: Network, rule: Rule, terms: readonly Term[]) {
    this.#network = network;
    this.plan = plan(rule, terms, "example");
    this.#batchPlan = plan(rule, terms, "batch");
    this.hyper = { ...this.plan.hyper };
    this.#waits = this.plan.survey !== undefined || this.plan.needsGradientNorm;
    const { arena } = network.compute;
    this.#one = arena.allocate(64);
    arena.f32[this.#one >>> 2] = 1;
    for (const projection of network.projections)
      this.#add(projection, projection, projection.post, projection.columns, "w");
    for (const population of network.populations) {
      for (const name of population.parameters) this.#add(population, undefined, population, population.columns, name);
    }
    if (this.plan.reads.has("age") || this.plan.reads.has("preAge")) {
      for (const population of network.populations) population.columns.add("age", 0);
    }
    if (this.plan.needsGradientNorm) this.#norm = new GradientNorm(network);
  }

  #add(
    owner: Projection | Population,
    projection: Projection | undefined,
    population: Population,
    columns: Columns,
    weight: string,
  ): void {
    const { compute } = this.#network;
    const call = (program: Plan["survey"]) => program && new GridCall(compute, program);
    for (const [state, initial] of Object.entries(this.plan.states))
      columns.add(stateName(weight, state), initial === "w" ? weight : initial);
    const batched = projection && !this.plan.readsActivity;
    const site: Site = {
      projection,
      population,
      columns,
      weight,
      update: new GridCall(compute, this.plan.update),
      survey: call(this.plan.survey),
      batchUpdate: batched ? call(this.#batchPlan.update) : undefined,
      batchSurvey: batched ? call(this.#batchPlan.survey) : undefined,
      prelude:
        this.plan.prelude.lanes || this.plan.prelude.rows
          ? new SitePrelude(compute, this.plan.prelude, projection?.pre, population)
          : undefined,
      noise: this.#network.keyOf("noise", projection?.name ?? population.name, weight),
    };
    this.#readsStep ||= calls(site).some((program) => program.has("step"));
    const sites = this.#sites.get(owner);
    if (sites) sites.push(site);
    else this.#sites.set(owner, [site]);
  }

  /** A step of `examples` examples begins; `step` counts from 1. */
  begin(examples: number, step: number): void {
    this.#examples = examples;
    this.#step = step;
    this.#network.compute.arena.f32[(this.#one >>> 2) + 1] = step;
    if (examples > 1) {
      this.#reserve(examples);
      if (!this.plan.readsActivity || this.#norm)
        for (const { pre } of this.#network.projections) pre.transposeList(examples);
    }
    const batched = examples > 1;
    if (this.#layout !== this.#network.layout || this.#batched !== batched) {
      this.#batched = batched;
      this.#bind();
    }
  }

  neurons(population: Population): void {
    if (!this.#waits) for (const site of this.#sites.get(population) ?? []) this.#learn(site, "update");
  }

  synapses(projection: Projection): void {
    if (!this.#waits) for (const site of this.#sites.get(projection) ?? []) this.#learn(site, "update");
  }

  groupOf(projection: Projection): number {
    const [site] = this.#sites.get(projection) ?? [];
    if (this.#waits || !site || !this.#skipsSilence(site)) return 0;
    const rowBytes = projection.columns.stride * (1 + Object.keys(this.plan.states).length);
    return Math.max(8, Math.floor(IN_CACHE / rowBytes / 8) * 8);
  }

  entries(projection: Projection, from: number, to: number): void {
    for (const site of this.#sites.get(projection) ?? []) {
      if (from === 0) this.#prepare(site.update, site);
      site.update.runShared(from, to, projection.post.size);
    }
  }

  /** All signals are known. */
  finish(): void {
    if (!this.#waits) return;
    if (this.#norm) {
      const scale = Math.min(
        1,
        this.hyper["gradientClipping.norm"] / this.#norm.norm(this.#examples, this.#parameterSignals()),
      );
      for (const site of this.#all) for (const call of calls(site)) call.set("gradientScale", scale);
    }
    if (this.plan.survey) {
      for (const name of Object.keys(this.plan.over)) this.#maxima[name] = Number.NEGATIVE_INFINITY;
      for (const site of this.#all) this.#learn(site, "survey");
      for (const [name, value] of Object.entries(this.#maxima))
        for (const site of this.#all) for (const call of calls(site)) call.set(name, value);
    }
    for (const site of this.#all) this.#learn(site, "update");
  }

  /** Changes a hyper-parameter by its name in the plan ("lr", "l2.strength"); from the next step on. */
  set(name: string, value: number): void {
    this.hyper[name] = value;
    for (const site of this.#all) {
      site.prelude?.set(name, value);
      for (const call of calls(site)) call.set(name, value);
    }
  }

  get #all(): Site[] {
    return [...this.#sites.values()].flat();
  }

  /** Where the gradients of biases, gains and shifts lie, one after the other in the same room if they are summed. */
  *#parameterSignals(): Iterable<{ pointer: number; lanes: number }> {
    for (const site of this.#all) {
      if (site.projection) continue;
      if (this.#batched) this.#sumSignals(site);
      yield { pointer: this.#batched ? this.#sum : signalOf(site), lanes: site.population.size };
    }
  }

  #learn(site: Site, what: "update" | "survey"): void {
    const call = site[what]!;
    if (this.#examples > 1) {
      const batched = what === "update" ? site.batchUpdate : site.batchSurvey;
      if (site.projection && batched) return this.#learnBatch(site, site.projection, batched, what);
      if (this.plan.readsActivity) return this.#learnInTurn(site, call, what);
    }
    this.#prepare(call, site);
    if (!site.projection) {
      if (this.#examples > 1) this.#sumSignals(site);
      call.run(0, 1);
      if (what === "survey") this.#takeMaxima(0, 1);
      return;
    }
    const { pre, post } = site.projection;
    if (this.#skipsSilence(site)) return call.runShared(0, pre.active, post.size);
    this.#eachPlane(pre, call, (from, to) => {
      call.runShared(from, to, post.size);
      if (what === "survey") this.#takeMaxima(from, to);
    });
  }

  /** Whether only rows of active neurons are visited. Not where a rule reads the one age of a neuron with several rows. */
  #skipsSilence({ projection, update }: Site): boolean {
    return this.plan.silenceFree && !(projection && projection.pre.model.planes > 1 && update.has("preAge"));
  }

  /** The gradient of a block of rows, then the rule on these rows. */
  #learnBatch(site: Site, projection: Projection, call: GridCall, what: "update" | "survey"): void {
    const { pre, post, columns } = projection;
    const rows = Math.max(1, Math.floor(BLOCK / columns.stride));
    this.#prepare(call, site);
    this.#eachPlane(pre, call, (first, end) => {
      for (let from = first; from < end; from += rows) {
        const to = Math.min(end, from + rows);
        projection.gradient(this.#block, from, to, this.#examples);
        call.point({ grad: { pointer: this.#block - from * columns.stride, stride: columns.stride } });
        call.runShared(from, to, post.size);
        if (what === "survey") this.#takeMaxima(from, to);
      }
    });
  }

  /** A rule that reads activities, example by example. */
  #learnInTurn(site: Site, call: GridCall, what: "update" | "survey"): void {
    const { projection, population: post } = site;
    const signal = signalOf(site);
    const { i32 } = this.#network.compute.arena;
    this.#prepare(call, site);
    for (let row = 0; row < this.#examples; row++) {
      call.point({
        post: { pointer: post.out + row * post.outStride },
        signal: { pointer: signal + row * post.stride },
      });
      site.prelude?.run(this.#step, row);
      if (!projection) {
        call.run(0, 1);
        if (what === "survey") this.#takeMaxima(0, 1);
        continue;
      }
      const { pre } = projection;
      call.point({ pre: { pointer: pre.out + row * pre.outStride } });
      if (this.#skipsSilence(site)) {
        const [from, to] = [i32[(pre.list.rowStart >>> 2) + row], i32[(pre.list.rowStart >>> 2) + row + 1]];
        call.runShared(from, to, post.size);
        continue;
      }
      this.#eachPlane(pre, call, (from, to) => {
        call.runShared(from, to, post.size);
        if (what === "survey") this.#takeMaxima(from, to);
      });
    }
  }

  /** The live rows, plane by plane. All planes of a neuron are of its age. */
  #eachPlane(pre: Population, call: GridCall, visit: (from: number, to: number) => void): void {
    for (let plane = 0; plane < pre.model.planes; plane++) {
      const from = plane * pre.capacity;
      if (pre.model.planes > 1 && call.has("preAge"))
        call.point({ preAge: { pointer: pre.columns.pointer("age") - from * 4 } });
      visit(from, from + pre.size);
    }
  }

  #prepare(call: GridCall, site: Site): void {
    if (this.#readsStep) call.set("step", this.#step);
    site.prelude?.run(this.#step);
    if (this.plan.usesNoise) {
      threefry(site.noise.k0, site.noise.k1, this.#step >>> 0, (this.#step / 2 ** 32) >>> 0, this.#word);
      call.noiseKey(this.#word[0], this.#word[1]);
    }
  }

  #takeMaxima(from: number, to: number): void {
    const { f32 } = this.#network.compute.arena;
    for (const name of Object.keys(this.plan.over)) {
      for (let row = from; row < to; row++)
        this.#maxima[name] = Math.max(this.#maxima[name], f32[(this.#rowMaxima >>> 2) + row]);
    }
  }

  /** The signal of a parameter summed over the batch, where the site's program reads it. */
  #sumSignals(site: Site): void {
    const { population } = site;
    const { rowStart, index, value } = this.#ones;
    this.#network.compute.kernels.gather(
      this.#sum,
      population.stride,
      0,
      0,
      signalOf(site),
      population.stride,
      rowStart,
      index,
      value,
      0,
      1,
      0,
      population.vectors,
      0,
      1,
    );
  }

  #reserve(examples: number): void {
    const { arena } = this.#network.compute;
    if (examples !== this.#ones.examples) {
      const { rowStart, index, value } = this.#ones;
      for (const pointer of [rowStart, index, value]) if (pointer) arena.free(pointer);
      this.#ones = {
        rowStart: arena.allocate(8),
        index: arena.allocate(4 * examples),
        value: arena.allocate(4 * examples),
        examples,
      };
      arena.i32[(this.#ones.rowStart >>> 2) + 1] = examples;
      for (let i = 0; i < examples; i++) {
        arena.i32[(this.#ones.index >>> 2) + i] = i;
        arena.f32[(this.#ones.value >>> 2) + i] = 1;
      }
      this.#layout = -1;
    }
  }

  /** Points every program at the columns and buffers as they are now. */
  #bind(): void {
    const { arena } = this.#network.compute;
    this.#layout = this.#network.layout;
    for (const pointer of [this.#sum, this.#block, this.#rowMaxima]) if (pointer) arena.free(pointer);
    let [lanes, rows, block] = [0, 1, 0];
    for (const { capacity } of this.#network.populations) lanes = Math.max(lanes, capacity);
    for (const { columns } of this.#network.projections) {
      rows = Math.max(rows, columns.planes * columns.rowCapacity);
      block = Math.max(block, Math.min(BLOCK, columns.planes * columns.rowCapacity * columns.stride), columns.stride);
    }
    this.#sum = arena.allocate(lanes * 4);
    this.#block = this.#ones.examples ? arena.allocate(block) : 0;
    this.#rowMaxima = this.plan.survey ? arena.allocate(rows * 4) : 0;
    for (const site of this.#all) this.#bindSite(site);
    this.#norm?.bind(this.#block, block);
  }

  #bindSite(site: Site): void {
    const { projection, population, columns, weight } = site;
    const stride = columns.stride;
    const summed = !projection && this.#batched && !this.plan.readsActivity;
    const places: Record<string, Place> = {
      w: { pointer: columns.pointer(weight), stride },
      pre: { pointer: projection ? projection.pre.out : this.#one },
      post: { pointer: population.out },
      signal: { pointer: summed ? this.#sum : signalOf(site) },
    };
    for (const state of Object.keys(this.plan.states))
      places[state] = { pointer: columns.pointer(stateName(weight, state)), stride };
    for (const name of Object.keys(this.plan.over)) places[name] = { pointer: this.#rowMaxima };
    if (this.plan.reads.has("age") || this.plan.reads.has("preAge")) {
      places.age = { pointer: population.columns.pointer("age") };
      places.preAge = { pointer: projection ? projection.pre.columns.pointer("age") : this.#one + 4 };
    }
    let fanIn = 0;
    for (const incoming of this.#network.projections) if (incoming.post === population) fanIn += incoming.fanIn;
    const list = projection && this.#skipsSilence(site) ? projection.pre.list.index : 0;
    Object.assign(places, site.prelude?.bind(places, this.hyper));
    for (const call of calls(site)) {
      call
        .point(places)
        .lanes(population.size)
        .rows(call === site.batchUpdate || call === site.batchSurvey ? 0 : list);
      call.set("fanIn", projection?.fanIn ?? Math.max(1, fanIn));
      call.set("modulator", 1);
      call.set("significance", 1);
      call.set("gradientScale", 1);
      for (const [name, value] of Object.entries(this.hyper)) call.set(name, value);
    }
  }
}

/** The column of a rule's state for a weight: "m" of synapses, "bias.m" of biases. */
function stateName(weight: string, state: string): string {
  return weight === "w" ? state : `${weight}.${state}`;
}

function calls({ update, survey, batchUpdate, batchSurvey }: Site): GridCall[] {
  return [update, survey, batchUpdate, batchSurvey].filter((call) => call !== undefined);
}

/** Where a site's learning signal lies, example by example. */
function signalOf({ population, weight }: Site): number {
  if (weight === "gain") return population.norm!.gainSignal;
  if (weight === "shift") return population.norm!.shiftSignal;
  return population.signal;
}
