/**
 * The Euclidean norm of the gradient of all that learns, for clipping by it: absent synapses are left out, and what stands still. Of one example the
 * gradient of a projection is an outer product, so where all of it learns its squared norm is |pre|^2 |signal|^2; of a batch it is gathered block by
 * block. Sums run in a fixed order in double precision.
 */
import { GridCall, type Place } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import type { Projection } from "../network/projection.ts";
import { constant, type Expression, symbol } from "../rules/expression.ts";
import { PLASTICITY } from "../rules/plasticity.ts";

/** Where the gradients of neurons' own parameters lie; where their plasticities do, if some may stand still. */
export interface ParameterGradients {
  readonly pointer: number;
  readonly lanes: number;
  readonly plasticity: number | undefined;
}

export class GradientNorm {
  readonly #network: Network;
  readonly #all: GridCall;
  readonly #plastic: GridCall;
  readonly #plasticOuter: GridCall;
  /** One sum for each row asked for. */
  #sums = 0;
  #rows = 0;
  #block = 0;
  #blockBytes = 0;

  constructor(network: Network) {
    this.#network = network;
    const x = symbol("x", "cell");
    const outer = symbol("pre", "row").mul(symbol("signal", "lane"));
    const plastic = (gradient: Expression) => symbol(PLASTICITY, "cell").equals(0).then(constant(0), gradient);
    const squares = (name: string, gradient: Expression) =>
      new GridCall(network.compute, {
        name: `squares${name}`,
        outputs: [{ name: "squares", value: gradient.square(), reduce: "sum" }],
      });
    this.#all = squares("", x);
    this.#plastic = squares(" of what learns", plastic(x));
    this.#plasticOuter = squares(" of synapses that learn", plastic(outer));
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

  /** The norm over all weights and trained columns. */
  norm(examples: number, parameters: Iterable<ParameterGradients>): number {
    let total = 0;
    for (const { pointer, lanes, plasticity } of parameters) total += this.#sum({ pointer }, lanes, 0, 1, plasticity);
    for (const projection of this.#network.projections)
      total += examples === 1 && !projection.shared ? this.#outer(projection) : this.#gathered(projection, examples);
    return Math.sqrt(total);
  }

  #outer(projection: Projection): number {
    const { pre, post, columns } = projection;
    const plasticity = plasticitiesOf(projection);
    let total = 0;
    if (plasticity !== undefined) {
      const places = { pre: { pointer: pre.out }, signal: { pointer: post.signal } };
      this.#plasticOuter.point({ ...places, [PLASTICITY]: { pointer: plasticity, stride: columns.stride } });
      for (const [first, end] of columns.live(0, columns.extent))
        total += this.#run(this.#plasticOuter, post.size, first, end);
      return total;
    }
    for (let plane = 0; plane < pre.planes; plane++)
      total += this.#sum({ pointer: pre.out + plane * pre.stride }, pre.size, 0, 1);
    return total * this.#sum({ pointer: post.signal }, post.size, 0, 1);
  }

  #gathered(projection: Projection, examples: number): number {
    const { post, columns } = projection;
    const { stride, extent } = columns;
    const rows = Math.max(1, Math.floor(this.#blockBytes / stride));
    const plasticity = plasticitiesOf(projection);
    let total = 0;
    for (let from = 0; from < extent; from += rows) {
      const to = Math.min(extent, from + rows);
      projection.gradient(this.#block, from, to, examples);
      const here = plasticity && plasticity + from * stride;
      for (const [first, end] of columns.live(from, to))
        total += this.#sum({ pointer: this.#block, stride }, post.size, first - from, end - from, here);
    }
    return total;
  }

  /** The sum of squares of rows [from, to) of what lies there; with plasticities, laid out in the same way, of what learns. */
  #sum(x: Place, lanes: number, from: number, to: number, plasticity?: number): number {
    if (plasticity === undefined) return this.#run(this.#all.point({ x }), lanes, from, to);
    const places = { x, [PLASTICITY]: { ...x, pointer: plasticity } };
    return this.#run(this.#plastic.point(places), lanes, from, to);
  }

  #run(squares: GridCall, lanes: number, from: number, to: number): number {
    squares
      .point({ squares: { pointer: this.#sums } })
      .lanes(lanes)
      .run(from, to);
    const { f32 } = this.#network.compute.arena;
    let total = 0;
    for (let row = from; row < to; row++) total += f32[(this.#sums >>> 2) + row];
    return total;
  }
}

/** Where a projection's plasticities lie, if they are not all 1. */
function plasticitiesOf({ columns, fullyPlastic }: Projection): number | undefined {
  return columns.has(PLASTICITY) && !fullyPlastic ? columns.pointer(PLASTICITY) : undefined;
}
