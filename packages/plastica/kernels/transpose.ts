/** out[c][r] = matrix[r][c]; a `stride` of 0 takes one row for all. */
export function transpose(out: usize, outStride: usize, matrix: usize, stride: usize, rows: i32, columns: i32): void {
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    let o = out + <usize>c * outStride;
    let m = matrix + (<usize>c << 2);
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      const r0 = v128.load(m), r1 = v128.load(m + stride), r2 = v128.load(m + 2 * stride), r3 = v128.load(m + 3 * stride);
      const a0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), a1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const b0 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), b1 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      v128.store(o, v128.shuffle<i64>(a0, b0, 0, 2));
      v128.store(o + outStride, v128.shuffle<i64>(a0, b0, 1, 3));
      v128.store(o + 2 * outStride, v128.shuffle<i64>(a1, b1, 0, 2));
      v128.store(o + 3 * outStride, v128.shuffle<i64>(a1, b1, 1, 3));
      m += stride << 2;
      o += 16;
    }
    for (; r < rows; r++, m += stride, o += 4) {
      store<f32>(o, load<f32>(m));
      store<f32>(o + outStride, load<f32>(m, 4));
      store<f32>(o + 2 * outStride, load<f32>(m, 8));
      store<f32>(o + 3 * outStride, load<f32>(m, 12));
    }
  }
  for (; c < columns; c++) {
    let o = out + <usize>c * outStride;
    let m = matrix + (<usize>c << 2);
    for (let r = 0; r < rows; r++, m += stride, o += 4) store<f32>(o, load<f32>(m));
  }
}
