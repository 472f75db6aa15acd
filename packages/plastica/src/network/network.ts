/** A network: populations joined by projections, in one memory. It passes examples forward; what learns is in ../life. */
import { Compute, type ComputeOptions } from "../compute/compute.ts";
import { fillPool, POOL_BYTES } from "../compute/noise-pool.ts";
import { derive, type Key, key } from "../compute/random.ts";
import { Tape } from "../compute/tape.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { presentIn } from "./absent.ts";
import { keepGroups } from "./groups.ts";
import type { InputNorm } from "./input-norm.ts";
import type { Neuron, Population } from "./population.ts";
import type { Projection } from "./projection.ts";
import type { Drawing } from "./silencing.ts";

export interface NetworkOptions extends ComputeOptions {
  /** Of every random draw in this network's life: a whole number from 0 to 2^53 - 1. Default 0. */
  seed?: number;
}

export class Network {
  readonly compute: Compute;
  readonly seed: number;
  /** In the order in which they fire. The first is the input, the last the output. */
  readonly populations: Population[] = [];
  readonly projections: Projection[] = [];
  inputNorm: InputNorm | undefined;
  /** The id of the next neuron to be born. */
  nextId = 0;
  /** Counts the changes after which pointers and sizes must be asked for again. */
  layout = 0;
  /** Who was once here and has left, by name: whoever comes back is the same. */
  readonly departed = { populations: new Map<string, Population>(), projections: new Map<string, Projection>() };
  /** By the cause of a birth, for how many updates nobody born of it may be replaced or removed by a policy. Whoever lets neurons be born says it. */
  readonly protection = new Map<string, number>();
  readonly #key: Key;
  #pool = 0;
  readonly #watchers: (() => void)[] = [];
  /** Whether one example takes the same calls each time, and nothing else is done on its way: ../compute/tape.ts. */
  repeats = false;
  readonly #tape: Tape;

  constructor(options: NetworkOptions = {}) {
    const { seed = 0 } = options;
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new ValueError(`seed is ${seed}: it is a whole number from 0 to 2^53 - 1`);
    this.seed = seed;
    this.#key = key(seed, "network");
    this.compute = new Compute(options);
    this.#tape = new Tape(this.compute);
  }

  get inputs(): Population {
    return this.populations[0];
  }

  get outputs(): Population {
    return this.populations[this.populations.length - 1];
  }

  /** The populations in between. */
  get hidden(): Population[] {
    return this.populations.slice(1, -1);
  }

  /** How many numbers living neurons learn: weights of the synapses that are there, biases, gains and shifts. */
  get parameters(): number {
    let n = 0;
    for (const { columns } of this.projections) n += presentIn(columns);
    for (const { parameters, size } of this.populations) n += parameters.length * size;
    return n;
  }

  /**
   * Multiply-adds that carry one example forward at most: when every neuron is active. Absent synapses cost none. What a model, a
   * normalisation or a loss does with a neuron is not counted; a step of learning takes about three times as many. What an example really
   * takes is less, by who is silent.
   */
  get operations(): number {
    return this.projections.reduce((sum, { operations }) => sum + operations, 0);
  }

  /**
   * Bytes of all that is kept from one example to the next: weights, biases, what rules and policies keep of each synapse and neuron, with
   * the room that there is for births. Buffers are not counted: they come and go with batches and threads.
   */
  get bytes(): number {
    return [...this.populations, ...this.projections].reduce((sum, { columns }) => sum + columns.bytes, 0);
  }

  population(name: string): Population {
    const found = this.populations.find((p) => p.name === name);
    if (!found)
      throw new ValueError(
        `no population is called ${JSON.stringify(name)}: there are ${this.populations.map((p) => p.name).join(", ")}`,
      );
    return found;
  }

  incoming(population: Population): Projection[] {
    return this.projections.filter((p) => p.post === population);
  }

  outgoing(population: Population): Projection[] {
    return this.projections.filter((p) => p.pre === population);
  }

