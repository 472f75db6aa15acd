/** Every kernel beside its twin, bit for bit, over random sizes; what a kernel must not write is compared as well. */
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Compute } from "./compute.ts";
import { kernelBytes } from "./kernels.ts";
import * as twin from "./kernels.twin.ts";
import { uniform } from "./random.ts";

const compute = new Compute();
const { arena, kernels } = compute;
let used: number[] = [];

afterEach(free);

function free(): void {
  for (const pointer of used) arena.free(pointer);
  used = [];
}

function place(values: ArrayLike<number>, as: "f32" | "i32" = "f32"): number {
  const pointer = arena.allocate(values.length * 4 + 16);
  arena[as].set(values, pointer >> 2);
  used.push(pointer);
  return pointer;
}

const read = (pointer: number, n: number) => arena.f32.slice(pointer >> 2, (pointer >> 2) + n);
const ints = (pointer: number, n: number) => [...arena.i32.subarray(pointer >> 2, (pointer >> 2) + n)];
const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

/** Numbers of mixed size and sign, of which a share is silent. */
function drawn(seed: number, n: number, silent = 0): Float32Array {
  const key = { k0: seed, k1: 0 };
  return Float32Array.from({ length: n }, (_, i) => {
    if (uniform(key, 2 * i) < silent) return i % 2 ? 0 : -0;
    return (uniform(key, 2 * i + 1) - 0.5) * 2 ** (i % 5);
  });
}

const matrix = (seed: number, rows: number, stride: number): twin.Matrix => ({
  data: drawn(seed, rows * stride),
  stride,
});

/** The active entries of `rows` rows of `n`, as a list. */
function listOf(seed: number, rows: number, n: number): twin.List {
  return twin.listActive({ data: drawn(seed, rows * n, 0.6), stride: n }, rows, n, 1, 0);
}

const placeList = ({ rowStart, index, value }: twin.List) => [
  place(rowStart, "i32"),
  place(index, "i32"),
  place(value),
];
const seed = fc.integer({ min: 0, max: 1e6 });
const size = (max: number) => fc.integer({ min: 0, max });
const range = (max: number) =>
  fc.tuple(size(max), size(max)).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

function check<T extends unknown[]>(arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }, run: (...args: T) => void) {
  const property = fc.property(...(arbitraries as unknown as [fc.Arbitrary<unknown>]), (...args) => {
    free();
    run(...(args as unknown as T));
  });
  fc.assert(property, { numRuns: 60, seed: 7 });
}

/** Calls `gather` and its twin on the same arrays; `chunks` is how many the kernel is told of. */
function gatherBoth(
  [pre, post, examples]: [number, number, number],
  from: number,
  begin: "zeros" | "bias" | "rows" | "in place",
  rows: [number, number],
  vectors: [number, number],
  chunks: number,
  run = kernels,
): [Float32Array, Float32Array] {
  const stride = post + (from % 3) * 4;
  const [w, list] = [matrix(from, pre, stride), listOf(from + 1, examples, pre)];
  const before = matrix(from + 2, examples, stride);
  const expected = { data: before.data.slice(), stride };
  const row = matrix(from + 3, begin === "bias" ? 1 : examples, stride);
  const start = { zeros: undefined, bias: { ...row, stride: 0 }, rows: row, "in place": before }[begin];
  twin.gather(expected, start, w, list, rows, vectors);
  const out = place(before.data);
  const startAt = begin === "in place" ? out : start ? place(start.data) : 0;
  const bounds = place(new Float32Array((chunks + 1) * (rows[1] - rows[0])));
  const startStride = (start?.stride ?? 0) * 4;
  const given = [out, stride * 4, startAt, startStride, place(w.data), stride * 4, ...placeList(list)];
  run.gather(...given, ...rows, ...vectors, chunks > 1 ? bounds : 0, chunks);
  return [read(out, before.data.length), expected.data];
}

const begins = fc.constantFrom("zeros" as const, "bias" as const, "rows" as const, "in place" as const);

