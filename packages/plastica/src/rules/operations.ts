/**
 * The instruction set. Every expression is, in the end, made of these operations; each is one WebAssembly SIMD instruction on
 * four lanes, and one line of TypeScript that gives the same bits on one. The compiler reads the `opcode`, the interpreter and
 * constant folding read `compute`, so that a meaning stands in one place only.
 *
 * Values are `float` (float32), `bits` (int32 or uint32, as the operation reads them) or `mask` (all ones or all zeros).
 */

export type ValueType = "float" | "bits" | "mask";

export interface Operation {
  readonly gives: ValueType;
  readonly takes: readonly ValueType[];
  /** Opcode after the SIMD prefix 0xfd. 0 where no instruction is needed: reinterpreting bits is free. */
  readonly opcode: number;
  readonly compute: (a: number, b: number, c: number) => number;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The int32 whose bits are those of float32 `x`. */
export function bitsOf(x: number): number {
  float[0] = x;
  return bits[0];
}

/** The float32 whose bits are those of int32 `i`. */
export function floatOf(i: number): number {
  bits[0] = i;
  return float[0];
}

function nearestEven(x: number): number {
  if (!(Math.abs(x) < 8388608)) return x;
  const below = Math.floor(x);
  const rest = x - below;
  const rounded = rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

const f = Math.fround;
const unary = ["float"] as const;
const binary = ["float", "float"] as const;
const twoBits = ["bits", "bits"] as const;
const twoMasks = ["mask", "mask"] as const;
const mask = (truth: boolean): number => (truth ? -1 : 0);

export const operations = {
  add: { gives: "float", takes: binary, opcode: 0xe4, compute: (a, b) => f(a + b) },
  sub: { gives: "float", takes: binary, opcode: 0xe5, compute: (a, b) => f(a - b) },
  mul: { gives: "float", takes: binary, opcode: 0xe6, compute: (a, b) => f(a * b) },
  div: { gives: "float", takes: binary, opcode: 0xe7, compute: (a, b) => f(a / b) },
  // pmin and pmax: one instruction, and where either side is NaN, or both are equal, the answer is the first.
  // biome-ignore lint/complexity/useMathMinMax: Math.min orders zeros and spreads NaN.
  min: { gives: "float", takes: binary, opcode: 0xea, compute: (a, b) => (b < a ? b : a) },
  // biome-ignore lint/complexity/useMathMinMax: Math.max orders zeros and spreads NaN.
  max: { gives: "float", takes: binary, opcode: 0xeb, compute: (a, b) => (a < b ? b : a) },
  neg: { gives: "float", takes: unary, opcode: 0xe1, compute: (a) => -a },
  abs: { gives: "float", takes: unary, opcode: 0xe0, compute: (a) => Math.abs(a) },
  sqrt: { gives: "float", takes: unary, opcode: 0xe3, compute: (a) => f(Math.sqrt(a)) },
  floor: { gives: "float", takes: unary, opcode: 0x68, compute: (a) => Math.floor(a) },
  nearest: { gives: "float", takes: unary, opcode: 0x6a, compute: nearestEven },

  less: { gives: "mask", takes: binary, opcode: 0x43, compute: (a, b) => mask(a < b) },
  atMost: { gives: "mask", takes: binary, opcode: 0x45, compute: (a, b) => mask(a <= b) },
  equals: { gives: "mask", takes: binary, opcode: 0x41, compute: (a, b) => mask(a === b) },
  both: { gives: "mask", takes: twoMasks, opcode: 0x4e, compute: (a, b) => a & b },
  either: { gives: "mask", takes: twoMasks, opcode: 0x50, compute: (a, b) => a | b },
  not: { gives: "mask", takes: ["mask"], opcode: 0x4d, compute: (a) => ~a },
  select: { gives: "float", takes: ["mask", "float", "float"], opcode: 0x52, compute: (m, a, b) => (m ? a : b) },

  asBits: { gives: "bits", takes: unary, opcode: 0, compute: (a) => bitsOf(a) },
  asFloat: { gives: "float", takes: ["bits"], opcode: 0, compute: (a) => floatOf(a) },
  toFloat: { gives: "float", takes: ["bits"], opcode: 0xfa, compute: (a) => f(a) },
  plus: { gives: "bits", takes: twoBits, opcode: 0xae, compute: (a, b) => (a + b) | 0 },
  minus: { gives: "bits", takes: twoBits, opcode: 0xb1, compute: (a, b) => (a - b) | 0 },
  and: { gives: "bits", takes: twoBits, opcode: 0x4e, compute: (a, b) => a & b },
  or: { gives: "bits", takes: twoBits, opcode: 0x50, compute: (a, b) => a | b },
  xor: { gives: "bits", takes: twoBits, opcode: 0x51, compute: (a, b) => a ^ b },
  // Shifts take their count from a constant.
  shiftLeft: { gives: "bits", takes: twoBits, opcode: 0xab, compute: (a, b) => a << b },
  shiftRight: { gives: "bits", takes: twoBits, opcode: 0xad, compute: (a, b) => (a >>> b) | 0 },
  shiftSigned: { gives: "bits", takes: twoBits, opcode: 0xac, compute: (a, b) => a >> b },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** The same table under a name whose entries all have the general type. */
export const operation: Readonly<Record<OperationName, Operation>> = operations;
