import { describe, expect, it } from "vitest";
import { type Kernels, kernelBytes } from "../compute/kernels.ts";
import { uniform } from "../compute/random.ts";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { live } from "../life/learner.ts";
import { adam } from "../rules/index.ts";
import { birth, death } from "../structure/structure.ts";
import { prune } from "../structure/synapses.ts";
import { Network } from "./network.ts";
import { forward } from "./network.twin.ts";
import { crelu, neuronModels, relu, tanh } from "./neurons.ts";
import { dense, sequential } from "./sequential.ts";

/** Examples with silent inputs among them. */
function inputs(n: number, from = 5): number[] {
  return Array.from({ length: n }, (_, i) => (i % 4 === 1 ? 0 : Math.fround(2 * uniform({ k0: from, k1: 0 }, i) - 1)));
}

function outputs(net: Network, x: readonly number[], examples = 1): Float32Array {
  net.present(x, examples);
  net.forward(examples, false);
  return net.outputs.outputs(examples);
}

/** Gives every column draws of its own, so that no bias is 0 and no gain 1. */
function shake(net: Network): void {
  let count = 0;
  const draw = () => uniform({ k0: 9, k1: 9 }, count++) - 0.5;
  for (const { columns } of [...net.projections, ...net.populations]) {
    for (const name of columns.names) columns.unpack(name, columns.packed(name).map(draw));
  }
}

function close(ours: Float32Array, right: readonly number[]): void {
  expect(ours.length).toBe(right.length);
  const scale = Math.max(...right.map(Math.abs));
  ours.forEach((value, i) => expect(Math.abs(value - right[i]), `output ${i}`).toBeLessThan(3e-6 * scale));
}

const names = Object.keys(neuronModels) as (keyof typeof neuronModels)[];

describe.each(names)("a network of %s neurons", (name) => {
  const model = () => neuronModels[name]({});
  const layers = () => [
    dense(9, model()),
    dense(6, model(), { layerNorm: true }),
    dense(5, model(), { bias: false }),
    dense(3, model()),
  ];
  const net = sequential({ inputs: 7, seed: 2 }, layers());
  shake(net);

  it("computes what its twin computes, in every population", () => {
    const x = inputs(7);
    outputs(net, x);
    const right = forward(net, x);
    for (const population of net.populations) close(population.outputs(1), right.get(population)!);
  });

  it("computes for a batch, bit for bit, what it computes for each example", () => {
    for (const examples of [3, 8, 150]) {
      const xs = inputs(7 * examples);
      const batch = outputs(net, xs, examples);
      const width = batch.length / examples;
      for (let row = 0; row < examples; row++) {
        const one = outputs(net, xs.slice(7 * row, 7 * row + 7));
        expect(batch.slice(row * width, (row + 1) * width)).toEqual(one);
      }
    }
  });

  it("still does after births and deaths, with more capacity than neurons", () => {
    const grown = sequential({ inputs: 7, seed: 2 }, layers());
    shake(grown);
    outputs(grown, inputs(7 * 12), 12);
    const occasion = { step: 0, cause: "test" };
    birth(grown, grown.population("hidden1"), 8, occasion);
    death(grown, grown.population("hidden1"), [0, 3, 16], occasion);
    birth(grown, grown.population("hidden3"), 2, occasion);
    death(grown, grown.population("hidden2"), [5, 4], occasion);
    shake(grown);
    expect(grown.populations.map(({ size }) => size)).toEqual([7, 14, 4, 7, 3]);
    expect(grown.population("hidden1").capacity).toBeGreaterThan(17);
    const xs = inputs(7 * 12);
    const batch = outputs(grown, xs, 12);
    const width = batch.length / 12;
    for (let row = 0; row < 12; row++) {
      const x = xs.slice(7 * row, 7 * row + 7);
      const one = outputs(grown, x);
      expect(batch.slice(row * width, (row + 1) * width)).toEqual(one);
      close(one, forward(grown, x).get(grown.outputs)!);
    }
  });
});

