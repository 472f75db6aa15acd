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
 * `rowValue` have room for three entries more than there can be, `turned` for four columns of `rows` values, rounded up to four.
 */
export function listByNeuron(
  x: usize, rowStride: usize, rows: i32, columns: i32, columnStart: usize, rowIndex: usize, rowValue: usize, turned: usize,
): void {
  const bytes = <usize>((rows + 3) & -4) << 2;
  let count: usize = 0;
  for (let c: usize = 0; c < <usize>columns << 2; c += 16) {
    const any = turn(x + c, rowStride, rows, turned, bytes);
    for (let lane: usize = 0; lane < 4; lane++) {
      store<i32>(columnStart + c + (lane << 2), <i32>(count >> 2));
      if (any) count = listColumn(turned + lane * bytes, bytes, rowIndex, rowValue, count);
    }
  }
  store<i32>(columnStart + (<usize>columns << 2), <i32>(count >> 2));
}

/** Four columns become rows, `bytes` apart, with zeros after the last value. Says whether any value is not zero. */
@inline
function turn(from: usize, rowStride: usize, rows: i32, to: usize, bytes: usize): bool {
  const zero = f32x4.splat(0);
  let any = zero;
  for (let r: usize = 0; r < bytes; r += 16, from += 4 * rowStride) {
    const left = rows - <i32>(r >> 2);
    const a = v128.load(from);
    const b = left > 1 ? v128.load(from + rowStride) : zero;
    const c = left > 2 ? v128.load(from + 2 * rowStride) : zero;
    const d = left > 3 ? v128.load(from + 3 * rowStride) : zero;
    any = v128.or(any, v128.or(v128.or(f32x4.ne(a, zero), f32x4.ne(b, zero)), v128.or(f32x4.ne(c, zero), f32x4.ne(d, zero))));
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to + r, v128.shuffle<i32>(ab, cd, 0, 1, 4, 5));
    v128.store(to + r + bytes, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
    v128.store(to + r + 2 * bytes, v128.shuffle<i32>(ef, gh, 0, 1, 4, 5));
    v128.store(to + r + 3 * bytes, v128.shuffle<i32>(ef, gh, 2, 3, 6, 7));
  }
  return v128.any_true(any);
}

/** Appends the examples in which one neuron is active, from byte `count` on; returns where they end. Places past that are written again. */
@inline
function listColumn(from: usize, bytes: usize, index: usize, value: usize, count: usize): usize {
  const zero = f32x4.splat(0);
  let examples = i32x4(0, 1, 2, 3);
  for (let r: usize = 0; r < bytes; r += 16) {
    const v = v128.load(from + r);
    const mask = i32x4.bitmask(f32x4.ne(v, zero));
    const pack = v128.load(PACK + (<usize>mask << 4));
    v128.store(index + count, i8x16.swizzle(examples, pack));
    v128.store(value + count, i8x16.swizzle(v, pack));
    count += <usize>popcnt(mask) << 2;
    examples = i32x4.add(examples, i32x4.splat(4));
  }
  return count;
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
