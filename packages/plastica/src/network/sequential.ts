/** Builds an ordinary multilayer network: populations in a row, each joined to the next by a dense or a convolutional projection. */
import { ValueError } from "../errors.ts";
import { convolvedMap, type Kernel, type KernelOptions, kernelOf } from "./convolutional-projection.ts";
import { type Initialiser, kaimingUniform } from "./initialisers.ts";
import { EPSILON, InputNorm } from "./input-norm.ts";
import { link } from "./link.ts";
import type { MapShape } from "./map.ts";
import { Network, type NetworkOptions } from "./network.ts";
import type { NeuronModel } from "./neuron.ts";
import { linear } from "./neurons.ts";
import { type Pooling, pooledMap } from "./pooling.ts";
import { Population } from "./population.ts";
import type { Dropout } from "./silencing.ts";
import { drawWeights } from "./weights.ts";

/** An image. The values of an example come position by position, line by line, and of each position channel by channel: red, green, blue, red, ... */
export interface ImageShape extends MapShape {
  readonly channels: number;
}

export interface SequentialOptions extends NetworkOptions {
  /** Values of one example, or the image that it is. */
  inputs: number | ImageShape;
  /** Running normalisation of the inputs, see InputNorm; `decay` between 0 and 1, `epsilon` above 0, default 1e-5. Not of an image. Default: none. */
  normaliseInputs?: { decay: number; epsilon?: number | undefined };
}

export interface DenseOptions {
  /** What a population is called in events and snapshots. Default: "hidden1", "hidden2", ..., "output". */
  name?: string;
  /** How incoming weights are drawn. Default: kaimingUniform. */
  initialiser?: Initialiser;
  /** Whether neurons have a bias, from 0 (or as the initialiser says). Default: true. */
  bias?: boolean;
  /** Layer normalisation before the model: see layer-norm.ts. Default: false. */
  layerNorm?: boolean;
  /** Batch normalisation before the model: see batch-norm.ts. Default: false. */
  batchNorm?: boolean;
  /** Who is silent while the network learns: see ../structure/dropout. Default: nobody. */
  dropout?: Dropout;
}

export interface ConvOptions extends DenseOptions, KernelOptions {
  /** What the neurons of neighbouring positions put out as one: `maxPool(2)`, `averagePool(2)`, `globalAverage()`. Default: none. */
  pool?: Pooling;
}

export interface LayerSpec extends Required<Omit<DenseOptions, "name" | "dropout">> {
  readonly name: string | undefined;
  readonly size: number;
  readonly model: NeuronModel;
  readonly dropout?: Dropout;
  /** Of a convolution. Absent: synapses from all to all. */
  readonly kernel?: Kernel;
  readonly pool?: Pooling;
}

/** `size` neurons of a model (default: linear), each with synapses from all of the layer before. */
export function dense(size: number, model: NeuronModel = linear(), options: DenseOptions = {}): LayerSpec {
  const { name, initialiser = kaimingUniform(), bias = true, layerNorm = false, batchNorm = false, dropout } = options;
  return { name, size: wholeSize("a dense layer", size), model, initialiser, bias, layerNorm, batchNorm, dropout };
}

/**
 * `channels` neurons of a model (default: linear), each at every position of a map, with synapses from a window of the map before:
 * `conv(16, relu(), { kernel: 5, pool: maxPool(2) })`. The neuron is the channel: it is born, dies and is replaced as one. Throws ValueError for
 * an option out of its range; `sequential` does so where the kernel does not fit its map.
 */
export function conv(channels: number, model: NeuronModel = linear(), options: ConvOptions): LayerSpec {
  const kernel = kernelOf(options ?? { kernel: 0 });
  const layer = dense(wholeSize("a convolutional layer", channels), model, options);
  return { ...layer, kernel, pool: options.pool };
}

