/** Neurons that pruning has cut off: nothing leads to them, or nothing leads on from them. */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import { outputsOf } from "../../network/response.ts";
import type { Announce } from "../policy.ts";
import { death, type Occasion } from "../structure.ts";
import { present } from "../synapses.ts";
import { bequeath } from "./neuron-death.ts";

/**
 * Lets the hidden neurons die that have no incoming or no outgoing synapse, and then those that this has cut off. One of each population
 * stays. What a neuron without incoming synapses puts out is always the same: it is added to the biases that it fed, so that the network
 * computes what it computed before, up to rounding. (Where its population is normalised it is not the same, nor at the edges of a map that is
 * padded further on, and it lives. So does whoever nobody hears in a population that is normalised by layer: the others are measured by it.)
 */
export function dropOrphans(network: Network, announce: Announce, occasion: Occasion): void {
  for (let died = true; died; ) {
    died = false;
    for (const population of network.hidden) {
      const slots = orphansOf(network, population)
        .filter((slot) => !network.isProtected(population.neurons[slot], occasion.step))
        .slice(0, population.size - 1);
      if (slots.length === 0) continue;
      bequeath(network, population, slots, constants(population));
      announce(death(network, population, slots, occasion));
      died = true;
    }
  }
}

function orphansOf(network: Network, population: Population): number[] {
  const { size } = population;
  const [reached, heard] = [new Uint8Array(size), new Uint8Array(size)];
  for (const projection of network.incoming(population))
    for (const place of present(projection)) reached[place % size] = 1;
  for (const projection of network.outgoing(population)) {
    const { lanes } = projection.columns;
    for (const place of present(projection)) heard[Math.floor(place / lanes) % size] = 1;
  }
  const padded = network.outgoing(population).some(({ kernel }) => kernel?.padding.some((n) => n > 0));
  const measured = population.norm?.kind === "layer";
  return [...population.neurons.keys()].filter((slot) =>
    heard[slot] ? !reached[slot] && !population.norm && !padded : !measured,
  );
}

/** What each neuron puts out when nothing comes in: `[plane][neuron]`, the same at each position. */
function constants({ model, columns, size, outPositions }: Population): Float64Array {
  const input = columns.has("bias") ? columns.packed("bias") : new Float32Array(size);
  const each = outputsOf(model, input).flatMap((values) => [...values]);
  return Float64Array.from(Array.from({ length: outPositions }, () => each).flat());
}
