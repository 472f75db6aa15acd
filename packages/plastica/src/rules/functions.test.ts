import { describe, expect, it } from "vitest";
import { call, type FunctionName, symbol } from "./expression.ts";
import { powerOfTwo } from "./functions.ts";
import type { Arithmetic, GridProgram } from "./grid.ts";
import { interpretGrid } from "./interpret.ts";
import { floatOf } from "./operations.ts";
import { runCompiled } from "./testing.ts";

const count = 1 << 16;

function applied(name: FunctionName, x: Float32Array, arithmetic: Arithmetic): Float32Array {
  const program: GridProgram = { name, outputs: [{ name: "y", value: call(name, symbol("x", "lane")) }] };
  const y = { data: new Float32Array(x.length + 3), stride: 0 };
  runCompiled(program, { x, y }, { lanes: x.length, from: 0, to: 1 }, arithmetic);
  return y.data.subarray(0, x.length);
}

/** Float64 references. */
const exact: Readonly<Record<FunctionName, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  erf,
  sin: Math.sin,
  cos: Math.cos,
};

/** A power series near 0, a continued fraction away from it. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  let result = 0;
  if (size < 2.5) {
    let term = size;
    for (let n = 0; n < 80; n++) {
      result += term / (2 * n + 1);
      term *= (-size * size) / (n + 1);
    }
    result *= 2 / Math.sqrt(Math.PI);
  } else {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (size + fraction);
    result = 1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction);
  }
  return Math.sign(x) * result;
}

/** Every float32 whose bits are a multiple of an odd stride, and the range where the function bends, evenly. */
function sample(name: FunctionName): Float32Array {
  const all = Float32Array.from({ length: count }, (_, i) => floatOf(Math.imul(i, 65543)));
  const reach = { exp: 104, log: 3, tanh: 10, sigmoid: 104, softplus: 104, erf: 5, sin: 6283, cos: 6283 }[name];
  const near = Float32Array.from({ length: count }, (_, i) => ((2 * i + 1) / count - 1) * reach);
  const nearer = near.map((x) => x / 50);
  const usable = (x: number): boolean =>
    Number.isFinite(x) && !(name === "log" && x <= 0) && !(reach > 6000 && Math.abs(x) > 6283);
  return Float32Array.from([...all, ...near, ...nearer].filter(usable));
}

/** The distance between neighbouring float32 numbers at y. */
function unit(y: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(y), 2 ** -126))) - 23);
}

/** The largest error over the sample, in units in the last place, or absolute. */
function worst(name: FunctionName, arithmetic: Arithmetic, absolute: boolean): number {
  const x = sample(name);
  const y = applied(name, x, arithmetic);
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const truth = exact[name](x[i]);
    if (truth > 3.4028235677973366e38) largest = y[i] > 3.4e38 ? largest : Number.POSITIVE_INFINITY;
    else largest = Math.max(largest, Math.abs(y[i] - truth) / (absolute ? 1 : unit(truth)));
    if (Number.isNaN(y[i])) expect.fail(`${name}(${x[i]}) is NaN`);
  }
  return largest;
}

describe("the engine's own functions", () => {
  // The bounds that functions.ts states.
  it.each([
    ["exp", 0.97, 1.02],
    ["log", 0.86, 0.87],
    ["tanh", 1.35, 1.35],
    ["sigmoid", 2.2, 2.3],
    ["softplus", 2.6, 2.75],
    ["erf", 1.35, 1.35],
  ] as const)("%s stays within its bound", (name, plain, fused) => {
    expect(worst(name, "plain", false)).toBeLessThan(plain);
    expect(worst(name, "fused", false)).toBeLessThan(fused);
  });

  it.each(["sin", "cos"] as const)("%s stays within 8e-8 for |x| <= 2000 pi", (name) => {
    expect(worst(name, "plain", true)).toBeLessThan(8e-8);
    expect(worst(name, "fused", true)).toBeLessThan(8e-8);
  });

  it.each([
    ["exp", { 0: 1, Infinity, "-Infinity": 0 }],
    ["log", { 0: -Infinity, "-0": -Infinity, Infinity, "-1": Number.NaN, "-Infinity": Number.NaN, 1: 0 }],
    ["tanh", { 0: 0, "-0": -0, Infinity: 1, "-Infinity": -1 }],
    ["sigmoid", { 0: 0.5, Infinity: 1, "-Infinity": 0 }],
    ["softplus", { 0: Math.fround(Math.LN2), Infinity, "-Infinity": 0 }],
    ["erf", { 0: 0, "-0": -0, Infinity: 1, "-Infinity": -1 }],
    ["sin", { 0: 0, Infinity: Number.NaN, "-Infinity": Number.NaN }],
    ["cos", { 0: 1, Infinity: Number.NaN, "-Infinity": Number.NaN }],
  ] as [FunctionName, Record<string, number>][])("%s is right at the edges, and NaN stays NaN", (name, edges) => {
    const cases = { ...edges, NaN: Number.NaN };
    const x = Float32Array.from(Object.keys(cases), Number);
    for (const arithmetic of ["plain", "fused"] as const) {
      applied(name, x, arithmetic).forEach((y, i) => void expect(y, `${name}(${x[i]})`).toBe(Object.values(cases)[i]));
    }
  });

  it("sin and cos stay bounded far outside their range", () => {
    const x = Float32Array.of(1e6, -3e9, 1e20, 3e38);
    for (const name of ["sin", "cos"] as const) {
      for (const y of applied(name, x, "plain")) expect(Math.abs(y)).toBeLessThanOrEqual(1.0000001);
    }
  });

  it.each(["plain", "fused"] as const)("a power of two is within 1.9e-7 of itself: %s", (arithmetic) => {
    const x = Float32Array.from({ length: 50_201 }, (_, i) => -125 + i / 200);
    const y = { data: new Float32Array(x.length + 3), stride: 0 };
    const program: GridProgram = { name: "power", outputs: [{ name: "y", value: powerOfTwo(symbol("x", "lane")) }] };
    runCompiled(program, { x, y }, { lanes: x.length, from: 0, to: 1 }, arithmetic);
    expect(Math.max(...x.map((x, i) => Math.abs(y.data[i] / 2 ** x - 1)))).toBeLessThan(1.9e-7);
    for (const whole of [-125, -1, 0, 1, 126]) expect(y.data[(whole + 125) * 200]).toBe(2 ** whole);
  });

  it("compiled and interpreted give the same bits", () => {
    const x = sample("tanh").filter((_, i) => i % 400 === 0);
    for (const name of Object.keys(exact) as FunctionName[]) {
      const y = { data: new Float32Array(x.length + 3), stride: 0 };
      const program: GridProgram = { name, outputs: [{ name: "y", value: call(name, symbol("x", "lane")) }] };
      interpretGrid(program, { x, y }, { lanes: x.length, from: 0, to: 1 });
      expect(applied(name, x, "plain")).toEqual(y.data.subarray(0, x.length));
    }
  });
});
