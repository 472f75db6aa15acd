/**
 * Collects what a score (scores/) wants to know: from remembered examples, when asked, or over the stream, in columns of its own, which
 * birth, death and snapshots carry.
 */
import { isNone } from "../../credit/loss.ts";
import { ValueError } from "../../errors.ts";
import type { ExampleMemory } from "../../memory/example-memory.ts";
import { GridCall } from "../../network/grid-call.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";
import { settled } from "../../rules/settle.ts";
import type { Life } from "../policy.ts";
import { type Gathered, overIncoming, type Score } from "./scores/score.ts";

export interface GaugeOptions {
  /** "batch": from remembered examples; "running": over the stream. */
  readonly from: "batch" | "running";
  /** Of running means: what is kept of them at each update, in [0, 1). */
  readonly decay: number;
  /** Before the names of its columns. */
  readonly owner: string;
}

/** Bytes of a block of gradients. */
const BLOCK = 1 << 19;

export class Gauge implements Gathered {
  readonly network: Network;
  readonly #life: Life;
  readonly #score: Score;
  readonly #options: GaugeOptions;
  readonly #call: GridCall | undefined;
  /** What the last look at examples found. */
  #gradients = new Map<Projection, Float32Array>();
  #activities = new Map<Population, Float32Array>();

  constructor(life: Life, score: Score, options: GaugeOptions) {
    this.#life = life;
    this.network = life.network;
    this.#score = score;
    this.#options = options;
    const { ofGradient } = score;
    if (ofGradient && isNone(life.loss))
      throw new ValueError(
        `${options.owner}: ${score.name} is made of gradients, and credit without a loss gives none`,
      );
    if (ofGradient) this.#call = new GridCall(this.network.compute, programOf(score.name, ofGradient.value));
    if (options.from === "batch") return;
    this.#settle();
    this.network.onRecomposed(() => this.#settle());
    this.network.changed();
  }

  /** Everyone who is there has what means are kept in. */
  #settle(): void {
    const { populations, projections } = this.network;
    const { ofGradient, ofActivity } = this.#score;
    const { owner } = this.#options;
    // Gradients are gathered from the lists of a batch, of one example too.
    for (const population of populations) population.reserve(2);
    if (ofGradient) for (const { columns } of projections) columns.add(`${owner}.score`, 0);
    if (!ofActivity) return;
    for (const { columns, model } of populations)
      for (let plane = 0; plane < model.planes; plane++) columns.add(`${owner}.activity.${plane}`, 0);
  }

  /** Whether scores are of remembered examples, so that `look` must come before them. */
  get looks(): boolean {
    const { ofGradient, ofActivity } = this.#score;
    return this.#options.from === "batch" && (ofGradient !== undefined || ofActivity !== undefined);
  }

