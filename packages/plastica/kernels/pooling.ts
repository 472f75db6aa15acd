/**
 * Pooling of maps [n][y][x][plane][lane]: a cell of `vectors` vectors for each plane of each position, `stride` bytes apart. Windows of `rows` by
 * `columns` positions, `down` and `across` apart; those that would reach over the edge are left out. Lanes do not see each other.
 */

/** A cell's window: the first position's cell, and the bytes to the next line of positions. */
@inline
function largest(from: usize, cell: usize, line: usize, rows: i32, columns: i32): v128 {
  let most = v128.load(from);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) most = f32x4.max(most, v128.load(from + <usize>i * line + <usize>j * cell));
  return most;
}

/** Puts the signal where the first value of the window was that is the largest. */
@inline
function award(from: usize, to: usize, cell: usize, line: usize, rows: i32, columns: i32, most: v128, signal: v128): void {
  let waiting = i32x4.splat(-1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = <usize>i * line + <usize>j * cell;
      const won = v128.and(waiting, f32x4.eq(v128.load(from + at), most));
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.and(signal, won)));
      waiting = v128.andnot(waiting, won);
    }
  }
}

/** out = the largest (`mean` 0) or the mean of each window, for examples [first, end). */
export function pool(
  out: usize, maps: usize, stride: usize, planes: i32, vectors: i32, height: i32, width: i32,
  rows: i32, columns: i32, down: i32, across: i32, outHeight: i32, outWidth: i32, mean: i32, first: i32, end: i32,
): void {
  const cell = <usize>planes * stride, line = <usize>width * cell;
  const share = f32x4.splat(<f32>1 / <f32>(rows * columns));
  let to = out + <usize>(first * outHeight * outWidth) * cell;
  for (let n = first; n < end; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const window = maps + <usize>(n * height + y * down) * line + <usize>(x * across) * cell;
        for (let p = 0; p < planes; p++, to += stride) {
          for (let v: usize = 0; v < <usize>vectors << 4; v += 16) {
            const from = window + <usize>p * stride + v;
            if (mean) {
              let sum = f32x4.splat(0);
              for (let i = 0; i < rows; i++)
                for (let j = 0; j < columns; j++) sum = f32x4.add(sum, v128.load(from + <usize>i * line + <usize>j * cell));
              v128.store(to + v, f32x4.mul(sum, share));
            } else if (rows == 2 && columns == 2) v128.store(to + v, largest(from, cell, line, 2, 2));
            else v128.store(to + v, largest(from, cell, line, rows, columns));
          }
        }
      }
    }
  }
}

/** The way back: `back` of the windows becomes `signals` of the positions, each the sum over the windows that it won, or took part in. */
export function unpool(
  signals: usize, back: usize, pooled: usize, maps: usize, stride: usize, planes: i32, vectors: i32, height: i32, width: i32,
  rows: i32, columns: i32, down: i32, across: i32, outHeight: i32, outWidth: i32, mean: i32, first: i32, end: i32,
): void {
  const cell = <usize>planes * stride, line = <usize>width * cell;
  const share = f32x4.splat(<f32>1 / <f32>(rows * columns));
  memory.fill(signals + <usize>(first * height) * line, 0, <usize>((end - first) * height) * line);
  let at = <usize>(first * outHeight * outWidth) * cell;
  for (let n = first; n < end; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const window = <usize>(n * height + y * down) * line + <usize>(x * across) * cell;
        for (let p = 0; p < planes; p++, at += stride) {
          for (let v: usize = 0; v < <usize>vectors << 4; v += 16) {
            const signal = v128.load(back + at + v);
            const from = window + <usize>p * stride + v;
            if (mean) {
              const each = f32x4.mul(signal, share);
              for (let i = 0; i < rows; i++) {
                for (let j = 0; j < columns; j++) {
                  const to = signals + from + <usize>i * line + <usize>j * cell;
                  v128.store(to, f32x4.add(v128.load(to), each));
                }
              }
            } else if (rows == 2 && columns == 2)
              award(maps + from, signals + from, cell, line, 2, 2, v128.load(pooled + at + v), signal);
            else award(maps + from, signals + from, cell, line, rows, columns, v128.load(pooled + at + v), signal);
          }
        }
      }
    }
  }
}
