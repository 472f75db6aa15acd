/**
 * For tests and measurements: runs a compiled grid program on ordinary arrays, in a memory of its own, with the same bindings as the
 * interpreter takes; and a whole plan, step by step.
 */
import { POOL_BYTES } from "../compute/noise-pool.ts";
import { compileGrid } from "./compile.ts";
import { type Arithmetic, argument, type CompiledGrid, type GridProgram } from "./grid.ts";
import type { GridBinding, GridExtent } from "./interpret.ts";
import type { Plan } from "./plan.ts";

type Run = (args: number, from: number, to: number) => void;

/** An instance of `grid` on `memory`. */
export function instantiate(grid: CompiledGrid, memory: WebAssembly.Memory): Run {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(grid.bytes), { env: { memory } });
  return instance.exports.run as Run;
}

/** Like interpretGrid, but compiled. */
export function runCompiled(
  program: GridProgram,
  bindings: Readonly<Record<string, GridBinding>>,
  extent: GridExtent,
  arithmetic: Arithmetic = "plain",
): void {
  const grid = compileGrid(program, arithmetic, false);
  const arrays = grid.slots.map(({ name }) => arrayOf(bindings[name]));
  const poolBytes = grid.readsPool ? POOL_BYTES : 0;
  const bytes = grid.argumentBytes + poolBytes + arrays.reduce((sum, array) => sum + array.length * 4 + 32, 0);
  const rowBytes = (extent.rows?.length ?? 0) * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((bytes + rowBytes + 64) / 65536), maximum: 65536 });
  const ints = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  let free = grid.argumentBytes;
  const places = grid.slots.map(({ kind, offset }, i) => {
    const binding = bindings[grid.slots[i].name];
    if (kind === "uniform") {
      floats[offset / 4] = binding as number;
      return 0;
    }
    const place = free;
    floats.set(arrays[i], place / 4);
    ints[offset / 4] = place;
    if (kind === "cell") ints[offset / 4 + 1] = (binding as { stride: number }).stride * 4;
    free += Math.ceil(arrays[i].length / 4) * 16 + 16;
    return place;
  });
  ints[argument.lanes / 4] = extent.lanes;
  ints[argument.keyLow / 4] = extent.key?.[0] ?? 0;
  ints[argument.keyHigh / 4] = extent.key?.[1] ?? 0;
  if (extent.pool && grid.readsPool) {
    floats.set(extent.pool, free / 4);
    ints[argument.pool / 4] = free;
    free += POOL_BYTES;
  }
  if (extent.rows) {
    ints.set(extent.rows, free / 4);
    ints[argument.rows / 4] = free;
  }
  instantiate(grid, memory)(0, extent.from, extent.to);
  grid.slots.forEach(({ written }, i) => {
    if (written) arrays[i].set(floats.subarray(places[i] / 4, places[i] / 4 + arrays[i].length));
  });
}

function arrayOf(binding: GridBinding): Float32Array {
  if (typeof binding === "number") return new Float32Array(0);
  return binding instanceof Float32Array ? binding : binding.data;
}

/** One step of `plan` on one matrix of synapses, as the engine does it: prelude, survey, maxima, update. */
export function runPlan(
  plan: Plan,
  given: Readonly<Record<string, GridBinding>>,
  extent: GridExtent,
  run: typeof runCompiled = runCompiled,
): void {
  const rows = extent.to;
  const bindings: Record<string, GridBinding> = { ...plan.hyper, ...given };
  const prepare = (
    program: GridProgram | undefined,
    length: number,
    inputs: Readonly<Record<string, GridBinding>>,
  ): void => {
    if (!program) return;
    const outputs = program.outputs.map(({ name }) => [name, new Float32Array(Math.ceil(length / 4) * 4)] as const);
    const written = outputs.map(([name, data]) => [name, { data, stride: 0 }] as const);
    run(program, { ...inputs, ...Object.fromEntries(written) }, { lanes: length, from: 0, to: 1 });
    Object.assign(bindings, Object.fromEntries(outputs));
  };
  prepare(plan.prelude.lanes, extent.lanes, bindings);
  prepare(plan.prelude.rows, rows, bindings);
  if (plan.survey) {
    const peaks = Object.keys(plan.over).map((name) => [name, new Float32Array(rows)] as const);
    run(plan.survey, { ...bindings, ...Object.fromEntries(peaks) }, extent);
    for (const [name, values] of peaks) bindings[name] = values.reduce((a, b) => Math.max(a, b), -Infinity);
  }
  run(plan.update, bindings, extent);
}
