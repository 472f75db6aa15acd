/** Weights of newborns as the initialisers of their projections draw them, packed as an endowment has them. */
import { derive, type Key } from "../../../compute/random.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";

export type Weights = ReadonlyMap<Projection, Float32Array>;

/** Incoming, `[plane][pre][newborn]`. */
export function drawnIncoming(network: Network, population: Population, count: number, key: Key): Weights {
  return ofEach(network.incoming(population), ({ fanIn, initialiser, name }) =>
    initialiser.fill(
      { fanIn, fanOut: population.size + count, rows: fanIn, lanes: count },
      derive(key, name),
      population.model.gain,
    ),
  );
}

/** Outgoing, `[plane][newborn][post]`: as if the population had had them from the beginning. */
export function drawnOutgoing(network: Network, population: Population, count: number, key: Key): Weights {
  return ofEach(network.outgoing(population), ({ post, columns: { planes }, initialiser, name }) => {
    const block = { fanOut: post.size, rows: planes * count, lanes: post.size };
    return initialiser.fill(
      { ...block, fanIn: planes * (population.size + count) },
      derive(key, name),
      post.model.gain,
    );
  });
}

export function ofEach(projections: readonly Projection[], weights: (projection: Projection) => Float32Array): Weights {
  return new Map(projections.map((projection) => [projection, weights(projection)]));
}
