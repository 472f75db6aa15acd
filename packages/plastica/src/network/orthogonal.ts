/** Random orthonormal vectors, by the Gram-Schmidt process in float64. */
import { derive, type Key, normal } from "../compute/random.ts";

/**
 * `count` orthonormal vectors of `length` numbers, one after another, drawn uniformly: normal vectors, each made orthogonal
 * to those before it (the modified process, twice where the first pass leaves little of a vector: Daniel et al., 1976).
 *
 * @param count at most `length`
 */
export function orthogonalColumns(length: number, count: number, key: Key): Float64Array {
  const vectors = new Float64Array(count * length);
  for (let i = 0; i < count; i++) {
    const vector = vectors.subarray(i * length, (i + 1) * length);
    for (let attempt = 0; ; attempt++) {
      const from = derive(key, i, attempt);
      for (let j = 0; j < length; j++) vector[j] = normal(from, j);
      const before = Math.sqrt(product(vector, vector));
      for (let pass = 0; pass < 2; pass++) {
        removeAll(vectors, i, vector);
        if (product(vector, vector) > 0.01 * before * before) break;
      }
      const left = Math.sqrt(product(vector, vector));
      if (left > 1e-10 * before) {
        for (let j = 0; j < length; j++) vector[j] /= left;
        break;
      }
    }
  }
  return vectors;
}

/** Subtracts from a vector its projections on the first `count` vectors. */
function removeAll(vectors: Float64Array, count: number, vector: Float64Array): void {
  const length = vector.length;
  for (let i = 0; i < count; i++) {
    const other = vectors.subarray(i * length, (i + 1) * length);
    const along = product(vector, other);
    for (let j = 0; j < length; j++) vector[j] -= along * other[j];
  }
}

/** In four partial sums, of a fixed order. */
function product(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    s0 += a[j] * b[j];
    s1 += a[j + 1] * b[j + 1];
    s2 += a[j + 2] * b[j + 2];
    s3 += a[j + 3] * b[j + 3];
  }
  for (let j = whole; j < a.length; j++) s0 += a[j] * b[j];
  return s0 + s1 + (s2 + s3);
}
