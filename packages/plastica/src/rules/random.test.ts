import { describe, expect, it } from "vitest";
import { fillPool, POOL, POOL_BYTES } from "../compute/noise-pool.ts";
import { key, threefry } from "../compute/random.ts";
import { type Bits, bits, type Expression, noise, uniformNoise } from "./expression.ts";
import type { GridProgram } from "./grid.ts";
import { interpretGrid } from "./interpret.ts";
import { noiseStreams, threefryWords } from "./random.ts";
import { runCompiled } from "./testing.ts";

const pool = new Float32Array(POOL_BYTES / 4);
fillPool(key(5), pool);

const words = (k0: number, k1: number, c0: number, c1: number): number[] =>
  threefryWords(bits(k0), bits(k1), bits(c0), bits(c1)).map((word: Bits) => word.value >>> 0);

function draws(
  value: Expression,
  rows: number,
  lanes: number,
  key: readonly [number, number],
  list?: Int32Array,
): Float32Array {
  const stride = Math.ceil(lanes / 4) * 4;
  const y = { data: new Float32Array(rows * stride), stride };
  const extent = { lanes, from: 0, to: list?.length ?? rows, key, rows: list, pool };
  runCompiled({ name: "draws", outputs: [{ name: "y", value }] }, { y }, extent);
  return y.data;
}

/** Where in the pool a row's noise begins. */
function start(key: readonly [number, number], row: number, stream: number): number {
  const out = new Uint32Array(2);
  threefry(key[0], key[1], row, (0x0fffffff ^ (stream << 28)) >>> 0, out);
  return (out[0] >>> 2) % POOL;
}

/** Their correlation, taking both for draws of mean 0 and variance 1. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum / a.length;
}

/** The noise of one lane over many rows, from the matrix of them. */
const lane = (matrix: Float32Array, stride: number, i: number): Float32Array =>
  matrix.filter((_, at) => at % stride === i);

