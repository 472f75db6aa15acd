/**
 * Group lasso: a pull on whole groups of synapses, in proportion to no more than their direction, so that groups reach 0 exactly and can go.
 * A group is what leads out of one neuron. When nothing does, the neuron is of no use to anybody, and dies.
 */
import { ValueError } from "../../errors.ts";
import { GridCall } from "../../network/grid-call.ts";
import type { Network } from "../../network/network.ts";
import type { Neuron, Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";
import { gated, PLASTICITY } from "../../rules/plasticity.ts";
import {
  type Announce,
  comesRound,
  type Life,
  type Moment,
  type PolicyAtWork,
  type StructuralPolicy,
} from "../policy.ts";
import { death } from "../structure.ts";

export interface GroupLassoOptions {
  /** By how much a group's norm falls at each update, for its size: in units of weight, from 0. Default 1e-5. */
  readonly strength?: number;
  /** Updates from one pull to the next, which is then as much stronger: a whole number from 1. Default 10. */
  readonly every?: number;
  /** Updates before which a neuron is not pulled, for it begins with outgoing weights of 0: from 0. Default 100. */
  readonly maturity?: number;
  /** Whether neurons whose group is 0 die. Default true. */
  readonly deaths?: boolean;
}

const OWNER = "group-lasso";

const w = symbol("w", "cell");
const normsProgram: GridProgram = {
  name: "group norms",
  outputs: [{ name: "squares", value: w.square(), reduce: "sum" }],
};
const pullProgram: GridProgram = { name: "group pull", outputs: [{ name: "w", value: w.mul(symbol("left", "row")) }] };

/**
 * The proximal step of the group lasso, between updates of whatever rule there is:
 *
 *     w <- w max(0, 1 - strength every sqrt(n) / ||w||)
 *
 * for the n outgoing synapses `w` of each hidden neuron, by the plasticity of each: what stands still is part of its group and is not pulled, and
 * keeps its neuron alive. Where a neuron feeds several populations they are one group. A term of a rule sees
 * one synapse at a time, and no norm of a group: that is why this is a policy. With `strength` = lr lambda it is the proximal gradient
 * method for loss + lambda sum sqrt(n) ||w||.
 *
 * Throws ValueError for an option out of its range.
 *
 * M. Yuan, Y. Lin: Model selection and estimation in regression with grouped variables, J. R. Stat. Soc. B 68, 2006; for neurons
 * J. M. Alvarez, M. Salzmann: Learning the number of neurons in deep networks, NIPS 2016 (arXiv 1611.06321).
 */
export function groupLasso(options: GroupLassoOptions = {}): StructuralPolicy {
  const { strength = 1e-5, every = 10, maturity = 100, deaths = true } = options;
  if (!(strength >= 0 && strength < 1))
    throw new ValueError(`groupLasso: strength is ${strength}: a weight from 0 to 1`);
  if (!Number.isSafeInteger(every) || every < 1)
    throw new ValueError(`groupLasso: every is ${every}: a whole number of updates from 1`);
  if (!Number.isSafeInteger(maturity) || maturity < 0)
    throw new ValueError(`groupLasso: maturity is ${maturity}: a whole number of updates from 0`);
  if (typeof deaths !== "boolean")
    throw new ValueError(`groupLasso: deaths is ${JSON.stringify(deaths)}: true or false`);
  const all = { strength, every, maturity, deaths };
  return { name: OWNER, options: all, attach: (life) => new GroupLasso(life, all) };
}

class GroupLasso implements PolicyAtWork {
  readonly #network: Network;
  readonly #options: Required<GroupLassoOptions>;
  readonly #norms: GridCall;
  readonly #pull: GridCall;
  /** The same, by each synapse's plasticity. */
  readonly #gatedPull: GridCall;

  constructor({ network }: Life, options: Required<GroupLassoOptions>) {
    this.#network = network;
    this.#options = options;
    this.#norms = new GridCall(network.compute, normsProgram);
    this.#pull = new GridCall(network.compute, pullProgram);
    this.#gatedPull = new GridCall(network.compute, gated(pullProgram));
  }

  after(moment: Moment, announce: Announce): void {
    const { every, deaths, strength, maturity } = this.#options;
    if (!comesRound(every, moment)) return;
    const { step } = moment;
    for (const population of this.#network.hidden) {
      const projections = this.#network.outgoing(population);
      const squares = new Float64Array(population.size);
      let each = 0;
      for (const projection of projections) {
        this.#sum(projection, squares);
        each += projection.columns.planes * projection.columns.lanes;
      }
      const fall = strength * every * Math.sqrt(each);
      const safe = (neuron: Neuron) => step - neuron.born < maturity || this.#network.isProtected(neuron, step);
      const left = squares.map((square, slot) =>
        square > 0 && !safe(population.neurons[slot]) ? Math.max(0, 1 - fall / Math.sqrt(square)) : 1,
      );
      if (fall > 0) for (const projection of projections) this.#scale(projection, left);
      const leads = left.includes(0) ? this.#leading(population) : undefined;
      // The last one stays, if only for its name.
      const gone = [...left.keys()]
        .filter((slot) => left[slot] === 0 && !leads!.has(slot))
        .slice(0, population.size - 1);
      if (deaths && gone.length > 0) announce(death(this.#network, population, gone, { step, cause: OWNER }));
    }
  }

  /** Adds the squares of each neuron's outgoing weights. */
  #sum(projection: Projection, squares: Float64Array): void {
    const { columns } = projection;
    const { arena } = this.#network.compute;
    const room = arena.allocate(columns.planes * columns.rowCapacity * 4);
    this.#norms.point({ squares: { pointer: room } });
    this.#run(this.#norms, projection);
    this.#eachRow(projection, (row, slot) => (squares[slot] += arena.f32[(room >>> 2) + row]));
    arena.free(room);
  }

  #scale(projection: Projection, left: Float64Array): void {
    const { columns } = projection;
    const { arena } = this.#network.compute;
    const room = arena.allocate(columns.planes * columns.rowCapacity * 4);
    this.#eachRow(projection, (row, slot) => (arena.f32[(room >>> 2) + row] = left[slot]));
    const pull = columns.has(PLASTICITY) ? this.#gatedPull : this.#pull;
    pull.point({ left: { pointer: room } });
    this.#run(pull, projection);
    arena.free(room);
  }

  /** The slots of those whose outgoing synapses are not all 0. */
  #leading(population: Population): Set<number> {
    const found = new Set<number>();
    for (const { columns } of this.#network.outgoing(population)) {
      const w = columns.packed("w");
      for (let place = 0; place < w.length; place++)
        if (w[place] !== 0) found.add(Math.floor(place / columns.lanes) % columns.rows);
    }
    return found;
  }

  #run(call: GridCall, { columns }: Projection): void {
    const { stride } = columns;
    call.point({ w: { pointer: columns.pointer("w"), stride } }).lanes(columns.lanes);
    if (call === this.#gatedPull) call.point({ [PLASTICITY]: { pointer: columns.pointer(PLASTICITY), stride } });
    for (let plane = 0; plane < columns.planes; plane++)
      call.run(plane * columns.rowCapacity, plane * columns.rowCapacity + columns.rows);
  }

  #eachRow({ columns }: Projection, visit: (row: number, slot: number) => void): void {
    for (let plane = 0; plane < columns.planes; plane++)
      for (let slot = 0; slot < columns.rows; slot++) visit(plane * columns.rowCapacity + slot, slot);
  }

  save(): unknown {
    return null;
  }

  load(): void {}
}
