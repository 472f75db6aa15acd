/**
 * Which synapses a projection lacks. An absent synapse is one whose weight and plasticity (the column of that name) are 0: it passes nothing on and
 * learns nothing.
 */
import { PLASTICITY } from "../rules/plasticity.ts";
import type { Columns } from "./columns.ts";

/** 1 where a synapse is absent, as columns are packed. */
export function gaps(columns: Columns): Uint8Array {
  const gone = new Uint8Array(columns.planes * columns.rows * columns.lanes);
  if (!columns.has(PLASTICITY)) return gone;
  const [w, plasticity] = [columns.view("w"), columns.view(PLASTICITY)];
  for (let plane = 0, at = 0; plane < columns.planes; plane++) {
    for (let row = 0; row < columns.rows; row++) {
      const from = (plane * columns.rowCapacity + row) * columns.laneCapacity;
      for (let lane = 0; lane < columns.lanes; lane++)
        gone[at++] = w[from + lane] === 0 && plasticity[from + lane] === 0 ? 1 : 0;
    }
  }
  return gone;
}

/** How many synapses are there. */
export function presentIn(columns: Columns): number {
  let n = columns.planes * columns.rows * columns.lanes;
  if (columns.has(PLASTICITY)) for (const gone of gaps(columns)) n -= gone;
  return n;
}
