/**
 * For tests: small networks and examples made from addressed draws, the same as bench/torch/reference.py makes, and the
 * gradients that the engine finds for them. Parameters go by names such as "hidden1.w" and "output.bias", in this order:
 * layer by layer, weights `[pre][post]`, bias, and with layer normalisation gain and shift.
 */
import { uniform } from "../compute/random.ts";
import { live } from "../life/learner.ts";
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { NeuronModel } from "../network/neuron.ts";
import { dense, sequential } from "../network/sequential.ts";
import { rule } from "../rules/rule.ts";
import { backprop } from "./backprop.ts";
import type { Loss } from "./loss.ts";

/** The key of each kind of draw. */
export const stream = { parameters: 1, inputs: 2, targets: 3, teacher: 4, start: 5, newborn: 6 } as const;

export type Parameters = Map<string, Float32Array>;

/** The first `count` draws of a stream, in [0, 1). */
export function draws(from: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => uniform({ k0: from, k1: 0 }, i));
}

/** Layers of the given sizes, inputs first: `model` between them, linear outputs; every parameter a draw less a half. */
export function drawnNetwork(sizes: readonly number[], model: NeuronModel, layerNorm: boolean, from: number): Network {
  const layers = sizes
    .slice(1)
    .map((size, i) => (i < sizes.length - 2 ? dense(size, model, { layerNorm }) : dense(size)));
  return drawParameters(sequential({ inputs: sizes[0], seed: 1, arithmetic: "plain", threads: 1 }, layers), from);
}

/** Sets every parameter to a draw less a half, gains to one more. */
export function drawParameters(net: Network, from: number): Network {
  let count = 0;
  for (const [name, columns, column] of places(net)) {
    const values = columns.packed(column);
    for (let i = 0; i < values.length; i++) {
      values[i] = uniform({ k0: from, k1: 0 }, count++) - 0.5 + (name.endsWith(".gain") ? 1 : 0);
    }
    columns.unpack(column, values);
  }
  return net;
}

/** The values of one column of each parameter: of the parameter itself, or of a state that its rule keeps. */
export function parameters(net: Network, state?: string): Parameters {
  const found: Parameters = new Map();
  for (const [name, columns, column] of places(net)) {
    const kept = column === "w" ? state : `${column}.${state}`;
    found.set(name, columns.packed(state === undefined ? column : (kept as string)));
  }
  return found;
}

/** Every parameter: its name, and where it lies. */
function places(net: Network): [string, Columns, string][] {
  return net.populations
    .slice(1)
    .flatMap((population) => [
      ...net
        .incoming(population)
        .map(({ columns }): [string, Columns, string] => [`${population.name}.w`, columns, "w"]),
      ...population.parameters.map((name): [string, Columns, string] => [
        `${population.name}.${name}`,
        population.columns,
        name,
      ]),
    ]);
}

/** A rule that learns nothing and keeps the gradient it is given. */
const keepGradient = rule("keep-gradient", { state: { gradient: 0 } }, ({ w, grad }) => ({ w, gradient: grad }));

/** Inputs and targets for a loss: classes for cross-entropy, else a number in [0, 1) for each of three outputs. */
export function drawnExamples(
  loss: Loss,
  batch: number,
  inputs: number,
): { x: Float32Array; y: Float32Array | number[] } {
  const x = Float32Array.from(draws(stream.inputs, batch * inputs), (u) => 2 * u - 1);
  const u = draws(stream.targets, batch * 3);
  const classes = Array.from({ length: batch }, (_, i) => Math.floor(3 * u[3 * i]));
  return { x, y: loss.name === "cross-entropy" ? classes : Float32Array.from(u) };
}

/** The mean loss of the drawn examples, and its gradient by every parameter, as backprop finds them. */
export function gradients(net: Network, loss: Loss, batch: number): { loss: number; gradients: Parameters } {
  const { x, y } = drawnExamples(loss, batch, net.inputs.values);
  const learner = live(net, { credit: backprop({ loss }), rule: keepGradient() });
  const seen = batch === 1 ? learner.observe(x, loss.name === "cross-entropy" ? y[0] : y) : learner.observeBatch(x, y);
  return { loss: seen.loss, gradients: parameters(net, "gradient") };
}
