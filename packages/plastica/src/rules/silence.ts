/**
 * The proof that silence is free. If a rule leaves the weight and all its state as they are wherever the presynaptic neuron is
 * silent, rows of silent neurons need not be visited at all. The proof puts 0 in place of `pre` and `grad` and simplifies; what comes
 * out must be the very symbols that went in. It errs on one side only: a rule it cannot see through is visited everywhere.
 */
import { constant, type Node } from "./expression.ts";
import type { GridProgram } from "./grid.ts";
import { lower } from "./lower.ts";
import { signals } from "./reads.ts";
import { substitute } from "./traverse.ts";

/** Whether every cell that `program` writes keeps its value where the presynaptic activity, and so the gradient, is 0. */
export function silenceIsFree(program: GridProgram): boolean {
  const silent = new Map<Node, Node>([
    [signals.pre, constant(0)],
    [signals.grad, constant(0)],
  ]);
  return program.outputs.every(({ name, value, reduce }) => {
    const left = lower(substitute(value, silent));
    return reduce === undefined && left.op === "symbol" && left.kind === "cell" && left.name === name;
  });
}
