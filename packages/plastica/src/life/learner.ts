/**
 * A learner: a network that lives. `observe` is one heartbeat: sense, predict, measure, assign credit, learn, and let the
 * structural policies decide. What it returns was known before it learned.
 */
import type { Credit } from "../credit/credit.ts";
import type { Loss, Taking, Target } from "../credit/loss.ts";
import { ShapeError, ValueError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import { isOutside } from "../rules/declaration.ts";
import type { Range, Rule } from "../rules/rule.ts";
import type { Term } from "../rules/term.ts";
import type { LifeEvent, Listener } from "../structure/events.ts";
import { addLayer, insertLayer, type LayerBeside, type NewLayer, removeLayer } from "../structure/layers.ts";
import type {
  Announce,
  Evaluation,
  Examples,
  Life,
  PolicyAtWork,
  StructuralPolicy,
  Visitor,
} from "../structure/policy.ts";
import { birth, death, type Occasion, replace } from "../structure/structure.ts";
import { type Founders, foundersOf } from "./composition.ts";
import { Heartbeat } from "./heartbeat.ts";
import { copyOf, networkFile, networkOf, newbornLike } from "./network-file.ts";
import { fingerprint, readSnapshot, writeSnapshot } from "./snapshot.ts";
import { succeed } from "./succession.ts";
import { type Uncertainty, uncertaintyOf } from "./uncertainty.ts";

export interface LifeOptions {
  credit: Credit;
  rule: Rule;
  /** Composed with the rule: regularisers, clipping. Default: none. */
  terms?: readonly Term[];
  /** In the order in which they act after each update. Default: none. */
  structure?: readonly StructuralPolicy[];
}

export interface Observation {
  /** Of the output population, before learning. */
  readonly outputs: Float32Array;
  readonly loss: number;
  /** The output with the largest value, the first of equals. */
  readonly prediction: number;
}

export interface BatchObservation {
  /** Example after example. */
  readonly outputs: Float32Array;
  /** Mean over the batch. */
  readonly loss: number;
  readonly predictions: Int32Array;
}

export interface ObserveOptions {
  /** The outputs that take part, for heads of several tasks and classes that come later. Default: all. */
  outputs?: readonly number[];
}

export interface BatchOptions {
  /** The outputs that take part: the same for the whole batch, or for each example its own (undefined: all). Default: all. */
  outputs?: Taking;
}

/** Gives a network a way to learn. Rules and policies add the state they need; nothing else in the network changes. */
export function live(network: Network, options: LifeOptions): Learner {
  const made: Record<string, unknown> = { credit: options.credit, rule: options.rule };
  for (const [what, value] of Object.entries(made)) {
    if (typeof value === "function")
      throw new ValueError(`${what} is a function: call it, as in ${what}: ${value.name || what}()`);
    if (value === undefined || value === null) throw new ValueError(`${what} is ${value}: a life needs one`);
  }
  return new Learner(network, options);
}

export class Learner implements Life {
  readonly network: Network;
  readonly credit: Credit;
  readonly rule: Rule;
  readonly terms: readonly Term[];
  readonly structure: readonly StructuralPolicy[];
  /** The layers and projections that it began with. */
  readonly founders: Founders;
  /** The last update of which policies heard. */
  heard = 0;
  readonly #beat: Heartbeat;
  readonly #policies: readonly PolicyAtWork[];
  readonly #listeners = new Set<Listener>();
  /** What happened and has not been told yet. */
  readonly #news: LifeEvent[] = [];
  #telling = false;
  readonly #note: Announce = (event: LifeEvent): void => void this.#news.push(event);
  /** All that policies add to the signals of hidden populations. */
  readonly #pull: ((population: Population, examples: number) => void) | undefined;

  constructor(network: Network, { credit, rule, terms = [], structure = [] }: LifeOptions) {
    this.network = network;
    this.credit = credit;
    this.rule = rule;
    this.terms = terms;
    this.structure = structure;
    this.#beat = new Heartbeat(network, credit, rule, terms);
    const names = structure.flatMap(({ name, parts = [] }) => [name, ...parts]);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      const whole = structure.find(({ parts }) => parts?.includes(twice));
      const where = whole ? `, one as a part of ${whole.name}` : "";
      throw new ValueError(`two structural policies are called ${twice}${where}: they would share their columns`);
    }
    this.#policies = structure.map((policy) => policy.attach(this));
    const pulling = this.#policies.filter(({ pull }) => pull);
    if (pulling.length > 0)
      this.#pull = (population, examples) => {
        for (const policy of pulling) policy.pull!(population, examples);
      };
    this.founders = foundersOf(network);
    this.#beat.settle();
    network.onRecomposed(() => this.#beat.settle());
  }

  /** Updates made so far. */
  get step(): number {
    return this.#beat.step;
  }

  set step(updates: number) {
    this.#beat.step = updates;
  }

  /**
   * How far away what this learner's synapses read is, derived and not claimed: "synapse", "neurons", "modulator", "gradient by"
   * its way of assigning credit, or "network".
   */
  get locality(): string {
    const { locality } = this.#beat.learning.plan;
    return locality === "gradient" ? `gradient by ${this.credit.name}` : locality;
  }

  /** Hyper-parameters by name: those of the rule ("lr") and of its terms ("l2.strength"). */
  get hyper(): Readonly<Record<string, number>> {
    return this.#beat.learning.hyper;
  }

  /** What hyper-parameters may be, by name; those that are not here may be any finite number. */
  get ranges(): Readonly<Record<string, Range>> {
    return this.#beat.learning.plan.ranges;
  }

  /** Changes a hyper-parameter from the next update on. Throws ValueError for one that there is not, or that it may not be. Nothing is compiled. */
  set(name: string, value: number): void {
    const names = Object.keys(this.#beat.learning.hyper);
    if (!names.includes(name))
      throw new ValueError(`no hyper-parameter is called ${JSON.stringify(name)}: there are ${names.join(", ")}`);
    if (!Number.isFinite(Math.fround(value)))
      throw new ValueError(`${name} is ${value}: it is a finite float32 number`);
    if (isOutside(value, this.ranges[name]))
      throw new ValueError(`${name} is ${value}: it is a number ${this.ranges[name]}`);
    this.#beat.learning.set(name, value);
  }

  /**
   * Calls `listener` with every event from now on, in order, when the step or the change by hand that it is of is complete: the
   * listener may do to this learner what it likes. Returns what stops that.
   */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * The outputs for one example. Learns nothing. `outputs` names those that take part, for policies that give each task a network of its own
   * (packnet); all are returned.
   */
  predict(x: Float32Array | readonly number[], options?: ObserveOptions): Float32Array {
    return this.predictBatch(x, 1, options);
  }

  /** The outputs for `examples` examples, one after the other in `x`. Learns nothing. `outputs` as in `predict`. */
  predictBatch(x: Float32Array | readonly number[], examples: number, { outputs }: ObserveOptions = {}): Float32Array {
    return this.#inForm(outputs, () => {
      this.network.present(x, wholeExamples(examples));
      this.network.forward(examples, false);
      return this.network.outputs.outputs(examples);
    });
  }

  /**
   * What the network says of one example under `samples` drawn masks of dropout, and so how sure it is: see uncertainty.ts. Learns nothing. The
   * masks stay the same until the next update. Without dropout all answers are one. Throws ValueError for a number of samples that is not whole and from 1.
   */
  predictUncertain(x: Float32Array | readonly number[], { samples = 20 }: { samples?: number } = {}): Uncertainty {
    if (!Number.isSafeInteger(samples) || samples < 1)
      throw new ValueError(`${samples} samples of a prediction: a whole number from 1`);
    const { network, step } = this;
    const said = new Float32Array(samples * network.outputs.values);
    for (let sample = 0; sample < samples; sample++) {
      network.present(x, 1);
      network.forward(1, false, { step, sample, purpose: "sampling" });
      said.set(network.outputs.outputs(1), (sample * said.length) / samples);
    }
    return uncertaintyOf(said, samples, this.credit.loss.logits);
  }

  /**
   * Predicts, then learns from one example. `y` is a class index, or one value an output; unsupervised credit takes none. Throws ShapeError or ValueError for
   * what cannot be learned from, and DivergenceError when the loss is not finite, or without a loss what the network says; then nothing has changed.
   */
  observe(x: Float32Array | readonly number[], y?: Target, options: ObserveOptions = {}): Observation {
    this.#beat.loss.check(y, options.outputs);
    this.#beat.sense(x, 1, options.outputs);
    this.#beat.loss.aim(0, y);
    const loss = this.#beat.measure(1);
    const prediction = this.#beat.loss.winner(0);
    const { out, size } = this.network.outputs;
    const outputs = this.network.compute.arena.f32.slice(out >>> 2, (out >>> 2) + size);
    this.#learn({ count: 1, xs: x, ys: typeof y === "number" ? [y] : y, outputs: options.outputs }, loss);
    return { outputs, loss, prediction };
  }

  /**
   * Predicts a batch, then learns from it in one update by the mean gradient. `ys` holds a class index an example, or one value
   * an example and output. Errors as `observe`.
   */
  observeBatch(
    xs: Float32Array | readonly number[],
    ys?: ArrayLike<number>,
    { outputs }: BatchOptions = {},
  ): BatchObservation {
    const examples = wholeExamples((xs?.length ?? 0) / this.network.inputs.values);
    this.#beat.loss.checkBatch(ys, examples, outputs);
    this.#beat.sense(xs, examples, outputs);
    this.#beat.loss.aimBatch(ys, examples);
    const loss = this.#beat.measure(examples);
    const predictions = new Int32Array(examples);
    for (let row = 0; row < examples; row++) predictions[row] = this.#beat.loss.winner(row);
    const seen = { outputs: this.network.outputs.outputs(examples), loss, predictions };
    this.#learn({ count: examples, xs, ys, outputs }, loss);
    return seen;
  }

  /** Adds neurons to a hidden population by hand. Their outgoing weights are zero: the outputs do not change. */
  grow(population: string, count: number, cause = "by hand"): readonly number[] {
    const { event } = birth(this.network, this.network.population(population), count, { step: this.step, cause });
    this.#tell([event]);
    return event.neurons;
  }

  /** Removes the neurons with these ids from a hidden population. */
  remove(population: string, ids: readonly number[], cause = "by hand"): void {
    const slots = this.#slotsOf(population, ids);
    this.#tell([death(this.network, this.network.population(population), slots, { step: this.step, cause })]);
  }

  /** Replaces the neurons with these ids by newborns. Returns the ids of these, in the same order. */
  replace(population: string, ids: readonly number[], cause = "by hand"): readonly number[] {
    const slots = this.#slotsOf(population, ids);
    const events = replace(this.network, this.network.population(population), slots, { step: this.step, cause });
    this.#tell(events);
    return events[1].neurons;
  }

  /** Puts a layer that begins as the identity in the middle of a projection, named `<pre>-<post>`. Returns its name. See layers.ts. */
  insertLayer(projection: string, options: NewLayer = {}, cause = "by hand"): string {
    const found = this.network.projections.find(({ name }) => name === projection);
    if (!found)
      throw new ValueError(
        `no projection is called ${JSON.stringify(projection)}: there are ${this.network.projections.map(({ name }) => name).join(", ")}`,
      );
    return this.#welcome(insertLayer(this.network, found, options, { step: this.step, cause }));
  }

  /** Adds a layer beside what there is, whose outgoing weights are zero. Returns its name. See layers.ts. */
  addLayer(options: LayerBeside, cause = "by hand"): string {
    return this.#welcome(addLayer(this.network, options, { step: this.step, cause }));
  }

  /** Removes a hidden layer. See layers.ts. */
  removeLayer(population: string, cause = "by hand"): void {
    this.#tell(removeLayer(this.network, this.network.population(population), { step: this.step, cause }).events);
  }

  /**
   * Lets a student take the place of this learner's network: the next prediction is the student's. The learner goes on, with its listeners,
   * policies and step; whoever takes over is new and has an id of its own. See succession.ts.
   */
  succeed({ network }: { readonly network: Network }, cause = "by hand"): void {
    this.#tell(succeed(this.network, network, { step: this.step, cause }));
  }

  #welcome({ population, events }: ReturnType<typeof addLayer>): string {
    this.#tell(events);
    return population.name;
  }

  /** Says that a task ends here, to the policies that want to know. */
  endTask(): void {
    for (const policy of this.#policies) policy.endTask?.(this.#note);
    this.#tell([]);
  }

  /** The whole state as a safetensors file; `note` is plain JSON data that `restore` gives back. */
  snapshot(note?: unknown): Uint8Array<ArrayBuffer> {
    return writeSnapshot(this, this.#policies, note);
  }

  /**
   * Takes up the life that a snapshot holds. The learner must have been made in the same way (layers, rule, terms, policies,
   * arithmetic); sizes may differ, as they were when the snapshot was taken. Throws SnapshotError, and then nothing has changed.
   */
  restore(bytes: Uint8Array): unknown {
    return readSnapshot(this, this.#policies, bytes);
  }

  /** 16 hex digits that stand for the whole state: equal lives have equal fingerprints. */
  fingerprint(): string {
    return fingerprint(this, this.#policies);
  }

  /** Stops helper threads. */
  close(): void {
    this.network.close();
  }

  /** How the network does on these examples. Learns nothing. Errors as `observeBatch`. */
  evaluate(examples: Examples): Evaluation {
    return this.#inForm(examples.outputs, () => {
      const loss = this.#beat.attempt(examples);
      const { count, ys } = examples;
      if (ys === undefined || ys.length !== count || !this.#beat.loss.classes) return { loss, accuracy: Number.NaN };
      let right = 0;
      for (let row = 0; row < count; row++) if (this.#beat.loss.winner(row) === ys[row]) right++;
      return { loss, accuracy: right / count };
    });
  }

  /** Assigns credit for the mean loss on these examples and shows it to the visitor. Learns nothing. Returns the loss. */
  examine(examples: Examples, visitor: Visitor): number {
    const { network } = this;
    // Gradients are gathered from the lists of a batch: one example gets a batch's room.
    for (const population of network.populations) if (population.reserve(Math.max(2, examples.count))) network.layout++;
    const loss = this.#beat.attempt(examples);
    this.credit.assign(network, examples.count, {
      neurons: (population) => visitor.population?.(population),
      synapses: (projection) => visitor.projection?.(projection),
      groupOf: () => 0,
      entries: () => {},
    });
    return loss;
  }

  /** One update from these examples, of which no policy hears. Returns the loss before it. */
  practise(examples: Examples): number {
    const loss = this.#beat.attempt(examples, true);
    this.#beat.update(examples.count);
    return loss;
  }

  /** A copy of the network as it is now, to be asked and not to learn. */
  copy(): Network {
    return copyOf(this.network);
  }

  newborn(sizeOf: (layer: Population) => number): Network {
    return newbornLike(this.network, sizeOf);
  }

  write(network: Network): Uint8Array {
    return networkFile(network);
  }

  read(file: Uint8Array): Network {
    return networkOf(file, this.network);
  }

  get loss(): Loss {
    return this.credit.loss;
  }

  /** A life of another network by the same rule, terms and loss, under these policies. */
  beside(network: Network, structure: readonly StructuralPolicy[]): Learner {
    const learner = new Learner(network, { credit: this.credit, rule: this.rule, terms: this.terms, structure });
    for (const [name, value] of Object.entries(this.hyper)) learner.set(name, value);
    return learner;
  }

  replaceBy(student: Network, occasion: Occasion, evidence?: Readonly<Record<string, number>>): LifeEvent[] {
    return succeed(this.network, student, occasion, evidence);
  }

  /** Remembers everything as it is now; what it returns puts it all back. */
  branch(): () => void {
    const bytes = this.snapshot();
    return () => void this.restore(bytes);
  }

  /** Does this with the network in the form of the task whose outputs these are. */
  #inForm<T>(outputs: Taking | undefined, ask: () => T): T {
    if (!this.#policies.some(({ form }) => form)) return ask();
    const back = this.#policies.map((policy) => policy.form?.(outputs));
    try {
      return ask();
    } finally {
      for (const undo of back.reverse()) undo?.();
    }
  }

  #learn(seen: Examples, loss: number): void {
    const examples = seen.count;
    for (const policy of this.#policies) if (policy.holdOut?.(seen)) return;
    let changed = false;
    for (const policy of this.#policies) if (policy.before?.(seen, this.#note)) changed = true;
    if (changed) this.#beat.attempt(seen, true);
    for (const policy of this.#policies) policy.teach?.(seen);
    this.#beat.learning.pull = this.#pull && ((population) => this.#pull!(population, examples));
    this.#beat.update(examples);
    this.#beat.learning.pull = undefined;
    const moment = { step: this.step, since: this.heard, examples, loss, seen };
    this.heard = this.step;
    for (const policy of this.#policies) policy.after?.(moment, this.#note);
    for (const policy of this.#policies) policy.reflect?.(moment, this.#note);
    if (this.#news.length > 0) this.#tell([]);
  }

  /** What a listener does in answer is told when this has been told. */
  #tell(news: readonly LifeEvent[]): void {
    this.#news.push(...news);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let event = this.#news.shift(); event; event = this.#news.shift()) {
        for (const listener of [...this.#listeners]) listener(event);
      }
    } finally {
      this.#telling = false;
    }
  }

  #slotsOf(population: string, ids: readonly number[]): number[] {
    const { neurons } = this.network.population(population);
    return ids.map((id) => {
      const slot = neurons.findIndex((neuron) => neuron.id === id);
      if (slot < 0) throw new ValueError(`neuron ${id} does not live in ${population}`);
      return slot;
    });
  }
}

function wholeExamples(examples: number): number {
  if (!Number.isInteger(examples) || examples < 1)
    throw new ShapeError(`a batch of ${examples} examples: a whole number from 1`);
  return examples;
}
