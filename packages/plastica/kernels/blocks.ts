/**
 * The two products where synapses are absent in blocks. A block is up to four vectors of four lanes side by side in one row of weights; the
 * blocks that have a synapse are listed column of blocks by column: those of column c are rows[columnStart[c]..columnStart[c + 1]], in
 * ascending order, and lie `width` vectors times c from the row's beginning. What is not listed is never read.
 *
 * Sums run in the order of ./products, less the products with absent weights, which are zeros: so results are those of ./products, bit for bit
 * (but for the sign of a zero that fused arithmetic may leave where a product is too small for a float).
 */
import { at, gatherRow, madd, put, sumLanes } from "./products";

/**
 * One example forward, columns [from, to): out[lanes] = start[lanes] + sum of x[row] * matrix[row, lanes] over listed rows whose x is not zero.
 * The rows that were active stay in `activeRow` and `activeValue`, column c's at columnStart[c]..ends[c].
 */
export function gatherPresent(
  out: usize, start: usize, matrix: usize, stride: usize, columnStart: usize, rows: usize, x: usize,
  from: usize, to: usize, width: usize, vectors: usize, ends: usize, activeRow: usize, activeValue: usize,
): void {
  for (let c = from; c < to; c++) {
    const first = at(columnStart, c) << 2;
    const last = at(columnStart, c + 1) << 2;
    let active = first;
    // A place is written again until it holds an active one.
    for (let k = first; k < last; k += 4) {
      const row = load<u32>(rows + k);
      const value = load<f32>(x + (<usize>row << 2));
      store<u32>(activeRow + active, row);
      store<f32>(activeValue + active, value);
      active += <usize>(value != 0) << 2;
    }
    store<u32>(ends + (c << 2), <u32>(active >> 2));
    const offset = (c * width) << 4;
    const n = <i32>min(width, vectors - c * width);
    gatherRow(n, out + offset, start ? start + offset : 0, matrix + offset, stride, activeRow + first, activeValue + first, activeRow + active);
  }
}

/**
 * One example's signals back along listed rows [columnStart[c], ends[c]) of all columns: out[index[k]] = the sum over the row's present lanes
 * of matrix * signal, for k in [0, count); `index` 0 means every row k. `partial` has room for a vector a row.
 */
export function projectPresent(
  out: usize, matrix: usize, stride: usize, signal: usize, columnStart: usize, ends: usize, rows: usize,
  columns: usize, width: usize, vectors: usize, index: usize, count: usize, add: i32, partial: usize,
): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < count; k++) v128.store(partial + ((index ? at(index, k) : k) << 4), zero);
  for (let c: usize = 0; c < columns; c++) {
    const offset = (c * width) << 4;
    const first = rows + (at(columnStart, c) << 2), last = rows + (at(ends, c) << 2);
    const m = matrix + offset, s = signal + offset;
    switch (<i32>min(width, vectors - c * width)) {
      case 1: projectColumn(1, m, stride, s, first, last, partial); break;
      case 2: projectColumn(2, m, stride, s, first, last, partial); break;
      case 3: projectColumn(3, m, stride, s, first, last, partial); break;
      default: projectColumn(4, m, stride, s, first, last, partial);
    }
  }
  for (let k: usize = 0; k < count; k += 4) {
    const i0 = index ? at(index, k) : k, last = count - 1;
    const i1 = index ? at(index, min(k + 1, last)) : min(k + 1, last);
    const i2 = index ? at(index, min(k + 2, last)) : min(k + 2, last);
    const i3 = index ? at(index, min(k + 3, last)) : min(k + 3, last);
    const a = v128.load(partial + (i0 << 4)), b = v128.load(partial + (i1 << 4));
    const sums = sumLanes(a, b, v128.load(partial + (i2 << 4)), v128.load(partial + (i3 << 4)));
    put(out + (i0 << 2), f32x4.extract_lane(sums, 0), add);
    if (k + 1 < count) put(out + (i1 << 2), f32x4.extract_lane(sums, 1), add);
    if (k + 2 < count) put(out + (i2 << 2), f32x4.extract_lane(sums, 2), add);
    if (k + 3 < count) put(out + (i3 << 2), f32x4.extract_lane(sums, 3), add);
  }
}

@inline
function projectColumn(n: i32, matrix: usize, stride: usize, signal: usize, row: usize, end: usize, partial: usize): void {
  const s0 = v128.load(signal);
  const s1 = n > 1 ? v128.load(signal, 16) : s0, s2 = n > 2 ? v128.load(signal, 32) : s0, s3 = n > 3 ? v128.load(signal, 48) : s0;
  for (; row < end; row += 4) {
    const i = <usize>load<u32>(row);
    const w = matrix + i * stride;
    let a = madd(s0, v128.load(w), v128.load(partial + (i << 4)));
    if (n > 1) a = madd(s1, v128.load(w, 16), a);
    if (n > 2) a = madd(s2, v128.load(w, 32), a);
    if (n > 3) a = madd(s3, v128.load(w, 48), a);
    v128.store(partial + (i << 4), a);
  }
}