describe("Network", () => {
  it("is not changed by a birth: the newborn's outgoing weights are zero", () => {
    for (const model of [relu(), crelu()]) {
      const net = sequential({ inputs: 4, seed: 1 }, [dense(6, model), dense(2)]);
      const before = outputs(net, inputs(4));
      birth(net, net.population("hidden1"), 7, { step: 0, cause: "test" });
      expect(outputs(net, inputs(4))).toEqual(before);
    }
  });

  it("is close to its twin in fused arithmetic as well, and says so where the host does not fuse", () => {
    const layers = [dense(40, tanh()), dense(30, relu(), { layerNorm: true }), dense(20)];
    const build = (arithmetic: "plain" | "fused") => {
      const net = sequential({ inputs: 50, seed: 1, arithmetic }, layers);
      shake(net);
      return net;
    };
    const plain = build("plain");
    const close = 1 + 2 ** -12;
    const fused = new WebAssembly.Module(kernelBytes("fused", false));
    const { fuses } = new WebAssembly.Instance(fused, { env: { memory: plain.compute.arena.memory } })
      .exports as unknown as Kernels;
    if (!fuses(close, close, -1)) {
      expect(() => build("fused")).toThrow('arithmetic is "fused", but this processor does not fuse: use "plain"');
      return;
    }
    const [x, net] = [inputs(50), build("fused")];
    const right = forward(net, x).get(net.outputs)!;
    const off = outputs(net, x).map((value, i) => Math.abs(value - right[i]));
    expect(Math.max(...off)).toBeLessThan(1e-5);
    expect(outputs(net, x)).not.toEqual(outputs(plain, x));
  });

  it("refuses a wrong number of inputs, and inputs that are not finite float32 numbers, and says which", () => {
    const net = sequential({ inputs: 3, seed: 1 }, [dense(2, tanh())]);
    const before = outputs(net, [1, 2, 3]);
    const wrong: [number[], number, Error][] = [
      [[1, 2], 1, new ShapeError("an input of 2 values for an example of 3: 3 are right")],
      [[1, 2, 3, 4], 2, new ShapeError("an input of 4 values for 2 examples of 3: 6 are right")],
      [[1, Number.NaN, 3], 1, new ValueError("input 1 is NaN: inputs are finite float32 numbers")],
      [[1, 2, 1e39], 1, new ValueError("input 2 is 1e+39: inputs are finite float32 numbers")],
      [
        [1, 2, 3, 4, -Infinity, 6],
        2,
        new ValueError("input 1 of example 1 is -Infinity: inputs are finite float32 numbers"),
      ],
    ];
    for (const [x, examples, error] of wrong) {
      expect(() => net.present(x, examples)).toThrow(error);
      expect(outputs(net, [1, 2, 3])).toEqual(before);
    }
  });

  it("is as it was when a batch does not fit into the memory", () => {
    const net = sequential({ inputs: 1, seed: 1 }, [dense(20_000, relu(), { layerNorm: true }), dense(1)]);
    const before = outputs(net, [1]);
    const used: number[] = [];
    for (let i = 0; i < 3; i++) {
      expect(() => net.present(new Float32Array(60_000), 60_000)).toThrow("a network's memory ends at 4 GiB");
      // Whatever is allocated now must not lie in what the network still writes to.
      const { arena } = net.compute;
      const others = Array.from({ length: 30 }, () => arena.allocate(60_000));
      for (const other of others) arena.f32.fill(99, other >> 2, (other >> 2) + 15_000);
      expect(outputs(net, [1])).toEqual(before);
      for (const other of others) {
        expect(arena.f32.subarray(other >> 2, (other >> 2) + 15_000).every((value) => value === 99)).toBe(true);
        arena.free(other);
      }
      used.push(net.compute.arena.used);
    }
    // The inputs' own buffers have grown, once, and the second pass was recorded; the third attempt leaves nothing behind.
    expect(used[2]).toBe(used[1]);
  });

  it("knows its parts by name", () => {
    const net = sequential({ inputs: 3 }, [dense(4, crelu(), { layerNorm: true }), dense(2, tanh(), { bias: false })]);
    expect(net.population("hidden1")).toBe(net.populations[1]);
    expect(net.incoming(net.outputs)).toEqual([net.projections[1]]);
    expect(net.outgoing(net.inputs)).toEqual([net.projections[0]]);
    expect(() => net.population("hidden2")).toThrow(
      new ValueError('no population is called "hidden2": there are input, hidden1, output'),
    );
  });

  it("counts what living neurons learn, whatever there is room for", () => {
    const net = sequential({ inputs: 3 }, [dense(4, crelu(), { layerNorm: true }), dense(2, tanh(), { bias: false })]);
    // Incoming weights, weights from both planes, and bias, gain and shift.
    const right = (hidden: number) => 3 * hidden + 2 * hidden * 2 + 3 * hidden;
    expect(net.parameters).toBe(right(4));
    birth(net, net.population("hidden1"), 9, { step: 1, cause: "test" });
    expect(net.parameters).toBe(right(13));
    death(net, net.population("hidden1"), [0, 1, 2], { step: 2, cause: "test" });
    expect(net.parameters).toBe(right(10));
    expect(sequential({ inputs: 784 }, [dense(300, relu()), dense(10)]).parameters).toBe(785 * 300 + 301 * 10);
  });

  it("counts the multiply-adds that an example takes at most: one a synapse that is there", () => {
    const net = sequential({ inputs: 3 }, [dense(4, crelu()), dense(2)]);
    expect(net.operations).toBe(3 * 4 + 8 * 2);
    prune(net, net.projections[1], [0, 3, 15], { step: 1, cause: "test" });
    expect(net.projections.map(({ operations }) => operations)).toEqual([12, 13]);
    birth(net, net.population("hidden1"), 1, { step: 2, cause: "test" });
    expect(net.operations).toBe(15 + 17);
    death(net, net.population("hidden1"), [0], { step: 3, cause: "test" });
    // Both rows of the neuron that died go, of whose four synapses one was gone already.
    expect(net.operations).toBe(12 + 14);
  });

  it("knows the bytes it takes: more with a learner's state, more when it has grown", () => {
    const net = sequential({ inputs: 100 }, [dense(50, relu()), dense(10)]);
    const weights = 4 * net.parameters;
    const alone = net.bytes;
    expect(alone).toBeGreaterThan(weights);
    expect(alone).toBeLessThan(2 * weights);
    live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam() });
    expect(net.bytes - alone).toBeGreaterThan(2 * weights);
    expect(net.bytes - alone).toBeLessThan(2.7 * weights);
    const young = net.bytes;
    birth(net, net.population("hidden1"), 50, { step: 1, cause: "test" });
    expect(net.bytes).toBeGreaterThan(1.8 * young);
    expect(net.bytes).toBeLessThanOrEqual(net.compute.arena.memory.buffer.byteLength);
  });

  it("numbers neurons without using a number again", () => {
    const net = sequential({ inputs: 2 }, [dense(3, relu()), dense(1)]);
    expect(net.populations.flatMap(({ neurons }) => neurons.map(({ id }) => id))).toEqual([0, 1, 2, 3, 4, 5]);
    death(net, net.population("hidden1"), [2], { step: 1, cause: "test" });
    birth(net, net.population("hidden1"), 1, { step: 2, cause: "test" });
    expect(net.population("hidden1").neurons.at(-1)).toEqual({ id: 6, born: 2, cause: "test" });
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN])("refuses the seed %d", (seed) => {
    const error = new ValueError(`seed is ${seed}: it is a whole number from 0 to 2^53 - 1`);
    expect(() => new Network({ seed })).toThrow(error);
  });
});
