/**
 * GradMax: newborns hear nothing yet, and what they say is chosen so that their incoming weights learn as fast as they can. With b what comes in and v
 * which way the inputs of the next layer should move,
 *
 *   M = E[v b'],   W_out = its first left singular vectors,   W_in = 0 (next to 0 for ReLU and CReLU, see zero-in.ts),
 *
 * scaled to `scale` times the mean length of the outgoing weights that there are. M is, but for its sign, the gradient of a layer of zeros that leads past the
 * population. When the directions are all used, they come again turned round; then no more are born. What the network says stays the same to 1e-6.
 *
 * U. Evci, B. van Merriënboer, T. Unterthiner, M. Vladymyrov and F. Pedregosa: GradMax, growing neural networks using gradient information, ICLR 2022
 * (arXiv 2201.05125).
 */
import { ValueError } from "../../../errors.ts";
import { type Matrix, product, svd, transposed } from "../linear-algebra.ts";
import { asOutgoing, mustBeDense, surroundings } from "../surroundings.ts";
import { rowsOf } from "./copy.ts";
import type { Way } from "./way.ts";
import { checkEpsilon, mustBeSilent, nextToZero } from "./zero-in.ts";

export interface GradmaxOptions {
  /** Above 0. Default 0.5. */
  readonly scale?: number;
  /** Of incoming weights, where a model does not move at 0: from 0, below 1. Default 1e-7. */
  readonly epsilon?: number;
}

/** Throws ValueError for an option out of its range; in use, as zero-in, and ShapeError without examples or where projections are not dense. */
export function gradmax({ scale = 0.5, epsilon = 1e-7 }: GradmaxOptions = {}): Way {
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) throw new ValueError(`gradmax: scale is ${scale}: above 0`);
  checkEpsilon("gradmax", epsilon);
  return {
    name: "gradmax",
    options: { scale, epsilon },
    preserves: "nearly",
    looks: true,
    mustSuit(network, population) {
      mustBeSilent(population);
      mustBeDense(network, population, "gradmax");
    },
    propose(life, { population, count: wanted, examples, key }) {
      const around = surroundings(life, population, examples, "gradmax");
      const { left, values } = svd(product(transposed(around.v), around.b), 1e-6);
      const count = Math.min(wanted, 2 * values.length);
      const lengths = Array.from({ length: population.size }, (_, slot) =>
        Math.sqrt(
          around.out.reduce(
            (sum, projection) =>
              sum + rowsOf(projection, slot).reduce((all, w) => all + w * w, 0) / projection.columns.planes,
            0,
          ),
        ),
      );
      const length = (scale * lengths.reduce((sum, one) => sum + one, 0)) / lengths.length;
      const rows = Array.from({ length: count }, (_, i) => {
        const times = i < values.length ? length : -length;
        return columnOf(left, i % values.length).map((value) => times * value);
      });
      return {
        count,
        endowment: {
          incoming: count > 0 ? nextToZero(life.network, { population, count, key }, epsilon) : undefined,
          outgoing: asOutgoing(around, rows),
        },
        evidence: { "largest gradient": values[0] ?? 0, directions: values.length },
      };
    },
  };
}

export function columnOf({ rows, columns, data }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]);
}
