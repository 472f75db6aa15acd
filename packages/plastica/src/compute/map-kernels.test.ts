/** The kernels of convolution and pooling beside their twins, bit for bit, over random shapes. */
import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { Compute } from "./compute.ts";
import type { List } from "./kernels.twin.ts";
import * as lists from "./kernels.twin.ts";
import * as twin from "./map-kernels.twin.ts";
import { uniform } from "./random.ts";

const { arena, kernels } = new Compute();
let used: number[] = [];
afterEach(free);

function free(): void {
  for (const pointer of used) arena.free(pointer);
  used = [];
}

function place(values: ArrayLike<number>, as: "f32" | "i32" = "f32"): number {
  const pointer = arena.allocate(values.length * 4 + 64);
  arena[as].set(values, pointer >>> 2);
  used.push(pointer);
  return pointer;
}

const read = (pointer: number, n: number) => arena.f32.slice(pointer >>> 2, (pointer >>> 2) + n);
/** -0 is 0: what is silent is not added, and 0 - 0 is 0. */
const same = (ours: Float32Array, right: Float32Array) =>
  expect(ours.map((x) => x + 0)).toEqual(right.map((x) => x + 0));

function drawn(seed: number, n: number, silent = 0): Float32Array {
  const key = { k0: seed, k1: 4 };
  return Float32Array.from({ length: n }, (_, i) => {
    // Silence comes in stretches.
    if (uniform(key, 2 * Math.floor(i / 7) + 1) < silent) return 0;
    return (uniform(key, 2 * i) - 0.5) * 2 ** (i % 5);
  });
}

const upTo = (most: number, least = 1) => fc.integer({ min: least, max: most });
const each = (numbers: Record<string, fc.Arbitrary<number>>, run: (drawn: Record<string, number>) => void) =>
  fc.assert(
    fc.property(fc.record(numbers), (record) => {
      free();
      run(record as Record<string, number>);
    }),
    { numRuns: 80, seed: 3 },
  );

const shape = {
  seed: upTo(1e6),
  examples: upTo(3),
  cell: upTo(9),
  rows: upTo(4),
  columns: upTo(4),
  down: upTo(3),
  across: upTo(3),
  height: upTo(3),
  width: upTo(15),
  channels: upTo(17),
};

/** Windows of a kernel, and images as large as they need to be. */
function windowsOf(n: Record<string, number>): twin.Windows {
  const lineSize = ((n.width - 1) * n.across + n.columns) * n.cell;
  const imageSize = Math.ceil((((n.height - 1) * n.down + n.rows) * lineSize) / 4) * 4 + 4;
  const [step, jump] = [n.across * n.cell, n.down * lineSize];
  return { imageSize, lineSize, step, jump, lines: n.rows, span: n.columns * n.cell, height: n.height, width: n.width };
}

test("convolve", () => {
  each({ ...shape, begin: upTo(2, 0), silent: upTo(2, 0) }, (n) => {
    const windows = windowsOf(n);
    const vectors = Math.ceil(n.channels / 4);
    const stride = 4 * (vectors + (n.seed % 2));
    const image = drawn(n.seed, n.examples * windows.imageSize, [0, 0.5, 0.95][n.silent]);
    const weights = { data: drawn(n.seed + 1, windows.lines * windows.span * stride), stride };
    const total = n.examples * n.height * n.width;
    const before = drawn(n.seed + 2, total * stride);
    const [out, w, i] = [place(before), place(weights.data), place(image)];
    const startStride = n.begin === 1 ? 0 : stride;
    const start = n.begin === 0 ? 0 : n.begin === 1 ? place(before.subarray(0, stride)) : out;
    const to = Math.max(1, n.examples * n.height - (n.seed % 3));
    kernels.convolve(
      ...[out, 4 * stride, start, 4 * startStride, i, 4 * windows.imageSize, 4 * windows.lineSize, 4 * windows.step],
      ...[4 * windows.jump, windows.lines, windows.span, w, 4 * stride, vectors, n.height, n.width, 0, to],
    );
    const right = { data: before.slice(), stride };
    const from = n.begin === 0 ? undefined : { data: before, stride: startStride };
    twin.convolve(right, from, image, windows, weights, vectors, [0, to]);
    same(read(out, total * stride), right.data);
  });
});

test("sow, and placeWindows", () => {
  each({ ...shape, silent: upTo(2, 0) }, (n) => {
    const windows = windowsOf(n);
    const spanVectors = Math.ceil(windows.span / 4);
    const rows = n.examples * n.height * n.width;
    const signals = drawn(n.seed, rows * n.channels, [0, 0.5, 0.9][n.silent]);
    const list: List = lists.listActive({ data: signals, stride: n.channels }, rows, n.channels, 1, 0);
    const weights = drawn(n.seed + 1, n.channels * windows.lines * 4 * spanVectors);
    // What a line has past its places is zero.
    weights.forEach((_, i) => {
      if (i % (4 * spanVectors) >= windows.span) weights[i] = 0;
    });
    const image = drawn(n.seed + 2, n.examples * windows.imageSize);
    const pointers = [place(list.rowStart, "i32"), place(list.index, "i32"), place(list.value)];
    const [i, w] = [place(image), place(weights)];
    kernels.sow(
      ...[
        i,
        4 * windows.imageSize,
        4 * windows.lineSize,
        4 * windows.step,
        4 * windows.jump,
        windows.lines,
        spanVectors,
        w,
      ],
      ...[...pointers, n.height, n.width, 0, n.examples],
    );
    twin.sow(image, windows, weights, list, [0, n.examples]);
    same(read(i, image.length), image);

    const all = place([...Array(rows).keys()], "i32");
    kernels.placeWindows(all, rows, 4 * windows.imageSize, 4 * windows.step, 4 * windows.jump, n.height, n.width);
    expect([...arena.i32.subarray(all >>> 2, (all >>> 2) + rows)]).toEqual(
      twin.placeWindows([...Array(rows).keys()], windows),
    );
  });
});

