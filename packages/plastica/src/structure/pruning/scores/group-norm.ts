/** Group norm: what the group lasso shrinks is what it is judged by. */
import type { Projection } from "../../../network/projection.ts";
import type { Score } from "./score.ts";

/**
 * The Euclidean norm of the group that a synapse belongs to, the outgoing synapses of one neuron, for its size.
 *
 *     neuron: sqrt(sum of w^2 over its outgoing synapses / their number)        synapse: that of its presynaptic neuron
 *
 * Use it with `groupLasso`, which drives whole groups to 0.
 *
 * W. Wen et al.: Learning structured sparsity in deep neural networks, NIPS 2016 (arXiv 1608.03665).
 */
export const groupNorm: Score = {
  name: "group-norm",
  synapses(projection) {
    const { lanes } = projection.columns;
    const norms = normsOf([projection], projection.pre.size);
    return new Float32Array(projection.columns.planes * projection.columns.rows * lanes).map(
      (_, i) => norms[Math.floor(i / lanes) % norms.length],
    );
  },
  neurons: (population, { network }) => normsOf(network.outgoing(population), population.size),
};

function normsOf(projections: readonly Projection[], size: number): Float64Array {
  const squares = new Float64Array(size);
  let each = 0;
  for (const { columns } of projections) {
    each += columns.planes * columns.lanes;
    for (const [i, w] of columns.packed("w").entries()) squares[Math.floor(i / columns.lanes) % size] += w * w;
  }
  return squares.map((square) => Math.sqrt(square / Math.max(1, each)));
}
