/**
 * Elementary functions in float64 that give the same bits on every host. ECMAScript leaves `Math.log` and `Math.cos`
 * to the host, so two engines may differ in the last place; these use only `+ - * /` and the bits of a number, which
 * IEEE 754 fixes. They serve the few draws and constants made outside the kernels; kernels have float32 ones.
 */

const LN2 = 0.693147180559945309417;
const LN2_HIGH = 0.69314718036912381649; // ln 2 with its last 21 bits zero, so that exponent * LN2_HIGH is exact
const LN2_LOW = 1.90821492927058770002e-10;
const TWO_PI = 6.283185307179586476925;

const float = Float64Array.of(1);
const words = new Uint32Array(float.buffer);
const HIGH = words[1] === 0 ? 0 : 1; // where the exponent's word lies on this host

/**
 * Natural logarithm, within 1 unit in the last place of float64 over the normal range.
 *
 * `x = m 2^e` with `m` in `[sqrt(1/2), sqrt 2)`, then `ln m = 2 atanh(s)`, `s = (m - 1) / (m + 1)`, as a series in `s^2`.
 *
 * `ln(0)` is `-Infinity`; of a negative number or NaN, NaN; of `Infinity`, `Infinity`.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54: a subnormal made normal
    exponent = -54;
  }
  float[0] = x;
  const high = words[HIGH];
  exponent += (high >>> 20) - 1023;
  words[HIGH] = (high & 0x000fffff) | 0x3ff00000;
  let m = float[0];
  if (m >= 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const f = m - 1; // exact
  const s = f / (2 + f);
  const z = s * s;
  let tail = 2 / 23;
  tail = tail * z + 2 / 21;
  tail = tail * z + 2 / 19;
  tail = tail * z + 2 / 17;
  tail = tail * z + 2 / 15;
  tail = tail * z + 2 / 13;
  tail = tail * z + 2 / 11;
  tail = tail * z + 2 / 9;
  tail = tail * z + 2 / 7;
  tail = tail * z + 2 / 5;
  tail = tail * z + 2 / 3;
  // 2 s = f - s f, which keeps the leading term f exact; the rest is small beside it.
  return exponent * LN2_HIGH + (f - (s * (f - tail * z) - exponent * LN2_LOW));
}

/**
 * `e^x`, within 1 unit in the last place of float64 over the normal range.
 *
 * `x = n ln 2 + r` with n whole and `|r| <= ln 2 / 2`, then `e^x = 2^n e^r`, `e^r` as its series to r^13 / 13!.
 *
 * `Infinity` from 709.79 on, 0 below -745.14; of NaN, NaN.
 */
export function exponential(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : Number.NaN;
  if (x < -745.1332191019411) return 0;
  const n = Math.floor(x / LN2 + 0.5);
  const high = x - n * LN2_HIGH; // exact
  const low = n * LN2_LOW;
  const r = high - low;
  let tail = 1 / 6227020800;
  tail = tail * r + 1 / 479001600;
  tail = tail * r + 1 / 39916800;
  tail = tail * r + 1 / 3628800;
  tail = tail * r + 1 / 362880;
  tail = tail * r + 1 / 40320;
  tail = tail * r + 1 / 5040;
  tail = tail * r + 1 / 720;
  tail = tail * r + 1 / 120;
  tail = tail * r + 1 / 24;
  tail = tail * r + 1 / 6;
  tail = tail * r + 0.5;
  const power = 1 + (high + (r * r * tail - low));
  // 2^n in two factors: 2^1024 is no number, and a result below the normal range is to be rounded once.
  const half = n >> 1;
  return power * twoToThe(half) * twoToThe(n - half);
}

/** 2^n for -1022 <= n <= 1023. */
function twoToThe(n: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (n + 1023) << 20;
  return float[0];
}

/**
 * `cos(2 pi turns)`, within 2e-16 for `|turns| < 2^52`. An angle in turns is reduced exactly, where one in radians is not.
 *
 * NaN for NaN and infinities.
 */
export function cosTurns(turns: number): number {
  let r = Math.abs(turns);
  r -= Math.floor(r);
  if (r > 0.5) r = 1 - r;
  const sign = r > 0.25 ? -1 : 1;
  if (r > 0.25) r = 0.5 - r;
  return r > 0.125 ? sign * sine(TWO_PI * (0.25 - r)) : sign * cosine(TWO_PI * r);
}

/** `sin(2 pi turns)`, as `cosTurns`. */
export function sinTurns(turns: number): number {
  let r = turns - Math.floor(turns);
  const sign = r > 0.5 ? -1 : 1;
  if (r > 0.5) r -= 0.5;
  if (r > 0.25) r = 0.5 - r;
  return r > 0.125 ? sign * cosine(TWO_PI * (0.25 - r)) : sign * sine(TWO_PI * r);
}

/** The series of the cosine to x^16 / 16!, for `|x| <= pi / 4`. */
function cosine(x: number): number {
  const z = x * x;
  let sum = 1 / 20922789888000;
  sum = sum * z - 1 / 87178291200;
  sum = sum * z + 1 / 479001600;
  sum = sum * z - 1 / 3628800;
  sum = sum * z + 1 / 40320;
  sum = sum * z - 1 / 720;
  sum = sum * z + 1 / 24;
  return 1 - (0.5 * z - sum * z * z);
}

/** The series of the sine to x^17 / 17!, for `|x| <= pi / 4`. */
function sine(x: number): number {
  const z = x * x;
  let sum = 1 / 355687428096000;
  sum = sum * z - 1 / 1307674368000;
  sum = sum * z + 1 / 6227020800;
  sum = sum * z - 1 / 39916800;
  sum = sum * z + 1 / 362880;
  sum = sum * z - 1 / 5040;
  sum = sum * z + 1 / 120;
  sum = sum * z - 1 / 6;
  return x + x * z * sum;
}
