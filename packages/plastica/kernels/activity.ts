/**
 * Lists of activity: which neurons of which example are not silent, and how active each is. A list of a batch has the form
 * of a compressed sparse matrix: the entries of row r are rowStart[r]..rowStart[r + 1] of `index` and `value`.
 */

/** For each set of active lanes among four, as a bit mask: the bytes of these lanes, moved to the front. */
const PACK: usize = memory.data<u8>([
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128,
  8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128,
  4, 5, 6, 7, 8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 128, 128, 128, 128,
  12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128,
  4, 5, 6, 7, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 128, 128, 128, 128,
  8, 9, 10, 11, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 128, 128, 128, 128,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

/**
 * Lists the entries that are not zero of `rows` rows of `planes` planes of `n` values (a plane is `planeStride` bytes after
 * the one before). Entry (plane p, neuron i) has index p * planeStride / 4 + i. Returns the number of entries. `index` and
 * `value` have room for three entries more than there can be.
 */
export function listActive(
  x: usize, rowStride: usize, rows: i32, n: i32, planes: i32, planeStride: usize, rowStart: usize, index: usize, value: usize,
): i32 {
  let count: i32 = 0;
  store<i32>(rowStart, 0);
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    for (let p = 0; p < planes; p++) {
      const from = x + <usize>r * rowStride + <usize>p * planeStride;
      const base = p * (<i32>planeStride >> 2);
      let i = 0;
      let lanes = i32x4.add(i32x4.splat(base), i32x4(0, 1, 2, 3));
      for (; i + 4 <= n; i += 4) {
        const v = v128.load(from + (<usize>i << 2));
        const mask = i32x4.bitmask(f32x4.ne(v, zero));
        // All four places are written; those past the active ones are written again by the next four.
        const pack = v128.load(PACK + (<usize>mask << 4));
        const at = <usize>count << 2;
        v128.store(index + at, i8x16.swizzle(lanes, pack));
        v128.store(value + at, i8x16.swizzle(v, pack));
        count += popcnt(mask);
        lanes = i32x4.add(lanes, i32x4.splat(4));
      }
      for (; i < n; i++) {
        const v = load<f32>(from + (<usize>i << 2));
        if (v == 0) continue;
        store<i32>(index + (<usize>count << 2), base + i);
        store<f32>(value + (<usize>count << 2), v);
        count++;
      }
    }
    store<i32>(rowStart + (<usize>(r + 1) << 2), count);
  }
  return count;
}

/**
 * The same list by neuron, from the same values: for each of `columns` neurons (a multiple of four: all planes, padding
 * included) the examples in which it is active, in ascending order. `columnStart` holds columns + 1 offsets; `rowIndex` and
 * `rowValue` have room for as many entries as there can be.
 */
export function listByNeuron(
  x: usize, rowStride: usize, rows: i32, columns: i32, columnStart: usize, rowIndex: usize, rowValue: usize,
): void {
  const zero = f32x4.splat(0);
  const bytes = <usize>columns << 2;
  let sum: i32 = 0;
  for (let c: usize = 0; c < bytes; c += 16) {
    let count = i32x4.splat(0);
    let from = x + c;
    for (let r = 0; r < rows; r++, from += rowStride) count = i32x4.sub(count, f32x4.ne(v128.load(from), zero));
    const s0 = sum, s1 = s0 + i32x4.extract_lane(count, 0), s2 = s1 + i32x4.extract_lane(count, 1), s3 = s2 + i32x4.extract_lane(count, 2);
    sum = s3 + i32x4.extract_lane(count, 3);
    store<i32>(columnStart + c, s0);
    store<i32>(columnStart + c, s1, 4);
    store<i32>(columnStart + c, s2, 8);
    store<i32>(columnStart + c, s3, 12);
    if (sum == s0) continue;
    listColumn(x + c + 12, rowStride, rows, rowIndex + (<usize>s3 << 2), rowValue + (<usize>s3 << 2), sum - s3);
    listColumn(x + c + 8, rowStride, rows, rowIndex + (<usize>s2 << 2), rowValue + (<usize>s2 << 2), s3 - s2);
    listColumn(x + c + 4, rowStride, rows, rowIndex + (<usize>s1 << 2), rowValue + (<usize>s1 << 2), s2 - s1);
    listColumn(x + c, rowStride, rows, rowIndex + (<usize>s0 << 2), rowValue + (<usize>s0 << 2), s1 - s0);
  }
  store<i32>(columnStart + bytes, sum);
}

/** The `count` examples in which one neuron is active. A place is written again until it holds an active one. */
@inline
function listColumn(from: usize, rowStride: usize, rows: i32, index: usize, value: usize, count: i32): void {
  const end = index + (<usize>count << 2);
  for (let r = 0; index < end; r++, from += rowStride) {
    const v = load<u32>(from);
    store<i32>(index, r);
    store<u32>(value, v);
    const step = <usize>(v << 1 != 0) << 2; // zeros of both signs are silent
    index += step;
    value += step;
  }
}

/** 1 if all of `n` values are finite numbers, else 0. Values beyond n, up to a multiple of four, must be finite too. */
export function allFinite(x: usize, n: i32): i32 {
  let bad = i32x4.splat(0);
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    const v = v128.load(x + i);
    bad = v128.or(bad, v128.not(f32x4.eq(f32x4.sub(v, v), f32x4.splat(0))));
  }
  return v128.any_true(bad) ? 0 : 1;
}

/** out[j] = sum over rows of |matrix[r, j]| for vectors [from, to): how much comes into each postsynaptic neuron. */
export function sumMagnitudes(out: usize, matrix: usize, stride: usize, rows: i32, from: i32, to: i32): void {
  for (let v = from; v < to; v++) {
    const offset = <usize>v << 4;
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      const row = matrix + offset + <usize>r * stride;
      a = f32x4.add(a, f32x4.abs(v128.load(row)));
      b = f32x4.add(b, f32x4.abs(v128.load(row + stride)));
      c = f32x4.add(c, f32x4.abs(v128.load(row + 2 * stride)));
      d = f32x4.add(d, f32x4.abs(v128.load(row + 3 * stride)));
    }
    for (; r < rows; r++) a = f32x4.add(a, f32x4.abs(v128.load(matrix + offset + <usize>r * stride)));
    v128.store(out + offset, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
}
