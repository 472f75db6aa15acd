/**
 * Symbolic derivatives. Every activation function and loss is differentiated from its own expression, so a model that a user
 * writes down needs no second formula. The named functions have derivatives in terms of their value where that is cheaper
 * (tanh' = 1 - tanh^2), and hash-consing makes the value the same node that the forward expression has.
 *
 * Where a function has a corner, the derivative is one of the two: that of max(x, 0) at 0 is 0, and so in general at a tie of min
 * or max the constant side counts, or else the second. abs has 0 at 0. floor and nearest have 0 everywhere. Conditions
 * are differentiated branch by branch.
 */
import { RuleError } from "../errors.ts";
import { type Condition, constant, type Expression, isConstant, type Node } from "./expression.ts";
import { nodesOf } from "./traverse.ts";

type Slope = (x: Expression, dx: Expression, value: Expression) => Expression;

const unary: Readonly<Record<string, Slope>> = {
  neg: (_x, dx) => dx.neg(),
  abs: (x, dx) => x.sign().mul(dx),
  sqrt: (_x, dx, root) => dx.mul(0.5).div(root),
  floor: () => constant(0),
  nearest: () => constant(0),
  exp: (_x, dx, value) => value.mul(dx),
  log: (x, dx) => dx.div(x),
  tanh: (_x, dx, value) => constant(1).sub(value.square()).mul(dx),
  sigmoid: (_x, dx, value) => value.mul(constant(1).sub(value)).mul(dx),
  softplus: (x, dx) => x.sigmoid().mul(dx),
  erf: (x, dx) =>
    x
      .square()
      .neg()
      .exp()
      .mul(2 / Math.sqrt(3.141592653589793))
      .mul(dx),
  sin: (x, dx) => x.cos().mul(dx),
  cos: (x, dx) => x.sin().mul(dx).neg(),
};

type Slope2 = (a: Expression, b: Expression, da: Expression, db: Expression, value: Expression) => Expression;

const binary: Readonly<Record<string, Slope2>> = {
  add: (_a, _b, da, db) => da.add(db),
  sub: (_a, _b, da, db) => da.sub(db),
  mul: (a, b, da, db) => da.mul(b).add(a.mul(db)),
  div: (_a, b, da, db, value) => da.sub(value.mul(db)).div(b),
  max: (a, b, da, db) => (isConstant(a) ? b.greater(a).then(db, da) : a.greater(b).then(da, db)),
  min: (a, b, da, db) => (isConstant(a) ? b.less(a).then(db, da) : a.less(b).then(da, db)),
};

/** The derivative of `root` with respect to `variable`. Throws RuleError where `variable` goes through bit operations. */
export function differentiate(root: Expression, variable: Expression): Expression {
  const slopes = new Map<Node, Expression>();
  const zero = constant(0);
  const slopeOf = (node: Node): Expression => slopes.get(node) ?? zero;
  for (const node of nodesOf([root])) {
    if (node === variable) slopes.set(node, constant(1));
    else if (node.type === "float" && node.args.some((arg) => dependsOn(arg, slopes))) {
      slopes.set(node, slopeOfOperation(node as Expression, slopeOf));
    } else if (node.type === "bits" && node.args.some((arg) => slopes.has(arg))) {
      throw new RuleError(`${node.op} of an expression in "${variable.name}" has no derivative: bits are not numbers`);
    }
  }
  return slopeOf(root);
}

/** Conditions have no slope themselves; what is chosen has. */
function dependsOn(arg: Node, slopes: ReadonlyMap<Node, Expression>): boolean {
  return arg.type === "float" && slopes.has(arg);
}

function slopeOfOperation(node: Expression, slopeOf: (node: Node) => Expression): Expression {
  const [a, b, c] = node.args as Expression[];
  if (node.op === "select") return (node.args[0] as Condition).then(slopeOf(b), slopeOf(c));
  if (node.op in unary) return unary[node.op](a, slopeOf(a), node);
  if (node.op in binary) return binary[node.op](a, b, slopeOf(a), slopeOf(b), node);
  throw new RuleError(`${node.op} has no derivative`);
}