describe("addressed noise", () => {
  it("has the published words of Threefry-2x32-13", () => {
    expect(words(0, 0, 0, 0)).toEqual([0x9d1c5ec6, 0x8bd50731]);
    expect(words(-1, -1, -1, -1)).toEqual([0xfd36d048, 0x2d17272c]);
    expect(words(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual([0xba3e4725, 0xf27d669e]);
  });

  it("has the words of the host's generator", () => {
    const out = new Uint32Array(2);
    for (let i = 0; i < 50; i++) {
      const [a, b, c, d] = [i * 7919, i * 104729, i, i * 31].map((x) => (x * 2654435761) >>> 0);
      threefry(a, b, c, d, out);
      expect(words(a, b, c, d)).toEqual([...out]);
    }
  });

  it("is the draw of its key, row, lane and stream, whatever the size of the grid", () => {
    const [key, out] = [[77, 88] as const, new Uint32Array(2)];
    const small = draws(uniformNoise(3), 5, 8, key);
    const large = draws(uniformNoise(3), 9, 40, key);
    for (let row = 0; row < 5; row++) {
      for (let lane = 0; lane < 8; lane++) {
        threefry(key[0], key[1], row, (lane ^ (3 << 28)) >>> 0, out);
        expect(small[row * 8 + lane]).toBe((out[0] >>> 8) * 2 ** -24);
        expect(large[row * 40 + lane]).toBe(small[row * 8 + lane]);
      }
    }
  });

  it("normal draws are a window of the pool, addressed by key, row and stream, whatever the size of the grid", () => {
    for (const stream of [0, 1, 15]) {
      const [key, small] = [[123, -456], draws(noise(stream), 20, 9, [123, -456])] as const;
      const large = draws(noise(stream), 30, 250, key);
      for (let row = 0; row < 20; row++) {
        for (let lane = 0; lane < 9; lane++) {
          expect(small[row * 12 + lane]).toBe(pool[(start(key, row, stream) + lane) % POOL]);
          expect(large[row * 252 + lane]).toBe(small[row * 12 + lane]);
        }
      }
    }
  });

  it("skipping rows, and taking them in another order, leaves the noise of the others as it is", () => {
    const [all, some] = [draws(noise(2), 8, 16, [7, 9]), draws(noise(2), 8, 16, [7, 9], Int32Array.of(6, 1, 3))];
    for (let row = 0; row < 8; row++) {
      const expected = [1, 3, 6].includes(row) ? all.subarray(row * 16, row * 16 + 16) : new Float32Array(16);
      expect(some.subarray(row * 16, row * 16 + 16)).toEqual(expected);
    }
  });

  it("rows longer than the pool go round, with the interpreter's bits", () => {
    const lanes = POOL + 6;
    const row = draws(noise(0), 1, lanes, [1, 2]);
    expect(row[POOL + 5]).toBe(row[5]);
    expect(row[POOL + 6]).toBe(0);
    expect(new Set(row).size).toBeGreaterThan(0.95 * POOL);
    // The end of the pool is somewhere inside: the vector across it holds its last and its first values.
    const last = POOL - start([1, 2], 0, 0) - 1;
    expect([...row.subarray(last, last + 4)]).toEqual([pool[POOL - 1], pool[0], pool[1], pool[2]]);
    const twin = { data: new Float32Array(28), stride: 28 };
    const program: GridProgram = { name: "twin", outputs: [{ name: "y", value: noise(0) }] };
    interpretGrid(program, { y: twin }, { lanes: 25, from: 0, to: 1, key: [1, 2], pool });
    expect(twin.data.subarray(0, 25)).toEqual(row.subarray(0, 25));
    expect(() => interpretGrid(program, { y: twin }, { lanes: 25, from: 0, to: 1 })).toThrow(/needs a pool/);
  });

  it("a lane's noise is normal: mean 0, variance 1, kurtosis 3", () => {
    const z = lane(draws(noise(1), 60_000, 4, [123, 456]), 4, 2);
    const moment = (power: number): number => z.reduce((sum, x) => sum + x ** power, 0) / z.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.016);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.023);
    expect(Math.abs(moment(3))).toBeLessThan(0.064);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.16);
  });

  it("rows, steps, streams and lanes do not correlate", () => {
    const rows = 40_000;
    const [now, later] = [draws(noise(0), rows, 4, [1, 2]), draws(noise(0), rows, 4, [1, 3])];
    const other = draws(noise(1), rows, 4, [1, 2]);
    const z = lane(now, 4, 0);
    const bound = 4 / Math.sqrt(rows);
    expect(Math.abs(correlation(z.subarray(1), z.subarray(0, -1)))).toBeLessThan(bound);
    expect(Math.abs(correlation(z, lane(later, 4, 0)))).toBeLessThan(bound);
    expect(Math.abs(correlation(z, lane(other, 4, 0)))).toBeLessThan(bound);
    expect(Math.abs(correlation(z, lane(now, 4, 1)))).toBeLessThan(bound);
    // Nor does how far they are from 0, as it would if the same values came together.
    const far = (values: Float32Array): Float32Array => values.map((x) => (x * x - 1) / Math.SQRT2);
    for (const values of [lane(later, 4, 0), lane(other, 4, 0), lane(now, 4, 1)])
      expect(Math.abs(correlation(far(z), far(values)))).toBeLessThan(bound);
  });

  it("rows begin all over the pool", () => {
    const counts = new Float64Array(64);
    for (let row = 0; row < 6400; row++) counts[Math.floor((start([3, 4], row, 0) / POOL) * 64)]++;
    const chi = counts.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chi).toBeGreaterThan(27); // 63 degrees of freedom: one in 100,000 lies outside these
    expect(chi).toBeLessThan(118);
  });

  it("knows the streams of an expression, and has sixteen", () => {
    expect(noiseStreams([noise(3).add(noise(1)), uniformNoise(2).mul(noise(3))])).toEqual([1, 3]);
    expect(() => noise(16)).toThrow(/stream 16: a whole number from 0 to 15/);
  });
});
