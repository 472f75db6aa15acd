import { describe, expect, test } from "vitest";
import { key, normal } from "../../compute/random.ts";
import { ShapeError } from "../../errors.ts";
import {
  beside,
  eigenvaluesAbove,
  gram,
  lowestEigen,
  type Matrix,
  matrix,
  product,
  singularAbove,
  svd,
  symmetricEigen,
  transposed,
} from "./linear-algebra.ts";

const drawn = (rows: number, columns: number, seed = 1) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, i) => normal(key(seed, "matrix"), i)),
  );

const diagonal = (values: ArrayLike<number>) => {
  const out = matrix(values.length, values.length);
  Array.from(values).forEach((value, i) => (out.data[i * values.length + i] = value));
  return out;
};

const identity = (n: number) => diagonal(new Array(n).fill(1));

function expectClose(a: Matrix, b: Matrix, digits = 10): void {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  a.data.forEach((value, i) => expect(value).toBeCloseTo(b.data[i], digits));
}

test("products, by hand", () => {
  const a = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
  expect([...product(a, transposed(a)).data]).toEqual([14, 32, 32, 77]);
  expect(gram(a)).toEqual(product(a, transposed(a)));
  expect([...beside(a, matrix(2, 1, [7, 8])).data]).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
  expect(() => product(a, a)).toThrow(ShapeError);
  expect(() => matrix(2, 2, [1])).toThrow("1 values for a matrix of 2 by 2");
});

describe("eigenvalues of a symmetric matrix", () => {
  test("by hand: [2 1; 1 2] has 3 and 1", () => {
    const { values, vectors } = symmetricEigen(matrix(2, 2, [2, 1, 1, 2]));
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect(Math.abs(vectors.data[0])).toBeCloseTo(Math.SQRT1_2, 14);
  });

  test.each([1, 2, 7, 40])("%d by as many: vectors are orthogonal and make the matrix again", (n) => {
    const half = drawn(n, n);
    const a = matrix(
      n,
      n,
      half.data.map((value, i) => value + half.data[(i % n) * n + Math.floor(i / n)]),
    );
    const { values, vectors } = symmetricEigen(a);
    expectClose(product(transposed(vectors), vectors), identity(n));
    expectClose(product(product(vectors, diagonal(values)), transposed(vectors)), a);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
    for (const threshold of [-3, -0.1, 0, 0.5, 4])
      expect(eigenvaluesAbove(a, threshold)).toBe(values.filter((value) => value > threshold).length);
    const { value, vector } = lowestEigen(
      (x) => product(a, matrix(n, 1, x)).data,
      Float64Array.from({ length: n }, (_, i) => 1 + (i % 3)),
      n,
    );
    expect(value).toBeCloseTo(values[n - 1], 8);
    const image = product(a, matrix(n, 1, vector)).data;
    image.forEach((x, i) => expect(x).toBeCloseTo(value * vector[i], 5));
  });

  test("zeros, and values that repeat", () => {
    expect([...symmetricEigen(matrix(3, 3)).values]).toEqual([0, 0, 0]);
    expect(eigenvaluesAbove(matrix(3, 3), 0)).toBe(0);
    expect(eigenvaluesAbove(identity(5), 0.5)).toBe(5);
    expect(lowestEigen((x) => x.map(() => 0), new Float64Array([1, 1]), 2).value).toBe(0);
  });
});

describe("singular values", () => {
  test.each([
    [5, 5],
    [12, 30],
    [30, 12],
    [1, 4],
  ])("%d by %d: both sides are orthogonal and make the matrix again", (rows, columns) => {
    const a = drawn(rows, columns, 3);
    const { left, values, right } = svd(a);
    const k = Math.min(rows, columns);
    expect(values).toHaveLength(k);
    expectClose(product(transposed(left), left), identity(k));
    expectClose(product(transposed(right), right), identity(k));
    expectClose(product(product(left, diagonal(values)), transposed(right)), a);
    expect(singularAbove(a, values[Math.floor(k / 2)] * 0.999)).toBe(Math.floor(k / 2) + 1);
  });

  test("of a matrix of rank 2 there are two", () => {
    const a = product(drawn(9, 2), drawn(2, 6));
    expect(svd(a, 1e-9).values).toHaveLength(2);
    expect(singularAbove(a, 1e-6)).toBe(2);
    expect(svd(matrix(3, 4)).values).toHaveLength(0);
  });
});
