/** For tests: small networks of maps of every kind. */
import { key, uniform } from "../compute/random.ts";
import type { Network } from "./network.ts";
import { crelu, relu, tanh } from "./neurons.ts";
import { averagePool, globalAverage, maxPool } from "./pooling.ts";
import { conv, dense, type LayerSpec, type SequentialOptions, sequential } from "./sequential.ts";

const image = { height: 7, width: 6, channels: 3 };

/** Of each kind a network from a small image to four classes, by what is special about it. */
export const mapKinds: Record<string, () => LayerSpec[]> = {
  plain: () => [conv(5, tanh(), { kernel: 3 }), dense(4)],
  "stride and padding": () => [conv(5, tanh(), { kernel: [3, 2], stride: [2, 1], padding: [1, 2] }), dense(4)],
  "two of them": () => [conv(6, relu(), { kernel: 3, padding: 1 }), conv(7, tanh(), { kernel: 2 }), dense(4)],
  "max pool": () => [
    conv(6, relu(), { kernel: 3, padding: 1, pool: maxPool(2) }),
    conv(5, tanh(), { kernel: 2 }),
    dense(4),
  ],
  "pools that overlap": () => [
    conv(5, tanh(), { kernel: 2, pool: maxPool(3, { stride: [1, 2] }) }),
    conv(4, tanh(), { kernel: 2, padding: 1, pool: averagePool(2, { stride: 1 }) }),
    dense(4),
  ],
  "average pool, gated": () => [conv(6, relu(), { kernel: 3, pool: averagePool([2, 1]) }), dense(5, relu()), dense(4)],
  "global average": () => [conv(9, tanh(), { kernel: 3, padding: 1, pool: globalAverage() }), dense(4)],
  groups: () => [conv(6, tanh(), { kernel: 3, groups: 3 }), conv(4, relu(), { kernel: 2, groups: 2 }), dense(4)],
  "one channel a group": () => [conv(3, tanh(), { kernel: 3, groups: 3 }), conv(8, relu(), { kernel: 1 }), dense(4)],
  "two planes": () => [
    conv(3, crelu(), { kernel: 3, pool: maxPool(2) }),
    conv(5, crelu(), { kernel: 2, padding: 1 }),
    dense(4),
  ],
  "layer norm": () => [
    conv(5, tanh(), { kernel: 3, layerNorm: true, pool: maxPool(2) }),
    dense(6, tanh(), { layerNorm: true }),
    dense(4),
  ],
  "batch norm": () => [
    conv(5, relu(), { kernel: 3, batchNorm: true, pool: maxPool(2) }),
    dense(6, tanh(), { batchNorm: true }),
    dense(4),
  ],
  "dense on an image": () => [dense(5, relu()), dense(4)],
};

export function mapNetwork(kind: string, options: Partial<SequentialOptions> = {}): Network {
  const net = sequential({ inputs: image, seed: 3, ...options }, mapKinds[kind]());
  // Everything is something: biases and gains begin alike.
  for (const { name, columns, parameters } of net.populations)
    for (const column of parameters)
      columns.unpack(
        column,
        columns.packed(column).map((value, i) => value + 0.4 * (uniform(key(5, name, column), i) - 0.5)),
      );
  return net;
}

/** Images of which a part is silent, and classes. */
export function mapExamples(count: number, from = 0): { xs: number[][]; ys: number[] } {
  const n = image.height * image.width * image.channels;
  const draw = key(9, "images");
  const xs = Array.from({ length: count }, (_, e) =>
    Array.from({ length: n }, (_, i) => Math.fround(Math.max(0, 2 * uniform(draw, (from + e) * n + i) - 0.7))),
  );
  return { xs, ys: xs.map((_, e) => (from + e) % 4) };
}
