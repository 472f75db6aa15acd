/**
 * Addressed random numbers. A draw is a pure function of a key and an index, not the next of a stream: the key says for
 * which seed, purpose and step, the index which one. So draws may be made in any order, on any thread, or never, and the
 * rest stay as they are; and there is no generator state to put into a snapshot.
 *
 * The generator is Threefry-2x32 with 13 rounds, the fewest that pass BigCrush. A key and an index give two 32-bit words,
 * and everything below is arithmetic on those. The grid kernels compute the same words from the same addresses.
 *
 * Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405.
 */
import { ValueError } from "../errors.ts";
import { cosTurns, ln } from "./elementary.ts";

/** Where draws come from: two 32-bit words, made by `key` from a seed and a path. */
export interface Key {
  readonly k0: number;
  readonly k1: number;
}

/** One step of a key's path: what the draws are for ("weights", "permutation"), or which one (layer, step, task). */
export type Step = number | string;

const UNIT = 1 / 16777216; // 2^-24: all such multiples in [0, 1] are exact in float32
const WORD = 4294967296;
const pair = new Uint32Array(2);

/**
 * Threefry-2x32: encrypts the counter `(c0, c1)` under the key `(k0, k1)` and writes two uniform 32-bit words to `out`.
 *
 * @param out at least two words; the first two are overwritten
 * @param rounds 0 to 20. Default 13, the engine's; 20 is the paper's conservative choice
 */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array, rounds = 13): void {
  if (rounds !== 13) {
    threefryRounds(k0, k1, c0, c1, out, rounds);
    return;
  }
  // The thirteen rounds unrolled: four times as fast as the loop below.
  const k2 = 0x1bd11bda ^ k0 ^ k1;
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k1) | 0;
  y = (y + k2 + 1) | 0;
  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + k2) | 0;
  y = (y + k0 + 2) | 0;
  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + k0) | 0;
  y = (y + k1 + 3) | 0;
  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  out[0] = x;
  out[1] = y;
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** The definition, for any number of rounds; `threefry` is held against it by a test. */
function threefryRounds(k0: number, k1: number, c0: number, c1: number, out: Uint32Array, rounds: number): void {
  if (!Number.isInteger(rounds) || rounds < 0 || rounds > 20) {
    throw new ValueError(`threefry: rounds is ${rounds}, must be an integer from 0 to 20`);
  }
  const keys = [k0, k1, 0x1bd11bda ^ k0 ^ k1];
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let round = 0; round < rounds; round++) {
    const turn = ROTATIONS[round & 7];
    x = (x + y) | 0;
    y = ((y << turn) | (y >>> (32 - turn))) ^ x;
    if ((round & 3) === 3) {
      const injection = (round + 1) >> 2;
      x = (x + keys[injection % 3]) | 0;
      y = (y + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  out[0] = x;
  out[1] = y;
}

/**
 * The key of a seed and a path, such as `key(seed, "weights", layer)` or `key(seed, "noise", population, step)`.
 * Each step of the path enciphers its number or its string's hash under the key so far, so that keys of different paths
 * are unrelated, and `derive(key(seed, a), b)` is `key(seed, a, b)`. The number 1 and the string "1" are different steps.
 *
 * @param seed integer from 0 to 2^53 - 1
 * @param path numbers are integers from 0 to 2^53 - 1
 * @throws ValueError for any other number
 */
export function key(seed: number, ...path: Step[]): Key {
  mustBeIndex("seed", seed);
  threefry(seed >>> 0, high(seed), 0, WORD - 1, pair); // a counter that no step uses
  let result: Key = { k0: pair[0], k1: pair[1] };
  for (const step of path) result = next(result, step);
  return result;
}

/** A key further down the path; see `key`. */
export function derive(from: Key, ...path: Step[]): Key {
  let result = from;
  for (const step of path) result = next(result, step);
  return result;
}

function next(from: Key, step: Step): Key {
  if (typeof step === "number") {
    mustBeIndex("a step of a key's path", step);
    // The two top bits keep numbers, strings and draws apart: a draw's index has a high word below 2^21.
    threefry(from.k0, from.k1, step >>> 0, 0x40000000 | high(step), pair);
  } else {
    threefry(from.k0, from.k1, hash(step), (0x80000000 | (step.length & 0xffff)) >>> 0, pair);
  }
  return { k0: pair[0], k1: pair[1] };
}

/** FNV-1a over UTF-16 code units: fixed for ever, since every recipe's draws hang on it. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

function high(n: number): number {
  return Math.floor(n / WORD);
}

function mustBeIndex(what: string, n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new ValueError(`${what} is ${n}, must be an integer from 0 to 2^53 - 1`);
  }
}

/** Uniform in [0, 1): a multiple of 2^-24, so exact in float32. `index` is an integer from 0 to 2^53 - 1. */
export function uniform(key: Key, index: number): number {
  threefry(key.k0, key.k1, index >>> 0, high(index), pair);
  return (pair[0] >>> 8) * UNIT;
}

/**
 * Normal with mean 0 and standard deviation 1, by Box and Muller (1958): `sqrt(-2 ln u1) cos(2 pi u2)`, where
 * `u1 = ((word0 >>> 8) + 1) 2^-24` is in (0, 1] and `u2 = (word1 >>> 8) 2^-24` in [0, 1). Never beyond 5.77.
 * In float64; the grid kernels use the same formula in float32, so the two agree closely but not to the bit.
 */
export function normal(key: Key, index: number): number {
  threefry(key.k0, key.k1, index >>> 0, high(index), pair);
  const radius = Math.sqrt(-2 * ln(((pair[0] >>> 8) + 1) * UNIT));
  return radius * cosTurns((pair[1] >>> 8) * UNIT);
}

/** True with probability `p`, to within 2^-24; never for 0, always for 1. */
export function bernoulli(key: Key, index: number, p: number): boolean {
  return uniform(key, index) < p;
}

/**
 * An integer from 0 to `n - 1`: the two words as a 64-bit fraction, times `n`. Its bias is below n / 2^64.
 *
 * @param n integer from 1 to 2^32
 * @throws ValueError for any other `n`
 */
export function integer(key: Key, index: number, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > WORD) {
    throw new ValueError(`integer: n is ${n}, must be an integer from 1 to 2^32`);
  }
  return below(key.k0, key.k1, index, n);
}

function below(k0: number, k1: number, index: number, n: number): number {
  threefry(k0, k1, index >>> 0, high(index), pair);
  // floor((word0 n + floor(word1 n / 2^32)) / 2^32), in parts that float64 holds exactly
  const word = pair[0];
  const low = (word & 0xffff) * n + productHigh(pair[1], n);
  return Math.floor(((word >>> 16) * n + Math.floor(low / 65536)) / 65536);
}

/** The upper 32 bits of the product of two 32-bit words. */
function productHigh(a: number, n: number): number {
  return Math.floor(((a >>> 16) * n + Math.floor(((a & 0xffff) * n) / 65536)) / 65536);
}

/**
 * A uniformly drawn permutation of 0 to `n - 1` (Fisher and Yates; Durstenfeld 1964): swap `i` is draw `i` of the key.
 *
 * @param n integer from 0 to 2^32 - 1
 * @throws ValueError for any other `n`
 */
export function permutation(key: Key, n: number): Uint32Array {
  if (!Number.isInteger(n) || n < 0 || n >= WORD) {
    throw new ValueError(`permutation: n is ${n}, must be an integer from 0 to 2^32 - 1`);
  }
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const { k0, k1 } = key;
  for (let i = n - 1; i > 0; i--) {
    const j = below(k0, k1, i, i + 1);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

/** The items in the order of `permutation(key, items.length)`, as a new array; `items` stays as it is. */
export function shuffled<T>(key: Key, items: ArrayLike<T>): T[] {
  return Array.from(permutation(key, items.length), (i) => items[i]);
}
