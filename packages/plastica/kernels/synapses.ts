/**
 * The products of a batch where few synapses are present: examples are the lanes, and each synapse is visited once for all of them. What neurons
 * say is turned first (`transpose`), so that a neuron's row holds an example a lane. Forward is then `gather` by the present synapses of each
 * postsynaptic neuron.
 *
 * A row's synapses are listed in four quarters, those to lanes 0, 4, 8, ... first, then those to 1, 5, 9, ...: quarter q of row i is
 * [quarters[4 i + q], quarters[4 i + q + 1]). Sums run in the order of ./products, less the products with absent weights, which are zeros: so
 * results are those of ./products, bit for bit (but for the sign of a zero that fused arithmetic may leave where a product is too small for a float).
 */
import { at, gather, madd, put } from "./products";

/** values[place[k]] = the weight `offset[k]` bytes into the matrix, for k in [from, to). */
export function collect(values: usize, place: usize, matrix: usize, offset: usize, from: usize, to: usize): void {
  for (let k = from; k < to; k++) store<f32>(values + (at(place, k) << 2), load<f32>(matrix + at(offset, k)));
}

/** Rows that go back together: their quarters stay in a first-level cache. */
const GROUP: usize = 8;

/**
 * Signals of a batch back: out[r, row] = the sum over the row's synapses of value * signal[lane[k], r], for rows [from, to). `signal` is turned,
 * `bytes` a row; `partial` has room for 32 such rows.
 */
export function projectSynapses(
  out: usize, outStride: usize, quarters: usize, lane: usize, value: usize, signal: usize, bytes: usize, examples: usize,
  from: usize, to: usize, partial: usize, add: i32,
): void {
  for (let first = from; first < to; first += GROUP) {
    const end = min(first + GROUP, to);
    gather(partial - first * 4 * bytes, bytes, 0, 0, signal, bytes, quarters, lane, value, first << 2, end << 2, 0, <i32>(bytes >> 4), 0, 1);
    for (let row = first; row < end; row++) {
      const p0 = partial + ((row - first) << 2) * bytes, p1 = p0 + bytes, p2 = p1 + bytes, p3 = p2 + bytes;
      let to = out + (row << 2);
      for (let e: usize = 0; e < examples; e += 4) {
        const b = e << 2;
        const sum = f32x4.add(f32x4.add(v128.load(p0 + b), v128.load(p1 + b)), f32x4.add(v128.load(p2 + b), v128.load(p3 + b)));
        put(to, f32x4.extract_lane(sum, 0), add);
        if (e + 1 < examples) put(to + outStride, f32x4.extract_lane(sum, 1), add);
        if (e + 2 < examples) put(to + 2 * outStride, f32x4.extract_lane(sum, 2), add);
        if (e + 3 < examples) put(to + 3 * outStride, f32x4.extract_lane(sum, 3), add);
        to += outStride << 2;
      }
    }
  }
}

/** Four synapses' signals of four examples, added to their sums one after the other. */
@inline
function advance(a: v128, x: usize, s0: usize, s1: usize, s2: usize, s3: usize): v128 {
  const r0 = v128.load(s0), r1 = v128.load(s1), r2 = v128.load(s2), r3 = v128.load(s3);
  const a0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), a1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const b0 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), b1 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  a = madd(v128.load32_splat(x), v128.shuffle<i64>(a0, b0, 0, 2), a);
  a = madd(v128.load32_splat(x, 4), v128.shuffle<i64>(a0, b0, 1, 3), a);
  a = madd(v128.load32_splat(x, 8), v128.shuffle<i64>(a1, b1, 0, 2), a);
  return madd(v128.load32_splat(x, 12), v128.shuffle<i64>(a1, b1, 1, 3), a);
}

/** The same for one example. */
@inline
function step(a: v128, x: usize, s0: usize, s1: usize, s2: usize, s3: usize): v128 {
  let s = v128.load32_zero(s0);
  s = v128.load_lane<f32>(s1, s, 1);
  s = v128.load_lane<f32>(s2, s, 2);
  return madd(v128.load32_splat(x), v128.load_lane<f32>(s3, s, 3), a);
}

/** The gradient of a batch where synapses are, of rows [from, to): out[row, lane[k]] = sum over examples of x[row] * signal[lane[k]], both turned. */
export function gradientSynapses(
  out: usize, outStride: usize, quarters: usize, lane: usize, x: usize, signal: usize, bytes: usize, examples: usize,
  from: usize, to: usize,
): void {
  const end = examples << 2;
  for (let row = from; row < to; row++) {
    const xs = x + row * bytes, o = out + row * outStride;
    const last = at(quarters, (row << 2) + 4);
    for (let k = at(quarters, row << 2); k < last; k += 8) {
      const l0 = at(lane, k), l1 = at(lane, min(k + 1, last - 1)), l2 = at(lane, min(k + 2, last - 1)), l3 = at(lane, min(k + 3, last - 1));
      const l4 = at(lane, min(k + 4, last - 1)), l5 = at(lane, min(k + 5, last - 1));
      const l6 = at(lane, min(k + 6, last - 1)), l7 = at(lane, min(k + 7, last - 1));
      let s0 = signal + l0 * bytes, s1 = signal + l1 * bytes, s2 = signal + l2 * bytes, s3 = signal + l3 * bytes;
      let s4 = signal + l4 * bytes, s5 = signal + l5 * bytes, s6 = signal + l6 * bytes, s7 = signal + l7 * bytes;
      let a = f32x4.splat(0), b = a;
      let e: usize = 0;
      for (; e + 16 <= end; e += 16) {
        a = advance(a, xs + e, s0, s1, s2, s3);
        b = advance(b, xs + e, s4, s5, s6, s7);
        s0 += 16; s1 += 16; s2 += 16; s3 += 16;
        s4 += 16; s5 += 16; s6 += 16; s7 += 16;
      }
      for (; e < end; e += 4) {
        a = step(a, xs + e, s0, s1, s2, s3);
        b = step(b, xs + e, s4, s5, s6, s7);
        s0 += 4; s1 += 4; s2 += 4; s3 += 4;
        s4 += 4; s5 += 4; s6 += 4; s7 += 4;
      }
      store<f32>(o + (l0 << 2), f32x4.extract_lane(a, 0));
      store<f32>(o + (l1 << 2), f32x4.extract_lane(a, 1));
      store<f32>(o + (l2 << 2), f32x4.extract_lane(a, 2));
      store<f32>(o + (l3 << 2), f32x4.extract_lane(a, 3));
      store<f32>(o + (l4 << 2), f32x4.extract_lane(b, 0));
      store<f32>(o + (l5 << 2), f32x4.extract_lane(b, 1));
      store<f32>(o + (l6 << 2), f32x4.extract_lane(b, 2));
      store<f32>(o + (l7 << 2), f32x4.extract_lane(b, 3));
    }
  }
}
