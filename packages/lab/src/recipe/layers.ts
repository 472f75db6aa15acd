/** The hidden layers of a recipe's network: a number, `120`, is a dense layer of so many neurons; an object says what a convolution is like. */
import {
  averagePool,
  conv,
  type DenseOptions,
  dense,
  type Extent,
  globalAverage,
  type LayerSpec,
  maxPool,
  type NeuronModel,
  type Pooling,
  RecipeError,
} from "plastica";
import { fitting, type KindText, listOf, oneOfKinds, whole } from "../options/checks.ts";

/** `{ "kind": "conv", "channels": 6, "kernel": 5, "padding": 2, "pool": { "kind": "max", "size": 2 } }`. */
export interface ConvLayer {
  kind: "conv";
  channels: number;
  kernel: Extent;
  stride: Extent;
  padding: Extent;
  groups: number;
  /** Absent: none. */
  pool?: PoolChoice;
}

export type PoolChoice = { kind: "max" | "average"; size: Extent; stride?: Extent } | { kind: "global-average" };

/** Neurons of a dense layer, or a convolution. */
export type Layer = number | ConvLayer;

const MOST = 65536;

/** A whole number for both directions, or `[down, across]`. */
function extent(least: number) {
  const one = { type: "integer", minimum: least, maximum: MOST };
  const fits = (v: unknown) => Number.isSafeInteger(v) && Number(v) >= least && Number(v) <= MOST;
  return fitting<Extent>(
    `an integer from ${least}, or two of them, [down, across]`,
    (v) => fits(v) || (Array.isArray(v) && v.length === 2 && v.every(fits)),
    { anyOf: [one, { type: "array", items: one, minItems: 2, maxItems: 2 }] },
  );
}

const window = { size: extent(1), stride: extent(1).optional() };
const pools: Readonly<Record<string, KindText>> = {
  max: { shape: window, about: "The largest value of each window of positions." },
  average: { shape: window, about: "The mean of each window of positions." },
  "global-average": { shape: {}, about: "The mean of the whole map: one value a channel.", plain: true },
};

const layers: Readonly<Record<string, KindText>> = {
  conv: {
    shape: {
      channels: whole(1, MOST),
      kernel: extent(1),
      stride: extent(1).default(1),
      padding: extent(0).default(0),
      groups: whole(1, MOST).default(1),
      pool: oneOfKinds("pool", pools).optional(),
    },
    about: "Channels that listen, at each position of a map, to a window of the map before.",
  },
};

const dense1 = { fits: whole(1, MOST), what: "a number of neurons" };

/** The list of hidden layers, convolutions first. */
export const hiddenLayers = listOf("layer sizes and convolutions", oneOfKinds("layer", layers, dense1))
  .superRefine((hidden, context) => {
    const late = hidden.findIndex((layer, i) => typeof layer !== "number" && typeof hidden[i - 1] === "number");
    if (late >= 0)
      context.addIssue({
        code: "custom",
        path: [late],
        message: "is a convolution after a dense layer, must come before all of these: what they put out is no map",
      });
  })
  .transform((hidden) => hidden as Layer[]);

/** The layer as the engine takes it. */
export function layerSpec(layer: Layer, model: NeuronModel, options: DenseOptions): LayerSpec {
  if (typeof layer === "number") return dense(layer, model, options);
  const { channels, kernel, stride, padding, groups, pool } = layer;
  return conv(channels, model, { ...options, kernel, stride, padding, groups, pool: pool && pooling(pool) });
}

function pooling(pool: PoolChoice): Pooling {
  if (pool.kind === "global-average") return globalAverage();
  const { size, stride } = pool;
  return (pool.kind === "max" ? maxPool : averagePool)(size, { stride });
}

/** Throws RecipeError where a layer needs an image, and there is none. */
export function mustSuit(hidden: readonly Layer[], image: unknown): void {
  const at = hidden.findIndex((layer) => typeof layer !== "number");
  if (at >= 0 && image === undefined)
    throw new RecipeError(`network.hidden[${at}]: is a convolution, but the stream has no images: only these are maps`);
}
