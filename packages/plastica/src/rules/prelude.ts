/**
 * What can be computed once a neuron is not computed once a synapse. The compiler takes uniforms out of the loop over rows, and row
 * values out of the loop over lanes; what remains are costly values that depend on the lane only (a power of the neuron's age, a
 * square root of its trace), which the kernel would compute anew in every row, and costly values of a row, which it would compute
 * four times over. They become small programs of their own, run on one row before the update, whose outputs the update reads by name.
 */
import { type Expression, type Kind, type Node, symbol } from "./expression.ts";
import type { GridOutput, GridProgram } from "./grid.ts";
import { operation } from "./operations.ts";
import { nodesOf, substitute } from "./traverse.ts";

/** Programs on a grid of one row. */
export interface Prelude {
  /** Outputs are arrays over lanes (postsynaptic neurons), computed from arrays over lanes. */
  readonly lanes: GridProgram | undefined;
  /** Outputs are arrays over rows (presynaptic neurons); what they are computed from is bound to *lanes* of the same names. */
  readonly rows: GridProgram | undefined;
}

/** `programs` with costly lane and row values read from arrays that the prelude makes. */
export function extractPrelude(
  name: string,
  programs: readonly GridProgram[],
): { prelude: Prelude; programs: readonly GridProgram[] } {
  const roots = programs.flatMap(({ outputs }) => outputs.map(({ value }) => value));
  const lanes = costly(roots, "lane");
  const rows = costly(roots, "row");
  const inPlace = new Map<Node, Node>([...lanes, ...rows]);
  const prelude: Prelude = {
    lanes: programOf(`${name} of lanes`, lanes, (value) => value),
    rows: programOf(`${name} of rows`, rows, asLanes),
  };
  if (inPlace.size === 0) return { prelude, programs };
  const rewritten = programs.map((program) => ({
    ...program,
    outputs: program.outputs.map((output) => ({ ...output, value: substitute(output.value, inPlace) })),
  }));
  return { prelude, programs: rewritten };
}

/** The largest costly values of `kind`, and the symbols that stand for them. */
function costly(roots: readonly Node[], kind: Kind): Map<Expression, Expression> {
  const found = new Map<Expression, Expression>();
  const seen = new Set<Node>();
  const stack: Node[] = [...roots].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === kind && node.type === "float" && isCostly(node)) {
      found.set(node as Expression, symbol(`${kind}.${found.size}`, kind));
    } else {
      stack.push(...[...node.args].reverse());
    }
  }
  return found;
}

/** Whether a named function, a division or a root is among what makes `root`, other than of uniforms. */
function isCostly(root: Node): boolean {
  return nodesOf([root]).some(
    ({ op, args, kind }) =>
      kind !== "uniform" && args.length > 0 && (op === "div" || op === "sqrt" || !(op in operation)),
  );
}

function programOf(
  name: string,
  found: ReadonlyMap<Expression, Expression>,
  bound: (value: Expression) => Expression,
): GridProgram | undefined {
  if (found.size === 0) return undefined;
  const outputs: GridOutput[] = [...found].map(([value, stands]) => ({ name: stands.name, value: bound(value) }));
  return { name, outputs };
}

function asLanes(value: Expression): Expression {
  const rows = nodesOf([value]).filter(({ op, kind }) => op === "symbol" && kind === "row");
  return substitute(value, new Map(rows.map((row) => [row, symbol(row.name, "lane")])));
}
