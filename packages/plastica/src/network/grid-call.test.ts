import { expect, it } from "vitest";
import { Compute } from "../compute/compute.ts";
import { POOL, POOL_BYTES } from "../compute/noise-pool.ts";
import { noise, symbol, uniformNoise } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";
import { GridCall } from "./grid-call.ts";

/** out = x * rate + row + lane, and the sum of each row. */
const program: GridProgram = {
  name: "affine",
  outputs: [
    {
      name: "out",
      value: symbol("x", "cell").mul(symbol("rate", "uniform")).add(symbol("r", "row")).add(symbol("l", "lane")),
    },
    { name: "sum", value: symbol("x", "cell"), reduce: "sum" },
  ],
};

function setUp(compute = new Compute()) {
  const place = (values: number[]) => {
    const pointer = compute.arena.allocate(values.length * 4);
    compute.arena.f32.set(values, pointer >> 2);
    return pointer;
  };
  const read = (pointer: number, n: number) => [...compute.arena.f32.subarray(pointer >> 2, (pointer >> 2) + n)];
  const x = { pointer: place([1, 2, 3, 0, 4, 5, 6, 0]), stride: 16 };
  const out = { pointer: place([9, 9, 9, 9, 9, 9, 9, 9]), stride: 16 };
  const [r, l, sum] = [
    [10, 20],
    [0.5, 1.5, 2.5, 3.5],
    [9, 9],
  ].map((values) => ({ pointer: place(values) }));
  const call = new GridCall(compute, program).point({ x, out, r, l, sum }).lanes(3);
  call.set("rate", 2);
  return { call, compute, place, read, out: out.pointer, sum: sum.pointer };
}

it("binds what its program reads and writes, each with its shape", () => {
  const { call, read, out, sum } = setUp();
  call.run(0, 2);
  expect(read(out, 8)).toEqual([12.5, 15.5, 18.5, 0, 28.5, 31.5, 34.5, 0]);
  expect(read(sum, 2)).toEqual([6, 15]);
});

it("runs the rows it is asked for, in order or from a list", () => {
  const { call, compute, read, out } = setUp();
  call.run(1, 2);
  expect(read(out, 8)).toEqual([9, 9, 9, 9, 28.5, 31.5, 34.5, 0]);
  const list = compute.arena.allocate(4);
  compute.arena.i32[list >> 2] = 0;
  call.rows(list).run(0, 1);
  expect(read(out, 4)).toEqual([12.5, 15.5, 18.5, 0]);
  call.rows(0).runShared(1, 2, 3);
  expect(read(out, 8).slice(4)).toEqual([28.5, 31.5, 34.5, 0]);
});

it("sets uniforms by name or by place, and ignores what the program does not know", () => {
  const { call, read, out } = setUp();
  expect([call.has("rate"), call.has("w"), call.uniform("w")]).toEqual([true, false, 0]);
  call.set("w", 5);
  call.setAt(call.uniform("w"), 5);
  call.point({ w: { pointer: 4, stride: 4 } });
  call.setAt(call.uniform("rate"), -1);
  call.run(0, 1);
  expect(read(out, 4)).toEqual([9.5, 9.5, 9.5, 0]);
});

it("has arguments of its own: two calls of one program do not meet", () => {
  const { call, compute, read, out } = setUp();
  const other = new GridCall(compute, program);
  other.set("rate", 100);
  other.lanes(1);
  call.run(0, 1);
  expect(read(out, 3)).toEqual([12.5, 15.5, 18.5]);
  const before = compute.arena.used;
  other.free();
  expect(compute.arena.used).toBeLessThan(before);
});

it("draws by the key it is given, from the pool it is given", () => {
  const { compute, read } = setUp();
  const out = compute.arena.allocate(16);
  const pool = compute.arena.allocate(POOL_BYTES);
  for (let i = 0; i < POOL + 4; i++) compute.arena.f32[pool / 4 + i] = (i % POOL) + 1;
  const program: GridProgram = { name: "noise", outputs: [{ name: "out", value: noise(0) }] };
  const call = new GridCall(compute, program, () => pool);
  call.point({ out: { pointer: out, stride: 16 } }).lanes(4);
  const draw = (k0: number, k1: number) => {
    call.noiseKey(k0, k1);
    call.run(0, 1);
    return read(out, 4);
  };
  const [first, again, low, high] = [draw(1, 2), draw(1, 2), draw(2 ** 32 - 1, 2), draw(1, 3)];
  expect(again).toEqual(first);
  expect(new Set([...first, ...low, ...high]).size).toBe(12);
  for (const [i, value] of first.entries()) expect(value).toBe(((first[0] - 1 + i) % POOL) + 1);
  expect(() => new GridCall(compute, program)).toThrow(/noise draws noise: only rules and terms may/);
});

it("runs the blocks of rows: their lanes alone, with their numbers and draws", () => {
  const compute = new Compute();
  const { arena } = compute;
  const place = (values: number[], as: "f32" | "i32" = "f32") => {
    const pointer = arena.allocate(values.length * 4);
    arena[as].set(values, pointer >> 2);
    return pointer;
  };
  const pool = place(Array.from({ length: POOL + 64 }, (_, i) => i / 8));
  const value = symbol("l", "lane").add(symbol("r", "row")).add(noise(0)).add(uniformNoise(1));
  const call = new GridCall(compute, { name: "blocks", outputs: [{ name: "out", value }] }, () => pool);
  const [rows, stride, lanes] = [5, 16, 11];
  const out = place(Array(rows * stride).fill(-1));
  const [l, r] = [place(Array.from({ length: stride }, (_, i) => 100 * i)), place([1, 2, 3, 4, 5])];
  call.point({ out: { pointer: out, stride: stride * 4 }, l: { pointer: l }, r: { pointer: r } }).lanes(lanes);
  call.noiseKey(3, 4);
  call.run(0, rows);
  const whole = [...arena.f32.subarray(out >> 2, (out >> 2) + rows * stride)];
  arena.f32.fill(-1, out >> 2, (out >> 2) + rows * stride);
  // Blocks of two vectors: lanes 0 to 7, and 8 to 10. Row 1 has both, row 2 none, the others one.
  const columns = [[1], [0, 1], [], [1], [0]];
  const starts = columns.map((_, row) => columns.slice(0, row).flat().length);
  const blocks = { rowStart: place([...starts, 5], "i32"), columns: place(columns.flat(), "i32"), bytes: 32 };
  const now = () => [...arena.f32.subarray(out >> 2, (out >> 2) + rows * stride)];
  const right = (visited: readonly number[]) =>
    whole.map((value, i) => {
      const [row, lane] = [Math.floor(i / stride), i % stride];
      return lane < 12 && visited.includes(row) && columns[row].includes(lane >> 3) ? value : -1;
    });
  call.within(blocks).run(0, 2);
  expect(now()).toEqual(right([0, 1]));
  call.rows(place([2, 4], "i32")).runShared(0, 2, 4);
  expect(now()).toEqual(right([0, 1, 2, 4]));
  call.rows(0).within(undefined);
  call.run(0, rows);
  expect(now()).toEqual(whole);
});
