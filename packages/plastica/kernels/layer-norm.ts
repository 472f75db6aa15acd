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

function total(sum: v128): f32 {
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** The sum of x over the rows from `from` to `to`. */
function sumOf(from: usize, to: usize, stride: usize, lanes: i32): f32 {
  let rows: f64 = 0;
  for (; from < to; from += stride) {
    let sum = f32x4.splat(0);
    for (let v = 0; v < lanes; v += 4) {
      const value = v128.load(from + (<usize>v << 2));
      sum = v128.bitselect(f32x4.add(sum, value), sum, inRow(v, lanes));
    }
    rows += <f64>total(sum);
  }
  return <f32>rows;
}

/** The sum of (x - mean)^2. */
function squaresOf(from: usize, to: usize, stride: usize, lanes: i32, mean: f32): f32 {
  let rows: f64 = 0;
  for (; from < to; from += stride) {
    let sum = f32x4.splat(0);
    for (let v = 0; v < lanes; v += 4) {
      const value = f32x4.sub(v128.load(from + (<usize>v << 2)), f32x4.splat(mean));
      sum = v128.bitselect(f32x4.add(sum, f32x4.mul(value, value)), sum, inRow(v, lanes));
    }
    rows += <f64>total(sum);
  }
  return <f32>rows;
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
  const n = <f32>(lanes * positions);
  for (let example = first; example < end; example++) {
    const from = <usize>(example * positions) * stride, to = from + <usize>positions * stride;
    const mean = sumOf(x + from, x + to, stride, lanes) / n;
    const square = squaresOf(x + from, x + to, stride, lanes, mean);
    store<f32>(squares + (<usize>example << 2), square);
    const scale = inverse(square, n);
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
    const scale = inverse(load<f32>(squares + (<usize>example << 2)), n);
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
