/**
 * Layer normalisation of a population's summed input, before its model (Ba, Kiros and Hinton, arXiv 1607.06450):
 *
 *   x^_j = (x_j - mean(x)) / sqrt(var(x) + 1e-5),   drive_j = gain_j * x^_j + shift_j
 *
 * over the live neurons of one example; of a map over all its channels and positions, as PyTorch's GroupNorm(1, channels) and, but for the
 * gains, LayerNorm([channels, height, width]). `gain` (from 1) and `shift` (from 0), one a neuron or channel, are columns of the population,
 * trained by its rule.
 */
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { GridCall } from "./grid-call.ts";
import type { Normalisation } from "./normalisation.ts";
import type { Population } from "./population.ts";

const EPSILON = 1e-5;

const x = symbol("input", "cell");
const n = symbol("n", "uniform");
const [gain, shift] = [symbol("gain", "lane"), symbol("shift", "lane")];
const [sum, squares] = [symbol("sum", "row"), symbol("squares", "row")];
const [normal, signal] = [symbol("normal", "cell"), symbol("signal", "cell")];
const centred = x.sub(sum.div(n));
const scale = symbol("one", "uniform").div(squares.div(n).add(EPSILON).sqrt());
const pulled = signal.mul(gain);

const sumProgram: GridProgram = { name: "layer sum", outputs: [{ name: "sum", value: x, reduce: "sum" }] };
const squaresProgram: GridProgram = {
  name: "layer squares",
  outputs: [{ name: "squares", value: centred.mul(centred), reduce: "sum" }],
};
const driveProgram: GridProgram = {
  name: "layer norm forward",
  outputs: [
    { name: "normal", value: centred.mul(scale) },
    { name: "drive", value: centred.mul(scale).mul(gain).add(shift) },
  ],
};
const momentsProgram: GridProgram = {
  name: "layer norm moments",
  outputs: [
    { name: "pull", value: pulled, reduce: "sum" },
    { name: "turn", value: pulled.mul(normal), reduce: "sum" },
    { name: "gainSignal", value: signal.mul(normal) },
  ],
};
const backwardProgram: GridProgram = {
  name: "layer norm backward",
  outputs: [
    { name: "shiftSignal", value: signal },
    {
      name: "signal",
      value: scale.mul(pulled.sub(symbol("pull", "row").div(n)).sub(normal.mul(symbol("turn", "row").div(n)))),
    },
  ],
};

export class LayerNorm implements Normalisation {
  readonly kind = "layer";
  /** gain * x^ + shift, the model's input. */
  drive = 0;
  /** What `gain` and `shift` learn from: dLoss / dGain and dLoss / dShift, example by example. */
  gainSignal = 0;
  shiftSignal = 0;
  #buffers: readonly number[] = [];
  readonly #population: Population;
  readonly #calls: GridCall[];

  constructor(population: Population) {
    this.#population = population;
    population.columns.add("gain", 1);
    population.columns.add("shift", 0);
    const programs = [sumProgram, squaresProgram, driveProgram, momentsProgram, backwardProgram];
    this.#calls = programs.map((program) => new GridCall(population.compute, program));
  }

  /** Bytes of the buffers that its population must give it for `batch` examples. */
  sizes(batch: number): number[] {
    const { positions, stride } = this.#population;
    const rows = batch * positions;
    const cells = rows * stride;
    return [cells, cells, cells, cells, rows * 4, rows * 4, rows * 4, rows * 4];
  }

  place(buffers: readonly number[]): void {
    this.#buffers = buffers;
    [this.drive, , this.gainSignal, this.shiftSignal] = buffers;
  }

  point(): void {
    const { columns, input, signal, size, stride, positions } = this.#population;
    const [drive, normal, gainSignal, shiftSignal, sum, squares, pull, turn] = this.#buffers;
    const cells = { input, signal, drive, normal, gainSignal, shiftSignal };
    const flat = { gain: columns.pointer("gain"), shift: columns.pointer("shift"), sum, squares, pull, turn };
    for (const call of this.#calls) {
      for (const [name, pointer] of Object.entries(cells)) call.point({ [name]: { pointer, stride } });
      for (const [name, pointer] of Object.entries(flat)) call.point({ [name]: { pointer } });
      call.set("n", size * positions);
      call.set("one", 1);
      call.lanes(size);
    }
  }

  forward(examples: number): void {
    const [sum, squares, drive] = this.#calls;
    const [, , , , sums, deviations] = this.#buffers;
    this.#run(sum, examples);
    this.#total(sums, examples);
    this.#run(squares, examples);
    this.#total(deviations, examples);
    this.#run(drive, examples);
  }

  /** Turns the population's `signal`, dLoss / dDrive, into dLoss / dInput. */
  backward(examples: number): void {
    const [, , , moments, back] = this.#calls;
    const [, , , , , , pull, turn] = this.#buffers;
    this.#run(moments, examples);
    this.#total(pull, examples);
    this.#total(turn, examples);
    this.#run(back, examples);
  }

  #run(call: GridCall, examples: number): void {
    call.run(0, examples * this.#population.positions);
  }

  /** What is one sum a position becomes one sum an example, said at each position. */
  #total(rows: number, examples: number): void {
    const { positions, compute } = this.#population;
    if (positions === 1) return;
    const { f32 } = compute.arena;
    for (let example = 0, at = rows >>> 2; example < examples; example++, at += positions) {
      let sum = 0;
      for (let i = at; i < at + positions; i++) sum += f32[i];
      f32.fill(sum, at, at + positions);
    }
  }
}
