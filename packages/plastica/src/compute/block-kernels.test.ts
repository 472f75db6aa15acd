/**
 * The kernels that visit present blocks alone, beside the twins of the dense ones: on weights that are zero elsewhere both give the same bits.
 * What a kernel must not write is compared as well.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Compute } from "./compute.ts";
import * as twin from "./kernels.twin.ts";
import { drawn, Placed } from "./placed.fixture.ts";
import { uniform } from "./random.ts";

const { arena, kernels } = new Compute();
const placed = new Placed(arena);
const place = placed.place.bind(placed);
const read = placed.read.bind(placed);

interface Case {
  readonly rows: number;
  readonly vectors: number;
  readonly examples: number;
  readonly width: number;
  readonly stride: number;
  readonly w: Float32Array;
  /** Of present blocks: the rows of each column, the columns of each row. */
  readonly ofColumns: readonly number[][];
  readonly ofRows: readonly number[][];
  readonly x: Float32Array;
  readonly signal: Float32Array;
  readonly from: number;
  readonly to: number;
  readonly add: boolean;
}

const cases = fc
  .record({
    ...{ seed: fc.integer({ min: 1, max: 1e6 }), rows: fc.integer({ min: 1, max: 40 }), add: fc.boolean() },
    ...{ vectors: fc.integer({ min: 1, max: 15 }), examples: fc.integer({ min: 1, max: 9 }), more: fc.boolean() },
    ...{
      width: fc.constantFrom(1, 2, 4),
      ends: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    },
  })
  .map(({ seed, rows, vectors, examples, width, ends, add, more }): Case => {
    const columns = Math.ceil(vectors / width);
    const stride = 4 * (vectors + (more ? 2 : 0));
    const has = (row: number, column: number) => uniform({ k0: seed, k1: 9 }, row * columns + column) < 0.3;
    const every = (n: number) => Array.from({ length: n }, (_, i) => i);
    const w = drawn(seed, rows * stride).map((value, i) =>
      has(Math.floor(i / stride), Math.floor((i % stride) / (4 * width))) ? value : 0,
    );
    const [from, to] = ends.map((share) => Math.round(share * columns)).sort((a, b) => a - b);
    return {
      ...{ rows, vectors, examples, width, stride, w, from, to, add },
      ofColumns: every(columns).map((column) => every(rows).filter((row) => has(row, column))),
      ofRows: every(rows).map((row) => every(columns).filter((column) => has(row, column))),
      x: drawn(seed + 1, examples * rows, 0.5),
      signal: drawn(seed + 2, examples * stride, 0.2),
    };
  });

/** Where lists begin, and these one after the other. */
const placeLists = (lists: readonly number[][]): [starts: number, values: number] => {
  const starts = [0];
  for (const list of lists) starts.push(starts[starts.length - 1] + list.length);
  return [place(starts, "i32"), place(lists.flat(), "i32")];
};

function check(run: (its: Case) => void): void {
  const property = fc.property(cases, (its) => {
    placed.free();
    run(its);
  });
  fc.assert(property, { numRuns: 80, seed: 5 });
}

const listed = ({ x, rows, examples }: Case) => twin.listActive({ data: x, stride: rows }, examples, rows, 1, 0);
const lanesOf = ({ width, vectors, from, to }: Case): twin.Range => [from * width, Math.min(vectors, to * width)];
/** The list by neuron, placed. */
const byNeuron = (its: Case) => {
  const { rowStart, index, value } = twin.listByNeuron(listed(its), its.examples, its.rows);
  return [place(rowStart, "i32"), place(index, "i32"), place(value)];
};

test("gatherPresent is gather of one example, and leaves who was active in each column", () => {
  check((its) => {
    const { rows, vectors, width, stride, w, ofColumns, x, from, to } = its;
    const start = drawn(3, stride);
    const expected = drawn(4, stride);
    const out = place(expected);
    twin.gather(
      { data: expected, stride },
      { data: start, stride: 0 },
      { data: w, stride },
      listed(its),
      [0, 1],
      lanesOf(its),
    );
    const [starts, list] = placeLists(ofColumns);
    const all = ofColumns.flat().length;
    const [ends, active, values] = [
      place(Array(ofColumns.length).fill(-1), "i32"),
      place(Array(all).fill(-1), "i32"),
      place(Array(all)),
    ];
    kernels.gatherPresent(
      ...[
        out,
        place(start),
        place(w),
        stride * 4,
        starts,
        list,
        place(x),
        from,
        to,
        width,
        vectors,
        ends,
        active,
        values,
      ],
    );
    expect(read(out, stride)).toEqual([...expected]);
    for (let column = from; column < to; column++) {
      const first = arena.i32[(starts >> 2) + column];
      const end = arena.i32[(ends >> 2) + column];
      const right = ofColumns[column].filter((row) => x[row] !== 0);
      expect([...arena.i32.subarray((active >> 2) + first, (active >> 2) + end)]).toEqual(right);
      expect(read(values + 4 * first, right.length)).toEqual(right.map((row) => x[row]));
    }
    expect(rows).toBeGreaterThan(0);
  });
});

