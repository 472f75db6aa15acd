/**
 * The hand-written kernels once more, in plain TypeScript: one number at a time, rounded to float32 after every operation, in
 * the order that the kernels' docs promise. Tests hold the two together bit for bit in plain arithmetic. Everything is an
 * index into arrays here, where the kernels have pointers in bytes; a vector is four lanes.
 */
const f = Math.fround;

/** Rows of a matrix, `stride` numbers apart. */
export interface Matrix {
  readonly data: Float32Array;
  readonly stride: number;
}

/** Row r's entries are rowStart[r]..rowStart[r + 1] of `index` and `value`. */
export interface List {
  readonly rowStart: readonly number[];
  readonly index: readonly number[];
  readonly value: readonly number[];
}

export type Range = readonly [from: number, to: number];

/** `start` undefined means zeros; a stride of 0 broadcasts one row. */
export function gather(
  out: Matrix,
  start: Matrix | undefined,
  matrix: Matrix,
  list: List,
  rows: Range,
  vectors: Range,
) {
  for (let r = rows[0]; r < rows[1]; r++) {
    for (let lane = 4 * vectors[0]; lane < 4 * vectors[1]; lane++) {
      let sum = start ? start.data[r * start.stride + lane] : 0;
      for (let k = list.rowStart[r]; k < list.rowStart[r + 1]; k++) {
        sum = f(f(list.value[k] * matrix.data[list.index[k] * matrix.stride + lane]) + sum);
      }
      out.data[r * out.stride + lane] = sum;
    }
  }
}

/** `index` undefined means every neuron in order. */
export function projectRow(
  out: Float32Array,
  matrix: Matrix,
  signal: Float32Array,
  vectors: number,
  index: readonly number[] | undefined,
  entries: Range,
  add: boolean,
) {
  for (let k = entries[0]; k < entries[1]; k++) {
    const i = index ? index[k] : k;
    const sums = [0, 0, 0, 0];
    for (let j = 0; j < 4 * vectors; j++)
      sums[j % 4] = f(f(signal[j] * matrix.data[i * matrix.stride + j]) + sums[j % 4]);
    const sum = f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
    out[i] = add ? f(out[i] + sum) : sum;
  }
}

/** Planes lie one after the other in a row, `planeStride` numbers apart. */
export function listActive(x: Matrix, rows: number, n: number, planes: number, planeStride: number): List {
  const list = { rowStart: [0], index: [] as number[], value: [] as number[] };
  for (let r = 0; r < rows; r++) {
    for (let p = 0; p < planes; p++) {
      for (let i = 0; i < n; i++) {
        const value = x.data[r * x.stride + p * planeStride + i];
        if (value === 0) continue;
        list.index.push(p * planeStride + i);
        list.value.push(value);
      }
    }
    list.rowStart.push(list.index.length);
  }
  return list;
}

export function listByNeuron(list: List, rows: number, columns: number): List {
  const transposed = { rowStart: [0], index: [] as number[], value: [] as number[] };
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      for (let k = list.rowStart[r]; k < list.rowStart[r + 1]; k++) {
        if (list.index[k] !== c) continue;
        transposed.index.push(r);
        transposed.value.push(list.value[k]);
      }
    }
    transposed.rowStart.push(transposed.index.length);
  }
  return transposed;
}

export function allFinite(x: Float32Array, n: number): boolean {
  return x.subarray(0, n).every((value) => Number.isFinite(value));
}

export function sumMagnitudes(out: Float32Array, matrix: Matrix, rows: number, vectors: Range) {
  for (let lane = 4 * vectors[0]; lane < 4 * vectors[1]; lane++) {
    const sums = [0, 0, 0, 0];
    for (let r = 0; r < rows; r++) {
      // The last rows, too few for a round of four, are all added to the first sum.
      const into = r < rows - (rows % 4) ? r % 4 : 0;
      sums[into] = f(sums[into] + Math.abs(matrix.data[r * matrix.stride + lane]));
    }
    out[lane] = f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
  }
}
