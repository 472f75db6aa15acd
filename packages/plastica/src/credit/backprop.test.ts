import { describe, expect, it } from "vitest";
import { uniform } from "../compute/random.ts";
import { DenseProjection } from "../network/dense-projection.ts";
import { kaimingUniform } from "../network/initialisers.ts";
import { Network } from "../network/network.ts";
import { forward } from "../network/network.twin.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { crelu, linear, relu, tanh } from "../network/neurons.ts";
import { Population } from "../network/population.ts";
import { dense, sequential } from "../network/sequential.ts";
import { backprop } from "./backprop.ts";
import type { Learning } from "./credit.ts";
import { squaredError } from "./losses.ts";

const x = [0.5, -1, 0.25];

/** Writes down in which order learning was told what; `group` is its answer to how many rows to carry back at once. */
function record(group = 0): { told: string[]; learning: Learning } {
  const told: string[] = [];
  const learning: Learning = {
    neurons: ({ name }) => void told.push(name),
    synapses: ({ name }) => void told.push(name),
    groupOf: () => group,
    entries: ({ name }, from, to) => void told.push(`${name} ${from}-${to}`),
  };
  return { told, learning };
}

/** Passes `x` forward, and the signal `back` from the outputs. */
function assign(net: Network, back: readonly number[], learning: Learning): void {
  net.present(x, 1);
  net.forward(1, true);
  net.compute.arena.f32.set(back, net.outputs.back >> 2);
  backprop({ loss: squaredError() }).assign(net, 1, learning);
}

const signalOf = ({ compute, signal, size }: Population) => [
  ...compute.arena.f32.subarray(signal >> 2, (signal >> 2) + size),
];

describe("backprop", () => {
  it("tells neurons before the synapses they receive, and these when nothing more is read from them", () => {
    const net = sequential({ inputs: 3, seed: 1 }, [dense(4, tanh()), dense(5, relu()), dense(2)]);
    const { told, learning } = record();
    assign(net, [1, 1], learning);
    expect(told).toEqual(["output", "hidden2-output", "hidden2", "hidden1-hidden2", "hidden1", "input-hidden1"]);
  });

  it("carries rows back in groups, if asked, from gated neurons only, to the same signals", () => {
    const build = () => sequential({ inputs: 3, seed: 1 }, [dense(9, tanh()), dense(40, relu()), dense(2)]);
    const [whole, grouped] = [build(), build()];
    assign(whole, [1, -2], record().learning);
    const { told, learning } = record(8);
    assign(grouped, [1, -2], learning);
    const active = grouped.populations[2].active;
    const last = active - (active % 8);
    expect(active).toBeGreaterThan(16);
    expect(told.slice(0, 3)).toEqual(["output", "hidden2-output 0-8", "hidden2-output 8-16"]);
    expect(told).toContain(`hidden2-output ${last === active ? last - 8 : last}-${active}`);
    expect(told.slice(-3)).toEqual(["hidden1-hidden2", "hidden1", "input-hidden1"]);
    whole.populations.slice(1).forEach((population, i) => {
      expect(signalOf(grouped.populations[i + 1])).toEqual(signalOf(population));
    });
  });

  it.each([relu(), crelu(), tanh()])("adds up what comes back over several projections: $name", (model) => {
    const net = skipping(model);
    const back = [1, -0.5];
    assign(net, back, record().learning);
    // The signal is what the loss changes by when the neuron's bias does: a loss of sum(back * out).
    for (const population of net.populations.slice(1)) {
      const biases = population.columns.packed("bias");
      const loss = () =>
        forward(net, x)
          .get(net.outputs)!
          .reduce((sum, out, j) => sum + back[j] * out, 0);
      signalOf(population).forEach((signal, j) => {
        const moved = (step: number) => {
          population.columns.unpack("bias", biases.with(j, biases[j] + step));
          const at = loss();
          population.columns.unpack("bias", biases);
          return at;
        };
        const step = 2 ** -10;
        expect(Math.abs(signal - (moved(step) - moved(-step)) / (2 * step))).toBeLessThan(1e-3);
      });
    }
  });
});

/** input -> a -> b -> output, and a -> output. */
function skipping(model: NeuronModel): Network {
  const net = new Network({ seed: 1 });
  const population = (name: string, size: number, of: NeuronModel, bias: boolean) => {
    const neurons = Array.from({ length: size }, () => net.newNeuron(0, "founder"));
    net.populations.push(new Population(net.compute, name, of, neurons, { bias, layerNorm: false }));
    return net.populations.at(-1)!;
  };
  const [input, a, b, output] = [
    population("input", 3, linear(), false),
    population("a", 6, model, true),
    population("b", 5, model, true),
    population("output", 2, linear(), true),
  ];
  for (const [pre, post] of [
    [input, a],
    [a, b],
    [a, output],
    [b, output],
  ]) {
    net.projections.push(new DenseProjection(net.compute, pre, post, kaimingUniform()));
  }
  net.changed();
  let count = 0;
  for (const { columns } of [...net.projections, ...net.populations]) {
    for (const name of columns.names)
      columns.unpack(
        name,
        columns.packed(name).map(() => uniform({ k0: 3, k1: 1 }, count++) - 0.5),
      );
  }
  return net;
}
