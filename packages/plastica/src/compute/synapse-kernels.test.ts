/**
 * The kernels that visit single synapses of a batch, examples in lanes, beside the twins of the dense ones: on weights that are zero elsewhere both
 * give the same bits.
 */
import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { Compute } from "./compute.ts";
import * as twin from "./kernels.twin.ts";
import { drawn, Placed } from "./placed.fixture.ts";

const { arena, kernels } = new Compute();
const placed = new Placed(arena);
const place = placed.place.bind(placed);
const read = placed.read.bind(placed);

interface Case {
  readonly rows: number;
  readonly vectors: number;
  readonly examples: number;
  readonly stride: number;
  readonly w: Float32Array;
  readonly x: Float32Array;
  readonly signal: Float32Array;
  /** The lanes of a row's synapses, quarter after quarter, and where quarters begin. */
  readonly quarters: readonly number[];
  readonly lanes: readonly number[];
  readonly add: boolean;
}

const cases = fc
  .record({
    ...{ seed: fc.integer({ min: 1, max: 1e6 }), rows: fc.integer({ min: 1, max: 30 }), add: fc.boolean() },
    ...{ vectors: fc.integer({ min: 1, max: 9 }), examples: fc.integer({ min: 1, max: 21 }), more: fc.boolean() },
  })
  .map(({ seed, rows, vectors, examples, add, more }): Case => {
    const stride = 4 * (vectors + (more ? 2 : 0));
    const w = drawn(seed, rows * stride, 0.7).map((value, i) => (i % stride < 4 * vectors ? value : 0));
    const quarters = [0];
    const lanes: number[] = [];
    for (let row = 0; row < rows; row++) {
      for (let quarter = 0; quarter < 4; quarter++) {
        for (let lane = quarter; lane < 4 * vectors; lane += 4) if (w[row * stride + lane] !== 0) lanes.push(lane);
        quarters.push(lanes.length);
      }
    }
    return {
      ...{ rows, vectors, examples, stride, w, quarters, lanes, add },
      x: drawn(seed + 1, examples * rows, 0.5),
      signal: drawn(seed + 2, examples * stride, 0.2),
    };
  });

/** An example a lane, `bytes` a row; what lies beyond the examples is no number. */
function turned(values: Float32Array, stride: number, examples: number, neurons: number): [at: number, bytes: number] {
  const lanes = 4 * Math.ceil(examples / 4);
  const rows = new Float32Array(neurons * lanes).fill(Number.NaN);
  for (let i = 0; i < neurons; i++) for (let e = 0; e < examples; e++) rows[i * lanes + e] = values[e * stride + i];
  return [place(rows), 4 * lanes];
}

function check(run: (its: Case) => void): void {
  fc.assert(fc.property(cases, run), { numRuns: 80, seed: 5 });
}

afterEach(() => placed.free());

test("collect puts each weight in its place", () => {
  check(({ rows, w }) => {
    const where = [...w.keys()].filter((i) => w[i] !== 0);
    const places = where.map((_, k) => (k * 7 + rows) % where.length);
    const expected = new Float32Array(where.length);
    for (const [k, i] of where.entries()) expected[places[k]] = w[i];
    const values = place(new Float32Array(where.length));
    const offsets = place(
      where.map((i) => 4 * i),
      "i32",
    );
    kernels.collect(values, place(places, "i32"), place(w), offsets, 0, where.length);
    expect(read(values, where.length)).toEqual([...expected]);
  });
});

test("projectSynapses is projectRow of each example", () => {
  check(({ rows, vectors, examples, stride, w, signal, quarters, lanes, add }) => {
    const expected = drawn(4, examples * rows);
    const out = place(expected);
    for (let r = 0; r < examples; r++) {
      const row = expected.subarray(r * rows, (r + 1) * rows);
      const of = signal.subarray(r * stride, (r + 1) * stride);
      twin.projectRow(row, { data: w, stride }, of, vectors, undefined, [0, rows], add);
    }
    const values: number[] = [];
    for (const [k, quarter] of quarters.slice(0, -1).entries())
      for (const lane of lanes.slice(quarter, quarters[k + 1])) values.push(w[(k >> 2) * stride + lane]);
    const [signals, bytes] = turned(signal, stride, examples, 4 * vectors);
    const half = rows >> 1;
    const lists = [place(quarters, "i32"), place(lanes, "i32"), place(values)];
    for (const [from, to] of [
      [0, half],
      [half, rows],
    ])
      kernels.projectSynapses(
        ...[out, rows * 4, ...lists, signals, bytes, examples, from, to],
        ...[place(new Float32Array(8 * bytes)), add ? 1 : 0],
      );
    expect(read(out, examples * rows)).toEqual([...expected]);
  });
});

test("gradientSynapses is the gather of gradients, where synapses are", () => {
  check(({ rows, vectors, examples, stride, x, signal, quarters, lanes }) => {
    const whole = new Float32Array(rows * stride);
    const listed = twin.listActive({ data: x, stride: rows }, examples, rows, 1, 0);
    const byRow = twin.listByNeuron(listed, examples, rows);
    twin.gather({ data: whole, stride }, undefined, { data: signal, stride }, byRow, [0, rows], [0, vectors]);
    const expected = drawn(4, rows * stride);
    const out = place(expected);
    const [from, to] = [rows >> 2, rows - (rows >> 2)];
    for (let row = from; row < to; row++)
      for (const lane of lanes.slice(quarters[4 * row], quarters[4 * row + 4]))
        expected[row * stride + lane] = whole[row * stride + lane];
    const [xs, bytes] = turned(x, rows, examples, rows);
    const [signals] = turned(signal, stride, examples, 4 * vectors);
    kernels.gradientSynapses(
      ...[out, stride * 4, place(quarters, "i32"), place(lanes, "i32"), xs, signals, bytes, examples, from, to],
    );
    expect(read(out, rows * stride)).toEqual([...expected]);
  });
});
