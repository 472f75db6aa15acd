/**
 * Two ways for a layer to be young again without a birth or a death.
 *
 * *Returned to birth*: incoming weights are again what the layer was born with, times `scale`; biases 0, gains 1. What it learned is gone.
 * They are the same weights each time, not a new draw: what other layers have learned of that beginning (which way a class lies from a
 * readout newly born) is of use again.
 *
 * *Rejuvenated*: every neuron keeps the direction of its incoming weights, which is what it knows, and loses what age has piled on top:
 * their length, and its bias with it, go back to that of its layer at birth, its gain to 1. Under normalisation a layer computes the same whatever
 * the length of its weights, but the longer they have grown, the less a step can turn them (van Laarhoven, arXiv 1706.05350).
 *
 * The state that the rule keeps of these synapses begins anew, with the age of the layer's neurons. What stands still stays as it is, and what
 * policies keep is theirs.
 */
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Projection } from "../../network/projection.ts";
import { blockOf, reweigh } from "../../network/weights.ts";
import { ruleState, trainedColumns, trainedOf } from "../trained-columns.ts";

/** Of the weights that a projection of this size is born with: the sum of their squares. */
const births = new WeakMap<Projection, { readonly fanIn: number; readonly fanOut: number; readonly squares: number }>();

/** Returns a layer to its birth, with weights `scale` times as long. */
export function returnToBirth(network: Network, population: Population, scale = 1): void {
  for (const projection of network.incoming(population)) {
    const drawn = newborn(network, projection);
    reweigh(projection.columns, "w", (_, place) => drawn[place] * scale);
  }
  const { columns, parameters } = population;
  for (const name of parameters) reweigh(columns, name, () => atBirth(name));
  beginAnew(network, population);
}

/** Rejuvenates a layer: directions stay. */
export function rejuvenate(network: Network, population: Population): void {
  const { columns, parameters } = population;
  const long = stretch(network, population);
  const times = long > 0 ? 1 / long : 1;
  for (const projection of network.incoming(population)) reweigh(projection.columns, "w", (w) => w * times);
  for (const name of parameters) reweigh(columns, name, (value) => (name === "bias" ? value * times : atBirth(name)));
  beginAnew(network, population);
}

/** How long a layer's incoming weights are, as a multiple of what they would be at birth; 0 where either are. */
export function stretch(network: Network, population: Population): number {
  const into = network.incoming(population);
  const born = Math.sqrt(into.reduce((sum, one) => sum + squaresAtBirth(network, one), 0));
  const now = Math.sqrt(into.reduce((sum, { columns }) => sum + squares(columns.packed("w")), 0));
  return born > 0 ? now / born : 0;
}

/** What the rule keeps of each synapse and neuron, ages too, is again what it was at birth, as if a new optimiser began. What policies keep stays. */
export function beginOptimiserAnew(network: Network): void {
  for (const trained of trainedColumns(network)) trained.columns.initialiseAll(ruleState(trained));
  for (const { columns } of network.populations) if (columns.has("age")) columns.initialiseAll(["age"]);
  network.changed();
}

/** The weights that this projection was born with; of newborns, the same distribution. */
function newborn(network: Network, projection: Projection): Float32Array {
  const { name, post, initialiser } = projection;
  return initialiser.fill(blockOf(projection, post.size), network.keyOf("weights", name), post.model.gain);
}

/** Drawn again only when the projection has another size. */
function squaresAtBirth(network: Network, projection: Projection): number {
  const { fanIn, fanOut } = projection;
  const known = births.get(projection);
  if (known?.fanIn === fanIn && known.fanOut === fanOut) return known.squares;
  const found = { fanIn, fanOut, squares: squares(newborn(network, projection)) };
  births.set(projection, found);
  return found.squares;
}

/** What rules keep of a layer is as at birth, and what begins as a copy of its weights or parameters is one; its neurons are of age 0 again. */
function beginAnew(network: Network, population: Population): void {
  for (const trained of [...network.incoming(population), population].flatMap(trainedOf)) {
    const { columns, name } = trained;
    columns.initialiseAll(ruleState(trained));
    columns.initialiseAll(columns.names.filter((column) => columns.initial(column) === name));
  }
  network.changed();
  if (!population.columns.has("age")) return;
  population.columns.initialiseAll(["age"]);
  // A synapse is as old as the younger of its neurons: what is averaged over the age of those that lead out begins with it.
  for (const trained of network.outgoing(population).flatMap(trainedOf)) {
    const { columns } = trained;
    columns.initialiseAll(ruleState(trained).filter((column) => columns.initial(column) !== "w"));
  }
}

function atBirth(parameter: string): number {
  return parameter === "gain" ? 1 : 0;
}

function squares(weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * weights[i];
  return sum;
}
