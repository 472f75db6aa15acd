/** The kernels of convolution and pooling once more: as kernels.twin.ts, one number at a time, in the order that their docs promise. */
import type { List, Matrix, Range } from "./kernels.twin.ts";

const f = Math.fround;

/** How windows lie on laid-out maps; all in numbers, not bytes. */
export interface Windows {
  readonly imageSize: number;
  readonly lineSize: number;
  readonly step: number;
  readonly jump: number;
  readonly lines: number;
  readonly span: number;
  readonly height: number;
  readonly width: number;
}

const placeOf = ({ imageSize, step, jump, height, width }: Windows, row: number): number => {
  const [n, p] = [Math.floor(row / (height * width)), row % (height * width)];
  return n * imageSize + Math.floor(p / width) * jump + (p % width) * step;
};

/** `start` undefined means zeros; a stride of 0 broadcasts one row. Weights: a row for each place of a window. */
export function convolve(
  out: Matrix,
  start: Matrix | undefined,
  image: Float32Array,
  windows: Windows,
  weights: Matrix,
  vectors: number,
  [from, to]: Range,
): void {
  const { width, lines, span, lineSize } = windows;
  for (let row = from * width; row < to * width; row++) {
    const at = placeOf(windows, row);
    for (let lane = 0; lane < 4 * vectors; lane++) {
      let sum = start ? start.data[row * start.stride + lane] : 0;
      for (let place = 0; place < lines * span; place++) {
        const x = image[at + Math.floor(place / span) * lineSize + (place % span)];
        sum = f(f(x * weights.data[place * weights.stride + lane]) + sum);
      }
      out.data[row * out.stride + lane] = sum;
    }
  }
}

/** Weights: [channel][line][place in it], `spanVectors` vectors a line. */
export function sow(image: Float32Array, windows: Windows, weights: Float32Array, list: List, [from, to]: Range): void {
  const { height, width, lines, span, lineSize } = windows;
  const lanes = 4 * Math.ceil(span / 4);
  for (let row = from * height * width; row < to * height * width; row++) {
    const at = placeOf(windows, row);
    for (let line = 0; line < lines; line++)
      for (let lane = 0; lane < lanes; lane++)
        for (let k = list.rowStart[row]; k < list.rowStart[row + 1]; k++) {
          const i = at + line * lineSize + lane;
          image[i] = f(f(list.value[k] * weights[(list.index[k] * lines + line) * lanes + lane]) + image[i]);
        }
  }
}

export const placeWindows = (rows: readonly number[], windows: Windows): number[] =>
  rows.map((row) => placeOf(windows, row));

/** Maps of cells (a plane of a position), `stride` numbers long, pooled; `awards` says where a window's signal goes to. */
export interface Pools {
  readonly stride: number;
  readonly planes: number;
  readonly vectors: number;
  readonly map: readonly [height: number, width: number];
  readonly window: readonly [rows: number, columns: number];
  readonly apart: readonly [down: number, across: number];
  readonly out: readonly [height: number, width: number];
  readonly mean: boolean;
}

/** Each pooled value's place, and the places of its window, in order. */
function* windowsOf({ stride, planes, vectors, map, window, apart, out }: Pools, [from, to]: Range) {
  for (let n = from; n < to; n++)
    for (let y = 0; y < out[0]; y++)
      for (let x = 0; x < out[1]; x++)
        for (let p = 0; p < planes; p++)
          for (let lane = 0; lane < 4 * vectors; lane++) {
            const seen: number[] = [];
            for (let i = 0; i < window[0]; i++)
              for (let j = 0; j < window[1]; j++)
                seen.push((((n * map[0] + y * apart[0] + i) * map[1] + x * apart[1] + j) * planes + p) * stride + lane);
            yield { at: (((n * out[0] + y) * out[1] + x) * planes + p) * stride + lane, seen };
          }
}

export function pool(out: Float32Array, maps: Float32Array, pools: Pools, examples: Range): void {
  for (const { at, seen } of windowsOf(pools, examples)) {
    const sum = seen.reduce((total, i) => f(total + maps[i]), 0);
    out[at] = pools.mean ? f(sum * f(1 / seen.length)) : Math.max(...seen.map((i) => maps[i]));
  }
}

export function unpool(
  signals: Float32Array,
  back: Float32Array,
  pooled: Float32Array,
  maps: Float32Array,
  pools: Pools,
  examples: Range,
): void {
  const bytes = pools.map[0] * pools.map[1] * pools.planes * pools.stride;
  signals.fill(0, examples[0] * bytes, examples[1] * bytes);
  for (const { at, seen } of windowsOf(pools, examples)) {
    if (pools.mean) for (const i of seen) signals[i] = f(signals[i] + f(back[at] * f(1 / seen.length)));
    else {
      const first = seen.find((i) => maps[i] === pooled[at])!;
      signals[first] = f(signals[first] + back[at]);
    }
  }
}
