/**
 * Learning: a rule, with its terms, at work on every synapse of a network, as credit assignment says that signals are there.
 *
 * One example: the gradient pre * signal is formed in registers, and where the rule leaves silent rows unchanged, only the
 * rows of active neurons are visited. A batch: the gradient is gathered a block of rows at a time, so that it never takes
 * the memory of a second network; a rule that reads activities itself is applied to the examples one after the other. Synapses that are shared
 * between positions learn from one example as others do from a batch.
 */
import type { Learning } from "../credit/credit.ts";
import { ValueError } from "../errors.ts";
import type { GridCall } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import { OverExamples } from "../network/over-examples.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import { type Plan, type PlanMode, plan } from "../rules/plan.ts";
import { plasticityOf } from "../rules/plasticity.ts";
import type { Rule } from "../rules/rule.ts";
import type { Term } from "../rules/term.ts";
import { GradientNorm, type ParameterGradients } from "./gradient-norm.ts";
import { type Pass, Site } from "./site.ts";

/** Bytes of a block of gradients, and of rows that go back and learn while they are in cache. */
const BLOCK = 1 << 19;
const IN_CACHE = 1 << 18;
/** Ages are float32 and stop here. */
const OLDEST = 2 ** 24;

export class SynapticLearning implements Learning {
  readonly plan: Plan;
  readonly hyper: Record<string, number>;
  /** Who has more to say of a population's signals in this step. */
  pull: ((population: Population) => void) | undefined;
  readonly #network: Network;
  /** Of who is here now. */
  #sites: readonly Site[] = [];
  /** For one example and for a batch; thinned where a mask leaves synapses out of a step. */
  readonly #plansOf: (thinned: boolean) => Readonly<Record<PlanMode, Plan>>;
  readonly #sitesOf = new Map<Projection | Population, Site[]>();
  readonly #norm: GradientNorm | undefined;
  readonly #sums: OverExamples;
  /** Numbers that are kept of a synapse: its weight, and what the rule remembers. */
  readonly #columns: number;
  /** Everything waits until all signals are known: a survey or a norm comes first. */
  readonly #waits: boolean;
  /** Those that credit has named in this step, and that wait. */
  readonly #due: Site[] = [];
  readonly #maxima: Record<string, number> = {};
  #layout = -1;
  #batched = false;
  /** The most positions at which a population learns; 0 if none is spatial. */
  #positions = 0;
  #examples = 1;
  #step = 0;
  /** The presynaptic side of a bias: an activity of 1, and an age that is never the younger one. */
  readonly #one: number;
  /** Summed signals of a batch, a block of gradients, and maxima by row. */
  #sum = 0;
  #block = 0;
  #rowMaxima = 0;

