/** Weights of newborns as the initialisers of their projections draw them, packed as an endowment has them. */
import { derive, type Key } from "../../../compute/random.ts";
import { ShapeError } from "../../../errors.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";
import { blockOf } from "../../../network/weights.ts";

export type Weights = ReadonlyMap<Projection, Float32Array>;

/** Incoming, `[plane][pre][newborn]`. */
export function drawnIncoming(network: Network, population: Population, count: number, key: Key): Weights {
  return ofEach(network.incoming(population), (projection) =>
    projection.initialiser.fill(blockOf(projection, count), derive(key, projection.name), population.model.gain),
  );
}

/** Outgoing, `[plane][newborn][post]`: as if the population had had them from the beginning. */
export function drawnOutgoing(network: Network, population: Population, count: number, key: Key): Weights {
  const { size } = population;
  return ofEach(network.outgoing(population), (projection) => {
    const { post, columns, fanIn, initialiser, name } = projection;
    const block = { ...blockOf(projection, post.size), fanIn: (fanIn * (size + count)) / size };
    return initialiser.fill({ ...block, rows: columns.planes * count }, derive(key, name), post.model.gain);
  });
}

export function ofEach(projections: readonly Projection[], weights: (projection: Projection) => Float32Array): Weights {
  return new Map(projections.map((projection) => [projection, weights(projection)]));
}

/** Throws ShapeError where a projection has groups, which newborns are shared out to: who belongs together would be parted. */
export function mustBeWhole(network: Network, population: Population, way: string): void {
  const parted = [...network.incoming(population), ...network.outgoing(population)].find(({ groups }) => groups);
  if (parted)
    throw new ShapeError(`${way} in ${population.name}: ${parted.name} has groups, and newborns would be in others`);
}
