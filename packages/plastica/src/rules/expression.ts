/**
 * Expressions: what a synaptic rule, an activation function or a loss is made of. A rule's function is run once, on symbols,
 * and what it returns is a tree of these nodes, which the compiler turns into a SIMD kernel, the interpreter evaluates, and the
 * proofs read. Nodes are immutable and hash-consed: two equal expressions are the same object, so `===` is structural equality
 * and a common subexpression is computed once, however it was written.
 *
 * A node is simplified as it is made: constants fold in float32 exactly as the kernel would, `x*1`, `x+0`, `x-0`, `x/1` are `x`,
 * `0*x`, `0/x` and `x-x` are 0 (true of finite numbers, which the engine's inputs are), and a chain of products is ordered
 * uniforms, rows, lanes, cells, so that `lr*(pre*signal)` becomes `(lr*pre)*signal` and its left part leaves the loop over lanes.
 * Sums are never reordered. Nothing depends on what else was built before: the same source gives the same arithmetic.
 */
import { RuleError } from "../errors.ts";
import { bitsOf, type OperationName, operation, type ValueType } from "./operations.ts";

/** How a value varies over the grid: everywhere its own (`cell`), by row, by lane, or not at all. */
export type Kind = "uniform" | "row" | "lane" | "cell";

/** Functions built from the operations (functions.ts); they stay one node until lowering, so that derivatives are short. */
export type FunctionName = "exp" | "log" | "tanh" | "sigmoid" | "softplus" | "erf" | "sin" | "cos";

/** What stands at the leaves. `rowIndex`, `laneIndex`, `keyLow` and `keyHigh` address the random draws. */
export type LeafName =
  | "constant"
  | "symbol"
  | "noise"
  | "uniformNoise"
  | "rowIndex"
  | "laneIndex"
  | "keyLow"
  | "keyHigh";

export type NodeName = OperationName | FunctionName | LeafName;

/** A number, or an expression: numbers are lifted to constants. */
export type Operand = Expression | number;

const rank: Readonly<Record<Kind, number>> = { uniform: 1, row: 2, lane: 3, cell: 4 };

/** The kind of a value computed from values of kinds `a` and `b`. */
export function joinKinds(a: Kind, b: Kind): Kind {
  if (a === b || b === "uniform") return a;
  return a === "uniform" ? b : "cell";
}

/** What every node carries. `value` is the number of a constant, or the stream of a draw; `name` is that of a symbol. */
export abstract class Node {
  abstract readonly type: ValueType;
  readonly op: NodeName;
  readonly args: readonly Node[];
  readonly kind: Kind;
  readonly value: number;
  readonly name: string;
  /** Only for the hash-consing table. Never let arithmetic depend on it: it counts what was built before. */
  readonly id: number;

  constructor(op: NodeName, args: readonly Node[], kind: Kind, value: number, name: string, id: number) {
    this.op = op;
    this.args = args;
    this.kind = kind;
    this.value = value;
    this.name = name;
    this.id = id;
  }
}

/** A float32 value. */
export class Expression extends Node {
  override readonly type = "float";

  add(other: Operand): Expression {
    return float("add", this, lift(other));
  }
  sub(other: Operand): Expression {
    return float("sub", this, lift(other));
  }
  mul(other: Operand): Expression {
    return float("mul", this, lift(other));
  }
  div(other: Operand): Expression {
    return float("div", this, lift(other));
  }
  /** The smaller; this one where the two are equal or either is NaN. */
  min(other: Operand): Expression {
    return float("min", this, lift(other));
  }
  /** The greater; this one where the two are equal or either is NaN. */
  max(other: Operand): Expression {
    return float("max", this, lift(other));
  }
  neg(): Expression {
    return float("neg", this);
  }
  abs(): Expression {
    return float("abs", this);
  }
  sqrt(): Expression {
    return float("sqrt", this);
  }
  floor(): Expression {
    return float("floor", this);
  }
  /** The nearest whole number, ties to even. */
  nearest(): Expression {
    return float("nearest", this);
  }
  square(): Expression {
    return this.mul(this);
  }
  reciprocal(): Expression {
    return constant(1).div(this);
  }
  clamp(low: Operand, high: Operand): Expression {
    return this.max(low).min(high);
  }
  /** -1, 0 or 1; NaN stays NaN. */
  sign(): Expression {
    return this.greater(0).then(1, this.less(0).then(-1, this));
  }

  exp(): Expression {
    return call("exp", this);
  }
  log(): Expression {
    return call("log", this);
  }
  tanh(): Expression {
    return call("tanh", this);
  }
  sigmoid(): Expression {
    return call("sigmoid", this);
  }
  softplus(): Expression {
    return call("softplus", this);
  }
  erf(): Expression {
    return call("erf", this);
  }
  sin(): Expression {
    return call("sin", this);
  }
  cos(): Expression {
    return call("cos", this);
  }