  constructor(network: Network, rule: Rule, terms: readonly Term[]) {
    this.#network = network;
    this.plan = plan(rule, terms, "example");
    this.hyper = { ...this.plan.hyper };
    this.#columns = 1 + Object.keys(this.plan.states).length;
    this.#waits = this.plan.survey !== undefined || this.plan.needsGradientNorm;
    this.#sums = new OverExamples(network.compute, () => 1);
    const { arena } = network.compute;
    this.#one = arena.allocate(8);
    arena.f32.set([1, OLDEST], this.#one >>> 2);
    const plansOf = (thinned: boolean) => ({
      example: plan(rule, terms, "example", thinned),
      batch: plan(rule, terms, "batch", thinned),
    });
    const whole = plansOf(false);
    this.#plansOf = (thinned) => (thinned ? plansOf(true) : whole);
    this.#settle();
    network.onRecomposed(() => this.#settle());
    if (this.plan.needsGradientNorm) this.#norm = new GradientNorm(network);
  }

  /** A step of `examples` examples begins; `step` counts from 1. */
  begin(examples: number, step: number): void {
    this.#examples = examples;
    this.#step = step;
    const batched = examples > 1;
    const rows = examples * Math.max(1, this.#positions);
    if ((batched || this.#positions > 0) && this.#sums.reserve(rows)) this.#layout = -1;
    if (batched && (!this.plan.readsActivity || this.#norm)) {
      for (const { pre, shared } of this.#network.projections) if (!shared) pre.listByNeuron(examples);
    }
    if (this.#layout !== this.#network.layout || this.#batched !== batched) {
      this.#batched = batched;
      this.#bind();
    }
    for (const site of this.#sites) site.begin(step);
  }

  /** Whether learning from one example is the same calls each time: nobody waits, and nobody else has a say. */
  get repeats(): boolean {
    return !this.#waits && this.pull === undefined;
  }

  neurons(population: Population): void {
    this.#update(population);
  }

  synapses(projection: Projection): void {
    this.#update(projection);
  }

  #update(owner: Population | Projection): void {
    const sites = this.#sitesOf.get(owner)!;
    if (this.#waits) this.#due.push(...sites);
    else for (const site of sites) this.#learn(site, "update");
  }

  groupOf(projection: Projection): number {
    if (this.#waits || projection.shared || projection.blocks || !this.#sitesOf.get(projection)![0].skipsSilence)
      return 0;
    return Math.max(8, Math.floor(IN_CACHE / (projection.columns.stride * this.#columns) / 8) * 8);
  }

  entries(projection: Projection, from: number, to: number): void {
    for (const site of this.#sitesOf.get(projection)!) {
      const call = site.calls.update!;
      if (from === 0) site.prepare(call, this.#step);
      call.runShared(from, to, projection.post.size);
    }
  }

  /** All signals are known. */
  finish(): void {
    if (!this.#waits) return;
    if (this.#norm) {
      const norm = this.#norm.norm(this.#examples, this.#parameterGradients());
      const scale = Math.min(1, this.hyper["gradientClipping.norm"] / norm);
      for (const site of this.#sites) site.set("gradientScale", scale);
    }
    if (this.plan.survey) {
      for (const name of Object.keys(this.plan.over)) this.#maxima[name] = Number.NEGATIVE_INFINITY;
      for (const site of this.#due) this.#learn(site, "survey");
      for (const [name, value] of Object.entries(this.#maxima)) for (const site of this.#sites) site.set(name, value);
    }
    for (const site of this.#due) this.#learn(site, "update");
    this.#due.length = 0;
  }

  /** Changes a hyper-parameter by its name in the plan ("lr", "l2.strength"); from the next step on. */
  set(name: string, value: number): void {
    this.hyper[name] = value;
    for (const site of this.#sites) site.set(name, value);
  }

  /** A site for each set of synapses that is here now. */
  #settle(): void {
    const network = this.#network;
    const { populations, projections } = network;
    const shared = projections.find((projection) => projection.shared);
    if (this.plan.readsActivity && shared)
      throw new ValueError(
        `${this.plan.name} reads what single neurons do, but the synapses of ${shared.name} act at many positions: convolutions learn by rules that read a gradient`,
      );
    if (this.plan.reads.has("age") || this.plan.reads.has("preAge")) {
      for (const population of populations) population.columns.add("age", 0);
    }
    const site = (owner: Projection | Population, weight: string, thinned = false) => {
      const { example, batch } = this.#plansOf(thinned);
      return new Site(network, example, batch, owner, weight);
    };
    for (const projection of projections) {
      if (this.#sitesOf.has(projection)) continue;
      const thinned = projection.post.silencing?.work.maskOf !== undefined;
      if (thinned && this.plan.needsGradientNorm)
        throw new ValueError(
          `gradientClipping by norm with ${projection.post.silencing?.kind.name}: the norm of a thinned gradient is not known; clip by value`,
        );
      this.#sitesOf.set(projection, [site(projection, "w", thinned)]);
    }
    for (const population of populations) {
      const sites = () => population.parameters.map((name) => site(population, name));
      if (!this.#sitesOf.has(population)) this.#sitesOf.set(population, sites());
    }
    this.#sites = [...projections, ...populations].flatMap((owner) => this.#sitesOf.get(owner)!);
    this.#positions = Math.max(0, ...populations.map(({ spatial, positions }) => (spatial ? positions : 0)));
  }

  #learn(site: Site, pass: Pass): void {
    if (this.#examples > 1 || site.shared) {
      const batchCall = site.batchCalls[pass];
      if (site.projection && batchCall) return this.#learnBatch(site, site.projection, batchCall, pass);
      if (this.plan.readsActivity) return this.#learnInTurn(site, pass);
      this.#sumSignals(site);
    }
    const call = site.calls[pass]!;
    site.prepare(call, this.#step);
    if (site.projection && site.skipsSilence) call.runActive(site.projection.pre, site.lanes);
    else if (!site.projection && pass === "update") call.run(0, 1);
    else this.#visit(site, call, pass);
  }

  /** Every live row. */
  #visit(site: Site, call: GridCall, pass: Pass): void {
    site.eachPlane(call, (from, to) => {
      call.runShared(from, to, site.lanes);
      if (pass === "survey") this.#takeMaxima(from, to);
    });
  }

  /** The gradient of a block of rows, then the rule on these rows. */
  #learnBatch(site: Site, projection: Projection, call: GridCall, pass: Pass): void {
    const { stride, extent } = projection.columns;
    const rows = Math.max(1, Math.floor(BLOCK / stride));
    // A survey looks at all places, an update at those where synapses are.
    const gradients = (pass === "update" && projection.present?.(this.#examples)) || projection;
    site.prepare(call, this.#step);
    for (let from = 0; from < extent; from += rows) {
      const to = Math.min(extent, from + rows);
      gradients.gradient(this.#block, from, to, this.#examples);
      call.point({ grad: { pointer: this.#block - from * stride, stride } });
      site.eachPlane(
        call,
        (start, stop) => {
          call.runShared(start, stop, site.lanes);
          if (pass === "survey") this.#takeMaxima(start, stop);
        },
        from,
        to,
      );
    }
  }

  /** A rule that reads activities, example by example. */
  #learnInTurn(site: Site, pass: Pass): void {
    const { projection, population: post, signal } = site;
    const { i32 } = this.#network.compute.arena;
    const call = site.calls[pass]!;
    for (let row = 0; row < this.#examples; row++) {
      call.point({
        post: { pointer: post.out + row * post.outStride },
        signal: { pointer: signal + row * post.stride },
      });
      if (projection) call.point({ pre: { pointer: projection.pre.out + row * projection.pre.outStride } });
      site.prepare(call, this.#step, row);
      if (projection && site.skipsSilence) {
        const at = (projection.pre.list.rowStart >>> 2) + row;
        call.runShared(i32[at], i32[at + 1], post.size);
      } else this.#visit(site, call, pass);
    }
  }

  #takeMaxima(from: number, to: number): void {
    const { f32 } = this.#network.compute.arena;
    for (const name of Object.keys(this.plan.over)) {
      for (let row = from; row < to; row++) {
        this.#maxima[name] = Math.max(this.#maxima[name], f32[(this.#rowMaxima >>> 2) + row]);
      }
    }
  }

  /** The signal of a trained column summed over the batch, where the site's program reads it. */
  #sumSignals({ population, signal }: Site): void {
    const { stride, vectors, positions } = population;
    this.#sums.sum(this.#sum, signal, stride, vectors, this.#examples * positions);
  }

  /** Where the gradients of biases, gains and shifts lie, one after the other in the same room if they are summed. */
  *#parameterGradients(): Iterable<ParameterGradients> {
    for (const site of this.#sites) {
      if (site.projection) continue;
      const summed = this.#batched || site.shared;
      if (summed) this.#sumSignals(site);
      const { columns, size } = site.population;
      const by = plasticityOf(site.weight);
      const plasticity = columns.has(by) ? columns.pointer(by) : undefined;
      yield { pointer: summed ? this.#sum : site.signal, lanes: size, plasticity };
    }
  }

  #bind(): void {
    const { arena } = this.#network.compute;
    this.#layout = -1;
    let [lanes, rows, block] = [0, 1, 0];
    for (const { capacity } of this.#network.populations) lanes = Math.max(lanes, capacity);
    for (const { columns } of this.#network.projections) {
      const all = columns.planes * columns.rowCapacity;
      rows = Math.max(rows, all);
      block = Math.max(block, Math.min(BLOCK, all * columns.stride), columns.stride);
    }
    this.#sum = arena.renew(this.#sum, lanes * 4);
    if (this.#sums.examples > 0) this.#block = arena.renew(this.#block, block);
    if (this.plan.survey) this.#rowMaxima = arena.renew(this.#rowMaxima, rows * 4);
    const shared = { sum: this.#sum, rowMaxima: this.#rowMaxima, one: this.#one };
    for (const site of this.#sites) site.bind(shared, this.#batched, this.hyper);
    this.#norm?.bind(this.#block, block);
    this.#layout = this.#network.layout;
  }
}
