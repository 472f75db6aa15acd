import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillPool, POOL_BYTES } from "../compute/noise-pool.ts";
import { key } from "../compute/random.ts";
import { compileGrid } from "./compile.ts";
import { constant, type Expression, noise, symbol, uniformNoise } from "./expression.ts";
import type { GridProgram } from "./grid.ts";
import { type GridBinding, interpretGrid } from "./interpret.ts";
import { bitsOf } from "./operations.ts";
import { instantiate, runCompiled } from "./testing.ts";

const leaves: readonly Expression[] = [
  symbol("w", "cell"),
  symbol("m", "cell"),
  symbol("pre", "row"),
  symbol("signal", "lane"),
  symbol("lr", "uniform"),
  constant(0.5),
  constant(-3),
  noise(0),
  noise(7),
  uniformNoise(1),
];

const pool = new Float32Array(POOL_BYTES / 4);
fillPool(key(1), pool);

type Build = (a: Expression, b: Expression, c: Expression) => Expression;
const builds: readonly Build[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b),
  (a, b) => a.min(b),
  (a, b) => a.max(b),
  (a, b, c) => a.greater(b).then(c, a),
  (a, b, c) => a.atMost(b).or(b.equals(c)).then(0, c),
  (a, b, c) => a.atLeast(b).and(b.less(c).not()).then(b, 0),
  (a, b) => symbol("lr", "uniform").less(0.5).then(a, b),
  (a, b) => symbol("late", "uniform").greater(0).then(a, b),
  (a) => a.neg(),
  (a) => a.abs().sqrt(),
  (a) => a.square(),
  (a) => a.floor(),
  (a) => a.nearest(),
  (a) => a.sign(),
  (a) => a.exp(),
  (a) => a.abs().log(),
  (a) => a.tanh(),
  (a) => a.sigmoid(),
  (a) => a.softplus(),
  (a) => a.erf(),
  (a) => a.clamp(-100, 100).sin(),
  (a) => a.clamp(-100, 100).cos(),
];

/** Expressions grown from a list of numbers: each step applies an operation to things built before. */
function grow(choices: readonly number[]): Expression[] {
  const pool = [...leaves];
  for (let i = 0; i + 3 < choices.length; i += 4) {
    const pick = (n: number): Expression => pool[choices[i + n] % pool.length];
    pool.push(builds[choices[i] % builds.length](pick(1), pick(2), pick(3)));
  }
  return pool.slice(-3);
}

function array(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(seed * 97 + i * 12.9898) * 3));
}

function matrix(rows: number, lanes: number, seed: number): { data: Float32Array; stride: number } {
  const stride = Math.ceil(lanes / 4) * 4 + 4;
  const data = array(rows * stride, seed);
  for (let r = 0; r < rows; r++) data.fill(0, r * stride + lanes, (r + 1) * stride);
  return { data, stride };
}

/** All NaNs alike: their bits are not specified. */
function comparable(array: Float32Array): number[] {
  return Array.from(array, (x) => (Number.isNaN(x) ? 0x7fc00000 : bitsOf(x)));
}

function bindingsFor(rows: number, lanes: number): Record<string, GridBinding> {
  return {
    w: matrix(rows, lanes, 1),
    m: matrix(rows, lanes, 2),
    fresh: matrix(rows, lanes, 3),
    pre: array(rows, 4),
    signal: array(Math.ceil(lanes / 4) * 4, 5),
    total: new Float32Array(rows),
    peak: new Float32Array(rows),
    lr: 0.01,
    late: rows - 2,
  };
}

const size = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 15, 16, 17, 31, 32, 33, 50, 67);

