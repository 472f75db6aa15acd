/**
 * Layer normalisation, example by example: a row of `lanes` values for each of `positions` positions, `stride` bytes apart; mean and variance are
 * over all of them. Of a row four partial results are summed, lane l in partial l mod 4, ended by (p0 + p1) + (p2 + p3); rows are summed in double
 * precision. Lanes that fill a row's last vector count for nothing and are written as zero.
 */
import { madd } from "./products";

const EPSILON: f32 = 1e-5;

/** All lanes of a vector but those that only fill the last one of a row. */
@inline
function inRow(v: i32, lanes: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(v), i32x4(0, 1, 2, 3)), i32x4.splat(lanes));
}

@inline
function total(sum: v128): f32 {
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** The sum of (x - mean)^power over a row, power 1 or 2. */
@inline
function moment(x: usize, lanes: i32, mean: f32, power: i32): f32 {
  let sum = f32x4.splat(0);
  for (let v = 0; v < lanes; v += 4) {
    let value = f32x4.sub(v128.load(x + (<usize>v << 2)), f32x4.splat(mean));
    if (power == 2) value = f32x4.mul(value, value);
    sum = v128.bitselect(f32x4.add(sum, value), sum, inRow(v, lanes));
  }
  return total(sum);
}

/**
 * normal = (x - mean) / sqrt(variance + 1e-5), drive = normal * gain + shift; `squares` keeps the sum of (x - mean)^2 of each example. Of
 * examples [first, end).
 */
export function normaliseLayer(
  drive: usize, normal: usize, squares: usize, x: usize, stride: usize, gain: usize, shift: usize, lanes: i32, positions: i32, first: i32, end: i32,
): void {
  const n = <f32>(lanes * positions);
  for (let example = first; example < end; example++) {
    const from = <usize>(example * positions) * stride, to = from + <usize>positions * stride;
    let sum: f64 = 0, square: f64 = 0;
    for (let at = from; at < to; at += stride) sum += <f64>moment(x + at, lanes, 0, 1);
    const mean = <f32>sum / n;
    for (let at = from; at < to; at += stride) square += <f64>moment(x + at, lanes, mean, 2);
    store<f32>(squares + (<usize>example << 2), <f32>square);
    const scale = f32x4.splat(<f32>1 / sqrt<f32>(<f32>square / n + EPSILON));
    for (let at = from; at < to; at += stride) {
      for (let v = 0; v < lanes; v += 4) {
        const lane = <usize>v << 2, mask = inRow(v, lanes);
        const centred = f32x4.sub(v128.load(x + at + lane), f32x4.splat(mean));
        v128.store(normal + at + lane, v128.and(f32x4.mul(scale, centred), mask));
        const slope = f32x4.mul(scale, v128.load(gain + lane));
        v128.store(drive + at + lane, v128.and(madd(slope, centred, v128.load(shift + lane)), mask));
      }
    }
  }
}

/** `signal`, dLoss / dDrive, becomes dLoss / dX; `gainSignal` and `shiftSignal` are what gain and shift learn from, cell by cell. */
export function denormaliseLayer(
  signal: usize, gainSignal: usize, shiftSignal: usize, normal: usize, squares: usize, stride: usize, gain: usize, lanes: i32, positions: i32,
  first: i32, end: i32,
): void {
  const n = <f32>(lanes * positions);
  for (let example = first; example < end; example++) {
    const from = <usize>(example * positions) * stride, to = from + <usize>positions * stride;
    let pulls: f64 = 0, turns: f64 = 0;
    for (let at = from; at < to; at += stride) {
      let pull = f32x4.splat(0), turn = f32x4.splat(0);
      for (let v = 0; v < lanes; v += 4) {
        const lane = <usize>v << 2, mask = inRow(v, lanes);
        const given = v128.load(signal + at + lane), value = v128.load(normal + at + lane);
        const pulled = f32x4.mul(given, v128.load(gain + lane));
        pull = v128.bitselect(f32x4.add(pull, pulled), pull, mask);
        turn = v128.bitselect(f32x4.add(turn, f32x4.mul(pulled, value)), turn, mask);
        v128.store(gainSignal + at + lane, v128.and(f32x4.mul(given, value), mask));
        v128.store(shiftSignal + at + lane, v128.and(given, mask));
      }
      pulls += <f64>total(pull);
      turns += <f64>total(turn);
    }
    const pull = f32x4.splat(<f32>pulls / n), turn = f32x4.splat(<f32>turns / n);
    const scale = f32x4.splat(<f32>1 / sqrt<f32>(load<f32>(squares + (<usize>example << 2)) / n + EPSILON));
    for (let at = from; at < to; at += stride) {
      for (let v = 0; v < lanes; v += 4) {
        const lane = <usize>v << 2;
        const pulled = f32x4.mul(v128.load(signal + at + lane), v128.load(gain + lane));
        const rest = f32x4.sub(f32x4.sub(pulled, pull), f32x4.mul(v128.load(normal + at + lane), turn));
        v128.store(signal + at + lane, v128.and(f32x4.mul(scale, rest), inRow(v, lanes)));
      }
    }
  }
}
