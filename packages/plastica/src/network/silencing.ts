/**
 * Transient silence: what a population puts out is multiplied by a mask, drawn anew at each step of learning. Most entries of most masks
 * are 0: such a neuron is silent for this example, so it is in no list of active neurons, the next layer does not read its row and
 * learning does not visit it. Kinds of dropout (../structure/dropout) say what the mask is; here it is drawn, applied and carried back:
 *
 *   out = raw * mask,   dLoss / dRaw = mask * dLoss / dOut,   dLoss / dMask = raw * dLoss / dOut
 *
 * Draws are addressed by the step, the example (of a spatial population: the position) and the neuron's id, so a neuron's draws are its
 * own whoever is born or dies, on however many threads, and after a snapshot.
 */
import { derive, type Key, threefry } from "../compute/random.ts";
import { address, constant, symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { threefryWords } from "../rules/random.ts";
import type { Columns } from "./columns.ts";
import { GridCall } from "./grid-call.ts";
import type { Network } from "./network.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";

/** A kind of dropout with its options: plain data and a way to work. */
export interface Dropout {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string>>;
  /** Takes up its work on a population: adds the columns it needs. */
  attach(population: Population): DropoutAtWork;
}

export interface DropoutAtWork {
  /** A grid of its own, of a shape that never changes, which snapshots carry: what is learned for a whole layer. */
  readonly columns?: Columns;
  /** Writes the mask of a pass that draws. Left out: all goes through as it is. */
  draw?(layer: Silencing): void;
  /** Writes the mask of a pass that does not. Left out: all goes through as it is. */
  mean?(layer: Silencing): void;
  /** Before a projection passes examples on to the population: says with what weights, and where the synapses' mask lies. */
  thin?(projection: Projection, examples: number, drawing: Drawing | undefined): void;
  maskOf?(projection: Projection): number;
  /** Learns, when dLoss / dOut is known (`layer.pull`). Only after a pass to learn from. */
  learn?(layer: Silencing): void;
}

/** What a pass draws for: learning, at the step that comes; or samples of what the network may say, of which nothing is learned. */
export interface Drawing {
  readonly network: Network;
  readonly step: number;
  readonly purpose: "learning" | "sampling";
  /** Which sample of a step. Default 0. */
  readonly sample?: number;
}

/** An entry of the mask, by row (an example, or a position of one) and slot. */
export type Visit = (row: number, slot: number) => number;

const UNIT = 1 / 16777216;
const words = new Uint32Array(2);

/** The two words of `Silencing.uniform`'s draw, in a kernel: neurons' ids are lanes, as bits. */
const [first, second] = threefryWords(
  address("keyLow"),
  address("keyHigh"),
  symbol("id", "lane").asBits(),
  address("rowIndex"),
).map((word) => word.shiftRight(8).toFloat());
const bernoulliProgram: GridProgram = {
  name: "bernoulli mask",
  outputs: [
    {
      name: "mask",
      value: first.mul(UNIT).less(symbol("rate", "uniform")).then(0, symbol("louder", "uniform")),
    },
  ],
};
/** Box and Muller, as compute/random.ts has it, in float32. */
const normalProgram: GridProgram = {
  name: "normal mask",
  outputs: [
    {
      name: "mask",
      value: first
        .add(1)
        .mul(UNIT)
        .log()
        .mul(-2)
        .sqrt()
        .mul(
          constant(2 * 3.141592653589793 * UNIT)
            .mul(second)
            .cos(),
        )
        .mul(symbol("deviation", "lane"))
        .add(1),
    },
  ],
};

export class Silencing {
  readonly population: Population;
  readonly kind: Dropout;
  readonly work: DropoutAtWork;
  /** What the model made of its input: [row][plane][slot]. And the mask: [row][slot]. Pointers. */
  raw = 0;
  mask = 0;
  /** Ids by slot, as bits, and deviations by slot, for kernels. */
  #ids = 0;
  #deviations = 0;
  /** Of the pass that was last applied. */
  network!: Network;
  step = 0;
  rows = 0;
  purpose: Drawing["purpose"] | "mean" | "none" = "none";
  readonly #keys = new Map<Drawing["purpose"], Key>();
  #key: Key = { k0: 0, k1: 0 };
  readonly #bernoulli: GridCall;
  readonly #normal: GridCall;
  readonly #forward: GridCall;
  readonly #backward: GridCall;

  constructor(population: Population, kind: Dropout) {
    this.population = population;
    this.kind = kind;
    const planes = Array.from({ length: population.model.planes }, (_, plane) => plane);
    const mask = symbol("mask", "cell");
    const cell = (name: string, plane: number) => symbol(`${name}${plane}`, "cell");
    this.#forward = new GridCall(population.compute, {
      name: "silence",
      outputs: planes.map((plane) => ({ name: `out${plane}`, value: cell("raw", plane).mul(mask) })),
    });
    // Where a neuron was silenced nobody has carried a signal back: what lies there is of another step.
    const back = (plane: number) =>
      mask
        .abs()
        .greater(0)
        .then(mask.mul(cell("back", plane)), 0);
    this.#backward = new GridCall(population.compute, {
      name: "silence backward",
      outputs: planes.map((plane) => ({ name: `back${plane}`, value: back(plane) })),
    });
    this.#bernoulli = new GridCall(population.compute, bernoulliProgram);
    this.#normal = new GridCall(population.compute, normalProgram);
    this.work = kind.attach(population);
  }

  /** Positions of what a map puts out, each a row of an example; 1 by 1 elsewhere. */
  get height(): number {
    return this.population.outMap.height;
  }

  get width(): number {
    return this.population.outMap.width;
  }

  get positions(): number {
    return this.population.outPositions;
  }

  /** Bytes of the buffers that the population must give it, for so many bytes of cells and of outputs. */
  sizes(cells: number, outputs: number): number[] {
    return [outputs, cells, this.population.stride, this.population.stride];
  }

  place([raw, mask, ids, deviations]: readonly number[]): void {
    this.raw = raw;
    this.mask = mask;
    this.#ids = ids;
    this.#deviations = deviations;
  }

  point(): void {
    const { population, raw, mask } = this;
    const { out, back, stride, rowBytes, model, size } = population;
    for (const call of [this.#forward, this.#backward, this.#bernoulli, this.#normal]) {
      call.point({ id: { pointer: this.#ids }, deviation: { pointer: this.#deviations } });
      call.point({ mask: { pointer: mask, stride } }).lanes(size);
      for (let plane = 0; plane < model.planes; plane++) {
        const at = (name: string, pointer: number) =>
          call.point({ [`${name}${plane}`]: { pointer: pointer + plane * stride, stride: rowBytes } });
        at("raw", raw);
        at("out", out);
        at("back", back);
      }
    }
  }

  thin(projection: Projection, examples: number, drawing: Drawing | undefined): void {
    this.work.thin?.(projection, examples, drawing);
  }

  /** From `raw` to the population's `out`, for the first `rows` rows. */
  apply(rows: number, drawing: Drawing | undefined): void {
    this.rows = rows;
    this.purpose = this.work.draw && drawing ? drawing.purpose : this.work.mean ? "mean" : "none";
    if (this.work.draw && drawing) {
      this.network = drawing.network;
      this.step = drawing.step;
      this.#key = derive(this.#keyOf(drawing.purpose), drawing.step, drawing.sample ?? 0);
      this.work.draw(this);
    } else this.work.mean?.(this);
    const { compute, out, rowBytes, size } = this.population;
    if (this.purpose === "none") {
      compute.arena.f32.copyWithin(out >>> 2, this.raw >>> 2, (this.raw + rows * rowBytes) >>> 2);
    } else this.#forward.runShared(0, rows, size);
  }

  /** Lets the kind learn, and takes dLoss / dOut in the population's `back` to dLoss / dRaw. */
  differentiate(): void {
    if (this.purpose === "none") return;
    if (this.purpose === "learning") this.work.learn?.(this);
    this.#backward.runShared(0, this.rows, this.population.size);
  }

  /** Writes a mask of zeros with probability `rate` (by `uniform`'s draws), and `louder` elsewhere. */
  bernoulli(rate: number, louder: number): void {
    this.#bernoulli.set("rate", rate);
    this.#bernoulli.set("louder", louder);
    this.#run(this.#bernoulli);
  }

  /** Writes a mask that is 1 on average, with normal noise of a standard deviation for each slot. */
  normal(deviation: (slot: number) => number): void {
    const { compute, size } = this.population;
    const { f32 } = compute.arena;
    for (let slot = 0; slot < size; slot++) f32[(this.#deviations >>> 2) + slot] = deviation(slot);
    this.#run(this.#normal);
  }

  #run(call: GridCall): void {
    const { compute, neurons, size } = this.population;
    const { u32 } = compute.arena;
    for (let slot = 0; slot < size; slot++) u32[(this.#ids >>> 2) + slot] = neurons[slot].id;
    call.noiseKey(this.#key.k0, this.#key.k1);
    call.runShared(0, this.rows, size);
  }

  /**
   * Writes the mask, entry by entry. Silent neurons whose model is gated are passed over: they are silent whatever the mask says, and
   * no signal goes back through them.
   */
  fill(visit: Visit): void {
    const { compute, model, capacity, size } = this.population;
    const { f32 } = compute.arena;
    const skips = model.gated && model.planes === 1;
    for (let row = 0; row < this.rows; row++) {
      const [raw, mask] = [(this.raw >>> 2) + row * capacity * model.planes, (this.mask >>> 2) + row * capacity];
      for (let slot = 0; slot < size; slot++) f32[mask + slot] = skips && f32[raw + slot] === 0 ? 0 : visit(row, slot);
    }
  }

  /** The mask's entry. */
  at(row: number, slot: number): number {
    return this.population.compute.arena.f32[(this.mask >>> 2) + row * this.population.capacity + slot];
  }

  /** Uniform in [0, 1), of this step, this row and the neuron in this slot. */
  uniform(row: number, slot: number): number {
    threefry(this.#key.k0, this.#key.k1, this.population.neurons[slot].id, row, words);
    return (words[0] >>> 8) * UNIT;
  }

  /** Of this step and row, for the layer as a whole. */
  uniformOfLayer(row: number): number {
    threefry(this.#key.k0, this.#key.k1, 0xffffffff, row, words);
    return (words[0] >>> 8) * UNIT;
  }

  /** dLoss / dMask of an entry: 0 where the neuron was silent. */
  pull(row: number, slot: number): number {
    const { compute, back, out, model, capacity } = this.population;
    const { f32 } = compute.arena;
    let sum = 0;
    for (let plane = 0; plane < model.planes; plane++) {
      const i = (row * model.planes + plane) * capacity + slot;
      if (f32[(out >>> 2) + i] !== 0) sum += f32[(back >>> 2) + i] * f32[(this.raw >>> 2) + i];
    }
    return sum;
  }

  #keyOf(purpose: Drawing["purpose"]): Key {
    let key = this.#keys.get(purpose);
    if (!key) this.#keys.set(purpose, (key = this.network.keyOf("dropout", purpose, this.population.name)));
    return key;
  }
}
