/**
 * Convolutions. Maps lie *laid out*: image[n][y][x][c], with a border of zeros and no gaps between channels, so that the window that a kernel
 * sees is, line by line, one contiguous stretch of `span` values, and nobody asks where the border is. Windows may overlap, and what is read
 * past one belongs to the next.
 *
 *   convolve   out[n, y, x, :] = start + sum over lines and places of a window of image * weights                       forward pass
 *   sow        image[window of r] += sum_k value[k] * weights[index[k]]                                                 signals going back
 *
 * Gradients are `gather` of windows by lists of signals (products.ts), a list for each output channel.
 */
import { gatherRow, madd } from "./products";

/**
 * Lays `examples` maps out: image[n][y][x][plane * size + i] = maps[n][y][x][plane][i], where a map's cell (a plane of a position) is `stride`
 * bytes long. `image` is where the first value goes, inside the border. Values past `size` in a cell's last vector are zero.
 */
export function layOut(
  image: usize, imageBytes: usize, lineBytes: usize, maps: usize, mapBytes: usize, stride: usize,
  examples: i32, height: i32, cells: i32, size: i32,
): void {
  const bytes = <usize>size << 2;
  for (let n = 0; n < examples; n++) {
    let from = maps + <usize>n * mapBytes;
    for (let y = 0; y < height; y++) {
      let to = image + <usize>n * imageBytes + <usize>y * lineBytes;
      if (bytes == 4) {
        for (let i = 0; i < cells; i++, from += stride, to += 4) store<f32>(to, load<f32>(from));
        continue;
      }
      // A vector too long is written over by the next cell, or is zeros in the border, or before the next line is written.
      for (let i = 0; i < cells; i++, from += stride, to += bytes)
        for (let j: usize = 0; j < bytes; j += 16) v128.store(to + j, v128.load(from + j));
    }
  }
}

/** The way back: maps[n][y][x][plane][i] = image[n][y][x][plane * size + i], or with `add` added to it. The rest of a cell's last vector is zero. */
export function takeUp(
  image: usize, imageBytes: usize, lineBytes: usize, maps: usize, mapBytes: usize, stride: usize,
  examples: i32, height: i32, cells: i32, size: i32, add: i32,
): void {
  const bytes = <usize>size << 2;
  const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(((size - 1) & 3) + 1));
  const last = (bytes - 1) & ~15;
  for (let n = 0; n < examples; n++) {
    let to = maps + <usize>n * mapBytes;
    for (let y = 0; y < height; y++) {
      let from = image + <usize>n * imageBytes + <usize>y * lineBytes;
      for (let i = 0; i < cells; i++, from += bytes, to += stride) {
        for (let j: usize = 0; j <= last; j += 16) {
          let x = v128.load(from + j);
          if (j == last) x = v128.and(x, mask);
          v128.store(to + j, add ? f32x4.add(v128.load(to + j), x) : x);
        }
      }
    }
  }
}

/** Whether `bytes` from `at` on are all zero. A little more may be looked at. */
@inline
function silent(at: usize, bytes: usize): bool {
  let any = v128.load(at);
  for (let i: usize = 16; i < bytes; i += 16) any = v128.or(any, v128.load(at + i));
  return !v128.any_true(any);
}

/** `p` positions side by side (1 to 6) and `n` vectors of channels (1 or 2), held in registers while their windows are walked. */
@inline
function tile(
  p: i32, n: i32, out: usize, stride: usize, start: usize, startStride: usize,
  window: usize, step: usize, lineBytes: usize, lines: i32, span: usize, weights: usize, row: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  if (start) {
    a0 = v128.load(start);
    if (p > 1) a1 = v128.load(start + startStride);
    if (p > 2) a2 = v128.load(start + 2 * startStride);
    if (p > 3) a3 = v128.load(start + 3 * startStride);
    if (p > 4) a4 = v128.load(start + 4 * startStride);
    if (p > 5) a5 = v128.load(start + 5 * startStride);
    if (n > 1) {
      b0 = v128.load(start, 16);
      if (p > 1) b1 = v128.load(start + startStride, 16);
      if (p > 2) b2 = v128.load(start + 2 * startStride, 16);
      if (p > 3) b3 = v128.load(start + 3 * startStride, 16);
      if (p > 4) b4 = v128.load(start + 4 * startStride, 16);
      if (p > 5) b5 = v128.load(start + 5 * startStride, 16);
    }
  }
  const seen = (span << 2) + (<usize>p - 1) * step;
  for (let line = 0; line < lines; line++, window += lineBytes) {
    if (silent(window, seen)) {
      weights += span * row;
      continue;
    }
    let at = window;
    const end = window + (span << 2);
    for (; at < end; at += 4, weights += row) {
      const w0 = v128.load(weights);
      const w1 = n > 1 ? v128.load(weights, 16) : w0;
      const x0 = v128.load32_splat(at);
      a0 = madd(x0, w0, a0);
      if (n > 1) b0 = madd(x0, w1, b0);
      if (p > 1) {
        const x = v128.load32_splat(at + step);
        a1 = madd(x, w0, a1);
        if (n > 1) b1 = madd(x, w1, b1);
      }
      if (p > 2) {
        const x = v128.load32_splat(at + 2 * step);
        a2 = madd(x, w0, a2);
        if (n > 1) b2 = madd(x, w1, b2);
      }
      if (p > 3) {
        const x = v128.load32_splat(at + 3 * step);
        a3 = madd(x, w0, a3);
        if (n > 1) b3 = madd(x, w1, b3);
      }
      if (p > 4) {
        const x = v128.load32_splat(at + 4 * step);
        a4 = madd(x, w0, a4);
        if (n > 1) b4 = madd(x, w1, b4);
      }
      if (p > 5) {
        const x = v128.load32_splat(at + 5 * step);
        a5 = madd(x, w0, a5);
        if (n > 1) b5 = madd(x, w1, b5);
      }
    }
  }
  v128.store(out, a0);
  if (p > 1) v128.store(out + stride, a1);
  if (p > 2) v128.store(out + 2 * stride, a2);
  if (p > 3) v128.store(out + 3 * stride, a3);
  if (p > 4) v128.store(out + 4 * stride, a4);
  if (p > 5) v128.store(out + 5 * stride, a5);
  if (n > 1) {
    v128.store(out, b0, 16);
    if (p > 1) v128.store(out + stride, b1, 16);
    if (p > 2) v128.store(out + 2 * stride, b2, 16);
    if (p > 3) v128.store(out + 3 * stride, b3, 16);
    if (p > 4) v128.store(out + 4 * stride, b4, 16);
    if (p > 5) v128.store(out + 5 * stride, b5, 16);
  }
}