/**
 * A network of the given layers. Throws ValueError for a size that is not a whole number from 1, or two layers of one name.
 *
 *     sequential({ inputs: 784, seed: 1 }, [dense(100, relu()), dense(10)])
 *     sequential({ inputs: { height: 28, width: 28, channels: 1 }, seed: 1 }, [conv(6, relu(), { kernel: 5 }), dense(10)])
 */
export function sequential(options: SequentialOptions, layers: readonly LayerSpec[]): Network {
  const image = typeof options.inputs === "object" ? options.inputs : undefined;
  for (const side of ["height", "width", "channels"] as const) if (image) wholeSize(`inputs: ${side}`, image[side]);
  const inputs = wholeSize("inputs", image ? image.channels : (options.inputs as number));
  const { normaliseInputs: asked } = options;
  const norm = asked && { decay: asked.decay, epsilon: asked.epsilon ?? EPSILON };
  if (norm && !(norm.decay > 0 && norm.decay < 1))
    throw new ValueError(`normaliseInputs.decay is ${norm.decay}: it lies between 0 and 1`);
  if (norm && !(norm.epsilon > 0 && norm.epsilon < Number.POSITIVE_INFINITY))
    throw new ValueError(`normaliseInputs.epsilon is ${norm.epsilon}: a number above 0`);
  if (image && norm)
    throw new ValueError(
      "normaliseInputs of an image: it would take each position for a feature; scale the values instead",
    );
  if (layers.length === 0) throw new ValueError("a network of no layers: at least one is needed");
  const names = [
    "input",
    ...layers.map((layer, i) => layer.name ?? (i === layers.length - 1 ? "output" : `hidden${i + 1}`)),
  ];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ValueError(`two layers are called ${JSON.stringify(twice)}`);

  const network = new Network(options);
  const found = (n: number) => Array.from({ length: n }, () => network.newNeuron(0, "founder"));
  const maps = mapsOf(image, names, layers);
  let pre = new Population(network.compute, names[0], linear(), found(inputs), {
    bias: false,
    layerNorm: false,
    map: image,
  });
  network.populations.push(pre);
  if (norm) network.inputNorm = new InputNorm(network, norm);
  layers.forEach((layer, i) => {
    const { kernel, initialiser } = layer;
    const post = new Population(network.compute, names[i + 1], layer.model, found(layer.size), {
      ...layer,
      map: maps[i],
    });
    const projection = link(network.compute, pre, post, initialiser, kernel);
    network.populations.push(post);
    network.projections.push(projection);
    drawWeights(network, projection);
    pre = post;
  });
  network.changed();
  return network;
}

/** The map of each layer, where it has one; so that all that does not fit is known before anything is made. */
function mapsOf(
  image: ImageShape | undefined,
  names: readonly string[],
  layers: readonly LayerSpec[],
): (MapShape | undefined)[] {
  let [before, channels] = [image as MapShape | undefined, image?.channels ?? 0];
  const maps = layers.map(({ kernel, pool, size, layerNorm, batchNorm }, i) => {
    const name = names[i + 1];
    if (layerNorm && batchNorm)
      throw new ValueError(`${name} is normalised by layer and by batch: one of these can be chosen`);
    const map = kernel && before && convolvedMap(name, before, kernel);
    if (kernel && !map)
      throw new ValueError(
        i === 0
          ? `${name} is a convolution, but inputs are no image: say inputs: { height, width, channels }`
          : `${name} is a convolution after ${names[i]}, which is no map`,
      );
    if (kernel && (channels % kernel.groups || size % kernel.groups))
      throw new ValueError(
        `${name}: ${kernel.groups} groups of ${channels} and ${size} channels: they must divide both`,
      );
    before = map && pool ? pooledMap(name, map, pool) : map;
    channels = size;
    return map;
  });
  if (maps.at(-1))
    throw new ValueError(`${names.at(-1)} is a map: the last layer has one value a neuron, as dense layers have`);
  return maps;
}

function wholeSize(what: string, n: number): number {
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`${what}: a size of ${n}, which should be a whole number from 1`);
  return n;
}
