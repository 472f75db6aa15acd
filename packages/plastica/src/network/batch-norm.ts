/**
 * Batch normalisation of a population's summed input, before its model (Ioffe and Szegedy, arXiv 1502.03167): neuron by neuron, over the
 * examples of a batch; of a map channel by channel, over examples and positions.
 *
 *   learning    x^ = (x - mean) / sqrt(var + 1e-5)        mean, var: of what is in this batch
 *               running' = running + 0.1 (of this batch - running), with var m / (m - 1) for the m values it is of
 *   predicting  x^ = (x - running.mean) / sqrt(running.var + 1e-5)
 *   drive = gain x^ + shift
 *
 * Credit passes through the mean and the variance of the batch. Where a batch has one value a neuron (a dense layer that learns from one
 * example) there is none of that: running statistics, which take the example in afterwards with
 * var' = var + 0.1 ((x - mean)(x - mean') - var), normalise then too, and stand still for credit. So online a dense layer learns with the very
 * function that it predicts with. The same holds when gradients are examined and nothing is learned.
 *
 * `gain` (from 1), `shift` (from 0), `running.mean` (from 0) and `running.var` (from 1) are columns of the population: a newborn has its own.
 */
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { settled } from "../rules/settle.ts";
import { GridCall } from "./grid-call.ts";
import type { Normalisation } from "./normalisation.ts";
import { OverExamples } from "./over-examples.ts";
import type { Population } from "./population.ts";

const EPSILON = 1e-5;
const MOMENTUM = 0.1;

const [x, signal, normal] = [symbol("input", "cell"), symbol("signal", "cell"), symbol("normal", "cell")];
const [mean, variance] = [symbol("mean", "lane"), symbol("var", "lane")];
const [gain, shift] = [symbol("gain", "lane"), symbol("shift", "lane")];
const scale = symbol("one", "uniform").div(variance.add(EPSILON).sqrt());
const centred = x.sub(mean);

const squaresProgram: GridProgram = { name: "batch squares", outputs: [{ name: "normal", value: centred.square() }] };
const driveProgram: GridProgram = {
  name: "batch norm forward",
  outputs: [
    { name: "normal", value: centred.mul(scale) },
    { name: "drive", value: centred.mul(scale).mul(gain).add(shift) },
  ],
};
const signalsProgram: GridProgram = {
  name: "batch norm signals",
  outputs: [
    { name: "gainSignal", value: signal.mul(normal) },
    { name: "shiftSignal", value: signal },
  ],
};
/** dLoss / dInput of a batch: what all of it has in common moves mean and variance, and not the neuron. */
const backwardProgram: GridProgram = {
  name: "batch norm backward",
  outputs: [
    {
      name: "signal",
      value: scale.mul(gain).mul(signal.sub(symbol("pull", "lane")).sub(normal.mul(symbol("turn", "lane")))),
    },
  ],
};
const fixedProgram: GridProgram = {
  name: "batch norm backward, statistics fixed",
  outputs: [{ name: "signal", value: scale.mul(gain).mul(signal) }],
};
const [runningMean, runningVariance] = [symbol("runningMean", "cell"), symbol("runningVar", "cell")];
const taken = (running: typeof runningMean, of: typeof runningMean) => running.add(of.sub(running).mul(MOMENTUM));
const keepProgram: GridProgram = {
  name: "batch norm running statistics",
  outputs: [
    { name: "runningMean", value: settled(taken(runningMean, mean)) },
    { name: "runningVar", value: settled(taken(runningVariance, variance.mul(symbol("unbiased", "uniform")))) },
  ],
};
const shown = symbol("shown", "lane");
const meanAfter = taken(runningMean, shown);
const keepOneProgram: GridProgram = {
  name: "batch norm running statistics, one value",
  outputs: [
    { name: "runningMean", value: settled(meanAfter) },
    { name: "runningVar", value: settled(taken(runningVariance, shown.sub(runningMean).mul(shown.sub(meanAfter)))) },
  ],
};

const programs = {
  squares: squaresProgram,
  drive: driveProgram,
  signals: signalsProgram,
  backward: backwardProgram,
  fixed: fixedProgram,
  keep: keepProgram,
  keepOne: keepOneProgram,
};

