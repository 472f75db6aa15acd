/**
 * exp, log, tanh, sigmoid, softplus, erf, sin and cos, built from the primitive operations, so that they are the engine's own: the
 * same bits in every browser, in the compiled kernel and in the interpreter. The coefficients are our own near-minimax fits, rounded
 * to float32 one after the other, lowest power first, the rest refitted each time.
 *
 * Largest errors in units in the last place of float32, against float64, over the dense sample of functions.test.ts:
 *
 *              exp    log    tanh   sigmoid   softplus   erf     sin, cos for |x| <= 2000 pi
 *     plain    0.97   0.86   1.35   2.2       2.6        1.35    8e-8 absolute
 *     fused    1.02   0.87   1.35   2.3       2.75       1.35    8e-8 absolute
 *
 * NaN gives NaN; infinities and zero give what mathematics gives (log 0 = -Infinity, log of a negative number is NaN, sin and cos
 * of an infinity are NaN).
 */
import { constant, type Expression, type FunctionName } from "./expression.ts";

/** Each named function in terms of the operations. */
export const functions: Readonly<Record<FunctionName, (x: Expression) => Expression>> = {
  exp: exponential,
  log: logarithm,
  tanh,
  sigmoid,
  softplus,
  erf,
  sin: (x) => sineOf(x, 0),
  cos: (x) => sineOf(x, 1),
};

/** Adding and taking away 1.5 * 2^23 rounds to a whole number, and leaves it in the low bits of the sum. */
const rounder = 12582912;
const log2e = 1.4426950216293335;
/** ln 2 in two parts: products of the first with whole numbers below 512 are exact. */
const ln2 = [0.693145751953125, 1.428606765330187e-6] as const;
/** pi / 2 in three parts, likewise below 8192. */
const halfPi = [1.5703125, 4.837512969970703e-4, 7.549790126404332e-8] as const;

/** c0 + c1 x + c2 x^2 + ... */
function polynomial(x: Expression, coefficients: readonly number[]): Expression {
  return coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => sum.mul(x).add(c), constant(coefficients[coefficients.length - 1]));
}

/** e^x = 2^n e^r with n whole and |r| <= ln 2 / 2: the power of e, and n + `rounder`. */
function reduced(x: Expression): { power: Expression; shifted: Expression } {
  const shifted = x.mul(log2e).add(rounder);
  const n = shifted.sub(rounder);
  const r = x.sub(n.mul(ln2[0])).sub(n.mul(ln2[1]));
  const p = polynomial(r, [0.49999994, 0.16666521, 0.041668262, 0.008368674, 0.0013821028]);
  return { power: r.square().mul(p).add(r).add(1), shifted };
}

/** 2^n is made in two factors, so that results too small for a normal float are rounded once, and 2^128 does not come too early. */
function exponential(x: Expression): Expression {
  const { power, shifted } = reduced(x.clamp(-104, 89));
  const n = shifted.asBits().minus(0x4b400000);
  const half = n.shiftSigned(1);
  const scale = (k: typeof n): Expression => k.plus(127).shiftLeft(23).asFloat();
  return power.mul(scale(half)).mul(scale(n.minus(half)));
}

/** e^x for -87 < x < 88, in one factor. */
function moderateExponential(x: Expression): Expression {
  const { power, shifted } = reduced(x);
  return power.mul(shifted.asBits().shiftLeft(23).plus(0x3f800000).asFloat());
}

/** 2^x for -125 <= x <= 126, within 1.9e-7 of itself: x is taken apart into a whole number and a rest without rounding, unlike in e^x. */
export function powerOfTwo(x: Expression): Expression {
  const shifted = x.add(rounder);
  const rest = x.sub(shifted.sub(rounder));
  const p = polynomial(rest, [1, 0.693147, 0.24022247, 0.05550711, 0.009671293, 0.0013269555]);
  return p.asBits().plus(shifted.asBits().shiftLeft(23)).asFloat();
}

function logarithm(x: Expression): Expression {
  const tiny = x.less(2 ** -126);
  const value = logarithmOfNormal(tiny.then(x.mul(2 ** 23), x), tiny.then(-23, 0));
  const atZero = x.equals(0).then(-Infinity, x.less(0).then(NaN, value));
  // Infinity and NaN: what goes in comes out.
  return x.less(Infinity).then(atZero, x);
}

