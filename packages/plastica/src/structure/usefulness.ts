/**
 * Keeps the running means by which a population's neurons are judged (see utility.ts), in columns of that population, so that
 * birth, death and snapshots carry them. One kernel a population and step; three for a batch, or for a map, whose positions count as examples.
 */
import { GridCall, type Place } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import { OverExamples } from "../network/over-examples.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { GridProgram } from "../rules/grid.ts";
import { magnitudeProgram, usefulnessPrograms } from "./usefulness-programs.ts";
import type { UtilityName } from "./utility.ts";

export interface UsefulnessOptions {
  readonly decay: number;
  readonly utility: UtilityName;
  readonly refresh: number;
}

export class Usefulness {
  /** The neuron whose magnitudes are refreshed next, and how many vectors of four should have been. */
  #cursor = 0;
  #owed = 0;
  /** The network's next id when newborns were last looked for, and for how many updates more they are. */
  #nextId = -1;
  #looks = 0;
  readonly #network: Network;
  readonly #population: Population;
  readonly #options: UsefulnessOptions;
  readonly #calls: Record<"one" | "means" | "spread" | "many", GridCall>;
  readonly #magnitudes: GridCall[];
  /** Of outgoing synapses, row by row, where a neuron has more rows than outputs: at many positions, or by a kernel. */
  #byRow = 0;
  /** The projections that its columns are of. */
  readonly #projections: readonly Projection[];
  /** Where incoming weights lie, and where their magnitudes go. */
  #incoming: { into: number; w: number; stride: number; rows: number }[] = [];
  #layout = -1;
  /** For batches: means over examples of activities, their running means, what is judged of each example, and the means of that. */
  readonly #means: OverExamples;
  #buffers = { h: 0, centre: 0, spread: 0, judged: 0 };

  constructor(network: Network, population: Population, options: UsefulnessOptions) {
    this.#network = network;
    this.#population = population;
    this.#options = options;
    const { compute } = network;
    this.#means = new OverExamples(compute, (examples) => 1 / examples);
    const { planes } = population.model;
    const [outgoing, incoming] = [network.outgoing(population), network.incoming(population)];
    this.#projections = [...outgoing, ...incoming];
    // Those of projections that have gone.
    for (const name of population.columns.names)
      if (name.startsWith(column("out.")) || name.startsWith(column("in."))) population.columns.remove(name);
    population.columns.add("age", 0);
    population.columns.add(column("power"), 1);
    population.columns.add(column("utility"), 0);
    for (let plane = 0; plane < planes; plane++) {
      population.columns.add(column(`mean.${plane}`), 0);
      for (const i of outgoing.keys()) population.columns.add(column(`out.${plane}.${i}`), 0);
    }
    for (const i of incoming.keys()) population.columns.add(column(`in.${i}`), 0);
    const all = usefulnessPrograms(planes, outgoing.length, incoming.length, options.utility);
    const call = (program: GridProgram) => new GridCall(compute, program);
    this.#calls = { one: call(all.one), means: call(all.means), spread: call(all.spread), many: call(all.many) };
    this.#magnitudes = outgoing.flatMap(() => Array.from({ length: planes }, () => call(magnitudeProgram)));
    this.#bind();
    // While a snapshot is taken up, layers have their projections before these have their size; what is measured comes with it.
    const { size } = population;
    const whole =
      outgoing.every(({ columns }) => columns.rows === size) && incoming.every(({ columns }) => columns.lanes === size);
    if (whole) for (let slot = 0; slot < size; slot += 4) this.#measure(slot);
  }

