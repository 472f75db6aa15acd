/** Builds an ordinary multilayer network: populations in a row, each joined to the next by a dense projection. */
import { ValueError } from "../errors.ts";
import { DenseProjection } from "./dense-projection.ts";
import { type Initialiser, kaimingUniform } from "./initialisers.ts";
import { InputNorm } from "./input-norm.ts";
import { Network, type NetworkOptions } from "./network.ts";
import type { NeuronModel } from "./neuron.ts";
import { linear } from "./neurons.ts";
import { Population } from "./population.ts";
import type { Dropout } from "./silencing.ts";
import { drawWeights } from "./weights.ts";

export interface SequentialOptions extends NetworkOptions {
  /** Values of one example. */
  inputs: number;
  /** Running normalisation of the inputs, see InputNorm; `decay` between 0 and 1. Default: none. */
  normaliseInputs?: { decay: number };
}

export interface DenseOptions {
  /** What a population is called in events and snapshots. Default: "hidden1", "hidden2", ..., "output". */
  name?: string;
  /** How incoming weights are drawn. Default: kaimingUniform. */
  initialiser?: Initialiser;
  /** Whether neurons have a bias, from 0 (or as the initialiser says). Default: true. */
  bias?: boolean;
  /** Layer normalisation before the model. Default: false. */
  layerNorm?: boolean;
  /** Who is silent while the network learns: see ../structure/dropout. Default: nobody. */
  dropout?: Dropout;
}

export interface LayerSpec extends Required<Omit<DenseOptions, "name" | "dropout">> {
  readonly name: string | undefined;
  readonly size: number;
  readonly model: NeuronModel;
  readonly dropout?: Dropout;
}

/** `size` neurons of a model (default: linear), each with synapses from all of the layer before. */
export function dense(size: number, model: NeuronModel = linear(), options: DenseOptions = {}): LayerSpec {
  const { name, initialiser = kaimingUniform(), bias = true, layerNorm = false, dropout } = options;
  return { name, size: wholeSize("a dense layer", size), model, initialiser, bias, layerNorm, dropout };
}

/**
 * A network of the given layers. Throws ValueError for a size that is not a whole number from 1, or two layers of one name.
 *
 *     sequential({ inputs: 784, seed: 1 }, [dense(100, relu()), dense(10)])
 */
export function sequential(options: SequentialOptions, layers: readonly LayerSpec[]): Network {
  const inputs = wholeSize("inputs", options.inputs);
  const decay = options.normaliseInputs?.decay;
  if (options.normaliseInputs && !(decay! > 0 && decay! < 1))
    throw new ValueError(`normaliseInputs.decay is ${decay}: it lies between 0 and 1`);
  if (layers.length === 0) throw new ValueError("a network of no layers: at least one is needed");
  const names = [
    "input",
    ...layers.map((layer, i) => layer.name ?? (i === layers.length - 1 ? "output" : `hidden${i + 1}`)),
  ];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ValueError(`two layers are called ${JSON.stringify(twice)}`);

  const network = new Network(options);
  const found = (n: number) => Array.from({ length: n }, () => network.newNeuron(0, "founder"));
  let pre = new Population(network.compute, names[0], linear(), found(inputs), { bias: false, layerNorm: false });
  network.populations.push(pre);
  if (decay !== undefined) network.inputNorm = new InputNorm(network, decay);
  layers.forEach((layer, i) => {
    const post = new Population(network.compute, names[i + 1], layer.model, found(layer.size), layer);
    const projection = new DenseProjection(network.compute, pre, post, layer.initialiser);
    network.populations.push(post);
    network.projections.push(projection);
    drawWeights(network, projection);
    pre = post;
  });
  network.changed();
  return network;
}

function wholeSize(what: string, n: number): number {
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`${what}: a size of ${n}, which should be a whole number from 1`);
  return n;
}
