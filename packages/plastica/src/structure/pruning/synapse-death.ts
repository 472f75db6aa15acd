/** Pruning synapse by synapse, and letting some come back. */
import type { Projection } from "../../network/projection.ts";
import { gradientOf } from "../gradients.ts";
import { absent, places, present, rewire } from "../synapses.ts";
import { type Culling, culled } from "./culling.ts";
import { lowest } from "./selection.ts";

/**
 * Prunes until `share` of all places is empty; then `exchanged` of the synapses that are left go too, and as many grow where the
 * gradients on the remembered examples are largest.
 */
export function pruneSynapses(culling: Culling, share: number, exchanged: number): void {
  const { life, gauge, occasion, announce, scope } = culling;
  const { network } = life;
  const stocks = network.projections.map((projection) => {
    const candidates = present(projection);
    const whole = places(projection);
    return { of: projection, scores: gauge.synapses(projection), candidates, whole, gone: whole - candidates.length };
  });
  const more = share + exchanged * (1 - share);
  const going = culled(stocks, more, scope);
  const growing = exchanged > 0 ? wanted(culling, going, share) : new Map<Projection, number[]>();
  for (const [projection, pruned] of going) {
    const grown = growing.get(projection) ?? [];
    if (pruned.length + grown.length > 0) announce(rewire(network, projection, { pruned, grown }, occasion));
  }
}

/** Where synapses grow: as many as bring the share that is gone back to `share`, none where one has just gone. */
function wanted(
  { life, memory, scope }: Culling,
  going: ReadonlyMap<Projection, readonly number[]>,
  share: number,
): Map<Projection, number[]> {
  const { network } = life;
  const examples = memory.examples();
  const gradients = new Map<Projection, Float32Array>();
  life.examine(examples, {
    projection: (projection) =>
      void gradients.set(
        projection,
        gradientOf(network, projection, examples.count).map((slope) => -Math.abs(slope)),
      ),
  });
  const groups = network.projections.map((projection) => ({
    of: projection,
    scores: gradients.get(projection)!,
    candidates: absent(projection),
  }));
  const lacking = (of: readonly Projection[]) =>
    of.reduce((sum, each) => {
      const gone = absent(each).length + (going.get(each)?.length ?? 0);
      return sum + gone - share * places(each);
    }, 0);
  if (scope === "global") return lowest(groups, Math.round(lacking(network.projections)));
  return new Map(groups.flatMap((group) => [...lowest([group], Math.round(lacking([group.of])))]));
}
