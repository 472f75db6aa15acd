/**
 * The two products everything rests on. Weights are stored [pre][post]: one row for each presynaptic neuron, one lane for
 * each postsynaptic one. Activity arrives as lists of entries that are not zero, so that a silent neuron's row is never read.
 *
 *   gather    out[r, :]        = start[r, :] + sum_k value[k] * matrix[index[k], :]     forward pass, gradients
 *   project   out[r, index[k]] = sum_j matrix[index[k], j] * signal[r, j]               signals going back
 *
 * Sums over k run in list order and sums over lanes in a fixed tree, whatever the blocking or the number of threads.
 */

/** a * b + c: rounded twice in plain arithmetic, once in fused. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** One output row, `n` vectors wide (1 to 13), held in registers while the list is walked. */
@inline
function gatherBlock(n: i32, out: usize, start: usize, matrix: usize, stride: usize, index: usize, value: usize, end: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0, a12 = a0;
  if (start) {
    a0 = v128.load(start);
    if (n > 1) a1 = v128.load(start, 16);
    if (n > 2) a2 = v128.load(start, 32);
    if (n > 3) a3 = v128.load(start, 48);
    if (n > 4) a4 = v128.load(start, 64);
    if (n > 5) a5 = v128.load(start, 80);
    if (n > 6) a6 = v128.load(start, 96);
    if (n > 7) a7 = v128.load(start, 112);
    if (n > 8) a8 = v128.load(start, 128);
    if (n > 9) a9 = v128.load(start, 144);
    if (n > 10) a10 = v128.load(start, 160);
    if (n > 11) a11 = v128.load(start, 176);
    if (n > 12) a12 = v128.load(start, 192);
  }
  for (; index < end; index += 4, value += 4) {
    const row = matrix + <usize>load<u32>(index) * stride;
    const x = v128.load32_splat(value);
    a0 = madd(x, v128.load(row), a0);
    if (n > 1) a1 = madd(x, v128.load(row, 16), a1);
    if (n > 2) a2 = madd(x, v128.load(row, 32), a2);
    if (n > 3) a3 = madd(x, v128.load(row, 48), a3);
    if (n > 4) a4 = madd(x, v128.load(row, 64), a4);
    if (n > 5) a5 = madd(x, v128.load(row, 80), a5);
    if (n > 6) a6 = madd(x, v128.load(row, 96), a6);
    if (n > 7) a7 = madd(x, v128.load(row, 112), a7);
    if (n > 8) a8 = madd(x, v128.load(row, 128), a8);
    if (n > 9) a9 = madd(x, v128.load(row, 144), a9);
    if (n > 10) a10 = madd(x, v128.load(row, 160), a10);
    if (n > 11) a11 = madd(x, v128.load(row, 176), a11);
    if (n > 12) a12 = madd(x, v128.load(row, 192), a12);
  }
  v128.store(out, a0);
  if (n > 1) v128.store(out, a1, 16);
  if (n > 2) v128.store(out, a2, 32);
  if (n > 3) v128.store(out, a3, 48);
  if (n > 4) v128.store(out, a4, 64);
  if (n > 5) v128.store(out, a5, 80);
  if (n > 6) v128.store(out, a6, 96);
  if (n > 7) v128.store(out, a7, 112);
  if (n > 8) v128.store(out, a8, 128);
  if (n > 9) v128.store(out, a9, 144);
  if (n > 10) v128.store(out, a10, 160);
  if (n > 11) v128.store(out, a11, 176);
  if (n > 12) v128.store(out, a12, 192);
}

export function gatherRow(n: i32, out: usize, start: usize, matrix: usize, stride: usize, index: usize, value: usize, end: usize): void {
  switch (n) {
    case 1: gatherBlock(1, out, start, matrix, stride, index, value, end); break;
    case 2: gatherBlock(2, out, start, matrix, stride, index, value, end); break;
    case 3: gatherBlock(3, out, start, matrix, stride, index, value, end); break;
    case 4: gatherBlock(4, out, start, matrix, stride, index, value, end); break;
    case 5: gatherBlock(5, out, start, matrix, stride, index, value, end); break;
    case 6: gatherBlock(6, out, start, matrix, stride, index, value, end); break;
    case 7: gatherBlock(7, out, start, matrix, stride, index, value, end); break;
    case 8: gatherBlock(8, out, start, matrix, stride, index, value, end); break;
    case 9: gatherBlock(9, out, start, matrix, stride, index, value, end); break;
    case 10: gatherBlock(10, out, start, matrix, stride, index, value, end); break;
    case 11: gatherBlock(11, out, start, matrix, stride, index, value, end); break;
    case 12: gatherBlock(12, out, start, matrix, stride, index, value, end); break;
    default: gatherBlock(13, out, start, matrix, stride, index, value, end);
  }
}

