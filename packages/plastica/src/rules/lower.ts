/**
 * Lowering: named functions and uniform draws replaced by what they are made of, so that only the operations remain. Compiler,
 * interpreter and the proof of silence all look at the lowered expression. A normal draw stays a leaf: it is read from a pool.
 */
import { Expression, type FunctionName, type Node } from "./expression.ts";
import { functions } from "./functions.ts";
import { operation } from "./operations.ts";
import { uniformDraw } from "./random.ts";
import { rebuild } from "./traverse.ts";

const cache = new WeakMap<Expression, Expression>();

/** `root` in terms of operations and of leaves that the kernel is given. */
export function lower(root: Expression): Expression {
  const known = cache.get(root);
  if (known) return known;
  const result = rebuild(root, expanded) as Expression;
  cache.set(root, result);
  return result;
}

function expanded(node: Node): Node {
  if (node.op === "uniformNoise") return uniformDraw(node.value);
  if (!(node instanceof Expression) || node.args.length !== 1 || node.op in operation) return node;
  return functions[node.op as FunctionName](node.args[0] as Expression);
}
