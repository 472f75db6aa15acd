/**
 * Progressive networks: each task gets layers of its own, which listen to those of all earlier tasks and are not heard by them. What an
 * earlier task learned stands still, so nothing is forgotten; the network grows with every task. Its authors call the layers of a task a
 * column; here, where a column is a named state, they are a *strand*.
 *
 *   h_l^k = f( W_l^k h_{l-1}^k  +  sum_{j<k} U_l^{kj} h_{l-1}^j )          layer l of strand k
 */
import { ValueError } from "../../errors.ts";
import { type Kernel, kernelOf } from "../../network/convolutional-projection.ts";
import { link } from "../../network/link.ts";
import type { Network } from "../../network/network.ts";
import type { NeuronModel } from "../../network/neuron.ts";
import { relu } from "../../network/neurons.ts";
import { Population, type PopulationOptions } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { drawSynapses, drawWeights } from "../../network/weights.ts";
import { PLASTICITY } from "../../rules/plasticity.ts";
import type { LifeEvent } from "../events.ts";
import { arrived, nameOfItsOwn } from "../layers.ts";
import type { Announce, Examples, Life, PolicyAtWork, StructuralPolicy } from "../policy.ts";
import { canStandStill, putBackStatistics, still } from "../stillness.ts";
import type { Occasion } from "../structure.ts";
import { freeze, learnBySynapse, present, prune } from "../synapses.ts";
import { type TaskOptions, taskOptions } from "./task-ends.ts";
import { TaskRegister, type Turns } from "./task-register.ts";

export interface ProgressiveColumnsOptions extends TaskOptions {
  /** Share of the first strand's neurons that a later one has in each layer, above 0. Default 1. */
  readonly size?: number;
  /** Whether strands listen to earlier ones. Default true; without, tasks have networks apart. */
  readonly lateral?: boolean;
  /** Neurons of each adapter, through which a layer listens to earlier strands: a whole number. Default 0: it listens to them directly. */
  readonly adapters?: number;
}

const NAME = "progressive-columns";
/** How an adapter's name ends, before its strand. */
const ADAPTER = ".adapter";

/**
 * The layers that there are at first are the first strand, in order. When a task ends (by its number of examples, when other outputs take
 * part, or by `Learner.endTask()`) all that is there stands still, and the next task gets a strand, whose readout leads to that task's
 * outputs alone; to these all earlier strands lead too. What an old task says stays the same, to the bit, since nothing new leads to its
 * outputs. A task that comes back is known by its outputs, and not learned again. Where tasks share their outputs, a new strand adds to
 * what the old ones say.
 *
 * Input normalisation that runs on goes on, for all tasks. An adapter is a layer of ReLU between the earlier strands' layer and the new one
 * (all earlier ones in one). The authors scale its input by a learned number and have one before the readout too; here the initial weights
 * do that, and readouts listen directly. Throws ValueError for an option out of its range.
 *
 * A. A. Rusu et al.: Progressive neural networks, 2016 (arXiv 1606.04671).
 */
