/**
 * What is computed where, and by which instruction. A value that depends on uniforms only is computed once a call, one that depends
 * on the row once a row, everything else once a vector of four lanes. Here also is where patterns become shorter instructions:
 * a choice between a value and zero becomes a bitwise and; in fused arithmetic a product that is used once, and added to or taken
 * from something of its own level, becomes part of a multiply-add.
 */
import type { Node } from "./expression.ts";
import type { Arithmetic } from "./grid.ts";
import { type OperationName, operation } from "./operations.ts";
import { nodesOf } from "./traverse.ts";

/** Once a call, once a row, or once a vector. */
export type Level = "call" | "row" | "vector";

export interface Instruction {
  readonly node: Node;
  readonly level: Level;
  /** What is pushed first, in this order. Empty for leaves. */
  readonly operands: readonly Node[];
  /** SIMD opcode; 0 if there is nothing to do. */
  readonly opcode: number;
  /** Count of a shift, pushed last. */
  readonly shift?: number;
  /** Whether the value is kept in a local: it is an output, or used more than once, or by an inner level. */
  kept: boolean;
}

const relaxedMadd = 0x105;
const relaxedNmadd = 0x106;
const bitwiseAnd = 0x4e;
const andNot = 0x4f;

export function levelOf(node: Node): Level {
  return node.kind === "uniform" ? "call" : node.kind === "row" ? "row" : "vector";
}

/** The instructions that compute `roots` (lowered), in an order in which they can be carried out. */
export function schedule(roots: readonly Node[], arithmetic: Arithmetic): Instruction[] {
  const uses = new Map<Node, number>();
  const use = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of nodesOf(roots)) node.args.forEach(use);
  roots.forEach(use);

  const fusable = (product: Node, into: Node): boolean =>
    arithmetic === "fused" && product.op === "mul" && uses.get(product) === 1 && levelOf(product) === levelOf(into);

  const choose = (node: Node): Omit<Instruction, "node" | "level" | "kept"> => {
    const [a, b, c] = node.args;
    if (!(node.op in operation)) return { operands: [], opcode: 0 };
    if (node.op === "add" && fusable(a, node)) return { operands: [...a.args, b], opcode: relaxedMadd };
    if (node.op === "add" && fusable(b, node)) return { operands: [...b.args, a], opcode: relaxedMadd };
    if (node.op === "sub" && fusable(b, node)) return { operands: [...b.args, a], opcode: relaxedNmadd };
    if (node.op === "select" && isPositiveZero(c)) return { operands: [b, a], opcode: bitwiseAnd };
    if (node.op === "select" && isPositiveZero(b)) return { operands: [c, a], opcode: andNot };
    if (node.op === "select") return { operands: [b, c, a], opcode: operation.select.opcode };
    if (node.op.startsWith("shift"))
      return { operands: [a], opcode: operation[node.op as OperationName].opcode, shift: b.value };
    return { operands: node.args, opcode: operation[node.op as OperationName].opcode };
  };

  const chosen = new Map<Node, Instruction>();
  const reached: Node[] = [];
  // Arguments come before what uses them; reading backwards, everything that needs a node has been seen before the node itself.
  const needed = new Set<Node>(roots);
  for (const node of nodesOf(roots).reverse()) {
    if (!needed.has(node)) continue;
    const instruction = { node, level: levelOf(node), kept: false, ...choose(node) };
    instruction.operands.forEach((operand) => void needed.add(operand));
    chosen.set(node, instruction);
    reached.push(node);
  }
  const users = new Map<Node, number>();
  const keep = (node: Node, level: Level): void => {
    const count = (users.get(node) ?? 0) + 1;
    users.set(node, count);
    const instruction = chosen.get(node) as Instruction;
    if (count > 1 || instruction.level !== level) instruction.kept = true;
  };
  for (const { operands, level } of chosen.values()) for (const operand of operands) keep(operand, level);
  for (const root of roots) (chosen.get(root) as Instruction).kept = true;
  const ordered = reached.reverse().map((node) => chosen.get(node) as Instruction);
  limitNesting(ordered, chosen);
  return ordered;
}

/** Keeps a value now and then where each is used by the next only, so that writing a long chain down does not overflow the stack. */
function limitNesting(ordered: readonly Instruction[], chosen: ReadonlyMap<Node, Instruction>): void {
  const depth = new Map<Node, number>();
  for (const instruction of ordered) {
    const inner = instruction.operands.map((node) => (chosen.get(node)?.kept ? 0 : (depth.get(node) ?? 0)));
    const nested = 1 + Math.max(0, ...inner);
    if (nested >= 100) instruction.kept = true;
    depth.set(instruction.node, nested);
  }
}

function isPositiveZero(node: Node): boolean {
  return node.op === "constant" && Object.is(node.value, 0);
}
