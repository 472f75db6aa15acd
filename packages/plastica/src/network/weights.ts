/** Draws weights: of a whole projection when a network is built, or the incoming ones of a neuron when it is born. */
import { plasticityOf } from "../rules/plasticity.ts";
import type { Columns } from "./columns.ts";
import type { Block } from "./initialisers.ts";
import type { Network } from "./network.ts";
import type { Projection } from "./projection.ts";

/** What an initialiser is asked for: the synapses of a projection that lead to so many of its postsynaptic neurons. */
export function blockOf({ fanIn, fanOut, columns }: Projection, lanes: number): Block {
  return { fanIn, fanOut, rows: columns.planes * columns.rows, lanes };
}

/**
 * Fills a projection and its postsynaptic biases from its initialiser. What stands still, absent synapses too, stays what it is. The draws are addressed by the projection's
 * name; for another `purpose` they are others.
 */
export function drawWeights(network: Network, projection: Projection, purpose = "weights"): void {
  const { post, initialiser, name } = projection;
  drawSynapses(network, projection, purpose);
  if (initialiser.bias && post.columns.has("bias")) {
    const key = network.keyOf(purpose, name);
    const drawn = initialiser.bias(blockOf(projection, post.size), key, post.model.gain);
    reweigh(post.columns, "bias", (_, lane) => drawn[lane]);
  }
}

/** The same of its synapses alone: where others lead to the same neurons, and these have their biases already. */
export function drawSynapses(network: Network, projection: Projection, purpose = "weights"): void {
  const { post, initialiser, columns, name } = projection;
  const drawn = initialiser.fill(blockOf(projection, post.size), network.keyOf(purpose, name), post.model.gain);
  reweigh(columns, "w", (_, place) => drawn[place]);
}

/** Draws the incoming weights of the neuron in `slot`, as its id says: the same wherever and in whatever order it is born. */
export function drawIncoming(network: Network, projection: Projection, slot: number): void {
  const { post, pre, initialiser, columns, name } = projection;
  const shape = blockOf(projection, 1);
  const drawn = initialiser.fill(shape, network.keyOf("birth", name, post.neurons[slot].id), post.model.gain);
  const w = columns.view("w");
  for (let plane = 0, i = 0; plane < columns.planes; plane++) {
    for (let row = 0; row < pre.size; row++)
      w[(plane * columns.rowCapacity + row) * columns.laneCapacity + slot] = drawn[i++];
  }
}

/**
 * Sets what is learned in one column ("w", "bias", "gain" or "shift"), from what it is and by its place; what stands still, absent synapses too,
 * stays what it is.
 */
export function reweigh(columns: Columns, name: string, to: (value: number, place: number) => number): void {
  const by = plasticityOf(name);
  const plasticity = columns.has(by) ? columns.packed(by) : undefined;
  columns.unpack(
    name,
    columns.packed(name).map((value, place) => (plasticity?.[place] === 0 ? value : to(value, place))),
  );
}