/** How many matrix rows a block of 13 vectors may touch and still lie in a first-level cache of 32 KB. */
export const CHUNK: usize = 128;

/** Where the entries of each output row cross the chunk borders: bounds[c * rows + r] is row r's first entry in chunk c. */
function boundChunks(bounds: usize, chunks: usize, rowStart: usize, index: usize, rowFrom: usize, rowTo: usize): void {
  const rows = rowTo - rowFrom;
  for (let r: usize = 0; r < rows; r++) {
    const end = load<u32>(rowStart + ((rowFrom + r + 1) << 2));
    let k = load<u32>(rowStart + ((rowFrom + r) << 2));
    for (let c: usize = 0; c < chunks; c++) {
      store<u32>(bounds + ((c * rows + r) << 2), k);
      while (k < end && <usize>load<u32>(index + (<usize>k << 2)) < (c + 1) * CHUNK) k++;
    }
    store<u32>(bounds + ((chunks * rows + r) << 2), end);
  }
}

/**
 * out[r, lanes] = start[r, lanes] + sum over the entries k of row r of value[k] * matrix[index[k], lanes],
 * for rows [rowFrom, rowTo) and vectors of four lanes [from, to). `rowStart[r]..rowStart[r + 1]` are row r's entries.
 * Strides are in bytes. `start` 0 means zeros; `startStride` 0 broadcasts one row (a bias). With many output rows the
 * matrix is walked in chunks of 128 of its rows, to stay in cache: `chunks` is their number, and `bounds` has room for
 * (chunks + 1) * (rowTo - rowFrom) offsets. 1 chunk needs no bounds. The order of each sum is the same either way.
 */
export function gather(
  out: usize, outStride: usize, start: usize, startStride: usize, matrix: usize, stride: usize,
  rowStart: usize, index: usize, value: usize, rowFrom: usize, rowTo: usize, from: i32, to: i32, bounds: usize, chunks: usize,
): void {
  const rows = rowTo - rowFrom;
  if (chunks > 1) boundChunks(bounds, chunks, rowStart, index, rowFrom, rowTo);
  const blocks = (to - from + 12) / 13;
  let lane = from;
  for (let b = 0; b < blocks; b++) {
    const n = (to - lane + blocks - b - 1) / (blocks - b);
    const offset = <usize>lane << 4;
    for (let c: usize = 0; c < chunks; c++) {
      const firsts = chunks > 1 ? bounds + ((c * rows) << 2) : rowStart + (rowFrom << 2);
      const ends = firsts + (chunks > 1 ? rows << 2 : 4);
      for (let r: usize = 0; r < rows; r++) {
        const first = <usize>load<u32>(firsts + (r << 2)) << 2;
        const end = <usize>load<u32>(ends + (r << 2)) << 2;
        const to = out + (rowFrom + r) * outStride + offset;
        const from = c > 0 ? to : start ? start + (rowFrom + r) * startStride + offset : 0;
        gatherRow(n, to, from, matrix + offset, stride, index + first, value + first, index + end);
      }
    }
    lane += n;
  }
}

/** Each lane's partial sums of four rows, added up as (p0 + p1) + (p2 + p3): four dot products in one vector. */
@inline
export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab02 = v128.shuffle<i32>(a, b, 0, 4, 2, 6); // a0 b0 a2 b2
  const ab13 = v128.shuffle<i32>(a, b, 1, 5, 3, 7);
  const cd02 = v128.shuffle<i32>(c, d, 0, 4, 2, 6);
  const cd13 = v128.shuffle<i32>(c, d, 1, 5, 3, 7);
  const ab = f32x4.add(ab02, ab13); // a01 b01 a23 b23
  const cd = f32x4.add(cd02, cd13);
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** Word k of a list. */
@inline
export function at(list: usize, k: usize): usize {
  return <usize>load<u32>(list + (k << 2));
}

@inline
function entry(index: usize, k: i32): usize {
  return index ? at(index, <usize>k) : <usize>k;
}

@inline
export function put(out: usize, x: f32, add: i32): void {
  store<f32>(out, add ? load<f32>(out) + x : x);
}

