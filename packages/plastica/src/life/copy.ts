/**
 * A copy of a network as it is, in a memory of its own: a teacher that stands still, a student to come. It has what a pass needs (weights, biases,
 * gains, running statistics, who the neurons are) and nothing of what rules and policies keep.
 */
import type { Columns } from "../network/columns.ts";
import { InputNorm } from "../network/input-norm.ts";
import { Network } from "../network/network.ts";
import { Population } from "../network/population.ts";
import { setCapacities, setSize } from "../structure/structure.ts";
import { compose, descriptionOf } from "./composition.ts";

export function copyOf(network: Network): Network {
  const { seed, compute, inputs, outputs, inputNorm, nextId } = network;
  const copy = new Network({ seed, arithmetic: compute.arithmetic });
  for (const { name, model, columns, norm } of [inputs, outputs]) {
    const options = { bias: columns.has("bias"), layerNorm: norm !== undefined };
    copy.populations.push(new Population(copy.compute, name, model, [], options));
  }
  compose(copy, descriptionOf(network), network);
  settle(copy, network);
  for (const [i, { neurons }] of copy.populations.entries()) neurons.push(...network.populations[i].neurons);
  if (inputNorm) {
    copy.inputNorm = new InputNorm(copy, inputNorm.decay);
    copy.inputNorm.power = inputNorm.power;
  }
  takeAfter(copy, network);
  copy.nextId = nextId;
  copy.changed();
  return copy;
}

/** Gives each population, which has the other network's counterpart at its place and holds nobody yet, the same room and size. */
export function settle(network: Network, other: Network): void {
  const { populations } = network;
  setCapacities(network, new Map(populations.map((one, i) => [one, other.populations[i].capacity])));
  for (const [i, one] of populations.entries()) setSize(network, one, other.populations[i].size);
}

/** Takes over the values of every column that both networks have, population by population and projection by projection. */
export function takeAfter(network: Network, other: Network): void {
  const pairs = [
    ...network.populations.map((one, i) => [one.columns, other.populations[i].columns] as const),
    ...network.projections.map((one, i) => [one.columns, other.projections[i].columns] as const),
    ...network.populations.map(
      (one, i) => [one.silencing?.work.columns, other.populations[i].silencing?.work.columns] as const,
    ),
  ];
  for (const [mine, theirs] of pairs) if (mine && theirs) copyColumns(mine, theirs);
}

function copyColumns(mine: Columns, theirs: Columns): void {
  for (const name of mine.names) if (theirs.has(name)) mine.unpack(name, theirs.packed(name));
}
