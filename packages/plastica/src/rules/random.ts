/**
 * Addressed random draws as expressions. Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as
 * easy as 1, 2, 3; SC 2011) turns a key and the counter (row, lane ^ stream << 28) into two words. The same key and address give
 * the same draw, whatever else was drawn and in whichever order or thread; the same words come from threefry() in compute/random.ts.
 *
 *     uniform  (word0 >>> 8) 2^-24                              in [0, 1)
 *     normal   sqrt(-2 ln u1) cos(2 pi u2),  u1 = ((word0 >>> 8) + 1) 2^-24 in (0, 1],  u2 = (word1 >>> 8) 2^-24     (Box and Muller)
 *
 * A normal draw is at most sqrt(48 ln 2) = 5.77 from zero. Lanes must be fewer than 2^28.
 */
import { address, type Bits, type Expression } from "./expression.ts";
import { cosineOfTurns, logarithm } from "./functions.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const rounds = 13;

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

/** The draw a `noise` leaf of this stream stands for. */
export function normalDraw(stream: number): Expression {
  const [a, b] = wordsOfCell(stream);
  const u1 = a
    .shiftRight(8)
    .plus(1)
    .toFloat()
    .mul(2 ** -24);
  const u2 = b
    .shiftRight(8)
    .toFloat()
    .mul(2 ** -24);
  return logarithm(u1).mul(-2).sqrt().mul(cosineOfTurns(u2));
}

/** The draw a `uniformNoise` leaf of this stream stands for. */
export function uniformDraw(stream: number): Expression {
  return wordsOfCell(stream)[0]
    .shiftRight(8)
    .toFloat()
    .mul(2 ** -24);
}

function wordsOfCell(stream: number): readonly [Bits, Bits] {
  return threefryWords(
    address("keyLow"),
    address("keyHigh"),
    address("rowIndex"),
    address("laneIndex").xor(stream << 28),
  );
}

function rotate(x: Bits, count: number): Bits {
  return x.shiftLeft(count).or(x.shiftRight(32 - count));
}