/** The dot products of `n` rows (4 or 8) at once, of which the entries [k, to) count; past the end the last one is taken again. */
@inline
function projectGroup(
  n: i32, out: usize, matrix: usize, stride: usize, signal: usize, bytes: usize, index: usize, k: i32, to: i32, add: i32,
): void {
  const last = to - 1;
  const i0 = entry(index, k), i1 = entry(index, min(k + 1, last)), i2 = entry(index, min(k + 2, last)), i3 = entry(index, min(k + 3, last));
  const i4 = n > 4 ? entry(index, min(k + 4, last)) : 0, i5 = n > 4 ? entry(index, min(k + 5, last)) : 0;
  const i6 = n > 4 ? entry(index, min(k + 6, last)) : 0, i7 = n > 4 ? entry(index, min(k + 7, last)) : 0;
  const r0 = matrix + i0 * stride, r1 = matrix + i1 * stride, r2 = matrix + i2 * stride, r3 = matrix + i3 * stride;
  const r4 = matrix + i4 * stride, r5 = matrix + i5 * stride, r6 = matrix + i6 * stride, r7 = matrix + i7 * stride;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let j: usize = 0; j < bytes; j += 16) {
    const s = v128.load(signal + j);
    a0 = madd(s, v128.load(r0 + j), a0);
    a1 = madd(s, v128.load(r1 + j), a1);
    a2 = madd(s, v128.load(r2 + j), a2);
    a3 = madd(s, v128.load(r3 + j), a3);
    if (n > 4) a4 = madd(s, v128.load(r4 + j), a4);
    if (n > 4) a5 = madd(s, v128.load(r5 + j), a5);
    if (n > 4) a6 = madd(s, v128.load(r6 + j), a6);
    if (n > 4) a7 = madd(s, v128.load(r7 + j), a7);
  }
  const low = sumLanes(a0, a1, a2, a3);
  put(out + (i0 << 2), f32x4.extract_lane(low, 0), add);
  if (k + 1 < to) put(out + (i1 << 2), f32x4.extract_lane(low, 1), add);
  if (k + 2 < to) put(out + (i2 << 2), f32x4.extract_lane(low, 2), add);
  if (k + 3 < to) put(out + (i3 << 2), f32x4.extract_lane(low, 3), add);
  if (n > 4) {
    const high = sumLanes(a4, a5, a6, a7);
    if (k + 4 < to) put(out + (i4 << 2), f32x4.extract_lane(high, 0), add);
    if (k + 5 < to) put(out + (i5 << 2), f32x4.extract_lane(high, 1), add);
    if (k + 6 < to) put(out + (i6 << 2), f32x4.extract_lane(high, 2), add);
    if (k + 7 < to) put(out + (i7 << 2), f32x4.extract_lane(high, 3), add);
  }
}

/**
 * out[index[k]] = sum over `vectors` vectors of matrix[index[k], j] * signal[j], for k in [from, to). `index` 0 means
 * every neuron in order. With `add` the result is added to what `out` holds.
 */
export function projectRow(
  out: usize, matrix: usize, stride: usize, signal: usize, vectors: i32, index: usize, from: i32, to: i32, add: i32,
): void {
  const bytes = <usize>vectors << 4;
  let k = from;
  for (; k + 4 < to; k += 8) projectGroup(8, out, matrix, stride, signal, bytes, index, k, to, add);
  if (k < to) projectGroup(4, out, matrix, stride, signal, bytes, index, k, to, add);
}

/** `projectRow` for the active neurons of the only example: `rowStart` is that of their list. */
export function projectActive(
  out: usize, matrix: usize, stride: usize, signal: usize, vectors: i32, rowStart: usize, index: usize, add: i32,
): void {
  projectRow(out, matrix, stride, signal, vectors, index, 0, load<i32>(rowStart, 4), add);
}

/**
 * `projectRow` for each example r in [rowFrom, rowTo): its entries are rowStart[r]..rowStart[r + 1], or all `n` when `index` is 0.
 * The matrix is walked in chunks of 128 rows as in `gather`, so that all examples meet a chunk while it is in cache.
 */
export function project(
  out: usize, outStride: usize, matrix: usize, stride: usize, signal: usize, signalStride: usize, vectors: i32,
  rowStart: usize, index: usize, n: i32, rowFrom: usize, rowTo: usize, add: i32, bounds: usize, chunks: usize,
): void {
  const rows = rowTo - rowFrom;
  if (index) boundChunks(bounds, chunks, rowStart, index, rowFrom, rowTo);
  for (let c: usize = 0; c < chunks; c++) {
    for (let r: usize = 0; r < rows; r++) {
      const at = bounds + ((c * rows + r) << 2);
      const from = index ? load<i32>(at) : <i32>(c * CHUNK);
      const to = index ? load<i32>(at + (rows << 2)) : min(n, <i32>((c + 1) * CHUNK));
      const row = rowFrom + r;
      projectRow(out + row * outStride, matrix, stride, signal + row * signalStride, vectors, index, from, to, add);
    }
  }
}