/** ln x + extra ln 2, for normal x > 0. x = 2^e (1 + f), with 1 + f between sqrt(1/2) and sqrt 2. */
function logarithmOfNormal(x: Expression, extra: Expression = constant(0)): Expression {
  const raised = x.asBits().plus(0x3f800000 - 0x3f3504f3);
  const e = raised.shiftRight(23).minus(127).toFloat().add(extra);
  const f = raised.and(0x007fffff).plus(0x3f3504f3).asFloat().sub(1);
  const p = polynomial(
    f,
    [0.3333333, -0.2500082, 0.20001242, -0.16623409, 0.1420158, -0.1315961, 0.12762213, -0.07636428],
  );
  const f2 = f.square();
  const small = f2.mul(f).mul(p).add(e.mul(ln2[1])).sub(f2.mul(0.5));
  return small.add(f).add(e.mul(ln2[0]));
}

function tanh(x: Expression): Expression {
  const size = x.abs();
  const z = x.square();
  const p = polynomial(z, [-0.3333328, 0.13331406, -0.053736515, 0.020628167, -0.005692296]);
  const near = size.add(size.mul(z).mul(p));
  const far = constant(1).sub(constant(2).div(moderateExponential(size.add(size).min(20)).add(1)));
  return withSignOf(x, size.less(0.625).then(near, far));
}

function sigmoid(x: Expression): Expression {
  const z = exponential(x.abs().neg());
  return x.less(0).then(z, 1).div(z.add(1));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + z), z = e^-|x|; and ln(1 + z) = 2 artanh(z / (2 + z)). */
function softplus(x: Expression): Expression {
  const z = exponential(x.abs().neg());
  const s = z.div(z.add(2));
  const s2 = s.square();
  const p = polynomial(s2, [0.6666642, 0.40021437, 0.28003028, 0.2800675]);
  return x.max(0).add(s.mul(s2).mul(p).add(s.add(s)));
}

function erf(x: Expression): Expression {
  const size = x.abs();
  const near = size.add(size.mul(polynomial(x.square(), erfNear)));
  // erfc is e to a polynomial; from 4 on, erf is 1 in float32.
  const far = constant(1).sub(moderateExponential(polynomial(size.min(4), erfcFar)));
  return withSignOf(x, size.less(1).then(near, far));
}

const erfNear = [0.12837917, -0.37612626, 0.11283579, -0.026853347, 0.005187162, -7.997853e-4, 7.806904e-5] as const;
const erfcFar = [-3.4151258e-4, -1.1270893, -0.6381447, -0.10310692, 0.021838155, -0.0029476818, 1.8638138e-4] as const;

/** sin(x + quarter pi / 2): x = n pi / 2 + r, then the sine or cosine of r, negated or not, by n + quarter. */
function sineOf(x: Expression, quarter: number): Expression {
  const shifted = x.mul(0.6366197466850281).add(rounder);
  const n = shifted.sub(rounder);
  const rest = x.sub(n.mul(halfPi[0])).sub(n.mul(halfPi[1])).sub(n.mul(halfPi[2]));
  // Far outside the stated range the reduction is lost; the result stays in [-1, 1] all the same.
  const r = rest.clamp(-0.79, 0.79);
  const z = r.square();
  const sine = r
    .mul(z)
    .mul(polynomial(z, [-0.16666655, 0.008332189, -1.9518285e-4]))
    .add(r);
  const cosine = z
    .square()
    .mul(polynomial(z, [0.041666646, -0.001388731, 2.4432327e-5]))
    .sub(z.mul(0.5))
    .add(1);
  return inQuarter(shifted, quarter, sine, cosine);
}

/** Sine or cosine, negated or not, by the two lowest bits of n + quarter, where `shifted` is n + `rounder`. */
function inQuarter(shifted: Expression, quarter: number, sine: Expression, cosine: Expression): Expression {
  const n = shifted.asBits().plus(quarter);
  const odd = n.shiftLeft(31).shiftSigned(31);
  const chosen = sine.asBits().xor(sine.asBits().xor(cosine.asBits()).and(odd));
  return chosen.xor(n.shiftLeft(30).and(0x80000000)).asFloat();
}

/** `size`, which is not negative, with the sign of `x`. */
function withSignOf(x: Expression, size: Expression): Expression {
  return size.asBits().or(x.asBits().and(0x80000000)).asFloat();
}
