/**
 * Walking expressions: every node once, arguments before what uses them, without recursion, so that a long rule cannot
 * overflow the stack; and building an expression again with some of its nodes replaced, simplifying on the way up.
 */
import { call, type Expression, type FunctionName, make, type Node } from "./expression.ts";
import { type OperationName, operation } from "./operations.ts";

/** All nodes under `roots`, each once, arguments first, in an order that depends on the expressions only. */
export function nodesOf(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const enter = (node: Node): void => {
    if (!seen.has(node)) stack.push({ node, next: 0 });
  };
  const ordered: Node[] = [];
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.args.length) {
        enter(top.node.args[top.next++]);
      } else {
        stack.pop();
        if (!seen.has(top.node)) ordered.push(top.node);
        seen.add(top.node);
      }
    }
  }
  return ordered;
}

/**
 * `root` built anew from its leaves. `change` sees each node as it is with its arguments already changed, and as it was, and
 * gives what takes its place.
 */
export function rebuild(root: Node, change: (node: Node, original: Node) => Node): Node {
  const built = new Map<Node, Node>();
  const take = (node: Node): Node => built.get(node) as Node;
  for (const node of nodesOf([root])) built.set(node, change(withArguments(node, node.args.map(take)), node));
  return take(root);
}

/** `root` with the symbols or subexpressions that are keys of `values` exchanged for their values. */
export function substitute(root: Expression, values: ReadonlyMap<Node, Node>): Expression {
  return rebuild(root, (node, original) => values.get(original) ?? node) as Expression;
}

/** The names of the symbols read by `roots`. */
export function symbolsOf(roots: readonly Node[]): Set<string> {
  return new Set(nodesOf(roots).flatMap((node) => (node.op === "symbol" ? [node.name] : [])));
}

function withArguments(node: Node, args: readonly Node[]): Node {
  if (args.every((arg, i) => arg === node.args[i])) return node;
  return node.op in operation
    ? make(node.op as OperationName, args)
    : call(node.op as FunctionName, args[0] as Expression);
}
