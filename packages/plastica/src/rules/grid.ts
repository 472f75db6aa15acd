/**
 * The contract between the rules and whoever runs them. A grid program computes elementwise over a grid of rows (presynaptic
 * neurons) and lanes (postsynaptic neurons). What it reads is broadcast from one of four shapes: a cell a value, a row a value,
 * a lane a value, or one value for all. What it writes are cells, or one value a row, reduced over the lanes in a fixed order.
 *
 * A compiled program is a WebAssembly module that imports `env.memory` and exports `run(args, from, to)`: rows k of [from, to),
 * with everything else in an argument block in that memory, at address `args`:
 *
 *     0   i32  lanes
 *     4   i32  rows: address of a list of row numbers (row k is list[k]), or 0 (row k is k)
 *     8   u32  noise key, low word
 *     12  u32  noise key, high word
 *     16  i32  address of a pool of normal draws (../compute/noise-pool.ts), read where the program reads it
 *     20  i32  blocks: address of where each row's columns of blocks begin in the list of such, one number more than rows
 *     24  i32  address of that list
 *     28  i32  bytes from a column's first lane to the next one's (a multiple of 16)
 *     32  the slots, each at its `offset`:
 *           cell     i32 address of row 0 (a multiple of 16), i32 bytes from row to row (a multiple of 16)
 *           row      i32 address; row r's value is at address + 4 r
 *           lane     i32 address; lanes are read four at a time, so a length that is a multiple of 4 must be readable
 *           uniform  f32 value
 *
 * A program that is compiled to visit blocks visits of each row only the lanes of its columns, in the order of the list.
 *
 * All outputs are computed from the old values of the inputs. Where `lanes` is not a multiple of 4, the lanes that fill the last
 * vector are written as zero in cell outputs and left out of reductions. Reductions keep four partial results, lane l in partial
 * l mod 4, in ascending order, and end with (p0 + p1) + (p2 + p3); the maximum of no lanes is -Infinity, NaN is passed over.
 */
import type { Arithmetic } from "../compute/kernels.ts";
import type { Expression, Kind } from "./expression.ts";

export type { Arithmetic };

export interface GridOutput {
  readonly name: string;
  readonly value: Expression;
  /** Left out: cells. Given: one value a row, reduced over its lanes. */
  readonly reduce?: "sum" | "max";
}

export interface GridProgram {
  readonly name: string;
  readonly outputs: readonly GridOutput[];
}

export interface GridSlot {
  readonly name: string;
  readonly kind: Kind;
  /** Bytes from the start of the argument block. */
  readonly offset: number;
  readonly written: boolean;
}

export interface CompiledGrid {
  readonly program: GridProgram;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly slots: readonly GridSlot[];
  readonly argumentBytes: number;
  /** Normal draws are taken, from the pool. */
  readonly readsPool: boolean;
}

/** Where the fixed part of the argument block keeps what. */
export const argument = {
  ...{ lanes: 0, rows: 4, keyLow: 8, keyHigh: 12, pool: 16 },
  ...{ blockStart: 20, blockColumns: 24, blockBytes: 28, slots: 32 },
} as const;
