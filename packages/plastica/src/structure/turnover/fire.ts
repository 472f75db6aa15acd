/**
 * FIRE: weights go to the nearest ones that keep lengths and angles. Now and then the weights of each projection, as a matrix W [pre][post],
 * become
 *
 *   W (W' W)^(-1/2) sqrt(post / pre)      by Newton and Schulz: X <- 1.5 X - 0.5 X X' X, from X = W / |W|_F
 *
 * so that what was learned stays as near as can be, and no direction is weaker than another. Frobenius-isometry reinitialisation (ICLR 2026);
 * there five iterations suffice, of an X that is near already; here there are as many as asked for.
 */

import { ValueError } from "../../errors.ts";
import { reweigh } from "../../network/weights.ts";
import { type Announce, comesRound, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";

export interface FireOptions {
  /** Updates from one time to the next, from 1. Default 10,000. */
  every?: number;
  /** Iterations, from 1. Default 12. */
  iterations?: number;
}

const NAME = "fire";

/** Throws ValueError for an option out of its range. */
export function fire({ every = 10_000, iterations = 12 }: FireOptions = {}): StructuralPolicy {
  for (const [option, value] of Object.entries({ every, iterations }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ValueError(`${NAME}: ${option} is ${value}: a whole number from 1`);
  return {
    name: NAME,
    options: { every, iterations },
    attach({ network }): PolicyAtWork {
      return {
        after(moment: Moment, announce: Announce) {
          if (!comesRound(every, moment)) return;
          const { step } = moment;
          for (const projection of network.projections) {
            const { columns, post } = projection;
            const rows = columns.planes * columns.rows;
            const isometric = nearestIsometry(columns.packed("w"), rows, post.size, iterations);
            const scale = Math.sqrt(post.size / rows);
            reweigh(columns, "w", (_, i) => isometric[i] * scale);
          }
          announce({ type: "treated", step, cause: NAME, treatment: "made isometric" });
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}

/** The isometry nearest to a matrix of `rows` by `lanes`, after so many iterations. Zeros stay zeros. */
export function nearestIsometry(
  matrix: ArrayLike<number>,
  rows: number,
  lanes: number,
  iterations: number,
): Float64Array {
  let length = 0;
  for (let i = 0; i < matrix.length; i++) length += matrix[i] * matrix[i];
  length = Math.sqrt(length);
  // The smaller side's Gram matrix: X X' X = (X X') X = X (X' X).
  const tall = rows >= lanes;
  const side = tall ? lanes : rows;
  const other = tall ? rows : lanes;
  // x[i * side + j]: the long side runs over i.
  let x = Float64Array.from({ length: matrix.length }, (_, k) => {
    const [i, j] = [Math.floor(k / side), k % side];
    return length > 0 ? matrix[tall ? i * lanes + j : j * lanes + i] / length : 0;
  });
  for (let n = 0; n < iterations; n++) {
    const gram = new Float64Array(side * side);
    for (let i = 0; i < other; i++)
      for (let a = 0; a < side; a++) {
        const value = x[i * side + a];
        if (value === 0) continue;
        for (let b = 0; b < side; b++) gram[a * side + b] += value * x[i * side + b];
      }
    const next = x.map((value) => 1.5 * value);
    for (let i = 0; i < other; i++)
      for (let a = 0; a < side; a++) {
        const value = 0.5 * x[i * side + a];
        if (value === 0) continue;
        for (let b = 0; b < side; b++) next[i * side + b] -= value * gram[a * side + b];
      }
    x = next;
  }
  if (tall) return x;
  return Float64Array.from(matrix, (_, k) => x[(k % lanes) * side + Math.floor(k / lanes)]);
}
