import { afterEach, describe, expect, it } from "vitest";
import { compileGrid } from "../rules/compile.ts";
import { symbol } from "../rules/expression.ts";
import { argument, type GridProgram } from "../rules/grid.ts";
import { Compute, share } from "./compute.ts";
import { uniform } from "./random.ts";

const open: Compute[] = [];

afterEach(() => {
  for (const compute of open.splice(0)) compute.close();
});

/** A Compute whose helper threads are all up. */
async function computeOf(threads: number): Promise<Compute> {
  const compute = new Compute({ threads });
  open.push(compute);
  await expect.poll(() => compute.parts(1e12), { interval: 5 }).toBe(threads);
  return compute;
}

function place(compute: Compute, n: number, value: (i: number) => number, as: "f32" | "i32" = "f32"): number {
  const at = compute.arena.allocate(n * 4);
  for (let i = 0; i < n; i++) compute.arena[as][(at >> 2) + i] = value(i);
  return at;
}

const draw = (i: number) => uniform({ k0: 1, k1: 2 }, i) - 0.5;

/** out = value * x, as a program of its own. */
const scaling = (value: number): GridProgram => ({
  name: `times ${value}`,
  outputs: [{ name: "out", value: symbol("x", "cell").mul(value) }],
});

/** Runs a program on `rows` rows of four lanes of ones, split between all threads. */
function run(compute: Compute, program: GridProgram, rows: number): Float32Array {
  const grid = compileGrid(program, compute.arithmetic, compute.arena.shared);
  const loaded = compute.load(grid.bytes);
  const [x, out] = [place(compute, 4 * rows, () => 1), place(compute, 4 * rows, () => 0)];
  const args = compute.arena.allocate(grid.argumentBytes);
  compute.arena.i32[(args + argument.lanes) >> 2] = 4;
  for (const { name, offset } of grid.slots) {
    compute.arena.i32.set([name === "x" ? x : out, 16], (args + offset) >> 2);
  }
  const parts = compute.parts(1e12);
  compute.share(loaded, parts, (part) => [args, share(rows, part, parts), share(rows, part + 1, parts)]);
  return compute.arena.f32.slice(out >> 2, (out >> 2) + 4 * rows);
}

describe.each([2, 3])("%i threads", (threads) => {
  it("give the bits of one, each its part of a kernel's call", async () => {
    const [pre, vectors] = [300, 37];
    const results = [];
    for (const compute of [new Compute(), await computeOf(threads)]) {
      const n = pre * vectors * 4;
      const [w, out] = [place(compute, n, draw), place(compute, vectors * 4, () => 9)];
      const list = [[0, pre], Array.from({ length: pre }, (_, i) => i)].map((values) =>
        place(compute, values.length, (i) => values[i], "i32"),
      );
      const value = place(compute, pre, draw);
      const parts = compute.parts(1e12);
      compute.share("gather", parts, (part) => [
        ...[out, 0, 0, 0, w, vectors * 16, ...list, value, 0, 1],
        ...[share(vectors, part, parts), share(vectors, part + 1, parts), 0, 1],
      ]);
      results.push(compute.arena.f32.slice(out >> 2, (out >> 2) + vectors * 4));
    }
    expect(results[0]).toEqual(results[1]);
    expect(results[0].some((value) => value === 9 || value === 0)).toBe(false);
  });

  it("run modules that are loaded later, also when the memory has grown in between", async () => {
    const compute = await computeOf(threads);
    for (let i = 1; i <= 20; i++) {
      compute.arena.allocate(300_000);
      expect(run(compute, scaling(i), 50).every((value) => value === i)).toBe(true);
    }
    expect(compute.arena.memory.buffer.byteLength).toBeGreaterThan(6_000_000);
  });

  it("run modules that were loaded before they were up", async () => {
    const compute = new Compute({ threads });
    open.push(compute);
    const program = scaling(5);
    const one = () => run(compute, program, 50).every((value) => value === 5);
    expect([compute.parts(1e12), one()]).toEqual([1, true]);
    await expect.poll(() => compute.parts(1e12), { interval: 5 }).toBe(threads);
    expect(one()).toBe(true);
  });

  it("stop when closed, and what follows is done by one", async () => {
    const compute = await computeOf(threads);
    const program = scaling(2);
    expect(run(compute, program, 50).every((value) => value === 2)).toBe(true);
    compute.close();
    expect(compute.parts(1e12)).toBe(1);
    expect(run(compute, program, 50).every((value) => value === 2)).toBe(true);
    expect(run(compute, scaling(3), 50).every((value) => value === 3)).toBe(true);
    compute.close();
  });
});

it("threads are worth while from 800,000 multiply-adds on, and only when all are up", async () => {
  const compute = new Compute({ threads: 2 });
  open.push(compute);
  expect(compute.parts(1e12)).toBe(1); // no thread can be up in the tick that starts it
  await expect.poll(() => compute.parts(800_001)).toBe(2);
  expect(compute.parts(800_000)).toBe(1);
});
