/** What a neuron model answers to inputs, asked of the model itself: its outputs, and how steep they are. */
import { interpretGrid } from "../rules/interpret.ts";
import type { NeuronModel } from "./neuron.ts";

/** f(input) for each input, plane by plane. */
export function outputsOf(model: NeuronModel, inputs: Float32Array): Float32Array[] {
  const outputs = Array.from({ length: model.planes }, () => new Float32Array(inputs.length));
  interpretGrid(model.forward, { input: row(inputs), ...named("out", outputs) }, extent(inputs));
  return outputs;
}

/** f'(input) for each input, plane by plane. */
export function slopesOf(model: NeuronModel, inputs: Float32Array): Float32Array[] {
  const outputs = outputsOf(model, inputs);
  return outputs.map((_, plane) => {
    const slopes = new Float32Array(inputs.length);
    const backs = outputs.map((_, other) => new Float32Array(inputs.length).fill(other === plane ? 1 : 0));
    const bindings = { input: row(inputs), signal: row(slopes), ...named("out", outputs), ...named("back", backs) };
    interpretGrid(model.backward, bindings, extent(inputs));
    return slopes;
  });
}

const row = (data: Float32Array) => ({ data, stride: 0 });
const extent = ({ length }: Float32Array) => ({ lanes: length, from: 0, to: 1 });

function named(name: string, planes: readonly Float32Array[]): Record<string, ReturnType<typeof row>> {
  return Object.fromEntries(planes.map((data, plane) => [`${name}${plane}`, row(data)]));
}
