/**
 * Layer normalisation, example by example: a row of `lanes` values for each of `positions` positions, `stride` bytes apart; mean and variance are
 * over all of them. Of a row four partial results are summed, lane l in partial l mod 4, ended by (p0 + p1) + (p2 + p3); rows are summed in double
 * precision. Lanes that fill a row's last vector count for nothing and are written as zero.
 */
import { madd } from "./products";

const EPSILON: f32 = 1e-5;

/** The lanes of a row's last vector, where that is not full. */
@inline
function rest(lanes: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes & 3));
}

function total(sum: v128): f32 {
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** The sum of x over the rows from `from` to `to`. */
function sumOf(from: usize, to: usize, stride: usize, lanes: i32): f32 {
  const full = <usize>(lanes >> 2) << 4;
  let rows: f64 = 0;
  for (; from < to; from += stride) {
    let sum = f32x4.splat(0);
    for (let lane: usize = 0; lane < full; lane += 16) sum = f32x4.add(sum, v128.load(from + lane));
    if (lanes & 3) sum = v128.bitselect(f32x4.add(sum, v128.load(from + full)), sum, rest(lanes));
    rows += <f64>total(sum);
  }
  return <f32>rows;
}

/** The sum of (x - mean)^2. */
function squaresOf(from: usize, to: usize, stride: usize, lanes: i32, mean: f32): f32 {
  const full = <usize>(lanes >> 2) << 4;
  let rows: f64 = 0;
  for (; from < to; from += stride) {
    let sum = f32x4.splat(0);
    for (let lane: usize = 0; lane < full; lane += 16) {
      const value = f32x4.sub(v128.load(from + lane), f32x4.splat(mean));
      sum = f32x4.add(sum, f32x4.mul(value, value));
    }
    if (lanes & 3) {
      const value = f32x4.sub(v128.load(from + full), f32x4.splat(mean));
      sum = v128.bitselect(f32x4.add(sum, f32x4.mul(value, value)), sum, rest(lanes));
    }
    rows += <f64>total(sum);
  }
  return <f32>rows;
}

/** Zeroes the lanes that only fill a row's last vector. */
@inline
function clearRest(row: usize, lanes: i32): void {
  const at = row + (<usize>(lanes >> 2) << 4);
  v128.store(at, v128.and(v128.load(at), rest(lanes)));
}

/** 1 / (standard deviation), in all lanes. */
function inverse(square: f32, n: f32): v128 {
  return f32x4.splat(<f32>1 / sqrt<f32>(square / n + EPSILON));
}

/**
 * normal = (x - mean) / sqrt(variance + 1e-5), drive = normal * gain + shift; `squares` keeps the sum of (x - mean)^2 of each example. Of
 * examples [first, end).
 */
export function normaliseLayer(
  drive: usize, normal: usize, squares: usize, x: usize, stride: usize, gain: usize, shift: usize, lanes: i32, positions: i32, first: i32, end: i32,
): void {
  const n = <f32>(lanes * positions), bytes = <usize>((lanes + 3) >> 2) << 4;
  for (let example = first; example < end; example++) {
    const from = <usize>(example * positions) * stride, to = from + <usize>positions * stride;
    const mean = sumOf(x + from, x + to, stride, lanes) / n;
    const square = squaresOf(x + from, x + to, stride, lanes, mean);
    store<f32>(squares + (<usize>example << 2), square);
    const scale = inverse(square, n);
    for (let at = from; at < to; at += stride) {
      for (let lane: usize = 0; lane < bytes; lane += 16) {
        const centred = f32x4.sub(v128.load(x + at + lane), f32x4.splat(mean));
        v128.store(normal + at + lane, f32x4.mul(scale, centred));
        const slope = f32x4.mul(scale, v128.load(gain + lane));
        v128.store(drive + at + lane, madd(slope, centred, v128.load(shift + lane)));
      }
      if (lanes & 3) {
        clearRest(normal + at, lanes);
        clearRest(drive + at, lanes);
      }
    }
  }
}

/** `signal`, dLoss / dDrive, becomes dLoss / dX; `gainSignal` and `shiftSignal` are what gain and shift learn from, cell by cell. */
export function denormaliseLayer(
  signal: usize, gainSignal: usize, shiftSignal: usize, normal: usize, squares: usize, stride: usize, gain: usize, lanes: i32, positions: i32,
  first: i32, end: i32,
): void {
  const n = <f32>(lanes * positions), bytes = <usize>((lanes + 3) >> 2) << 4, full = <usize>(lanes >> 2) << 4;
  for (let example = first; example < end; example++) {
    const from = <usize>(example * positions) * stride, to = from + <usize>positions * stride;
    let pulls: f64 = 0, turns: f64 = 0;
    for (let at = from; at < to; at += stride) {
      let pull = f32x4.splat(0), turn = f32x4.splat(0);
      for (let lane: usize = 0; lane < bytes; lane += 16) {
        const given = v128.load(signal + at + lane), value = v128.load(normal + at + lane);
        const pulled = f32x4.mul(given, v128.load(gain + lane)), turned = f32x4.mul(pulled, value);
        const counts = lane < full ? i32x4.splat(-1) : rest(lanes);
        pull = v128.bitselect(f32x4.add(pull, pulled), pull, counts);
        turn = v128.bitselect(f32x4.add(turn, turned), turn, counts);
        v128.store(gainSignal + at + lane, f32x4.mul(given, value));
        v128.store(shiftSignal + at + lane, given);
      }
      if (lanes & 3) {
        clearRest(gainSignal + at, lanes);
        clearRest(shiftSignal + at, lanes);
      }
      pulls += <f64>total(pull);
      turns += <f64>total(turn);
    }
    const pull = f32x4.splat(<f32>pulls / n), turn = f32x4.splat(<f32>turns / n);
    const scale = inverse(load<f32>(squares + (<usize>example << 2)), n);
    for (let at = from; at < to; at += stride) {
      for (let lane: usize = 0; lane < bytes; lane += 16) {
        const pulled = f32x4.mul(v128.load(signal + at + lane), v128.load(gain + lane));
        const left = f32x4.sub(f32x4.sub(pulled, pull), f32x4.mul(v128.load(normal + at + lane), turn));
        v128.store(signal + at + lane, f32x4.mul(scale, left));
      }
      if (lanes & 3) clearRest(signal + at, lanes);
    }
  }
}
