/**
 * How the synapses of a sparse network are shared out among its projections: what share of its places each fills, so that `density` of all
 * places is filled.
 *
 *   uniform        the same share everywhere
 *   erdos-renyi    in proportion to (pre + post) / (pre post), at most 1: small projections are denser (Mocanu et al., Nature
 *                  Communications 9:2383, 2018); of a kernel of h by w to (pre + post + h + w) / (pre post h w) (Evci et al., arXiv 1911.11134)
 */
import type { Projection } from "../../network/projection.ts";
import { places } from "../synapses.ts";

export const distributions = ["uniform", "erdos-renyi"] as const;
export type Distribution = (typeof distributions)[number];

export function densities(
  projections: readonly Projection[],
  density: number,
  distribution: Distribution,
): Map<Projection, number> {
  if (distribution === "uniform") return new Map(projections.map((projection) => [projection, density]));
  const whole = projections.reduce((sum, projection) => sum + places(projection), 0);
  const found = new Map<Projection, number>();
  // Those that would be more than full are full, and the others share what is left.
  for (;;) {
    const open = projections.filter((projection) => !found.has(projection));
    const full = [...found.keys()].reduce((sum, projection) => sum + places(projection), 0);
    const wish = ({ fanIn, pre, post, kernel }: Projection) =>
      kernel ? pre.size + post.size + kernel.size[0] + kernel.size[1] : fanIn + post.size;
    const scale = (density * whole - full) / open.reduce((sum, projection) => sum + wish(projection), 0);
    const over = open.filter((projection) => scale * wish(projection) > places(projection));
    for (const projection of over) found.set(projection, 1);
    if (over.length > 0) continue;
    for (const projection of open) found.set(projection, (scale * wish(projection)) / places(projection));
    return found;
  }
}