describe("gather", () => {
  it("is its twin, whatever it starts from, for any range of rows and vectors", () => {
    check(
      [size(40), size(30), size(9), seed, begins, range(9), range(30)],
      (pre, post, examples, from, begin, r, v) => {
        const rows = [Math.min(r[0], examples), Math.min(r[1], examples)] as [number, number];
        const vectors = [Math.min(v[0], post), Math.min(v[1], post)] as [number, number];
        const [ours, right] = gatherBoth([pre, 4 * post, examples], from, begin, rows, vectors, 1);
        expect(bits(ours)).toEqual(bits(right));
      },
    );
  });

  it("gives the same bits in chunks", () => {
    check([size(500), size(20), size(12), seed, begins, range(12)], (pre, post, examples, from, begin, r) => {
      const rows = [Math.min(r[0], examples), Math.min(r[1], examples)] as [number, number];
      const chunks = Math.max(1, Math.ceil(pre / 128));
      const [ours, right] = gatherBoth([pre, 4 * post, examples], from, begin, rows, [0, post], chunks);
      expect(bits(ours)).toEqual(bits(right));
    });
  });
});

describe("project", () => {
  it("projectRow is its twin, for a list or all rows, put or added, whatever the tail", () => {
    check([size(30), size(12), seed, fc.boolean(), fc.boolean(), range(30)], (pre, vectors, from, listed, add, r) => {
      const stride = 4 * vectors + 4;
      const w = matrix(from, pre, stride);
      const signal = drawn(from + 1, 4 * vectors);
      const { index } = listOf(from + 2, 1, pre);
      const most = listed ? index.length : pre;
      const entries = [Math.min(r[0], most), Math.min(r[1], most)] as [number, number];
      const before = drawn(from + 3, pre);
      const expected = before.slice();
      twin.projectRow(expected, w, signal, vectors, listed ? index : undefined, entries, add);
      const out = place(before);
      const list = listed ? place(index, "i32") : 0;
      kernels.projectRow(out, place(w.data), stride * 4, place(signal), vectors, list, ...entries, add ? 1 : 0);
      expect(bits(read(out, pre))).toEqual(bits(expected));
    });
  });

  it("project is projectRow for each example, chunk by chunk", () => {
    check(
      [size(300), size(7), size(9), seed, fc.boolean(), fc.boolean(), range(9)],
      (pre, vectors, examples, from, listed, add, r) => {
        const rows = [Math.min(r[0], examples), Math.min(r[1], examples)] as [number, number];
        const [w, signals] = [matrix(from, pre, 4 * vectors), matrix(from + 1, examples, 4 * vectors + 4)];
        const list = listOf(from + 2, examples, pre);
        const outStride = Math.ceil(pre / 4) * 4;
        const before = matrix(from + 3, examples, outStride);
        const expected = before.data.slice();
        for (let row = rows[0]; row < rows[1]; row++) {
          const entries = listed ? ([list.rowStart[row], list.rowStart[row + 1]] as const) : ([0, pre] as const);
          const out = expected.subarray(row * outStride, row * outStride + pre);
          const signal = signals.data.subarray(row * signals.stride);
          twin.projectRow(out, w, signal, vectors, listed ? list.index : undefined, entries, add);
        }
        const out = place(before.data);
        const [rowStart, index] = placeList(list);
        const chunks = Math.ceil(pre / 128);
        const bounds = place(new Float32Array((chunks + 1) * (rows[1] - rows[0])));
        kernels.project(
          out,
          outStride * 4,
          place(w.data),
          w.stride * 4,
          place(signals.data),
          signals.stride * 4,
          vectors,
          rowStart,
          listed ? index : 0,
          pre,
          ...rows,
          add ? 1 : 0,
          bounds,
          chunks,
        );
        expect(bits(read(out, before.data.length))).toEqual(bits(expected));
      },
    );
  });
});

