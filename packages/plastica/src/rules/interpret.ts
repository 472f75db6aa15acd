/**
 * The interpreter: the compiled kernel's twin in plain TypeScript, one cell at a time, with float32 rounding after every
 * operation, in the same order. In plain arithmetic the two give the same bits; tests hold them together.
 */
import { POOL } from "../compute/noise-pool.ts";
import { ShapeError } from "../errors.ts";
import type { Node } from "./expression.ts";
import type { GridOutput, GridProgram } from "./grid.ts";
import { lower } from "./lower.ts";
import { type OperationName, operation } from "./operations.ts";
import { noiseStreams, windowOf } from "./random.ts";
import { nodesOf } from "./traverse.ts";

/** What a slot is bound to: one number, a value a row or a lane, or a matrix whose rows start `stride` values apart. */
export type GridBinding = number | Float32Array | { readonly data: Float32Array; readonly stride: number };

export interface GridExtent {
  readonly lanes: number;
  /** Rows k of [from, to) are computed; row k is rows[k], or k. */
  readonly from: number;
  readonly to: number;
  readonly rows?: Int32Array;
  readonly key?: readonly [low: number, high: number];
  /** Where the program draws normal noise: the pool it is taken from (fillPool in ../compute/noise-pool.ts). */
  readonly pool?: Float32Array;
}

interface Cell {
  readonly row: number;
  readonly lane: number;
  readonly key: readonly [low: number, high: number];
  readonly pool: Float32Array | undefined;
}

/** Runs `program` on arrays, writing its outputs into the bindings of their names. */
export function interpretGrid(
  program: GridProgram,
  bindings: Readonly<Record<string, GridBinding>>,
  extent: GridExtent,
): void {
  const outputs = program.outputs.map((output) => ({ ...output, value: lower(output.value) }));
  const results = outputs.map((output) => output.value);
  // Where a row's noise begins is known before the noise is read.
  const nodes = nodesOf([...noiseStreams(results).map(windowOf), ...results]);
  const { pool } = extent;
  const key = extent.key ?? [0, 0];
  const padded = Math.ceil(extent.lanes / 4) * 4;
  for (let k = extent.from; k < extent.to; k++) {
    const row = extent.rows ? extent.rows[k] : k;
    const partials = outputs.map((output) => [0, 0, 0, 0].map((zero) => (output.reduce === "max" ? -Infinity : zero)));
    // Row symbols are read once, before the row's own reductions are written.
    for (let lane = 0; lane < extent.lanes; lane++) {
      const values = evaluate(nodes, bindings, { row, lane, key, pool });
      outputs.forEach(({ name, value, reduce }, i) => {
        const result = values.get(value) as number;
        if (reduce) partials[i][lane % 4] = combine(reduce, partials[i][lane % 4], result);
        else store(bindings[name], name, row, lane, result);
      });
    }
    outputs.forEach(({ name, reduce }, i) => {
      const [p0, p1, p2, p3] = partials[i];
      if (reduce)
        (bindings[name] as Float32Array)[row] = combine(reduce, combine(reduce, p0, p1), combine(reduce, p2, p3));
      else for (let lane = extent.lanes; lane < padded; lane++) store(bindings[name], name, row, lane, 0);
    });
  }
}

function evaluate(
  nodes: readonly Node[],
  bindings: Readonly<Record<string, GridBinding>>,
  cell: Cell,
): Map<Node, number> {
  const values = new Map<Node, number>();
  for (const node of nodes) {
    const [a, b, c] = node.args.map((arg) => values.get(arg) as number);
    if (node.op in operation) values.set(node, operation[node.op as OperationName].compute(a, b, c));
    else if (node.op === "noise") values.set(node, draw(values.get(windowOf(node.value)) as number, cell));
    else values.set(node, leaf(node, bindings, cell));
  }
  return values;
}

/** The draw of a row whose window begins at byte `window` of the pool. */
function draw(window: number, { lane, pool }: Cell): number {
  if (!pool) throw new ShapeError("the program draws normal noise: it needs a pool");
  return pool[((window >>> 2) + lane) & (POOL - 1)];
}

function leaf(node: Node, bindings: Readonly<Record<string, GridBinding>>, { row, lane, key }: Cell): number {
  switch (node.op) {
    case "rowIndex":
      return row;
    case "laneIndex":
      return lane;
    case "keyLow":
      return key[0] | 0;
    case "keyHigh":
      return key[1] | 0;
    case "symbol":
      return load(bindings[node.name], node, row, lane);
    default:
      return node.value;
  }
}

function load(binding: GridBinding | undefined, { name, kind }: Node, row: number, lane: number): number {
  if (kind === "uniform" && typeof binding === "number") return Math.fround(binding);
  if ((kind === "row" || kind === "lane") && binding instanceof Float32Array)
    return binding[kind === "row" ? row : lane];
  if (kind === "cell" && isMatrix(binding)) return binding.data[row * binding.stride + lane];
  throw new ShapeError(`slot "${name}" needs a ${kind} binding: a number, a Float32Array, or { data, stride }`);
}

function store(binding: GridBinding | undefined, name: string, row: number, lane: number, value: number): void {
  if (!isMatrix(binding)) throw new ShapeError(`output "${name}" needs a binding { data, stride }`);
  binding.data[row * binding.stride + lane] = value;
}

function combine(reduce: NonNullable<GridOutput["reduce"]>, a: number, b: number): number {
  return operation[reduce === "sum" ? "add" : "max"].compute(a, b, 0);
}

function isMatrix(
  binding: GridBinding | undefined,
): binding is { readonly data: Float32Array; readonly stride: number } {
  return typeof binding === "object" && !(binding instanceof Float32Array);
}
