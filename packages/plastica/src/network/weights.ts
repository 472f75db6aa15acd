/** Draws weights: of a whole projection when a network is built, or the incoming ones of a neuron when it is born. */
import { PLASTICITY } from "../rules/plasticity.ts";
import { gaps } from "./absent.ts";
import type { Block } from "./initialisers.ts";
import type { Network } from "./network.ts";
import type { Projection } from "./projection.ts";

/** What an initialiser is asked for: the synapses of a projection that lead to so many of its postsynaptic neurons. */
export function blockOf({ fanIn, fanOut, columns }: Projection, lanes: number): Block {
  return { fanIn, fanOut, rows: columns.planes * columns.rows, lanes };
}

/**
 * Fills a projection and its postsynaptic biases from its initialiser. Absent synapses stay absent. The draws are addressed by the projection's name; for another
 * `purpose` they are others.
 */
export function drawWeights(network: Network, projection: Projection, purpose = "weights"): void {
  const { post, initialiser, name } = projection;
  drawSynapses(network, projection, purpose);
  if (initialiser.bias && post.columns.has("bias")) {
    const key = network.keyOf(purpose, name);
    post.columns.unpack("bias", initialiser.bias(blockOf(projection, post.size), key, post.model.gain));
  }
}

/** The same of its synapses alone: where others lead to the same neurons, and these have their biases already. */
export function drawSynapses(network: Network, projection: Projection, purpose = "weights"): void {
  const { post, initialiser, columns, name } = projection;
  const gone = columns.has(PLASTICITY) ? gaps(columns) : undefined;
  const drawn = initialiser.fill(blockOf(projection, post.size), network.keyOf(purpose, name), post.model.gain);
  columns.unpack(
    "w",
    drawn.map((w, place) => (gone?.[place] ? 0 : w)),
  );
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
