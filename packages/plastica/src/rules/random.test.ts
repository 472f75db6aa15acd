import { describe, expect, it } from "vitest";
import { threefry } from "../compute/random.ts";
import { type Bits, bits, noise, uniformNoise } from "./expression.ts";
import type { GridProgram } from "./grid.ts";
import { threefryWords } from "./random.ts";
import { runCompiled } from "./testing.ts";

const words = (k0: number, k1: number, c0: number, c1: number): number[] =>
  threefryWords(bits(k0), bits(k1), bits(c0), bits(c1)).map((word: Bits) => word.value >>> 0);

function draws(
  value: GridProgram["outputs"][number]["value"],
  rows: number,
  lanes: number,
  key: readonly [number, number],
) {
  const y = { data: new Float32Array(rows * lanes), stride: lanes };
  runCompiled({ name: "draws", outputs: [{ name: "y", value }] }, { y }, { lanes, from: 0, to: rows, key });
  return y.data;
}

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

  it("normal draws are Box and Muller's, with mean 0, variance 1 and kurtosis 3", () => {
    const key = [123, 456] as const;
    const z = draws(noise(1), 100, 1000, key);
    const out = new Uint32Array(2);
    for (let lane = 0; lane < 1000; lane++) {
      threefry(key[0], key[1], 0, (lane ^ (1 << 28)) >>> 0, out);
      const [u1, u2] = [((out[0] >>> 8) + 1) * 2 ** -24, (out[1] >>> 8) * 2 ** -24];
      expect(z[lane]).toBeCloseTo(Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2), 5);
    }
    const moment = (power: number): number => z.reduce((sum, x) => sum + x ** power, 0) / z.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(1))).toBeLessThan(0.012);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });

  it("streams are independent of each other", () => {
    const [a, b] = [draws(noise(0), 10, 1000, [1, 2]), draws(noise(1), 10, 1000, [1, 2])];
    const correlation = a.reduce((sum, x, i) => sum + x * b[i], 0) / a.length;
    expect(Math.abs(correlation)).toBeLessThan(0.04);
    expect(() => noise(16)).toThrow(/stream 16: a whole number from 0 to 15/);
  });
});
