/**
 * DropConnect: each incoming synapse of a layer is left out with probability `rate`; those that stay are as much stronger.
 *
 *   w' = mask * w,   mask ~ Bernoulli(1 - rate) / (1 - rate),   dLoss / dw = mask * dLoss / dw'
 *
 * Wan, Zeiler, Zhang, LeCun and Fergus, "Regularization of neural networks using DropConnect", ICML 2013. There each example of a batch has
 * a mask of its own; here all examples of one update share theirs, which is the same where they come one at a time. They predict by the normal
 * distribution that masks give to a neuron's input; here by its mean, which is the weights as they are. Draws are addressed by step and
 * synapse and come from the network's pool (compute/noise-pool.ts): a synapse is left out where its normal draw is among the lowest share
 * `rate` of the pool. Rules that read activities themselves, and not a gradient, are not thinned.
 */
import { POOL_BYTES } from "../../compute/noise-pool.ts";
import { derive } from "../../compute/random.ts";
import { GridCall } from "../../network/grid-call.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import type { Drawing, Dropout, DropoutAtWork } from "../../network/silencing.ts";
import { noise, symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";
import { MASK } from "../../rules/plan.ts";
import { mustBeRate } from "./ranges.ts";
import type { DropoutOptions } from "./standard.ts";

const drawnMask = noise(0).less(symbol("lowest", "uniform")).then(0, symbol("louder", "uniform"));
const program: GridProgram = {
  name: "drop-connect",
  outputs: [
    { name: MASK, value: drawnMask },
    { name: "passed", value: symbol("w", "cell").mul(drawnMask) },
  ],
};

/** Probability that a synapse is left out: from 0 to 1, without 1; default 0.5. Throws ValueError beyond. */
export function dropConnect({ rate = 0.5 }: DropoutOptions = {}): Dropout {
  mustBeRate("dropConnect", "rate", rate);
  return { name: "drop-connect", options: { rate }, attach: (population) => new DropConnect(population, rate) };
}

/** Masks and masked weights of one projection. */
interface Thinning {
  readonly call: GridCall;
  bytes: number;
  mask: number;
  passed: number;
}

class DropConnect implements DropoutAtWork {
  readonly #population: Population;
  readonly #rate: number;
  readonly #of = new Map<Projection, Thinning>();
  #lowest: number | undefined;

  constructor(population: Population, rate: number) {
    this.#population = population;
    this.#rate = rate;
  }

  thin(projection: Projection, examples: number, drawing: Drawing | undefined): void {
    if (!drawing) return projection.lend(undefined);
    const { network, step, purpose, sample = 0 } = drawing;
    const { pre, post, columns } = projection;
    const { call, mask, passed } = this.#thinning(network, projection);
    const { stride } = columns;
    call.point({ w: { pointer: columns.pointer("w"), stride }, [MASK]: { pointer: mask, stride } });
    call.point({ passed: { pointer: passed, stride } }).lanes(post.size);
    const { k0, k1 } = derive(network.keyOf("drop-connect", purpose, projection.name), step, sample);
    call.noiseKey(k0, k1);
    // Of one example only the rows of active neurons are read, where a signal goes back to no others.
    const sparse = examples === 1 && !projection.shared && (pre.gated || pre === network.inputs);
    if (sparse) call.rows(pre.list.index).runShared(0, pre.active, post.size);
    else call.rows(0).runShared(0, columns.planes * columns.rowCapacity, post.size);
    projection.lend(passed);
  }

  maskOf(projection: Projection): number {
    return this.#of.get(projection)?.mask ?? 0;
  }

  #thinning(network: Network, projection: Projection): Thinning {
    const { arena } = this.#population.compute;
    let one = this.#of.get(projection);
    if (!one) {
      const call = new GridCall(this.#population.compute, program, () => network.noisePool);
      call.set("lowest", (this.#lowest ??= lowestOf(network, this.#rate)));
      call.set("louder", 1 / (1 - this.#rate));
      one = { call, bytes: 0, mask: 0, passed: 0 };
      this.#of.set(projection, one);
    }
    const { columns } = projection;
    const bytes = columns.planes * columns.rowCapacity * columns.stride;
    if (bytes !== one.bytes) {
      Object.assign(one, { mask: arena.renew(one.mask, bytes), passed: arena.renew(one.passed, bytes), bytes });
    }
    return one;
  }
}

/** The draw of the network's pool below which the share `rate` of them lies. */
function lowestOf({ noisePool, compute }: Network, rate: number): number {
  const pool = compute.arena.f32.slice(noisePool >>> 2, (noisePool + POOL_BYTES) >>> 2).sort();
  return pool[Math.min(pool.length - 1, Math.round(rate * pool.length))];
}