export class BatchNorm implements Normalisation {
  readonly kind = "batch";
  drive = 0;
  gainSignal = 0;
  shiftSignal = 0;
  #normal = 0;
  /** Of the batch, a value a slot: mean, variance, and what credit has in common. */
  #mean = 0;
  #variance = 0;
  #pull = 0;
  #turn = 0;
  /** Values a neuron in the last pass, and whether its statistics were its own. */
  #rows = 0;
  #own = false;
  readonly #population: Population;
  readonly #calls: Record<keyof typeof programs, GridCall>;
  readonly #means: OverExamples;

  constructor(population: Population) {
    this.#population = population;
    const { columns, compute } = population;
    columns.add("gain", 1);
    columns.add("shift", 0);
    columns.add("running.mean", 0);
    columns.add("running.var", 1);
    const entries = Object.entries(programs).map(([name, program]) => [name, new GridCall(compute, program)]);
    this.#calls = Object.fromEntries(entries) as Record<keyof typeof programs, GridCall>;
    this.#means = new OverExamples(compute, (rows) => 1 / rows);
  }

  sizes(batch: number): number[] {
    const { positions, stride } = this.#population;
    const cells = batch * positions * stride;
    return [cells, cells, cells, cells, stride, stride, stride, stride];
  }

  place(buffers: readonly number[]): void {
    [this.drive, this.#normal, this.gainSignal, this.shiftSignal] = buffers;
    [this.#mean, this.#variance, this.#pull, this.#turn] = buffers.slice(4);
    this.#rows = 0;
  }

  point(): void {
    const { columns, input, signal, size, stride } = this.#population;
    const { drive, gainSignal, shiftSignal } = this;
    const cells = { input, signal, drive, normal: this.#normal, gainSignal, shiftSignal };
    const lanes = {
      gain: columns.pointer("gain"),
      shift: columns.pointer("shift"),
      pull: this.#pull,
      turn: this.#turn,
    };
    const running = { runningMean: columns.pointer("running.mean"), runningVar: columns.pointer("running.var") };
    for (const call of Object.values(this.#calls)) {
      for (const [name, pointer] of Object.entries(cells)) call.point({ [name]: { pointer, stride } });
      for (const [name, pointer] of Object.entries({ ...lanes, ...running }))
        call.point({ [name]: { pointer, stride } });
      call.point({ shown: { pointer: input } }).set("one", 1);
      call.lanes(size);
    }
    this.#statistics();
  }

  forward(examples: number, learn: boolean): void {
    const { input, positions } = this.#population;
    this.#rows = examples * positions;
    const own = learn && this.#rows > 1;
    if (own !== this.#own) {
      this.#own = own;
      this.#statistics();
    }
    if (own) {
      this.#means.reserve(this.#rows);
      this.#average(this.#mean, input);
      this.#run("squares");
      this.#average(this.#variance, this.#normal);
    }
    this.#run("drive");
  }

  backward(): void {
    this.#run("signals");
    if (!this.#own) return this.#run("fixed");
    this.#means.reserve(this.#rows);
    this.#average(this.#pull, this.shiftSignal);
    this.#average(this.#turn, this.gainSignal);
    this.#run("backward");
  }

  commit(): void {
    const { keep, keepOne } = this.#calls;
    if (!this.#own) return keepOne.run(0, 1);
    keep.set("unbiased", this.#rows / (this.#rows - 1));
    keep.run(0, 1);
  }

  #run(name: keyof typeof programs): void {
    this.#calls[name].runShared(0, this.#rows, 4 * this.#population.size);
  }

  #average(out: number, cells: number): void {
    this.#means.sum(out, cells, this.#population.stride, this.#population.vectors);
  }

  /** What normalises: the batch's own statistics, or the running ones. */
  #statistics(): void {
    const { columns } = this.#population;
    const mean = this.#own ? this.#mean : columns.pointer("running.mean");
    const variance = this.#own ? this.#variance : columns.pointer("running.var");
    for (const call of Object.values(this.#calls)) call.point({ mean: { pointer: mean }, var: { pointer: variance } });
  }
}