  /** The key of draws for a purpose: "noise", "birth", ... */
  keyOf(purpose: string, ...path: (number | string)[]): Key {
    return derive(this.#key, purpose, ...path);
  }

  /** Where the pool lies from which rules and terms take their noise: of this network's seed, made when first asked for, never moved. */
  get noisePool(): number {
    if (this.#pool > 0) return this.#pool;
    const { arena } = this.compute;
    this.#pool = arena.allocate(POOL_BYTES);
    fillPool(this.keyOf("noise pool"), arena.f32.subarray(this.#pool >>> 2, (this.#pool + POOL_BYTES) >>> 2));
    return this.#pool;
  }

  newNeuron(born: number, cause: string): Neuron {
    return { id: this.nextId++, born, cause };
  }

  /** Whether a neuron is too young, at that update, for a policy to replace or remove it. */
  isProtected({ born, cause }: Neuron, step: number): boolean {
    return step - born < (this.protection.get(cause) ?? 0);
  }

  /** Puts `examples` examples, one after the other in `x`, into the input population. Throws before anything is changed. */
  present(x: Float32Array | readonly number[], examples: number): void {
    const inputs = this.inputs;
    const { values, size, capacity } = inputs;
    if (x?.length !== examples * values) {
      throw new ShapeError(
        `an input of ${x?.length ?? "no"} values for ${examples === 1 ? "an example" : `${examples} examples`} of ${values}: ${examples * values} are right`,
      );
    }
    for (const population of this.populations) if (population.reserve(examples)) this.layout++;
    const { arena, kernels } = this.compute;
    const at = inputs.out >>> 2;
    const rows = examples * inputs.planes;
    if (rows === 1 || size === capacity) arena.f32.set(x, at);
    else if (size < 8)
      for (let row = 0, from = 0; row < rows; row++)
        for (let i = 0; i < size; i++) arena.f32[at + row * capacity + i] = x[from++];
    else for (let row = 0; row < rows; row++) arena.f32.set(x.slice(row * size, (row + 1) * size), at + row * capacity);
    if (!kernels.allFinite(inputs.out, rows * capacity)) {
      const bad = Array.from(x).findIndex((value) => !Number.isFinite(Math.fround(value)));
      const value = x[bad];
      arena.f32.fill(0, at, at + rows * capacity);
      throw new ValueError(
        `input ${bad % values}${examples > 1 ? ` of example ${Math.floor(bad / values)}` : ""} is ${value}: inputs are finite float32 numbers`,
      );
    }
  }

  /** Passes what was presented forward through all populations. `learn` lets running input statistics take it in; `drawing` silences neurons. */
  forward(examples: number, learn: boolean, drawing?: Omit<Drawing, "network">): void {
    this.inputNorm?.apply(examples, learn);
    if (examples > 1 || !this.repeats) this.#pass(examples, learn, drawing && { network: this, ...drawing });
    else if (!this.#tape.play(this.layout)) this.#tape.record(this.layout, () => this.#pass(1, learn, undefined));
    else for (const population of this.populations) population.relist(1);
  }

  #pass(examples: number, learn: boolean, drawn: Drawing | undefined): void {
    if (this.inputs.listens) this.inputs.listActive(examples);
    for (let i = 1; i < this.populations.length; i++) {
      const population = this.populations[i];
      for (let j = 0, first = true; j < this.projections.length; j++) {
        if (this.projections[j].post !== population) continue;
        population.silencing?.thin(this.projections[j], examples, drawn);
        this.projections[j].forward(examples, first);
        first = false;
      }
      population.fire(examples, learn, drawn);
    }
  }

  /** What was learned from is kept in the statistics of what normalises. */
  commit(): void {
    for (const { norm } of this.populations) norm?.commit?.();
  }

  /** Calls `settle` whenever populations or projections have come or gone, in the order of the calls to this. */
  onRecomposed(settle: () => void): void {
    this.#watchers.push(settle);
  }

  /**
   * Who there is from now on: populations in the order in which they fire; projections are put in the order of what they lead to. Those
   * that leave give back their memory.
   */
  recompose(populations: readonly Population[], projections: readonly Projection[]): void {
    const place = ({ post }: Projection) => populations.indexOf(post);
    const sorted = [...projections].sort((a, b) => place(a) - place(b));
    for (const projection of this.projections) {
      if (sorted.includes(projection)) continue;
      this.departed.projections.set(projection.name, projection);
      projection.columns.vacate(0);
      projection.release();
    }
    for (const population of this.populations) {
      if (populations.includes(population)) continue;
      this.departed.populations.set(population.name, population);
      population.neurons.length = 0;
      population.columns.vacate(1);
      population.reserve(population.batch, true);
    }
    for (const { name } of populations) this.departed.populations.delete(name);
    for (const { name } of sorted) this.departed.projections.delete(name);
    this.populations.splice(0, this.populations.length, ...populations);
    this.projections.splice(0, this.projections.length, ...sorted);
    keepGroups(this);
    for (const settle of this.#watchers) settle();
    this.changed();
  }

  /** Says that pointers or sizes have changed, or which synapses are there, or how plastic they are. */
  changed(): void {
    this.layout++;
    for (const population of this.populations) {
      population.point();
      const onward = this.outgoing(population);
      population.listens = onward.length === 0 || onward.some(({ shared }) => !shared);
    }
    for (const projection of this.projections) projection.point();
    this.repeats = this.populations.every(({ silencing, norm }) => !silencing && norm?.kind !== "batch");
  }

  close(): void {
    this.compute.close();
  }
}
