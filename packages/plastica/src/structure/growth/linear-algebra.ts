/**
 * Small dense linear algebra in float64, in a fixed order: what criteria and ways ask of activities and gradients. Matrices are row-major. It is
 * meant for some hundreds of rows or columns, now and then.
 *
 * Eigenvalues and singular values are found by Jacobi rotations (G. Golub and C. van Loan, Matrix computations, sections 8.5 and 8.6.3): slower than
 * tridiagonal methods, as simple as can be, and accurate for small values.
 */
import { ShapeError } from "../../errors.ts";

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Throws ShapeError where the number of values is not rows times columns. */
export function matrix(rows: number, columns: number, values?: ArrayLike<number>): Matrix {
  if (values && values.length !== rows * columns)
    throw new ShapeError(`${values.length} values for a matrix of ${rows} by ${columns}`);
  return { rows, columns, data: values ? Float64Array.from(values) : new Float64Array(rows * columns) };
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const out = matrix(columns, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out.data[j * rows + i] = data[i * columns + j];
  return out;
}

export function product(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) throw new ShapeError(`${a.rows} by ${a.columns} times ${b.rows} by ${b.columns}`);
  const out = matrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k];
      if (factor === 0) continue;
      for (let j = 0, from = k * b.columns, to = i * b.columns; j < b.columns; j++)
        out.data[to + j] += factor * b.data[from + j];
    }
  }
  return out;
}

/** Matrices of as many rows, side by side. */
export function beside(...parts: readonly Matrix[]): Matrix {
  const out = matrix(
    parts[0].rows,
    parts.reduce((sum, { columns }) => sum + columns, 0),
  );
  let at = 0;
  for (const { rows, columns, data } of parts) {
    for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * columns, (i + 1) * columns), i * out.columns + at);
    at += columns;
  }
  return out;
}

/** A A'. */
export function gram(a: Matrix): Matrix {
  const { rows, columns, data } = a;
  const out = matrix(rows, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0, x = i * columns, y = j * columns; k < columns; k++) sum += data[x + k] * data[y + k];
      out.data[i * rows + j] = sum;
      out.data[j * rows + i] = sum;
    }
  }
  return out;
}

/** Of a symmetric matrix A = V diag(values) V': values from the largest down, vectors in the columns of V. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/** Sweeps over all pairs; a dozen is more than is ever needed. */
const SWEEPS = 60;
const TINY = 1e-15;

/** By cyclic Jacobi rotations. */
export function symmetricEigen({ rows: n, data }: Matrix): Eigen {
  const a = Float64Array.from(data);
  // Rows of `v` are the vectors: the inner loops walk along rows.
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let scale = 0;
  for (const value of a) scale = Math.max(scale, Math.abs(value));
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q];
        if (Math.abs(off) <= TINY * scale) continue;
        turned = true;
        const { c, s } = rotation(a[p * n + p], a[q * n + q], off);
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k * n + p], a[k * n + q]];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        rotate(a, p * n, q * n, n, c, s);
        rotate(v, p * n, q * n, n, c, s);
        a[p * n + q] = 0;
        a[q * n + p] = 0;
      }
    }
  }
  const order = descending(Float64Array.from({ length: n }, (_, i) => a[i * n + i]));
  const vectors = matrix(n, n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = v[from * n + i];
  });
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors };
}

/** A = left diag(values) right': of the singular values those above `tolerance` times the largest, from the largest down. */
export interface Singular {
  readonly left: Matrix;
  readonly values: Float64Array;
  readonly right: Matrix;
}

/** By one-sided Jacobi rotations of whichever are fewer, rows or columns (Hestenes). */
export function svd(a: Matrix, tolerance = 1e-12): Singular {
  if (a.rows > a.columns) {
    const { left, values, right } = svd(transposed(a), tolerance);
    return { left: right, values, right: left };
  }
  const { rows: m, columns: n } = a;
  // Rows are turned until they are orthogonal: A = U B, and B has the values as the lengths of its rows.
  const b = Float64Array.from(a.data);
  const u = new Float64Array(m * m);
  for (let i = 0; i < m; i++) u[i * m + i] = 1;
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < m; p++) {
      for (let q = p + 1; q < m; q++) {
        let [pp, qq, pq] = [0, 0, 0];
        for (let k = 0, x = p * n, y = q * n; k < n; k++) {
          pp += b[x + k] * b[x + k];
          qq += b[y + k] * b[y + k];
          pq += b[x + k] * b[y + k];
        }
        if (pq === 0 || Math.abs(pq) <= TINY * Math.sqrt(pp * qq)) continue;
        turned = true;
        const { c, s } = rotation(pp, qq, pq);
        rotate(b, p * n, q * n, n, c, s);
        rotate(u, p * m, q * m, m, c, s);
      }
    }
  }
  const lengths = Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += b[i * n + k] ** 2;
    return Math.sqrt(sum);
  });
  const all = descending(lengths);
  const order = all.filter((i) => lengths[i] > tolerance * lengths[all[0]]);
  const [left, right] = [matrix(m, order.length), matrix(n, order.length)];
  order.forEach((from, to) => {
    for (let i = 0; i < m; i++) left.data[i * order.length + to] = u[from * m + i];
    for (let k = 0; k < n; k++) right.data[k * order.length + to] = b[from * n + k] / lengths[from];
  });
  return { left, values: Float64Array.from(order, (i) => lengths[i]), right };
}

