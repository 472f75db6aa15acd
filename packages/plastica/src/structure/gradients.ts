/** The gradient of a whole projection at once: what growth and rewiring look at. Learning itself never holds it (life/learning.ts). */
import type { Network } from "../network/network.ts";
import type { Projection } from "../network/projection.ts";
import type { Examples, Life } from "./policy.ts";

/**
 * dLoss / dw of every synapse of the projection, absent ones too, as its weights are packed: `[row][lane]`, plane after plane.
 * To be called by a visitor of `Life.examine`, with the examples that it examines.
 */
export function gradientOf(network: Network, projection: Projection, examples: number): Float32Array {
  const { pre, columns } = projection;
  const { arena } = network.compute;
  const rows = columns.planes * columns.rowCapacity;
  // A list by neuron is of a batch: one example gets a batch's buffers, before its own are read.
  if (!projection.shared) pre.listByNeuron(examples);
  const room = arena.allocate(rows * columns.stride);
  projection.gradient(room, 0, columns.extent, examples);
  const gradient = new Float32Array(columns.planes * columns.rows * columns.lanes);
  for (let plane = 0, at = 0; plane < columns.planes; plane++) {
    for (let row = 0; row < columns.rows; row++, at += columns.lanes) {
      const from = (room >>> 2) + (plane * columns.rowCapacity + row) * columns.laneCapacity;
      gradient.set(arena.f32.subarray(from, from + columns.lanes), at);
    }
  }
  arena.free(room);
  return gradient;
}

/** How steep the mean loss of these examples is at each synapse, absent ones too: |dLoss / dw|, packed. */
export function steepness(life: Life, examples: Examples): Map<Projection, Float32Array> {
  const slopes = new Map<Projection, Float32Array>();
  life.examine(examples, {
    projection: (projection) =>
      void slopes.set(projection, gradientOf(life.network, projection, examples.count).map(Math.abs)),
  });
  return slopes;
}