describe("compileGrid", () => {
  it("gives the interpreter's bits for random expressions, sizes and row lists", () => {
    const choices = fc.array(fc.nat(10000), { minLength: 4, maxLength: 48 });
    fc.assert(
      fc.property(choices, size, fc.integer({ min: 0, max: 5 }), fc.boolean(), (grown, lanes, rows, listed) => {
        const [first, second, third] = grow(grown);
        const program: GridProgram = {
          name: "random",
          outputs: [
            { name: "w", value: first },
            { name: "fresh", value: second },
            { name: "total", value: third, reduce: "sum" },
            { name: "peak", value: first, reduce: "max" },
          ],
        };
        const list = listed
          ? Int32Array.from({ length: rows }, (_, i) => rows - 1 - i).filter((r) => r % 2 === 0)
          : undefined;
        const extent = { lanes, from: 0, to: list?.length ?? rows, rows: list, key: [123, -45] as const, pool };
        const compiled = bindingsFor(rows, lanes);
        const interpreted = bindingsFor(rows, lanes);
        runCompiled(program, compiled, extent);
        interpretGrid(program, interpreted, extent);
        for (const name of ["w", "fresh", "m"]) {
          const [a, b] = [compiled[name], interpreted[name]] as { data: Float32Array; stride: number }[];
          expect(comparable(a.data), name).toEqual(comparable(b.data));
          for (let r = 0; r < rows; r++) {
            if (name !== "fresh")
              expect(a.data.subarray(r * a.stride + lanes, (r + 1) * a.stride).every((x) => x === 0)).toBe(true);
          }
        }
        for (const name of ["total", "peak"]) {
          expect(comparable(compiled[name] as Float32Array), name).toEqual(
            comparable(interpreted[name] as Float32Array),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it("computes every output from the old values", () => {
    const [w, m] = [symbol("w", "cell"), symbol("m", "cell")];
    const program = {
      name: "swap",
      outputs: [
        { name: "w", value: m },
        { name: "m", value: w.add(m) },
      ],
    };
    const bindings = {
      w: { data: Float32Array.of(1, 2, 3, 4), stride: 4 },
      m: { data: Float32Array.of(5, 6, 7, 8), stride: 4 },
    };
    runCompiled(program, bindings, { lanes: 4, from: 0, to: 1 });
    expect([...bindings.w.data]).toEqual([5, 6, 7, 8]);
    expect([...bindings.m.data]).toEqual([6, 8, 10, 12]);
  });

  it("touches only the rows it is asked for", () => {
    const w = symbol("w", "cell");
    const bindings = { w: { data: new Float32Array(40).fill(1), stride: 8 } };
    runCompiled({ name: "more", outputs: [{ name: "w", value: w.add(1) }] }, bindings, { lanes: 8, from: 1, to: 3 });
    expect([...bindings.w.data]).toEqual([1, 2, 2, 1, 1].flatMap((x) => Array.from({ length: 8 }, () => x)));
  });

  it("sums in the order it states, whatever the unrolling", () => {
    const values = array(100, 9);
    const total = new Float32Array(1);
    const program: GridProgram = {
      name: "sum",
      outputs: [{ name: "total", value: symbol("x", "lane"), reduce: "sum" }],
    };
    runCompiled(program, { x: values, total }, { lanes: 99, from: 0, to: 1 });
    const p = [0, 0, 0, 0];
    for (let i = 0; i < 99; i++) p[i % 4] = Math.fround(p[i % 4] + values[i]);
    expect(total[0]).toBe(Math.fround(Math.fround(p[0] + p[1]) + Math.fround(p[2] + p[3])));
  });

  it("fused is a single rounding: close to plain, and not the same", () => {
    const program = {
      name: "fused",
      outputs: [{ name: "y", value: symbol("a", "cell").mul(symbol("b", "lane")).add(symbol("c", "cell")) }],
    };
    const bindings = () => ({ a: matrix(1, 64, 1), b: array(64, 2), c: matrix(1, 64, 3), y: matrix(1, 64, 4) });
    const [plain, fused] = [bindings(), bindings()];
    runCompiled(program, plain, { lanes: 64, from: 0, to: 1 });
    runCompiled(program, fused, { lanes: 64, from: 0, to: 1 }, "fused");
    let different = 0;
    for (let i = 0; i < 64; i++) {
      const exact = Math.fround(plain.a.data[i] * plain.b[i] + plain.c.data[i]);
      expect(Math.abs(fused.y.data[i] - exact)).toBeLessThan(1e-6);
      if (fused.y.data[i] !== plain.y.data[i]) different++;
    }
    expect(different).toBeGreaterThan(0);
  });

  it("fused rounds a product that is used twice, so that all its uses see one value", () => {
    const product = symbol("a", "cell").mul(symbol("b", "lane"));
    const program = {
      name: "shared",
      outputs: [
        { name: "a", value: product },
        { name: "y", value: product.add(symbol("c", "cell")) },
      ],
    };
    const [plain, fused] = [0, 1].map(() => ({
      a: matrix(1, 64, 1),
      b: array(64, 2),
      c: matrix(1, 64, 3),
      y: matrix(1, 64, 4),
    }));
    runCompiled(program, plain, { lanes: 64, from: 0, to: 1 });
    runCompiled(program, fused, { lanes: 64, from: 0, to: 1 }, "fused");
    expect(fused.y.data).toEqual(plain.y.data);
  });

  it("makes a choice that depends on uniforms once a call, with a body for either answer", () => {
    const [w, step] = [symbol("w", "cell"), symbol("step", "uniform")];
    const late = step.greater(10);
    const program = {
      name: "late",
      outputs: [
        { name: "w", value: late.then(w.exp(), w.add(1)) },
        { name: "y", value: late.then(w, 3) },
      ],
    };
    for (const [at, expected] of [
      [10, [1, 3]],
      [11, [1, 0]],
    ] as const) {
      const bindings = {
        w: { data: new Float32Array(40), stride: 40 },
        y: { data: new Float32Array(40), stride: 40 },
        step: at,
      };
      runCompiled(program, bindings, { lanes: 39, from: 0, to: 1 });
      expect([bindings.w.data[38], bindings.y.data[38], bindings.w.data[39]]).toEqual([...expected, 0]);
    }
    // Neither body computes what only the other one needs.
    const costly = { name: "late", outputs: [{ name: "w", value: late.then(symbol("w", "cell").exp(), 0) }] };
    const always = { name: "late", outputs: [{ name: "w", value: symbol("w", "cell").exp() }] };
    const bytes = (program: GridProgram): number => compileGrid(program, "plain", false).bytes.length;
    expect(bytes(costly)).toBeLessThan(bytes(always) * 1.5);
  });

  it("compiles for shared memory", () => {
    const grid = compileGrid({ name: "one", outputs: [{ name: "w", value: constant(1) }] }, "plain", true);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const view = new Int32Array(memory.buffer);
    view[0] = 3;
    view[grid.slots[0].offset / 4] = 1024;
    instantiate(grid, memory)(0, 0, 1);
    expect([...new Float32Array(memory.buffer, 1024, 5)]).toEqual([1, 1, 1, 0, 0]);
  });

  it("lays out slots: cells, rows, lanes, uniforms; an output shares the slot of its input", () => {
    const w = symbol("w", "cell");
    const update = w.sub(symbol("lr", "uniform").mul(symbol("pre", "row")).mul(symbol("signal", "lane")));
    const grid = compileGrid({ name: "sgd", outputs: [{ name: "w", value: update }] }, "plain", false);
    expect(grid.slots).toEqual([
      { name: "w", kind: "cell", offset: 32, written: true },
      { name: "pre", kind: "row", offset: 40, written: false },
      { name: "signal", kind: "lane", offset: 44, written: false },
      { name: "lr", kind: "uniform", offset: 48, written: false },
    ]);
    expect(grid.argumentBytes).toBe(64);
    expect(grid.readsPool).toBe(false);
    const drawing = (value: Expression) =>
      compileGrid({ name: "draw", outputs: [{ name: "w", value }] }, "plain", false);
    expect([drawing(w.add(noise(2))), drawing(uniformNoise(2))].map(({ readsPool }) => readsPool)).toEqual([
      true,
      false,
    ]);
  });

  it("says so when one name has two shapes", () => {
    const value = symbol("x", "row").add(symbol("x", "lane"));
    expect(() => compileGrid({ name: "odd", outputs: [{ name: "y", value }] }, "plain", false)).toThrow(
      /odd: "x" is used as a row and as a lane/,
    );
    const twice = { name: "y", value: symbol("x", "row") };
    expect(() => compileGrid({ name: "odd", outputs: [twice, twice] }, "plain", false)).toThrow(
      /output "y" is given twice/,
    );
  });

  it("takes an expression of ten thousand operations", () => {
    let long: Expression = symbol("w", "cell");
    for (let i = 0; i < 5000; i++) long = long.mul(0.5).add(i);
    const bindings = { w: { data: Float32Array.of(1, 2, 3, 4), stride: 4 } };
    const twin = { w: { data: Float32Array.of(1, 2, 3, 4), stride: 4 } };
    const program = { name: "long", outputs: [{ name: "w", value: long }] };
    runCompiled(program, bindings, { lanes: 4, from: 0, to: 1 });
    interpretGrid(program, twin, { lanes: 4, from: 0, to: 1 });
    expect([...bindings.w.data]).toEqual([...twin.w.data]);
  });
});
