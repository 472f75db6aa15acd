/**
 * Paired: newborns come in twos with the same drawn incoming weights V, and outgoing ones Z and -Z. They cancel, so that what the network says stays the
 * same to rounding, and both sides have gradients from the first step on. Of an odd number one more is born.
 *
 * The variance-transferring growth of GroMo (M. Verbockhaven et al.: Growing tiny networks, TMLR 2024; github.com/growingnet/gromo).
 */
import { derive } from "../../../compute/random.ts";
import { drawnIncoming, drawnOutgoing, mustBeWhole, ofEach } from "./drawn.ts";
import type { Way } from "./way.ts";

export const paired = (): Way => ({
  name: "paired",
  options: {},
  preserves: "nearly",
  multiple: 2,
  looks: false,
  mustSuit: (network, population) => mustBeWhole(network, population, "paired"),
  propose({ network }, { population, count: wanted, key }) {
    const pairs = Math.ceil(wanted / 2);
    const count = 2 * pairs;
    const v = drawnIncoming(network, population, pairs, derive(key, "in"));
    const z = drawnOutgoing(network, population, pairs, derive(key, "out"));
    return {
      count,
      endowment: {
        // Twins are neighbours: their sums cancel before others come in.
        incoming: ofEach([...v.keys()], (projection) => {
          const half = v.get(projection)!;
          return Float32Array.from(
            { length: 2 * half.length },
            (_, i) => half[Math.floor(i / count) * pairs + ((i % count) >> 1)],
          );
        }),
        outgoing: ofEach([...z.keys()], (projection) => {
          const half = z.get(projection)!;
          const { lanes } = projection.columns;
          return Float32Array.from({ length: 2 * half.length }, (_, i) => {
            const newborn = Math.floor(i / lanes);
            return (newborn % 2 === 0 ? 1 : -1) * half[(newborn >> 1) * lanes + (i % lanes)];
          });
        }),
      },
      evidence: {},
    };
  },
});