test("scatterPresent is gather of a batch, from a bias, from what is there, or from zeros", () => {
  check((its) => {
    const { vectors, width, stride, w, ofColumns, examples, from, to, add } = its;
    const before = drawn(4, examples * stride);
    const expected = before.slice();
    const start = its.rows % 2 ? { data: drawn(3, stride), stride: 0 } : undefined;
    twin.gather(
      { data: expected, stride },
      add ? { data: before, stride } : start,
      { data: w, stride },
      listed(its),
      [0, examples],
      lanesOf(its),
    );
    const out = place(before);
    const at = add ? out : start ? place(start.data) : 0;
    kernels.scatterPresent(
      ...[out, stride * 4, at, add ? stride * 4 : 0, place(w), stride * 4, ...placeLists(ofColumns)],
      ...[...byNeuron(its), examples, from, to, width, vectors],
    );
    expect(read(out, examples * stride)).toEqual([...expected]);
  });
});

test("gradientPresent is the gather of gradients, where blocks are", () => {
  check((its) => {
    const { rows, vectors, width, stride, ofColumns, examples, signal } = its;
    const whole = new Float32Array(rows * stride);
    const byRow = twin.listByNeuron(listed(its), examples, rows);
    twin.gather({ data: whole, stride }, undefined, { data: signal, stride }, byRow, [0, rows], [0, vectors]);
    const expected = drawn(4, rows * stride);
    const out = place(expected);
    const [from, to] = [rows >> 2, rows - (rows >> 2)];
    for (const [column, has] of ofColumns.entries()) {
      const first = 4 * width * column;
      for (const row of has.filter((row) => row >= from && row < to))
        for (let lane = first; lane < Math.min(first + 4 * width, 4 * vectors); lane++)
          expected[row * stride + lane] = whole[row * stride + lane];
    }
    kernels.gradientPresent(
      ...[out, stride * 4, place(signal), stride * 4, ...placeLists(ofColumns), ofColumns.length],
      ...[...byNeuron(its), from, to, width, vectors],
    );
    expect(read(out, rows * stride)).toEqual([...expected]);
  });
});

test("projectPresent is projectRow, for all rows or those that were active", () => {
  check((its) => {
    const { rows, vectors, width, stride, w, ofColumns, x, signal, add } = its;
    const active = rows % 2 ? listed(its).index.slice(0, listed(its).rowStart[1]) : undefined;
    const count = active?.length ?? rows;
    const expected = drawn(4, rows);
    const out = place(expected);
    twin.projectRow(expected, { data: w, stride }, signal, vectors, active, [0, count], add);
    const [starts, list] = placeLists(ofColumns.map((column) => column.filter((row) => !active || x[row] !== 0)));
    kernels.projectPresent(
      ...[out, place(w), stride * 4, place(signal), starts, starts + 4, list, ofColumns.length, width, vectors],
      ...[active ? place(active, "i32") : 0, count, add ? 1 : 0, place(Array(4 * rows))],
    );
    expect(read(out, rows)).toEqual([...expected]);
  });
});

test("projectPresentRows is projectRow of each example, for all or the active ones", () => {
  check((its) => {
    const { rows, vectors, width, stride, w, ofRows, examples, signal, add } = its;
    const active = rows % 2 ? listed(its) : undefined;
    const expected = drawn(4, examples * rows);
    const out = place(expected);
    for (let r = 0; r < examples; r++) {
      const [first, end] = active ? [active.rowStart[r], active.rowStart[r + 1]] : [0, rows];
      const row = expected.subarray(r * rows, (r + 1) * rows);
      const of = signal.subarray(r * stride, (r + 1) * stride);
      twin.projectRow(row, { data: w, stride }, of, vectors, active?.index, [first, end], add);
    }
    const [entry, example] = byNeuron(its);
    const half = rows >> 1;
    const lists = placeLists(ofRows);
    const [at, signals] = [place(w), place(signal)];
    for (const [from, to] of [
      [0, half],
      [half, rows],
    ])
      kernels.projectPresentRows(
        ...[out, rows * 4, at, stride * 4, signals, stride * 4, ...lists],
        ...[active ? entry : 0, example, examples, from, to, width, vectors, add ? 1 : 0],
      );
    expect(read(out, examples * rows)).toEqual([...expected]);
  });
});

test("markPresent finds lanes and vectors with a weight or a plasticity, and those whose plasticities are all 1", () => {
  check(({ rows, vectors, stride, w, examples }) => {
    const lanes = 4 * vectors - (examples % 4);
    const plasticity = drawn(8, rows * stride, 0.9).map((value, i) => (Math.floor(i / 16) % 3 === 0 ? 1 : value));
    for (let i = 0; i < rows * stride; i++) if (i % stride >= lanes) plasticity[i] = w[i] = 0;
    const flags = place(new Float32Array(Math.ceil((rows * vectors) / 4)));
    kernels.markPresent(flags, place(w), place(plasticity), stride * 4, rows, lanes);
    const expected = Array.from({ length: rows * vectors }, (_, i) => {
      const first = 4 * (i % vectors);
      const from = Math.floor(i / vectors) * stride + first;
      const of = (values: Float32Array) => [...values.subarray(from, from + Math.min(4, lanes - first))];
      const any = [...of(w), ...of(plasticity)].some((value) => value !== 0);
      const has = [0, 1, 2, 3].map((lane) => w[from + lane] !== 0 || plasticity[from + lane] !== 0);
      const lanesWith = has.reduce((sum, is, lane) => sum + (is ? 4 << lane : 0), 0);
      return (any ? 1 : 0) + (of(plasticity).every((value) => value === 1) ? 2 : 0) + lanesWith;
    });
    expect([...arena.u8.subarray(flags, flags + rows * vectors)]).toEqual(expected);
  });
});
