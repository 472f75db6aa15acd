/**
 * Addressed random draws as expressions. Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as
 * easy as 1, 2, 3; SC 2011) turns a key and the counter (row, lane ^ stream << 28) into two words. The same key and address give
 * the same draw, whatever else was drawn and in whichever order or thread; the same words come from threefry() in compute/random.ts.
 *
 *     uniform  (word0 >>> 8) 2^-24                           in [0, 1)
 *     normal   pool[((window >>> 2) + lane) mod POOL]        window = word0 of (row, lane 2^28 - 1): once a row, not once a cell
 *
 * The pool and what it means for independence: ../compute/noise-pool.ts. Lanes must be fewer than 2^28, so that the window's word is
 * nobody else's.
 */
import { address, type Bits, bits, type Expression, type Node } from "./expression.ts";
import { nodesOf } from "./traverse.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const rounds = 13;
/** A lane that no grid has. */
const windowLane = 0x0fffffff;

/** The two words of Threefry-2x32-13 for counter (c0, c1) under key (k0, k1). */
export function threefryWords(k0: Bits, k1: Bits, c0: Bits, c1: Bits): readonly [Bits, Bits] {
  const keys = [k0, k1, k0.xor(k1).xor(0x1bd11bda)];
  let x0 = c0.plus(k0);
  let x1 = c1.plus(k1);
  for (let round = 0; round < rounds; round++) {
    x0 = x0.plus(x1);
    x1 = rotate(x1, rotations[round % 8]).xor(x0);
    if (round % 4 === 3) {
      const turn = (round + 1) / 4;
      x0 = x0.plus(keys[turn % 3]);
      x1 = x1.plus(keys[(turn + 1) % 3].plus(turn));
    }
  }
  return [x0, x1];
}

/** A word that says, in bytes and yet to be masked, where in the pool a row's `noise` of this stream begins. */
export function windowOf(stream: number): Bits {
  return wordsOf(stream, bits(windowLane))[0];
}

/** The streams of the `noise` leaves under `roots`, ascending. */
export function noiseStreams(roots: readonly Node[]): number[] {
  const streams = nodesOf(roots).flatMap(({ op, value }) => (op === "noise" ? [value] : []));
  return [...new Set(streams)].sort((a, b) => a - b);
}

/** The draw that a `uniformNoise` leaf of this stream stands for. */
export function uniformDraw(stream: number): Expression {
  return wordsOf(stream, address("laneIndex"))[0]
    .shiftRight(8)
    .toFloat()
    .mul(2 ** -24);
}

function wordsOf(stream: number, lane: Bits): readonly [Bits, Bits] {
  return threefryWords(address("keyLow"), address("keyHigh"), address("rowIndex"), lane.xor(stream << 28));
}

function rotate(x: Bits, count: number): Bits {
  return x.shiftLeft(count).or(x.shiftRight(32 - count));
}