/** How many singular values of a matrix are above a threshold. */
export function singularAbove(a: Matrix, threshold: number): number {
  return eigenvaluesAbove(gram(a.rows > a.columns ? transposed(a) : a), threshold * threshold);
}

/**
 * How many eigenvalues of a symmetric matrix are above a threshold: as many as pivots above 0 of A - threshold I, made tridiagonal
 * (Householder, Sturm; Sylvester's law of inertia). Ten times as fast as finding them.
 */
export function eigenvaluesAbove(a: Matrix, threshold: number): number {
  const { diagonal, off } = tridiagonal(a);
  let [count, pivot] = [0, 1];
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i] - threshold - (i > 0 ? off[i - 1] ** 2 / pivot : 0);
    if (pivot === 0) pivot = -Number.MIN_VALUE / TINY;
    if (pivot > 0) count++;
  }
  return count;
}

/** The lowest eigenvalue of a symmetric operator, and its vector of length 1, by `steps` of Lanczos from `start`. */
export function lowestEigen(
  apply: (x: Float64Array) => Float64Array,
  start: Float64Array,
  steps: number,
): { value: number; vector: Float64Array } {
  const basis: Float64Array[] = [];
  const [diagonal, off]: [number[], number[]] = [[], []];
  let next = unit(start);
  while (next && basis.length < Math.min(steps, start.length)) {
    basis.push(next);
    const image = apply(next);
    diagonal.push(dot(image, next));
    // Twice, against all: in exact arithmetic the last two would do.
    for (let again = 0; again < 2; again++)
      for (const one of basis) {
        const along = dot(image, one);
        for (let i = 0; i < image.length; i++) image[i] -= along * one[i];
      }
    const rest = lengthOf(image);
    next = rest > 1e-10 * Math.max(1e-300, Math.abs(diagonal[0])) ? unit(image) : undefined;
    if (next) off.push(rest);
  }
  const k = basis.length;
  if (k === 0) return { value: 0, vector: start };
  const small = matrix(k, k);
  for (let i = 0; i < k; i++) {
    small.data[i * k + i] = diagonal[i];
    if (i + 1 < k) {
      small.data[i * k + i + 1] = off[i];
      small.data[(i + 1) * k + i] = off[i];
    }
  }
  const { values, vectors } = symmetricEigen(small);
  const vector = new Float64Array(start.length);
  basis.forEach((one, j) => {
    const share = vectors.data[j * k + k - 1];
    for (let i = 0; i < vector.length; i++) vector[i] += share * one[i];
  });
  return { value: values[k - 1], vector };
}

/** The rotation by which two directions with these lengths squared and this product become orthogonal. */
function rotation(pp: number, qq: number, pq: number): { c: number; s: number } {
  const theta = (qq - pp) / (2 * pq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  return { c, s: t * c };
}

function rotate(data: Float64Array, p: number, q: number, length: number, c: number, s: number): void {
  for (let k = 0; k < length; k++) {
    const [x, y] = [data[p + k], data[q + k]];
    data[p + k] = c * x - s * y;
    data[q + k] = s * x + c * y;
  }
}

/** The places of these values, from the largest down; of equals, the first first. */
function descending(values: Float64Array): number[] {
  return [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
}

/** Householder's reduction of a symmetric matrix: the two diagonals that are left. */
function tridiagonal({ rows: n, data }: Matrix): { diagonal: Float64Array; off: Float64Array } {
  const a = Float64Array.from(data);
  const [v, p] = [new Float64Array(n), new Float64Array(n)];
  const off = new Float64Array(Math.max(0, n - 1));
  for (let k = 0; k + 1 < n; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += a[i * n + k] ** 2;
    norm = Math.sqrt(norm);
    const first = a[(k + 1) * n + k];
    off[k] = first > 0 ? -norm : norm;
    if (norm === 0 || k + 2 === n) {
      if (k + 2 === n) off[k] = first;
      continue;
    }
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
    v[k + 1] -= off[k];
    // a <- H a H with H = I - 2 v v' / v'v.
    let square = 0;
    for (let i = k + 1; i < n; i++) square += v[i] * v[i];
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
      p[i] = (2 * sum) / square;
      along += (p[i] * v[i]) / square;
    }
    for (let i = k + 1; i < n; i++) p[i] -= along * v[i];
    for (let i = k + 1; i < n; i++) for (let j = k + 1; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), off };
}

export function lengthOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Of length 1; undefined for zeros. */
function unit(a: Float64Array): Float64Array | undefined {
  const length = lengthOf(a);
  return length > 0 ? a.map((value) => value / length) : undefined;
}