  /** Whether its columns are of the projections that there are now. */
  fits(): boolean {
    const now = [...this.#network.outgoing(this.#population), ...this.#network.incoming(this.#population)];
    return now.length === this.#projections.length && now.every((projection, i) => projection === this.#projections[i]);
  }

  /** After an update of `examples` examples, whose activities are still in the population's buffers. */
  update(examples: number): void {
    const { nextId, layout } = this.#network;
    if (layout !== this.#layout || nextId !== this.#nextId) this.#looks = 2;
    if (layout !== this.#layout) this.#bind();
    this.#nextId = nextId;
    if (this.#looks > 0) this.#measureNewborns();
    const { size, vectors } = this.#population;
    for (this.#owed += vectors / this.#options.refresh; this.#owed >= 1; this.#owed--) {
      if (this.#cursor >= size) this.#cursor = 0;
      this.#measure(this.#cursor);
      this.#cursor += 4;
    }
    if (examples === 1 && !this.#population.spatial) this.#calls.one.run(0, 1);
    else this.#updateBatch(examples * this.#population.outPositions);
  }

  /**
   * In its first update a neuron is measured out of turn, whoever let it be born or made it young again: in the update after that, or, where somebody
   * acted before this was called, in the one that follows.
   */
  #measureNewborns(): void {
    this.#looks--;
    const ages = this.#population.columns.view("age");
    for (let slot = 0; slot < this.#population.size; slot++) {
      if (ages[slot] !== 1) continue;
      this.#measure(slot);
      slot |= 3; // the rest of its vector has been measured with it
    }
  }

  /** Measures mean |w| of the neuron in `slot` and of those that share its vector. */
  #measure(slot: number): void {
    const { model, size, capacity } = this.#population;
    const from = slot & ~3;
    const to = Math.min(size, from + 4);
    const outgoing = this.#network.outgoing(this.#population);
    for (let i = 0; i < this.#magnitudes.length; i++) {
      const [projection, plane] = [outgoing[Math.floor(i / model.planes)], i % model.planes];
      if (projection.columns.planes > model.planes) this.#sumRows(projection, i, plane, from, to);
      else this.#magnitudes[i].run(plane * capacity + from, plane * capacity + to);
    }
    for (let i = 0; i < this.#incoming.length; i++) {
      const { into, w, stride, rows } = this.#incoming[i];
      this.#network.compute.kernels.sumMagnitudes(into, w, stride, rows, from >> 2, (from >> 2) + 1);
    }
  }

  /** The sum over all rows of a neuron's plane. */
  #sumRows({ columns }: Projection, call: number, plane: number, from: number, to: number): void {
    const { model, columns: own } = this.#population;
    const { f32 } = this.#network.compute.arena;
    const sums = own.view(column(`out.${plane}.${Math.floor(call / model.planes)}`));
    sums.fill(0, from, to);
    for (let p = plane; p < columns.planes; p += model.planes) {
      this.#magnitudes[call].run(p * columns.rowCapacity + from, p * columns.rowCapacity + to);
      for (let slot = from; slot < to; slot++) sums[slot] += f32[(this.#byRow >>> 2) + p * columns.rowCapacity + slot];
    }
  }

  /** What is not in columns. */
  save(): { cursor: number; owed: number } {
    return { cursor: this.#cursor, owed: this.#owed };
  }

  load({ cursor, owed }: { cursor: number; owed: number }): void {
    this.#cursor = cursor;
    this.#owed = owed;
    this.#nextId = -1;
  }

  /** The corrected utility of each slot. */
  of(): (slot: number) => number {
    const { columns } = this.#population;
    const [utility, left] = [columns.view(column("utility")), columns.view(column("power"))];
    return (slot) => (left[slot] < 1 ? utility[slot] / (1 - left[slot]) : 0);
  }

  /** Adds the mean contribution of the neuron in `slot` to the biases it feeds. */
  bequeath(slot: number): void {
    const { columns, model } = this.#population;
    const left = columns.view(column("power"))[slot];
    for (const projection of this.#network.outgoing(this.#population)) {
      const { post } = projection;
      if (left === 1 || !post.columns.has("bias")) continue;
      const bias = post.columns.view("bias");
      const w = projection.columns.view("w");
      for (let plane = 0; plane < projection.columns.planes; plane++) {
        const mean = columns.view(column(`mean.${plane % model.planes}`))[slot] / (1 - left);
        const row = (plane * projection.columns.rowCapacity + slot) * projection.columns.laneCapacity;
        for (let lane = 0; lane < post.size; lane++) bias[lane] += w[row + lane] * mean;
      }
    }
  }

  #updateBatch(rows: number): void {
    const { out, rowBytes, stride, model, vectors } = this.#population;
    this.#reserve(rows);
    const { h, centre, spread, judged } = this.#buffers;
    for (let plane = 0; plane < model.planes; plane++) {
      const at = plane * stride;
      this.#means.sum(h + at, out + at, rowBytes, vectors);
      this.#calls.means.point({
        [`h.${plane}`]: { pointer: h + at },
        [`centre.${plane}`]: { pointer: centre + at, stride },
      });
    }
    this.#calls.means.run(0, 1);
    for (let plane = 0; plane < model.planes; plane++) {
      const at = plane * stride;
      this.#calls.spread.point({
        [`each.${plane}`]: { pointer: out + at, stride: rowBytes },
        [`centre.${plane}`]: { pointer: centre + at },
        [`spread.${plane}`]: { pointer: spread + at, stride: rowBytes },
      });
      this.#calls.many.point({ [`judged.${plane}`]: { pointer: judged + at } });
    }
    this.#calls.spread.run(0, rows);
    for (let plane = 0; plane < model.planes; plane++)
      this.#means.sum(judged + plane * stride, spread + plane * stride, rowBytes, vectors);
    this.#calls.many.run(0, 1);
  }

  #reserve(rows: number): void {
    if (!this.#means.reserve(rows)) return;
    const { arena } = this.#network.compute;
    const lengths = [1, 1, rows, 1].map((length) => length * this.#population.rowBytes);
    const [h, centre, spread, judged] = rows > 0 ? arena.allocateAll(lengths) : [0, 0, 0, 0];
    for (const pointer of Object.values(this.#buffers)) if (pointer) arena.free(pointer);
    this.#buffers = { h, centre, spread, judged };
  }

  #bind(): void {
    this.#layout = this.#network.layout;
    const population = this.#population;
    const { columns, model, out, stride, capacity, size } = population;
    const [outgoing, incoming] = [this.#network.outgoing(population), this.#network.incoming(population)];
    this.#reserve(0);
    const places: Record<string, Place> = {
      power: { pointer: columns.pointer(column("power")) },
      utility: { pointer: columns.pointer(column("utility")) },
    };
    const shares: Record<string, number> = {};
    const rows = outgoing.map((one) => (one.columns.planes > model.planes ? one.columns.extent : 0));
    if (Math.max(0, ...rows) > 0) this.#byRow = this.#network.compute.arena.renew(this.#byRow, 4 * Math.max(...rows));
    this.#incoming = incoming.map(({ columns: w }, j) => ({
      into: columns.pointer(column(`in.${j}`)),
      w: w.pointer("w"),
      stride: w.stride,
      rows: w.planes * w.rowCapacity,
    }));
    for (const [j, projection] of incoming.entries()) {
      places[`in.${j}`] = { pointer: columns.pointer(column(`in.${j}`)) };
      shares[`in.${j} share`] = 1 / projection.fanIn;
    }
    for (let plane = 0; plane < model.planes; plane++) {
      places[`h.${plane}`] = { pointer: out + plane * stride };
      places[`mean.${plane}`] = { pointer: columns.pointer(column(`mean.${plane}`)) };
      for (const [i, projection] of outgoing.entries()) {
        const pointer = columns.pointer(column(`out.${plane}.${i}`));
        places[`out.${plane}.${i}`] = { pointer };
        const several = projection.columns.planes / model.planes;
        shares[`out.${plane}.${i} share`] = 1 / (several * projection.post.size);
        this.#magnitudes[i * model.planes + plane]
          .point({
            w: { pointer: projection.columns.pointer("w"), stride: projection.columns.stride },
            magnitude: { pointer: several > 1 ? this.#byRow : pointer - plane * capacity * 4 },
          })
          .lanes(projection.post.size);
      }
    }
    for (const call of Object.values(this.#calls)) {
      call.point(places).lanes(size);
      call.set("decay", this.#options.decay);
      call.set("rest", 1 - this.#options.decay);
      for (const [name, share] of Object.entries(shares)) call.set(name, share);
    }
  }
}

/** The columns are the policy's own. */
function column(name: string): string {
  return `continual-backprop.${name}`;
}