/** The positions of one line of the output, for `n` vectors. */
@inline
function line(
  n: i32, out: usize, stride: usize, start: usize, startStride: usize, width: i32,
  window: usize, step: usize, lineBytes: usize, lines: i32, span: usize, weights: usize, row: usize,
): void {
  let left = width;
  for (; left >= 6; left -= 6) {
    tile(6, n, out, stride, start, startStride, window, step, lineBytes, lines, span, weights, row);
    out += 6 * stride;
    if (start) start += 6 * startStride;
    window += 6 * step;
  }
  if (left >= 4) {
    tile(4, n, out, stride, start, startStride, window, step, lineBytes, lines, span, weights, row);
    out += 4 * stride;
    if (start) start += 4 * startStride;
    window += 4 * step;
    left -= 4;
  }
  for (; left > 0; left--) {
    tile(1, n, out, stride, start, startStride, window, step, lineBytes, lines, span, weights, row);
    out += stride;
    if (start) start += startStride;
    window += step;
  }
}

/**
 * out[r, lanes] = start[r, lanes] + sum over the window of row r of image * weights, for lines [from, to) of all examples' outputs (`height` lines
 * of `width` rows each). A window has `lines` lines of `span` values, `lineBytes` apart; `step` and `jump` are bytes from one window to the next,
 * across and down. Weights: [line][place in it][lane], `row` bytes for each place, `vectors` vectors of lanes. `start` 0 means zeros, `startStride` 0
 * broadcasts one row. Sums run in the order of weights. Where a stretch of the map is silent its weights are not read.
 */
export function convolve(
  out: usize, stride: usize, start: usize, startStride: usize, image: usize, imageBytes: usize, lineBytes: usize, step: usize, jump: usize,
  lines: i32, span: usize, weights: usize, row: usize, vectors: i32, height: i32, width: i32, from: i32, to: i32,
): void {
  for (let r = from; r < to; r++) {
    const n = r / height, y = r - n * height;
    const window = image + <usize>n * imageBytes + <usize>y * jump;
    const first = <usize>r * <usize>width;
    for (let v: i32 = 0; v < vectors; v += 2) {
      const lane = <usize>v << 4;
      const to = out + first * stride + lane;
      const add = start ? start + first * startStride + lane : 0;
      if (v + 1 < vectors) line(2, to, stride, add, startStride, width, window, step, lineBytes, lines, span, weights + lane, row);
      else line(1, to, stride, add, startStride, width, window, step, lineBytes, lines, span, weights + lane, row);
    }
  }
}

/**
 * image[window of row r] += sum over the entries k of row r of value[k] * weights[index[k]], for the rows of examples [from, to). Weights:
 * [channel][line][place in it], `spanVectors` vectors for each line, the last one filled up with zeros. `rowStart` holds the entries of each row.
 */
export function sow(
  image: usize, imageBytes: usize, lineBytes: usize, step: usize, jump: usize, lines: i32, spanVectors: i32, weights: usize,
  rowStart: usize, index: usize, value: usize, height: i32, width: i32, from: i32, to: i32,
): void {
  const lineWeights = <usize>spanVectors << 4;
  const row = <usize>lines * lineWeights;
  const blocks = (spanVectors + 12) / 13;
  for (let n = from; n < to; n++) {
    let entries = rowStart + (<usize>(n * height * width) << 2);
    for (let y = 0; y < height; y++) {
      let window = image + <usize>n * imageBytes + <usize>y * jump;
      for (let x = 0; x < width; x++, window += step, entries += 4) {
        const first = <usize>load<u32>(entries) << 2;
        const end = <usize>load<u32>(entries, 4) << 2;
        if (first == end) continue;
        for (let l: usize = 0; l < <usize>lines; l++) {
          let vector = 0;
          for (let b = 0; b < blocks; b++) {
            const n = (spanVectors - vector + blocks - b - 1) / (blocks - b);
            const at = window + l * lineBytes + (<usize>vector << 4);
            gatherRow(n, at, at, weights + l * lineWeights + (<usize>vector << 4), row, index + first, value + first, index + end);
            vector += n;
          }
        }
      }
    }
  }
}

/** Turns rows into places of the image, in values: where the window of each row begins. `count` entries. */
export function placeWindows(index: usize, count: i32, imageBytes: usize, step: usize, jump: usize, height: i32, width: i32): void {
  const positions = height * width;
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    const r = load<i32>(index + k);
    const n = r / positions, p = r - n * positions;
    const y = p / width, x = p - y * width;
    store<i32>(index + k, <i32>((<usize>n * imageBytes + <usize>y * jump + <usize>x * step) >> 2));
  }
}
