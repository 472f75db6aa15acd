/** Pruning neuron by neuron: the dead leave the arrays, and the next step is cheaper. */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import { death } from "../structure.ts";
import { type Culling, culled } from "./culling.ts";

export interface NeuronCulling extends Culling {
  /** How many neurons a hidden population of this name is counted as having had. */
  readonly founders: ReadonlyMap<string, number>;
  /** Updates before which nobody dies. */
  readonly maturity: number;
}

/**
 * Lets neurons die until `share` of the hidden neurons that there were is gone. The best of each population stays in any case. What a
 * neuron passed on in the mean over the remembered examples is added to the biases that it fed.
 */
export function pruneNeurons(culling: NeuronCulling, share: number): void {
  const { life, gauge, memory, founders, occasion, announce, scope, maturity } = culling;
  const { network } = life;
  const stocks = network.hidden.map((population) => {
    const scores = gauge.neurons(population);
    const best = scores.indexOf(scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY));
    const candidates = [...population.neurons.keys()].filter(
      (slot) =>
        slot !== best &&
        occasion.step - population.neurons[slot].born >= maturity &&
        !network.isProtected(population.neurons[slot], occasion.step),
    );
    const whole = founders.get(population.name) ?? population.size;
    return { of: population, scores, candidates, whole, gone: whole - population.size };
  });
  const going = [...culled(stocks, share, scope)].filter(([, slots]) => slots.length > 0);
  if (going.length === 0) return;
  if (memory.size > 0) life.evaluate(memory.examples());
  const means = going.map(([population]) => meanOutputs(population, memory.size));
  for (const [i, [population, slots]] of going.entries()) {
    bequeath(network, population, slots, means[i]);
    const scores = stocks.find(({ of }) => of === population)!.scores;
    announce(
      death(
        network,
        population,
        slots,
        occasion,
        slots.map((slot) => scores[slot]),
      ),
    );
  }
}

/** Of the examples in the buffers: `[plane][neuron]`, a plane for each output at each position. */
function meanOutputs(population: Population, examples: number): Float64Array {
  const means = new Float64Array(population.values);
  const outputs = population.outputs(examples);
  for (let i = 0; i < outputs.length; i++) means[i % means.length] += outputs[i] / examples;
  return means;
}

/** Adds what these neurons put out, `[plane][neuron]`, to the biases that they feed. */
export function bequeath(
  network: Network,
  population: Population,
  slots: readonly number[],
  outputs: Float64Array,
): void {
  for (const projection of network.outgoing(population)) {
    const { post, columns } = projection;
    if (!post.columns.has("bias")) continue;
    const met = projection.meet(outputs);
    const bias = post.columns.view("bias");
    const w = columns.view("w");
    for (let plane = 0; plane < columns.planes; plane++) {
      for (const slot of slots) {
        const row = (plane * columns.rowCapacity + slot) * columns.laneCapacity;
        const mean = met[(plane * population.size + slot) % met.length];
        for (let lane = 0; lane < post.size; lane++) bias[lane] += w[row + lane] * mean;
      }
    }
  }
}
