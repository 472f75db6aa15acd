/**
 * How weights are drawn when a network is built, and a neuron's incoming weights when it is born. An initialiser draws any
 * block of rows and lanes; the scale of the draws follows the size of the whole projection, so that a newborn's weights
 * come from the same distribution as those of the neurons around it.
 *
 * Draw `row * lanes + lane` of the key is the one for that synapse: a block is the same in whatever order it is drawn.
 * Standard deviations below are those of the weights, with `gain` the neuron model's (sqrt 2 for ReLU, 1 for linear).
 */
import { derive, type Key, normal as normalDraw, uniform as uniformDraw } from "../compute/random.ts";
import { ValueError } from "../errors.ts";
import { orthogonalColumns } from "./orthogonal.ts";

/** What is drawn: a block of `rows` presynaptic by `lanes` postsynaptic neurons, of a projection of `fanIn` by `fanOut`. */
export interface Block {
  /** Synapses that a postsynaptic neuron receives, and that a presynaptic one sends, in the whole projection. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** The block's size: `fanIn` by `fanOut` for the whole projection, `fanIn` by 1 for a newborn neuron. */
  readonly rows: number;
  readonly lanes: number;
}

export interface Initialiser {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
  /** The weights of a block, `[pre][post]`: `rows * lanes` numbers, row by row. */
  fill(block: Block, key: Key, gain: number): Float32Array;
  /** The biases of the block's `lanes` postsynaptic neurons. Without it they are 0. */
  bias?(block: Block, key: Key, gain: number): Float32Array;
}

type Scale = (block: Block, gain: number) => number;

/** Uniform within `gain sqrt(3 / fanIn)`: standard deviation `gain / sqrt(fanIn)`. He et al., 2015, arXiv 1502.01852. */
export const kaimingUniform = (): Initialiser =>
  drawn("kaiming-uniform", {}, within, ({ fanIn }, gain) => gain * Math.sqrt(3 / fanIn));

/** Normal with standard deviation `gain / sqrt(fanIn)`. He et al., 2015, arXiv 1502.01852. */
export const kaimingNormal = (): Initialiser =>
  drawn("kaiming-normal", {}, spread, ({ fanIn }, gain) => gain / Math.sqrt(fanIn));

/** Uniform, standard deviation `gain sqrt(2 / (fanIn + fanOut))`. Glorot and Bengio, 2010 (AISTATS 9, 249-256). */
export const xavierUniform = (): Initialiser =>
  drawn("xavier-uniform", {}, within, ({ fanIn, fanOut }, gain) => gain * Math.sqrt(6 / (fanIn + fanOut)));

/** Normal, standard deviation `gain sqrt(2 / (fanIn + fanOut))`. Glorot and Bengio, 2010 (AISTATS 9, 249-256). */
export const xavierNormal = (): Initialiser =>
  drawn("xavier-normal", {}, spread, ({ fanIn, fanOut }, gain) => gain * Math.sqrt(2 / (fanIn + fanOut)));

/** Uniform, standard deviation `1 / sqrt(fanIn)` whatever the gain. LeCun et al., 1998, "Efficient BackProp". */
export const lecunUniform = (): Initialiser => drawn("lecun-uniform", {}, within, ({ fanIn }) => Math.sqrt(3 / fanIn));

/** Normal, standard deviation `1 / sqrt(fanIn)` whatever the gain. LeCun et al., 1998, "Efficient BackProp". */
export const lecunNormal = (): Initialiser => drawn("lecun-normal", {}, spread, ({ fanIn }) => 1 / Math.sqrt(fanIn));

/** Uniform within `1 / sqrt(fanIn)`, weights and biases, whatever the gain: what `torch.nn.Linear` starts from. */
export function pytorchDefault(): Initialiser {
  const bound: Scale = ({ fanIn }) => 1 / Math.sqrt(fanIn);
  return {
    ...drawn("pytorch-default", {}, within, bound),
    bias: (block, key) => within(block.lanes, derive(key, "bias"), bound(block, 1)),
  };
}

/** Uniform from `-bound` to `bound`, whatever the size and the gain. Throws ValueError unless `bound >= 0` is finite. */
export function uniform({ bound }: { bound: number }): Initialiser {
  mustBePositive("uniform", "bound", bound);
  return drawn("uniform", { bound }, within, () => bound);
}

/** Normal with standard deviation `sd`, whatever the size and the gain. Throws ValueError unless `sd >= 0` is finite. */
export function normal({ sd }: { sd: number }): Initialiser {
  mustBePositive("normal", "sd", sd);
  return drawn("normal", { sd }, spread, () => sd);
}

/** Every weight 0. */
export const zeros = (): Initialiser => ({ ...constant({ value: 0 }), name: "zeros", options: {} });

/** Every weight `value`. Throws ValueError unless it is finite. */
export function constant({ value }: { value: number }): Initialiser {
  if (!Number.isFinite(value)) throw new ValueError(`constant: value is ${value}, must be a finite number`);
  return {
    name: "constant",
    options: { value },
    fill: ({ rows, lanes }) => new Float32Array(rows * lanes).fill(value),
  };
}

/**
 * A random orthogonal matrix times the gain, uniform over all such: lanes are orthogonal where there are at least as many
 * rows, else rows are. Takes time in the cube of the width. A block of the projection, such as a newborn's weights, is
 * drawn alone and not made orthogonal to what is there; its lanes have the same length as the others have on average,
 * `gain min(1, sqrt(fanIn / fanOut))`. Saxe, McClelland and Ganguli, 2014, arXiv 1312.6120.
 */
export const orthogonal = (): Initialiser => ({
  name: "orthogonal",
  options: {},
  fill: ({ fanIn, fanOut, rows, lanes }, key, gain) => {
    const wide = rows < lanes;
    const partial = !wide && lanes < fanOut ? Math.min(1, Math.sqrt(fanIn / fanOut)) : 1;
    const [length, count] = wide ? [lanes, rows] : [rows, lanes];
    const columns = orthogonalColumns(length, count, key);
    const out = new Float32Array(rows * lanes);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++) {
        out[wide ? i * lanes + j : j * lanes + i] = gain * partial * columns[i * length + j];
      }
    }
    return out;
  },
});

/** Every initialiser by name, for recipes and snapshots. */
export const initialisers = {
  "kaiming-uniform": kaimingUniform,
  "kaiming-normal": kaimingNormal,
  "xavier-uniform": xavierUniform,
  "xavier-normal": xavierNormal,
  "lecun-uniform": lecunUniform,
  "lecun-normal": lecunNormal,
  "pytorch-default": pytorchDefault,
  uniform,
  normal,
  zeros,
  constant,
  orthogonal,
} satisfies Record<string, (options: { bound: number; sd: number; value: number }) => Initialiser>;

function drawn(
  name: string,
  options: Readonly<Record<string, number>>,
  draws: (count: number, key: Key, scale: number) => Float32Array,
  scale: Scale,
): Initialiser {
  return { name, options, fill: (block, key, gain) => draws(block.rows * block.lanes, key, scale(block, gain)) };
}

/** Uniform draws from `-bound` to `bound`. */
function within(count: number, key: Key, bound: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = bound * (2 * uniformDraw(key, i) - 1);
  return out;
}

/** Normal draws around 0. */
function spread(count: number, key: Key, sd: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = sd * normalDraw(key, i);
  return out;
}

function mustBePositive(initialiser: string, option: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new ValueError(`${initialiser}: ${option} is ${value}, must be a finite number from 0`);
  }
}