describe("lists", () => {
  it("listActive is its twin: planes, strides, zeros of both signs, and NaN is active", () => {
    check([size(11), size(5), size(3), seed, fc.boolean()], (n, rows, planes, from, odd) => {
      const capacity = Math.ceil(n / 4) * 4 + 4;
      const x = { data: drawn(from, rows * planes * capacity, 0.5), stride: planes * capacity };
      if (odd && x.data.length > 2) x.data[2] = Number.NaN;
      const expected = twin.listActive(x, rows, n, planes, capacity);
      const [rowStart, index, value] = [1, 5, 5].map((extra) =>
        place(new Float32Array(rows * planes * n + rows + extra)),
      );
      const count = kernels.listActive(
        place(x.data),
        x.stride * 4,
        rows,
        n,
        planes,
        capacity * 4,
        rowStart,
        index,
        value,
      );
      expect(count).toBe(expected.index.length);
      expect(ints(rowStart, rows + 1)).toEqual(expected.rowStart);
      expect(ints(index, count)).toEqual(expected.index);
      expect([...read(value, count)]).toEqual(expected.value);
    });
  });

  it("listByNeuron is its twin", () => {
    check([size(9), size(8), seed], (rows, vectors, from) => {
      const columns = 4 * vectors;
      const list = listOf(from, rows, columns);
      const x = new Float32Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        for (let k = list.rowStart[r]; k < list.rowStart[r + 1]; k++) x[r * columns + list.index[k]] = list.value[k];
      }
      const expected = twin.listByNeuron(list, rows, columns);
      const count = list.index.length;
      const sizes = [columns + 1, count + 3, count + 3, 4 * (rows + 3)];
      const [columnStart, rowIndex, rowValue, turned] = sizes.map((n) => place(new Float32Array(n).fill(9)));
      kernels.listByNeuron(place(x), columns * 4, rows, columns, columnStart, rowIndex, rowValue, turned);
      expect(ints(columnStart, columns + 1)).toEqual(expected.rowStart);
      expect(ints(rowIndex, count)).toEqual(expected.index);
      expect([...read(rowValue, count)]).toEqual(expected.value);
    });
  });
});

describe("reductions", () => {
  it("allFinite finds NaN and infinities wherever they are, and takes the largest finite number", () => {
    check([size(21), size(20), fc.constantFrom(Number.NaN, Infinity, -Infinity, 3.4e38, -0, 1e-45)], (n, at, odd) => {
      const x = new Float32Array(Math.ceil(n / 4) * 4).fill(-3.4028234e38);
      if (at < n) x[at] = odd;
      expect(kernels.allFinite(place(x), n)).toBe(twin.allFinite(x, n) ? 1 : 0);
    });
  });

  it("sumMagnitudes is its twin", () => {
    check([size(14), size(6), seed, range(6)], (rows, most, from, r) => {
      const vectors = [Math.min(r[0], most), Math.min(r[1], most)] as [number, number];
      const w = matrix(from, rows, 4 * most);
      const expected = new Float32Array(4 * most).fill(9);
      const out = place(expected);
      twin.sumMagnitudes(expected, w, rows, vectors);
      kernels.sumMagnitudes(out, place(w.data), w.stride * 4, rows, ...vectors);
      expect(bits(read(out, 4 * most))).toEqual(bits(expected));
    });
  });
});

describe("arithmetic", () => {
  it("plain rounds twice, fused once", () => {
    const fused = instance("fused");
    const close = 1 + 2 ** -12;
    expect(kernels.fuses(close, close, -1)).toBe(0);
    if (!fused.fuses(close, close, -1)) return;
    let different = 0;
    for (let from = 0; from < 20; from++) {
      const shape = [50, 24, 3] as [number, number, number];
      const [ours, right] = gatherBoth(shape, from, "rows", [0, 3], [0, 6], 1, fused);
      ours.forEach((value, i) => {
        if (value !== right[i]) different++;
        // At most 50 products of at most 8 * 8, each sum rounded to 2^-24 of at most 3200.
        expect(Math.abs(value - right[i])).toBeLessThan(50 * 3200 * 2 ** -24);
      });
    }
    expect(different).toBeGreaterThan(0);
  });

  it("the shared build differs from the unshared one in one byte", () => {
    const [unshared, shared] = [kernelBytes("plain", false), kernelBytes("plain", true)];
    expect(shared.length).toBe(unshared.length);
    expect([...shared].filter((byte, i) => byte !== unshared[i])).toEqual([3]);
    expect(kernelBytes("plain", true)).toBe(shared);
  });
});

/** The kernels in an arithmetic, over the same memory. */
function instance(arithmetic: "plain" | "fused"): typeof kernels {
  const module = new WebAssembly.Module(kernelBytes(arithmetic, false));
  return new WebAssembly.Instance(module, { env: { memory: arena.memory } }).exports as unknown as typeof kernels;
}