test("layOut and takeUp", () => {
  each({ ...shape, padding: upTo(2, 0), planes: upTo(2), size: upTo(9), add: upTo(1, 0) }, (n) => {
    const stride = 4 * Math.ceil(n.size / 4);
    const cells = n.width * n.planes;
    const maps = drawn(n.seed, n.examples * n.height * cells * stride);
    maps.forEach((_, i) => {
      if (i % stride >= n.size) maps[i] = 0;
    });
    const lineSize = (n.width + 2 * n.padding) * n.planes * n.size;
    const imageSize = Math.ceil(((n.height + 2 * n.padding) * lineSize) / 4) * 4 + 4;
    const border = n.padding * (lineSize + n.planes * n.size);
    const [image, from] = [place(new Float32Array(n.examples * imageSize)), place(maps)];
    const layout = (at: number, map: number): number[] => [
      ...[at + 4 * border, 4 * imageSize, 4 * lineSize, map, 4 * n.height * cells * stride, 4 * stride],
      ...[n.examples, n.height, cells, n.size],
    ];
    kernels.layOut(...layout(image, from));
    const right = new Float32Array(n.examples * imageSize);
    maps.forEach((x, i) => {
      const [cell, lane] = [Math.floor(i / stride), i % stride];
      if (lane >= n.size) return;
      const [line, e] = [Math.floor(cell / cells) % n.height, Math.floor(cell / cells / n.height)];
      right[e * imageSize + border + line * lineSize + (cell % cells) * n.size + lane] = x;
    });
    same(read(image, right.length), right);

    const before = drawn(n.seed + 1, maps.length);
    const to = place(before);
    kernels.takeUp(...layout(image, to), n.add);
    const expected = maps.map((x, i) => {
      if (i % stride >= n.size) return n.add ? before[i] : 0;
      return n.add ? Math.fround(before[i] + x) : x;
    });
    same(read(to, maps.length), expected);
  });
});

test("pool and unpool", () => {
  each({ ...shape, planes: upTo(2), mean: upTo(1, 0), ties: upTo(1, 0) }, (n) => {
    const pools: twin.Pools = {
      ...{
        stride: 4 * Math.ceil(n.channels / 4),
        planes: n.planes,
        vectors: Math.ceil(n.channels / 4),
        mean: n.mean === 1,
      },
      map: [(n.height - 1) * n.down + n.rows + (n.seed % 2), (n.width - 1) * n.across + n.columns],
      ...{ window: [n.rows, n.columns], apart: [n.down, n.across], out: [n.height, n.width] },
    };
    const cell = pools.planes * pools.stride;
    const [cells, pooled] = [pools.map[0] * pools.map[1] * cell, n.height * n.width * cell].map(
      (each) => each * n.examples,
    );
    const maps = drawn(n.seed, cells, 0.3).map((x) => (n.ties ? Math.round(x) : x));
    const [out, from] = [place(new Float32Array(pooled)), place(maps)];
    const numbers = [
      4 * pools.stride,
      n.planes,
      pools.vectors,
      ...pools.map,
      ...pools.window,
      ...pools.apart,
      ...pools.out,
      n.mean,
    ];
    kernels.pool(out, from, ...numbers, 0, n.examples);
    const right = new Float32Array(pooled);
    twin.pool(right, maps, pools, [0, n.examples]);
    same(read(out, pooled), right);

    const back = drawn(n.seed + 1, pooled);
    const signals = place(drawn(n.seed + 2, cells));
    kernels.unpool(signals, place(back), out, from, ...numbers, 0, n.examples);
    const returned = new Float32Array(cells);
    twin.unpool(returned, back, right, maps, pools, [0, n.examples]);
    same(read(signals, cells), returned);
  });
});

test("transpose", () => {
  each({ seed: upTo(1e6), rows: upTo(20), columns: upTo(20), room: upTo(5, 0) }, (n) => {
    const stride = n.columns + n.room;
    const matrix = drawn(n.seed, n.rows * stride);
    const out = place(new Float32Array(n.columns * n.rows));
    kernels.transpose(out, 4 * n.rows, place(matrix), 4 * stride, n.rows, n.columns);
    const right = Float32Array.from(
      { length: n.rows * n.columns },
      (_, i) => matrix[(i % n.rows) * stride + Math.floor(i / n.rows)],
    );
    same(read(out, right.length), right);
  });
});
