/**
 * The Euclidean norm of the whole gradient, for clipping by it. Of one example the gradient of a projection is an outer product,
 * so its squared norm is |pre|^2 |signal|^2; of a batch it is gathered block by block. Sums run in a fixed order in double precision.
 */
import { GridCall } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import type { Projection } from "../network/projection.ts";
import { symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";

const squaresProgram: GridProgram = {
  name: "squares",
  outputs: [{ name: "squares", value: symbol("x", "cell").square(), reduce: "sum" }],
};

export class GradientNorm {
  readonly #network: Network;
  readonly #squares: GridCall;
  /** One sum for each row asked for. */
  #sums = 0;
  #rows = 0;
  #block = 0;
  #blockBytes = 0;

  constructor(network: Network) {
    this.#network = network;
    this.#squares = new GridCall(network.compute, squaresProgram);
  }

  /** Lends the room for blocks of gradients, and says that the network's layout has changed. */
  bind(block: number, bytes: number): void {
    this.#block = block;
    this.#blockBytes = bytes;
    this.#rows = 1;
    for (const { columns } of this.#network.projections)
      this.#rows = Math.max(this.#rows, columns.planes * columns.rowCapacity);
    this.#sums = this.#network.compute.arena.renew(this.#sums, this.#rows * 4);
  }

  /** The norm over all weights and trained columns; `summedSignal` gives where a population's parameter signals lie. */
  norm(examples: number, parameters: Iterable<{ pointer: number; lanes: number }>): number {
    let total = 0;
    for (const { pointer, lanes } of parameters) total += this.#sum(pointer, 0, lanes, 0, 1);
    for (const projection of this.#network.projections)
      total += examples === 1 && !projection.shared ? this.#outer(projection) : this.#gathered(projection, examples);
    return Math.sqrt(total);
  }

  #outer({ pre, post }: Projection): number {
    let activity = 0;
    for (let plane = 0; plane < pre.planes; plane++)
      activity += this.#sum(pre.out + plane * pre.stride, 0, pre.size, 0, 1);
    return activity * this.#sum(post.signal, 0, post.size, 0, 1);
  }

  #gathered(projection: Projection, examples: number): number {
    const { post, columns } = projection;
    const rows = Math.max(1, Math.floor(this.#blockBytes / columns.stride));
    let total = 0;
    for (let from = 0; from < columns.extent; from += rows) {
      const to = Math.min(columns.extent, from + rows);
      projection.gradient(this.#block, from, to, examples);
      for (const [first, end] of columns.live(from, to))
        total += this.#sum(this.#block, columns.stride, post.size, first - from, end - from);
    }
    return total;
  }

  /** The sum of squares of rows [from, to). */
  #sum(pointer: number, stride: number, lanes: number, from: number, to: number): number {
    this.#squares
      .point({ x: { pointer, stride }, squares: { pointer: this.#sums } })
      .lanes(lanes)
      .run(from, to);
    const { f32 } = this.#network.compute.arena;
    let total = 0;
    for (let row = from; row < to; row++) total += f32[(this.#sums >>> 2) + row];
    return total;
  }
}
