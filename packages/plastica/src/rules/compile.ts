/**
 * The compiler: a grid program becomes a WebAssembly module with one function, `run(args, from, to)` (grid.ts says what it is given).
 * Values are scheduled (schedule.ts), and written as a loop over rows and lanes (body.ts) in a frame of addresses (frame.ts). Everything
 * is a vector, also what is computed once: one set of instructions, one meaning, the same bits everywhere.
 *
 * A choice that depends on uniforms only, `step.less(100).then(a, b)`, is made once a call: the kernel has a body for either answer.
 */
import { Body } from "./body.ts";
import { type Condition, constant, type Node } from "./expression.ts";
import { Frame } from "./frame.ts";
import type { Arithmetic, CompiledGrid, GridOutput, GridProgram } from "./grid.ts";
import { lower } from "./lower.ts";
import { noiseStreams, windowOf } from "./random.ts";
import { schedule } from "./schedule.ts";
import { layOutSlots } from "./slots.ts";
import { nodesOf, substitute } from "./traverse.ts";

/**
 * Compiles `program` for memory that is shared between threads or not, to visit all lanes of a row or those of its blocks. Throws RuleError where
 * a name is used for two things.
 */
export function compileGrid(
  program: GridProgram,
  arithmetic: Arithmetic,
  sharedMemory: boolean,
  inBlocks = false,
): CompiledGrid {
  const outputs = program.outputs.map((output) => ({ ...output, value: lower(output.value) }));
  const roots = outputs.map((output) => output.value);
  const { slots, argumentBytes } = layOutSlots(program.name, outputs);
  const streams = noiseStreams(roots);
  const frame = new Frame(slots, streams, inBlocks);
  const { wasm } = frame;
  const bodyOf = (made: readonly GridOutput[]): Body => {
    const values = made.map((output) => output.value);
    return new Body(frame, made, schedule([...values, ...noiseStreams(values).map(windowOf)], arithmetic));
  };
  const choice = uniformChoice(roots);
  wasm.get(frame.k).get(frame.to).intLess();
  wasm.if(() => {
    frame.open();
    if (!choice) return bodyOf(outputs).write();
    new Body(frame, [], schedule([choice], arithmetic)).pushTruth(choice);
    wasm.if(
      () => bodyOf(decided(outputs, choice, true)).write(),
      () => bodyOf(decided(outputs, choice, false)).write(),
    );
  });
  return { program, bytes: wasm.module(sharedMemory), slots, argumentBytes, readsPool: streams.length > 0 };
}

/** The first condition on uniforms by which a value of a row, lane or cell is chosen. */
function uniformChoice(roots: readonly Node[]): Condition | undefined {
  const choosing = nodesOf(roots).find(
    ({ op, kind, args }) => op === "select" && kind !== "uniform" && args[0].kind === "uniform",
  );
  return choosing?.args[0] as Condition | undefined;
}

function decided(outputs: readonly GridOutput[], choice: Condition, truth: boolean): GridOutput[] {
  const answer = new Map([[choice, truth ? constant(0).less(1) : constant(1).less(0)]]);
  return outputs.map((output) => ({ ...output, value: substitute(output.value, answer) }));
}