export function progressiveColumns(options: ProgressiveColumnsOptions = {}): StructuralPolicy {
  const { size = 1, lateral = true, adapters = 0 } = options;
  const must = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${value}: ${right}`);
  };
  must("size", size, size > 0 && Number.isFinite(size), "a number above 0");
  must("adapters", adapters, Number.isSafeInteger(adapters) && adapters >= 0, "a whole number of neurons from 0");
  const all = { size, lateral, adapters, ...taskOptions(NAME, options) };
  return { name: NAME, options: all, attach: (life) => new ProgressiveColumns(life, all) };
}

class ProgressiveColumns implements PolicyAtWork {
  readonly #life: Life;
  readonly #options: Required<ProgressiveColumnsOptions>;
  readonly #tasks: TaskRegister;

  constructor(life: Life, options: Required<ProgressiveColumnsOptions>) {
    this.#life = life;
    this.#options = options;
    this.#tasks = new TaskRegister(options);
    const { network } = life;
    if (network.hidden.length === 0) throw new ValueError(`${NAME}: a network without hidden layers has no strand`);
    learnBySynapse(network);
    canStandStill(network);
  }

  after(): void {
    putBackStatistics(this.#life.network);
  }

  before(seen: Examples, announce: Announce): boolean {
    return this.#tasks.turn(seen, this.#turns(announce));
  }

  endTask(announce: Announce): void {
    this.#tasks.end(this.#turns(announce));
  }

  #turns(announce: Announce): Turns {
    const { network, step } = this.#life;
    const occasion = { step, cause: NAME };
    return {
      begin: () => {
        const { learns, now, outputs } = this.#tasks;
        if (!learns || now === 1) return false;
        for (const event of addStrand(network, { ...this.#options, outputs }, occasion)) announce(event);
        return true;
      },
      end: () => {
        if (!this.#tasks.learns) return;
        for (const event of stand(network, this.#tasks.outputs, occasion)) announce(event);
      },
    };
  }

  save(): unknown {
    return this.#tasks.save();
  }

  load(state: unknown): void {
    this.#tasks.load(state);
  }
}

export interface NewStrand {
  /** The outputs that it leads to. Left out: all. */
  readonly outputs?: readonly number[];
  /** As in progressiveColumns. */
  readonly size?: number;
  readonly lateral?: boolean;
  readonly adapters?: number;
}

/**
 * Adds a strand beside those that there are, by hand: a layer for each of the first strand, listening to all layers like those that that one listens to.
 * Nothing stands still for it; see `freeze`. The strand of a layer is in its name: "hidden1", then "hidden1@2", "hidden1@3". Throws
 * ValueError for an output that there is not, and where memory is too small, before anything is changed.
 */
export function addStrand(network: Network, strand: NewStrand, occasion: Occasion): LifeEvent[] {
  const { outputs: head, size = 1, lateral = true, adapters = 0 } = strand;
  const { compute, inputs, outputs } = network;
  const stranger = head?.find((output) => !Number.isInteger(output) || output < 0 || output >= outputs.size);
  if (stranger !== undefined)
    throw new ValueError(`a strand for output ${stranger}: outputs are 0 to ${outputs.size - 1}`);
  const strands = strandsOf(network);
  const number = strands.length + 1;
  // About as much again as there is.
  compute.arena.free(compute.arena.allocate(network.bytes * Math.max(1, size)));
  const comers: Population[] = [];
  const grow = (stem: string, count: number, model: NeuronModel, options: PopulationOptions): Population => {
    const neurons = Array.from({ length: count }, () => network.newNeuron(occasion.step, occasion.cause));
    const everyone = { populations: [...network.populations, ...comers], departed: network.departed };
    return new Population(compute, nameOfItsOwn(everyone, `${stem}@${number}`), model, neurons, options);
  };
  /** Whom the new strand has in the place of those of the first. */
  const twins = new Map([[inputs, inputs]]);
  const links: Projection[] = [];
  const join = (pre: Population, post: Population, { initialiser }: Projection, by?: Kernel) => {
    const made = link(compute, pre, post, initialiser, by);
    links.push(made);
    return made;
  };
  for (const like of firstStrand(network, strands[0] ?? [])) {
    const layer = grow(like.name, Math.max(1, Math.round(size * like.size)), like.model, like.options);
    for (const way of network.incoming(like).filter(({ pre }) => twins.has(pre))) {
      const { pre, kernel } = way;
      const earlier = lateral ? strands.flatMap((one) => one.find((layer) => stemOf(layer) === stemOf(pre)) ?? []) : [];
      if (adapters > 0 && earlier.length > 0) {
        const map = kernel && pre.outMap;
        const adapter = grow(`${like.name}${ADAPTER}`, adapters, relu(), {
          bias: like.options.bias,
          layerNorm: false,
          map,
        });
        comers.push(adapter);
        for (const one of earlier) join(one, adapter, way, kernel && kernelOf({ kernel: 1 }));
        join(adapter, layer, way, kernel);
      } else for (const one of earlier) join(one, layer, way, kernel);
      join(twins.get(pre)!, layer, way, kernel);
    }
    comers.push(layer);
    twins.set(like, layer);
  }
  const ways = network.incoming(outputs).filter(({ pre }) => pre !== inputs && twins.has(pre));
  const readouts = ways.map((way) => join(twins.get(way.pre)!, outputs, way));
  network.recompose([...network.populations.slice(0, -1), ...comers, outputs], [...network.projections, ...links]);
  for (const one of links) {
    const leadsOut = one.post === outputs;
    // The outputs are everyone's, and have their biases already.
    const draw = leadsOut ? drawSynapses : drawWeights;
    draw(network, one);
    // All that leads to a layer is together as strong as one projection would be.
    const together = leadsOut ? readouts : network.incoming(one.post);
    const scale = Math.sqrt(one.fanIn / together.reduce((sum, { fanIn }) => sum + fanIn, 0));
    one.columns.unpack(
      "w",
      one.columns.packed("w").map((w) => scale * w),
    );
    one.columns.initialiseAll();
  }
  network.changed();
  const events: LifeEvent[] = comers.flatMap((layer) => arrived(layer, occasion));
  if (head === undefined) return events;
  // It leads to no others' outputs; and without laterals nobody else leads to its own.
  for (const one of lateral ? readouts : network.incoming(outputs)) {
    const gone = presentTo(one, (output) => head.includes(output) !== readouts.includes(one));
    if (gone.length > 0) events.push(prune(network, one, gone, occasion));
  }
  return events;
}

/** Those of the first strand through which something comes from the inputs and goes to the outputs, within it. */
function firstStrand(network: Network, layers: readonly Population[]): Population[] {
  const [heard, hears] = [new Set([network.inputs]), new Set([network.outputs])];
  for (const layer of layers) if (network.incoming(layer).some(({ pre }) => heard.has(pre))) heard.add(layer);
  for (const layer of layers.toReversed())
    if (network.outgoing(layer).some(({ post }) => hears.has(post))) hears.add(layer);
  return layers.filter((layer) => heard.has(layer) && hears.has(layer));
}

/** What a finished task leaves stands still: all hidden layers, and what leads to its outputs. */
function stand(network: Network, head: readonly number[] | undefined, occasion: Occasion): LifeEvent[] {
  const { projections, outputs } = network;
  const events: LifeEvent[] = [];
  for (const projection of projections) {
    const plasticity = projection.columns.packed(PLASTICITY);
    const finished = (output: number) => projection.post !== outputs || !head || head.includes(output);
    const which = presentTo(projection, finished).filter((place) => plasticity[place] !== 0);
    if (which.length > 0) events.push(freeze(network, projection, which, occasion));
  }
  for (const layer of network.hidden) still(layer, layer.neurons.keys());
  still(outputs, head ?? outputs.neurons.keys());
  network.changed();
  return events;
}

/** The synapses that are there and lead to neurons in these slots. */
function presentTo(projection: Projection, fits: (slot: number) => boolean): number[] {
  const { lanes } = projection.columns;
  return [...present(projection)].filter((place) => fits(place % lanes));
}

/** Hidden layers by strand, as their names say. */
function strandsOf(network: Network): Population[][] {
  const strands: Population[][] = [];
  for (const layer of network.hidden) {
    const [, number = "1"] = layer.name.split("@");
    if (!stemOf(layer).endsWith(ADAPTER)) (strands[Number.parseInt(number, 10) - 1] ??= []).push(layer);
  }
  return strands;
}

function stemOf({ name }: Population): string {
  return name.split("@")[0];
}