  greater(other: Operand): Condition {
    return condition("less", lift(other), this);
  }
  less(other: Operand): Condition {
    return condition("less", this, lift(other));
  }
  atLeast(other: Operand): Condition {
    return condition("atMost", lift(other), this);
  }
  atMost(other: Operand): Condition {
    return condition("atMost", this, lift(other));
  }
  equals(other: Operand): Condition {
    return condition("equals", this, lift(other));
  }

  /** The same 32 bits, read as an integer. */
  asBits(): Bits {
    return make("asBits", [this]) as Bits;
  }
}

/** A truth value, lane by lane. */
export class Condition extends Node {
  override readonly type = "mask";

  /** `whenTrue` where this holds, `otherwise` where it does not. Both are evaluated. */
  // biome-ignore lint/suspicious/noThenProperty: reads as "if … then …, else …", and a condition is never awaited.
  then(whenTrue: Operand, otherwise: Operand): Expression /* oxlint-disable-line unicorn/no-thenable */ {
    return make("select", [this, lift(whenTrue), lift(otherwise)]) as Expression;
  }
  and(other: Condition): Condition {
    return condition("both", this, other);
  }
  or(other: Condition): Condition {
    return condition("either", this, other);
  }
  not(): Condition {
    return condition("not", this);
  }
}

/** 32 bits, read as an integer by the operations that need one. The material of exp, log and the random draws. */
export class Bits extends Node {
  override readonly type = "bits";

  plus(other: Bits | number): Bits {
    return integer("plus", this, other);
  }
  minus(other: Bits | number): Bits {
    return integer("minus", this, other);
  }
  and(other: Bits | number): Bits {
    return integer("and", this, other);
  }
  or(other: Bits | number): Bits {
    return integer("or", this, other);
  }
  xor(other: Bits | number): Bits {
    return integer("xor", this, other);
  }
  shiftLeft(count: number): Bits {
    return integer("shiftLeft", this, count);
  }
  /** Shifts zeros in. */
  shiftRight(count: number): Bits {
    return integer("shiftRight", this, count);
  }
  /** Shifts the sign in. */
  shiftSigned(count: number): Bits {
    return integer("shiftSigned", this, count);
  }
  /** The same 32 bits, read as a float32. */
  asFloat(): Expression {
    return float("asFloat", this);
  }
  /** The float32 nearest to this signed integer. */
  toFloat(): Expression {
    return float("toFloat", this);
  }
}

/** The constant `n`, rounded to float32. */
export function constant(n: number): Expression {
  return literal("float", Math.fround(n)) as Expression;
}

/** A value the kernel is given: `name` is its slot, `kind` how it varies over the grid. */
export function symbol(name: string, kind: Kind): Expression {
  return intern("symbol", [], kind, "float", 0, name) as Expression;
}

/**
 * A standard normal draw for every cell, addressed by the kernel's key, the row, the lane and `stream` (0 to 15). It is taken from a pool:
 * which independence that leaves is said in ../compute/noise-pool.ts.
 */
export function noise(stream: number): Expression {
  return intern("noise", [], "cell", "float", checkedStream(stream), "") as Expression;
}

/** A uniform draw in [0, 1) of its own for every cell; otherwise like `noise`. */
export function uniformNoise(stream: number): Expression {
  return intern("uniformNoise", [], "cell", "float", checkedStream(stream), "") as Expression;
}

/** The index of the row (kind row) or lane (kind lane), or a word of the noise key (uniform). */
export function address(part: "rowIndex" | "laneIndex" | "keyLow" | "keyHigh"): Bits {
  const kind = part === "rowIndex" ? "row" : part === "laneIndex" ? "lane" : "uniform";
  return intern(part, [], kind, "bits", 0, "") as Bits;
}

/** The constant integer `i`. */
export function bits(i: number): Bits {
  return literal("bits", i | 0) as Bits;
}

/** A node of `op` over `args`, simplified. What the methods above call; also how a tree is rebuilt with other leaves. */
export function make(op: OperationName, args: readonly Node[]): Node {
  const { takes, gives, compute } = operation[op];
  if (takes.length !== args.length || takes.some((type, i) => type !== args[i]?.type)) {
    throw new RuleError(
      `${op} takes (${takes.join(", ")}); it was given (${args.map((a) => a?.type ?? typeof a).join(", ")})`,
    );
  }
  const [a, b, c] = args;
  if (args.every(isConstant)) return literal(gives, compute(a.value, b?.value, c?.value));
  return simplified(op, a, b, c) ?? raw(op, args);
}

/** A named function of `x`. */
export function call(name: FunctionName, x: Expression): Expression {
  return intern(name, [x], x.kind, "float", 0, "") as Expression;
}

export function isConstant(node: Node): boolean {
  return node.op === "constant";
}

function lift(x: Operand): Expression {
  if (x instanceof Expression) return x;
  if (typeof x !== "number")
    throw new RuleError(`an expression or a number is needed here, not ${String(x)} (${typeof x})`);
  return constant(x);
}

function float(op: OperationName, ...args: Node[]): Expression {
  return make(op, args) as Expression;
}

function condition(op: OperationName, ...args: Node[]): Condition {
  return make(op, args) as Condition;
}