/**
 * A batch forward, columns [from, to): out[r, lanes] = start[r, lanes] + sum of x[r, row] * matrix[row, lanes] over listed rows. Who is active is
 * listed by neuron (`listByNeuron`): those of a row are the examples example[entry[row]..entry[row + 1]] with `value`.
 */
export function scatterPresent(
  out: usize, outStride: usize, start: usize, startStride: usize, matrix: usize, stride: usize, columnStart: usize, rows: usize,
  entry: usize, example: usize, value: usize, examples: usize, from: usize, to: usize, width: usize, vectors: usize,
): void {
  for (let c = from; c < to; c++) {
    const offset = (c * width) << 4;
    const n = min(width, vectors - c * width);
    if (start != out) {
      for (let r: usize = 0; r < examples; r++)
        for (let v: usize = 0; v < n << 4; v += 16)
          v128.store(out + r * outStride + offset + v, start ? v128.load(start + r * startStride + offset + v) : f32x4.splat(0));
    }
    const first = rows + (at(columnStart, c) << 2), last = rows + (at(columnStart, c + 1) << 2);
    const o = out + offset, m = matrix + offset;
    switch (<i32>n) {
      case 1: scatterColumn(1, o, outStride, m, stride, first, last, entry, example, value); break;
      case 2: scatterColumn(2, o, outStride, m, stride, first, last, entry, example, value); break;
      case 3: scatterColumn(3, o, outStride, m, stride, first, last, entry, example, value); break;
      default: scatterColumn(4, o, outStride, m, stride, first, last, entry, example, value);
    }
  }
}

@inline
function scatterColumn(
  n: i32, out: usize, outStride: usize, matrix: usize, stride: usize, row: usize, end: usize, entry: usize, example: usize, value: usize,
): void {
  for (; row < end; row += 4) {
    const i = <usize>load<u32>(row);
    const w = matrix + i * stride;
    const w0 = v128.load(w);
    const w1 = n > 1 ? v128.load(w, 16) : w0, w2 = n > 2 ? v128.load(w, 32) : w0, w3 = n > 3 ? v128.load(w, 48) : w0;
    const last = at(entry, i + 1) << 2;
    for (let k = at(entry, i) << 2; k < last; k += 4) {
      const x = v128.load32_splat(value + k);
      const to = out + <usize>load<u32>(example + k) * outStride;
      v128.store(to, madd(x, w0, v128.load(to)));
      if (n > 1) v128.store(to, madd(x, w1, v128.load(to, 16)), 16);
      if (n > 2) v128.store(to, madd(x, w2, v128.load(to, 32)), 32);
      if (n > 3) v128.store(to, madd(x, w3, v128.load(to, 48)), 48);
    }
  }
}

/**
 * The gradient of a batch where blocks are, of rows [rowFrom, rowTo): out[row, lanes] = sum over the row's entries of value * signal[example, lanes].
 */
export function gradientPresent(
  out: usize, outStride: usize, signal: usize, signalStride: usize, columnStart: usize, rows: usize, columns: usize,
  entry: usize, example: usize, value: usize, rowFrom: usize, rowTo: usize, width: usize, vectors: usize,
): void {
  for (let c: usize = 0; c < columns; c++) {
    let first = rows + (at(columnStart, c) << 2), last = rows + (at(columnStart, c + 1) << 2);
    while (first < last && <usize>load<u32>(first) < rowFrom) first += 4;
    while (first < last && <usize>load<u32>(last - 4) >= rowTo) last -= 4;
    const offset = (c * width) << 4;
    const o = out + offset, s = signal + offset;
    switch (<i32>min(width, vectors - c * width)) {
      case 1: gradientColumn(1, o, outStride, s, signalStride, first, last, entry, example, value); break;
      case 2: gradientColumn(2, o, outStride, s, signalStride, first, last, entry, example, value); break;
      case 3: gradientColumn(3, o, outStride, s, signalStride, first, last, entry, example, value); break;
      default: gradientColumn(4, o, outStride, s, signalStride, first, last, entry, example, value);
    }
  }
}

@inline
function gradientColumn(
  n: i32, out: usize, outStride: usize, signal: usize, stride: usize, row: usize, end: usize, entry: usize, example: usize, value: usize,
): void {
  for (; row < end; row += 4) {
    const i = <usize>load<u32>(row);
    let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    const last = at(entry, i + 1) << 2;
    for (let k = at(entry, i) << 2; k < last; k += 4) {
      const x = v128.load32_splat(value + k);
      const s = signal + <usize>load<u32>(example + k) * stride;
      a0 = madd(x, v128.load(s), a0);
      if (n > 1) a1 = madd(x, v128.load(s, 16), a1);
      if (n > 2) a2 = madd(x, v128.load(s, 32), a2);
      if (n > 3) a3 = madd(x, v128.load(s, 48), a3);
    }
    const to = out + i * outStride;
    v128.store(to, a0);
    if (n > 1) v128.store(to, a1, 16);
    if (n > 2) v128.store(to, a2, 32);
    if (n > 3) v128.store(to, a3, 48);
  }
}