  /** After an update of `examples` examples, whose activities and signals are still in the buffers. */
  after(examples: number): void {
    const { from, decay, owner } = this.#options;
    const { ofGradient, ofActivity } = this.#score;
    if (from === "batch") return;
    const { populations, projections, inputs } = this.network;
    if (ofGradient) {
      const [kept, taken] = ofGradient.sums ? [1, 1] : [decay, 1 - decay];
      for (const projection of projections)
        this.#gather(projection, examples, projection.columns.pointer(`${owner}.score`), kept, taken);
    }
    if (!ofActivity) return;
    for (const population of populations) {
      const means = meansOver(population, examples, this.#score, population !== inputs);
      for (let plane = 0, at = 0; plane < population.model.planes; plane++) {
        const column = population.columns.view(`${owner}.activity.${plane}`);
        for (let slot = 0; slot < population.size; slot++)
          column[slot] = decay * column[slot] + (1 - decay) * means[at++];
      }
    }
  }

  /** Looks at all that is remembered. What it finds takes the place of what it found before. */
  look(memory: ExampleMemory): void {
    const { ofGradient, ofActivity } = this.#score;
    this.#gradients = new Map();
    this.#activities = new Map();
    const examples = memory.examples();
    if (!ofGradient?.each || ofActivity) this.#examine(examples.count, memory, undefined);
    if (ofGradient?.each) for (let slot = 0; slot < memory.size; slot++) this.#examine(1, memory, slot);
  }

  gradients(projection: Projection): Float32Array {
    const { from, owner } = this.#options;
    return from === "running" ? projection.columns.packed(`${owner}.score`) : this.#gradients.get(projection)!;
  }

  activities(population: Population): Float32Array {
    const { from, owner } = this.#options;
    if (from === "batch") return this.#activities.get(population)!;
    const { size, model, columns } = population;
    const all = new Float32Array(model.planes * size);
    for (let plane = 0; plane < model.planes; plane++)
      all.set(columns.packed(`${owner}.activity.${plane}`), plane * size);
    return all;
  }

  /** Of each synapse, absent ones too, as columns pack it. */
  synapses(projection: Projection): Float32Array {
    return this.#score.synapses(projection, this);
  }

  neurons(population: Population): Float64Array {
    return this.#score.neurons?.(population, this) ?? overIncoming(this.#score, population, this);
  }

  /** All remembered examples at once, or the one in `slot`. */
  #examine(count: number, memory: ExampleMemory, slot: number | undefined): void {
    const { ofGradient, ofActivity } = this.#score;
    const each = slot !== undefined;
    this.#life.examine(memory.examples(each ? [slot] : undefined), {
      population: (population) => {
        if (ofActivity && !each) this.#activities.set(population, meansOver(population, count, this.#score, true));
      },
      projection: (projection) => {
        if (ofGradient && each === (ofGradient.each ?? false)) this.#add(projection, count, each ? 1 / memory.size : 1);
      },
    });
    if (!ofActivity || each) return;
    // To the inputs nothing goes back, without a loss to nobody.
    for (const population of this.network.populations)
      if (!this.#activities.has(population))
        this.#activities.set(population, meansOver(population, count, this.#score, false));
  }

  /** Adds `share` of what the gradient of the examples says to what was found of the projection. */
  #add(projection: Projection, examples: number, share: number): void {
    const { columns } = projection;
    const { arena } = this.network.compute;
    const found = this.#gradients.get(projection) ?? new Float32Array(columns.planes * columns.rows * columns.lanes);
    this.#gradients.set(projection, found);
    const room = arena.allocate(columns.planes * columns.rowCapacity * columns.stride);
    this.#gather(projection, examples, room, 0, share);
    for (let plane = 0, at = 0; plane < columns.planes; plane++) {
      for (let row = 0; row < columns.rows; row++) {
        const from = (room >>> 2) + (plane * columns.rowCapacity + row) * columns.laneCapacity;
        for (let lane = 0; lane < columns.lanes; lane++) found[at++] += arena.f32[from + lane];
      }
    }
    arena.free(room);
  }

  /** into <- kept * into + taken * what the score makes of weight and gradient, for every synapse. */
  #gather(projection: Projection, examples: number, into: number, kept: number, taken: number): void {
    const { pre, post, columns } = projection;
    const { arena } = this.network.compute;
    const { stride, extent } = columns;
    const call = this.#call!;
    if (!projection.shared) pre.listByNeuron(examples);
    const rows = Math.max(1, Math.floor(BLOCK / stride));
    const block = arena.allocate(Math.min(rows, extent) * stride);
    call.point({ w: { pointer: columns.pointer("w"), stride }, mean: { pointer: into, stride } }).lanes(post.size);
    call.set("kept", kept);
    call.set("taken", taken);
    for (let from = 0; from < extent; from += rows) {
      const to = Math.min(extent, from + rows);
      projection.gradient(block, from, to, examples);
      call.point({ grad: { pointer: block - from * stride, stride } });
      for (const [first, end] of columns.live(from, to)) call.run(first, end);
    }
    arena.free(block);
  }
}

function programOf(name: string, value: GridProgram["outputs"][number]["value"]): GridProgram {
  const [kept, taken] = [symbol("kept", "uniform"), symbol("taken", "uniform")];
  const mean = kept.mul(symbol("mean", "cell")).add(taken.mul(value));
  return { name: `score ${name}`, outputs: [{ name: "mean", value: settled(mean) }] };
}

/** The mean over examples, and positions, for each output, `[plane][neuron]`. `back` is scaled to each example's own loss. */
function meansOver(
  population: Population,
  examples: number,
  { ofActivity, ofExample }: Score,
  hasBack: boolean,
): Float32Array {
  const { out, back, rowBytes, outPositions, stride, size, model, compute } = population;
  const rows = examples * outPositions;
  // Rows that are averaged before anything is made of them.
  const together = ofExample ? outPositions : 1;
  const { f32 } = compute.arena;
  const here = new Float64Array(model.planes * size);
  const sums = new Float64Array(model.planes * size);
  for (let row = 0; row < rows; row++) {
    for (let plane = 0, at = 0; plane < model.planes; plane++) {
      const offset = (row * rowBytes + plane * stride) >>> 2;
      for (let slot = 0; slot < size; slot++, at++) {
        const signal = hasBack ? f32[(back >>> 2) + offset + slot] * examples : 0;
        here[at] += ofActivity!(f32[(out >>> 2) + offset + slot], signal);
      }
    }
    if ((row + 1) % together > 0) continue;
    for (const [at, sum] of here.entries()) sums[at] += ofExample ? ofExample(sum / together) : sum;
    here.fill(0);
  }
  return Float32Array.from(sums, (sum) => (sum * together) / rows);
}