function integer(op: OperationName, a: Bits, b: Bits | number): Bits {
  return make(op, [a, typeof b === "number" ? bits(b) : b]) as Bits;
}

function checkedStream(stream: number): number {
  if (Number.isInteger(stream) && stream >= 0 && stream < 16) return stream;
  throw new RuleError(`noise stream ${stream}: a whole number from 0 to 15 is needed`);
}

const is = (node: Node, n: number): boolean => node.op === "constant" && node.value === n;

function simplified(op: OperationName, a: Node, b: Node, c: Node): Node | undefined {
  switch (op) {
    case "add":
      if (is(a, 0)) return b;
      if (is(b, 0)) return a;
      if (b.op === "neg") return make("sub", [a, b.args[0]]);
      if (a.op === "neg") return make("sub", [b, a.args[0]]);
      return undefined;
    case "sub":
      if (is(b, 0)) return a;
      if (is(a, 0)) return make("neg", [b]);
      if (a === b) return constant(0);
      if (b.op === "neg") return make("add", [a, b.args[0]]);
      return undefined;
    case "mul":
      return product(a as Expression, b as Expression);
    case "div":
      if (is(a, 0)) return a;
      if (is(b, 1)) return a;
      if (a.op === "neg") return make("neg", [make("div", [a.args[0], b])]);
      return undefined;
    case "neg":
    case "not":
      return a.op === op ? a.args[0] : undefined;
    case "abs":
      return a.op === "neg" || a.op === "abs" ? make("abs", [a.args[0]]) : undefined;
    case "min":
    case "max":
    case "both":
    case "either":
      return a === b ? a : undefined;
    case "select":
      if (b === c) return b;
      return isConstant(a) ? (a.value ? b : c) : undefined;
    case "asFloat":
      return a.op === "asBits" ? a.args[0] : undefined;
    case "asBits":
      return a.op === "asFloat" ? a.args[0] : undefined;
    case "plus":
    case "minus":
    case "or":
    case "xor":
    case "shiftLeft":
    case "shiftRight":
    case "shiftSigned":
      return is(b, 0) ? a : undefined;
    default:
      return undefined;
  }
}

function product(a: Expression, b: Expression): Expression {
  if (is(a, 0) || is(b, 1)) return a;
  if (is(b, 0) || is(a, 1)) return b;
  if (a.op === "neg") return (a.args[0] as Expression).mul(b).neg();
  if (b.op === "neg") return (b.args[0] as Expression).mul(a).neg();
  if (is(a, -1)) return b.neg();
  if (is(b, -1)) return a.neg();
  if (isIndicator(a)) return indicated(a, b);
  if (isIndicator(b)) return indicated(b, a);
  // A square stays one factor: taking it apart would lose the shared root.
  if (a === b) return raw("mul", [a, a]) as Expression;
  const order = (factor: Expression): number => (isConstant(factor) ? 0 : rank[factor.kind]);
  // The longer chain goes first, so that where kinds are equal it is kept whole, and shared.
  const chain = isChain(b) && !isChain(a) ? [...factors(b), ...factors(a)] : [...factors(a), ...factors(b)];
  chain.sort((p, q) => order(p) - order(q));
  return chain.reduce((left, right) => {
    if (isConstant(left) && isConstant(right)) return constant(left.value * right.value);
    if (is(left, 1)) return right;
    return is(left, 0) ? left : (raw("mul", [left, right]) as Expression);
  });
}

/** A choice between 1 and 0: a product with it is a choice between the other factor and 0. */
function isIndicator(x: Node): boolean {
  return x.op === "select" && ((is(x.args[1], 1) && is(x.args[2], 0)) || (is(x.args[1], 0) && is(x.args[2], 1)));
}

function indicated(indicator: Node, x: Expression): Expression {
  const truth = indicator.args[0] as Condition;
  return is(indicator.args[1], 1) ? truth.then(x, 0) : truth.then(0, x);
}

function isChain(x: Expression): boolean {
  return x.op === "mul" && x.args[0] !== x.args[1];
}

function factors(x: Expression): Expression[] {
  const found: Expression[] = [];
  let rest = x;
  for (; isChain(rest); rest = rest.args[0] as Expression) found.push(rest.args[1] as Expression);
  found.push(rest);
  return found.reverse();
}

function raw(op: OperationName, args: readonly Node[]): Node {
  const kind = args.map((arg) => arg.kind).reduce(joinKinds);
  return intern(op, args, kind, operation[op].gives, 0, "");
}

function literal(type: ValueType, value: number): Node {
  return intern("constant", [], "uniform", type, value, "");
}

const table = new Map<string, Node>();
const classes = { float: Expression, bits: Bits, mask: Condition } as const;

function intern(op: NodeName, args: readonly Node[], kind: Kind, type: ValueType, value: number, name: string): Node {
  const exact = type === "float" ? bitsOf(value) : value;
  const key = `${op} ${type} ${kind} ${exact} ${args.map((arg) => arg.id).join(",")} ${name}`;
  let node = table.get(key);
  if (!node) {
    node = new classes[type](op, args, kind, value, name, table.size);
    table.set(key, node);
  }
  return node;
}
