/**
 * The normal and Student's t distribution, to about ten digits, the same on any machine: by the engine's own functions. The library's
 * normal distribution is a table of four digits, and it has no t.
 */
import { exponential, ln, ValueError } from "plastica";

/** P(Z <= z) of a standard normal Z, by the series of Marsaglia 2004, doi:10.18637/jss.v011.i04. To within 1e-15. */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 8.5) return z > 0 ? 1 : 0;
  let [sum, term, before] = [z, z, Number.NaN];
  for (let i = 3; sum !== before; i += 2) {
    before = sum;
    term *= (z * z) / i;
    sum += term;
  }
  const p = 0.5 + sum * exponential(-0.5 * z * z - 0.5 * ln(2 * Math.PI));
  return Math.min(1, Math.max(0, p)); // far out, rounding goes a little beyond
}

/** The z with `normalCdf(z) = p`. `p` between 0 and 1, both excluded; beyond 1e-15 of either it is no longer told from it. */
export function normalQuantile(p: number): number {
  mustBeProbability("normal quantile", p);
  return inverse(normalCdf, p);
}

/** P(T <= t) of Student's t with `freedom` degrees, any number above 0. */
export function studentCdf(t: number, freedom: number): number {
  mustHaveFreedom(freedom);
  if (t === 0) return 0.5;
  const tail = 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The t with `studentCdf(t, freedom) = p`. `p` between 0 and 1, both excluded. */
export function studentQuantile(p: number, freedom: number): number {
  mustBeProbability("Student's t quantile", p);
  mustHaveFreedom(freedom);
  return inverse((t) => studentCdf(t, freedom), p);
}

/**
 * The regularised incomplete beta function I_x(a, b): the continued fraction DLMF 8.17.22, evaluated by Lentz's method, on whichever
 * side of the mean it converges fast. https://dlmf.nist.gov/8.17.v
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exponential(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * ln(x) + b * ln(1 - x)) / a;
  let [fraction, c, d] = [1, Number.POSITIVE_INFINITY, 1];
  for (let i = 1; i < 1000; i++) {
    const m = i >> 1;
    const coefficient =
      i % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + coefficient * d);
    c = 1 + coefficient / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** The logarithm of the gamma function at x > 0: Stirling's series (DLMF 5.11.1) from 15 up, below that by the recurrence. */
function lnGamma(x: number): number {
  let product = 1;
  for (; x < 15; x++) product *= x;
  const square = 1 / (x * x);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x;
  return (x - 0.5) * ln(x) - x + 0.5 * ln(2 * Math.PI) + series - ln(product);
}

/** Where an increasing function, symmetric around (0, 0.5), is `p`: doubled until it lies beyond, then halved to the last bit. */
function inverse(cdf: (x: number) => number, p: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -inverse(cdf, 1 - p);
  let low = -1;
  while (cdf(low) > p) low *= 2;
  let high = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
}

function mustBeProbability(what: string, p: number): void {
  if (p > 0 && p < 1) return;
  throw new ValueError(`${what}: the probability is ${p}, must be between 0 and 1, both excluded`);
}

function mustHaveFreedom(freedom: number): void {
  if (freedom > 0) return;
  throw new ValueError(`Student's t: ${freedom} degrees of freedom, must be above 0`);
}