/**
 * Signals of a batch back: out[r, row] = the sum over the row's present lanes of matrix * signal[r], for rows [rowFrom, rowTo). The columns in
 * which a row has blocks are column[rowStart[row]..rowStart[row + 1]]. `entry` and `example` say for which examples; `entry` 0 means all.
 */
export function projectPresentRows(
  out: usize, outStride: usize, matrix: usize, stride: usize, signal: usize, signalStride: usize, rowStart: usize, column: usize,
  entry: usize, example: usize, examples: usize, rowFrom: usize, rowTo: usize, width: usize, vectors: usize, add: i32,
): void {
  for (let row = rowFrom; row < rowTo; row++) {
    const first = column + (at(rowStart, row) << 2), last = column + (at(rowStart, row + 1) << 2);
    const w = matrix + row * stride, to = out + (row << 2);
    const begin = entry ? at(entry, row) : 0, end = entry ? at(entry, row + 1) : examples;
    if (first == last) {
      for (let k = begin; k < end; k++) put(to + (entry ? at(example, k) : k) * outStride, 0, add);
      continue;
    }
    for (let k = begin; k < end; k += 4) {
      const k1 = min(k + 1, end - 1), k2 = min(k + 2, end - 1), k3 = min(k + 3, end - 1);
      const e0 = entry ? at(example, k) : k, e1 = entry ? at(example, k1) : k1;
      const e2 = entry ? at(example, k2) : k2, e3 = entry ? at(example, k3) : k3;
      const s0 = signal + e0 * signalStride, s1 = signal + e1 * signalStride;
      const s2 = signal + e2 * signalStride, s3 = signal + e3 * signalStride;
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
      for (let c = first; c < last; c += 4) {
        const v = <usize>load<u32>(c) * width;
        let j = v << 4;
        const n = min(width, vectors - v), end = j + (n << 4);
        if (n == 4) {
          const m0 = v128.load(w + j), m1 = v128.load(w + j, 16), m2 = v128.load(w + j, 32), m3 = v128.load(w + j, 48);
          a0 = madd(v128.load(s0 + j), m0, a0);
          a1 = madd(v128.load(s1 + j), m0, a1);
          a2 = madd(v128.load(s2 + j), m0, a2);
          a3 = madd(v128.load(s3 + j), m0, a3);
          a0 = madd(v128.load(s0 + j, 16), m1, a0);
          a1 = madd(v128.load(s1 + j, 16), m1, a1);
          a2 = madd(v128.load(s2 + j, 16), m1, a2);
          a3 = madd(v128.load(s3 + j, 16), m1, a3);
          a0 = madd(v128.load(s0 + j, 32), m2, a0);
          a1 = madd(v128.load(s1 + j, 32), m2, a1);
          a2 = madd(v128.load(s2 + j, 32), m2, a2);
          a3 = madd(v128.load(s3 + j, 32), m2, a3);
          a0 = madd(v128.load(s0 + j, 48), m3, a0);
          a1 = madd(v128.load(s1 + j, 48), m3, a1);
          a2 = madd(v128.load(s2 + j, 48), m3, a2);
          a3 = madd(v128.load(s3 + j, 48), m3, a3);
        } else {
          for (; j < end; j += 16) {
            const m = v128.load(w + j);
            a0 = madd(v128.load(s0 + j), m, a0);
            a1 = madd(v128.load(s1 + j), m, a1);
            a2 = madd(v128.load(s2 + j), m, a2);
            a3 = madd(v128.load(s3 + j), m, a3);
          }
        }
      }
      const sums = sumLanes(a0, a1, a2, a3);
      put(to + e0 * outStride, f32x4.extract_lane(sums, 0), add);
      if (k + 1 < end) put(to + e1 * outStride, f32x4.extract_lane(sums, 1), add);
      if (k + 2 < end) put(to + e2 * outStride, f32x4.extract_lane(sums, 2), add);
      if (k + 3 < end) put(to + e3 * outStride, f32x4.extract_lane(sums, 3), add);
    }
  }
}

/**
 * flags[row, vector]: 1 where any of its four lanes has a weight or a plasticity that is not 0, plus 2 where all of them, of `lanes` that live, have a
 * plasticity of 1, plus 4, 8, 16 and 32 for the lanes that have either.
 */
export function markPresent(flags: usize, matrix: usize, plasticity: usize, stride: usize, rows: usize, lanes: i32): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const vectors = <usize>(lanes + 3) >> 2;
  const dead = i32x4.le_s(i32x4.splat(lanes - (<i32>(vectors - 1) << 2)), i32x4(0, 1, 2, 3)); // of the last vector
  for (let r: usize = 0; r < rows; r++) {
    const w = matrix + r * stride;
    for (let v: usize = 0; v < vectors; v++) {
      const p = v128.load(plasticity + r * stride + (v << 4));
      const any = v128.or(f32x4.ne(v128.load(w + (v << 4)), zero), f32x4.ne(p, zero));
      let full = f32x4.eq(p, one);
      if (v == vectors - 1) full = v128.or(full, dead);
      store<u8>(flags + r * vectors + v, <u8>(<i32>v128.any_true(any) | (<i32>i32x4.all_true(full) << 1) | (i32x4.bitmask(any) << 2)));
    }
  }
}
