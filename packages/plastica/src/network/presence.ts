/**
 * Which of a projection's synapses are there, and how they are best visited: all places, blocks of lanes, or in batches one synapse after the other.
 * Whichever it is, results have the same bits (present-blocks.ts, present-synapses.ts).
 */
import type { Compute } from "../compute/compute.ts";
import { PLASTICITY } from "../rules/plasticity.ts";
import { type Pattern, PresentBlocks } from "./present-blocks.ts";
import { PresentSynapses } from "./present-synapses.ts";
import type { Projection } from "./projection.ts";

/**
 * What a block of so many vectors costs, and in a batch a synapse, in vectors of a dense projection. What promises to be fastest is used: blocks of
 * four where less than half of them are there, single vectors where less than two elevenths are, synapses where less than a quarter are and most
 * lanes of blocks would be empty (`npm run bench:pruned`).
 */
const BLOCK_COSTS = [
  { width: 4, cost: 8 },
  { width: 1, cost: 5.5 },
] as const;
const SYNAPSE_COST = 1;

export interface Presence {
  /** What is used for few examples, and where a rule is at work. */
  readonly blocks?: PresentBlocks | undefined;
  /** What is used for many. */
  readonly inBatches?: PresentBlocks | PresentSynapses | undefined;
  /** All that it has room for is there and has a plasticity of 1. */
  readonly fullyPlastic: boolean;
}

export function presence(compute: Compute, projection: Projection): Presence {
  const { columns, post } = projection;
  if (!columns.has(PLASTICITY)) return { fullyPlastic: true };
  const { arena, kernels } = compute;
  const { planes, rowCapacity, stride } = columns;
  const [rows, { vectors }] = [planes * rowCapacity, post];
  const at = arena.allocate(rows * vectors);
  kernels.markPresent(at, columns.pointer("w"), columns.pointer(PLASTICITY), stride, rows, columns.lanes);
  const flags = arena.u8.slice(at, at + rows * vectors);
  arena.free(at);
  let least = projection.fanIn * vectors;
  let best: Pattern | undefined;
  for (const { width, cost } of BLOCK_COSTS) {
    const pattern = inBlocks(flags, rows, vectors, width);
    const all = pattern.has.reduce((sum, has) => sum + has, 0) * cost;
    if (all < least) [least, best] = [all, pattern];
  }
  const isLive = (row: number) => row % rowCapacity < columns.rows;
  const blocks = best && new PresentBlocks(compute, projection, best);
  const count = flags.reduce((sum, flag) => sum + LANES[flag >> 2], 0);
  return {
    blocks,
    inBatches: count * SYNAPSE_COST < least ? new PresentSynapses(compute, projection, flags, count) : blocks,
    fullyPlastic: flags.every((flag, i) => isFull(flag) || !isLive(Math.floor(i / vectors))),
  };
}

/** How many bits a word of four has. */
const LANES = Array.from({ length: 16 }, (_, word) => (word & 1) + ((word >> 1) & 1) + ((word >> 2) & 1) + (word >> 3));

function isFull(flag: number): boolean {
  return (flag & 2) > 0;
}

function inBlocks(flags: Uint8Array, rows: number, vectors: number, width: number): Pattern {
  const columns = Math.ceil(vectors / width);
  const has = new Uint8Array(rows * columns);
  const block = (i: number) => Math.floor(i / vectors) * columns + Math.floor((i % vectors) / width);
  flags.forEach((flag, i) => {
    if (flag & 1) has[block(i)] = 1;
  });
  return { width, columns, rows, has, fullyPlastic: flags.every((flag, i) => isFull(flag) || !has[block(i)]) };
}
