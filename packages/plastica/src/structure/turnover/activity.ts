/** How active each neuron has been since it was last asked: the sum of |h| over examples, positions and planes, in a column of the population. */
import { GridCall } from "../../network/grid-call.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import { symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";

const program: GridProgram = {
  name: "activity",
  outputs: [{ name: "total", value: symbol("total", "cell").add(symbol("out", "cell").abs()) }],
};

export class Activity {
  readonly #population: Population;
  readonly #column: string;
  readonly #call: GridCall;

  /** Adds a column of that name. */
  constructor(network: Network, population: Population, column: string) {
    this.#population = population;
    this.#column = column;
    this.#call = new GridCall(network.compute, program);
    population.columns.add(column, 0);
  }

  /** Takes in what is in the buffers. */
  sense(examples: number): void {
    const { columns, planes, out, stride, size, spatial, vectors, compute } = this.#population;
    const call = this.#call.point({ total: { pointer: columns.pointer(this.#column) } }).lanes(size);
    // A row for each output of each example.
    const rows = examples * planes;
    if (spatial) {
      const sums = compute.arena.allocate(stride);
      compute.kernels.sumMagnitudes(sums, out, stride, rows, 0, vectors);
      call.point({ out: { pointer: sums } }).run(0, 1);
      return compute.arena.free(sums);
    }
    for (let row = 0; row < rows; row++) {
      call.point({ out: { pointer: out + row * stride } });
      call.run(0, 1);
    }
  }

  /** The sums, slot by slot; from here on, they begin anew. */
  take(): Float32Array {
    const sums = this.#population.columns.packed(this.#column);
    this.#population.columns.view(this.#column).fill(0);
    return sums;
  }
}
