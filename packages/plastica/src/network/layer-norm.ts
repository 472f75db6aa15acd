/**
 * Layer normalisation of a population's summed input, before its model (Ba, Kiros and Hinton, arXiv 1607.06450):
 *
 *   x^_j = (x_j - mean(x)) / sqrt(var(x) + 1e-5),   drive_j = gain_j * x^_j + shift_j
 *
 * over the live neurons of one example. `gain` (from 1) and `shift` (from 0) are columns of the population, trained by its rule.
 */
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { GridCall } from "./grid-call.ts";
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

export class LayerNorm {
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
    const cells = batch * this.#population.stride;
    return [cells, cells, cells, cells, batch * 4, batch * 4, batch * 4, batch * 4];
  }

  place(buffers: readonly number[]): void {
    this.#buffers = buffers;
    [this.drive, , this.gainSignal, this.shiftSignal] = buffers;
  }

  point(): void {
    const { columns, input, signal, size, stride } = this.#population;
    const [drive, normal, gainSignal, shiftSignal, sum, squares, pull, turn] = this.#buffers;
    const cells = { input, signal, drive, normal, gainSignal, shiftSignal };
    const flat = { gain: columns.pointer("gain"), shift: columns.pointer("shift"), sum, squares, pull, turn };
    for (const call of this.#calls) {
      for (const [name, pointer] of Object.entries(cells)) call.point({ [name]: { pointer, stride } });
      for (const [name, pointer] of Object.entries(flat)) call.point({ [name]: { pointer } });
      call.set("n", size);
      call.set("one", 1);
      call.lanes(size);
    }
  }

  forward(examples: number): void {
    for (let i = 0; i < 3; i++) this.#calls[i].run(0, examples);
  }

  /** Turns the population's `signal`, dLoss / dDrive, into dLoss / dInput. */
  backward(examples: number): void {
    for (let i = 3; i < 5; i++) this.#calls[i].run(0, examples);
  }
}
