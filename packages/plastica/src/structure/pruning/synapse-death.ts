/** Pruning synapse by synapse, or block by block, and letting some come back. */
import type { Projection } from "../../network/projection.ts";
import { steepness } from "../gradients.ts";
import { absent, places, present, rewire } from "../synapses.ts";
import { type Culling, culled } from "./culling.ts";
import { highest, lowest } from "./selection.ts";

export interface SynapseCulling extends Culling {
  /** How many places a projection of this name is counted as having had. */
  readonly founders: ReadonlyMap<string, number>;
}

/**
 * Prunes until as many synapses are left as would be if `share` of the places that there were had become empty. Then `exchanged` of the synapses that are left go too, but no more than there were empty places
 * before, and as many grow in these, where the gradients on the remembered examples are largest.
 */
export function pruneSynapses(culling: SynapseCulling, share: number, exchanged: number): void {
  const { life, gauge, memory, occasion, announce, scope, founders } = culling;
  const { network } = life;
  const all = network.projections.map((projection) => ({
    of: projection,
    scores: gauge.synapses(projection),
    candidates: present(projection),
    whole: founders.get(projection.name) ?? places(projection),
  }));
  const slopes = exchanged > 0 ? steepness(life, memory.examples()) : undefined;
  // They are compared with each other, or each by itself.
  for (const stocks of scope === "global" ? [all] : all.map((stock) => [stock])) {
    const whole = stocks.reduce((sum, stock) => sum + stock.whole, 0);
    const there = stocks.reduce((sum, { candidates }) => sum + candidates.length, 0);
    const must = Math.max(0, there - (whole - Math.round(share * whole)));
    const empty = stocks.map(({ of }) => ({ of, scores: slopes?.get(of) ?? [], candidates: absent(of) }));
    const room = empty.reduce((sum, { candidates }) => sum + candidates.length, 0);
    const back = Math.min(room, Math.round(exchanged * (there - must)));
    const going = lowest(stocks, must + back);
    const growing = highest(slopes ? empty : [], back);
    for (const { of } of stocks) {
      const [pruned, grown] = [going.get(of)!, growing.get(of) ?? []];
      if (pruned.length + grown.length > 0) announce(rewire(network, of, { pruned, grown }, occasion));
    }
  }
}

/**
 * The same by blocks: `lanes` places side by side in a row, which go together; at a row's end there may be fewer. A block is worth the mean
 * score of the synapses that it has.
 */
export function pruneBlocks(culling: SynapseCulling, share: number, lanes: number): void {
  const { life, gauge, occasion, announce, scope, founders } = culling;
  const { network } = life;
  const all = network.projections.map((projection) => {
    const scores = gauge.synapses(projection);
    const blocks = blocksOf(projection, lanes);
    const there = new Map<number, number[]>();
    for (const place of present(projection)) {
      const block = blocks.of(place);
      const members = there.get(block);
      if (members) members.push(place);
      else there.set(block, [place]);
    }
    const worth = new Float64Array(blocks.count);
    for (const [block, members] of there)
      worth[block] = members.reduce((sum, place) => sum + scores[place], 0) / members.length;
    const candidates = [...there.keys()].sort((a, b) => a - b);
    // What was there at first, in blocks of the size that they have on the whole.
    const were = Math.round(
      ((founders.get(projection.name) ?? places(projection)) / places(projection)) * blocks.count,
    );
    return { of: projection, scores: worth, candidates, whole: were, gone: were - there.size, there };
  });
  const going = culled(all, share, scope);
  for (const { of, there } of all) {
    const pruned = going.get(of)!.flatMap((block) => there.get(block)!);
    if (pruned.length > 0) announce(rewire(network, of, { pruned }, occasion));
  }
}

function blocksOf({ columns }: Projection, lanes: number) {
  const each = Math.ceil(columns.lanes / lanes);
  const of = (place: number) => Math.floor(place / columns.lanes) * each + Math.floor((place % columns.lanes) / lanes);
  return { of, count: columns.planes * columns.rows * each };
}
