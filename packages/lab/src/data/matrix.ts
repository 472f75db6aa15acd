/**
 * Arrays in files as rows and columns: the first index counts rows, the others together, the last running fastest, columns. Values are
 * read where they lie, so that an array larger than memory can be asked for its rows.
 */
import { type Bytes, exactly } from "./bytes.ts";
import { ELEMENTS } from "./elements.ts";
import { DataError } from "./errors.ts";

export interface Matrix {
  readonly shape: readonly number[];
  readonly rows: number;
  readonly width: number;
  /** Writes the rows from `first` on, one after the other, to `target`. */
  read(first: number, count: number, target: Float64Array): void;
}

/** How an array lies in its file. */
export interface Layout {
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly at: number;
  /** One of `ELEMENTS`. */
  readonly type: string;
  /** The byte order, least first. */
  readonly little: boolean;
  /** The first index runs fastest. */
  readonly fortran?: boolean;
}

/** The array that lies so in `bytes`. Throws DataError: no dimension, or bytes that are too few or too many. */
export function matrixOf(bytes: Bytes, layout: Layout): Matrix {
  const { shape, at, type, fortran } = layout;
  if (shape.length === 0) throw new DataError(`${bytes.source}: is a single number, must have a dimension or more`);
  const [size] = ELEMENTS[type];
  const total = shape.reduce((product, n) => product * n, 1);
  const has = bytes.size - at;
  if (has !== total * size) {
    const fault = has < total * size ? "truncated" : "too long";
    const values = `${shape.join(" x ")} values of ${size} ${size === 1 ? "byte" : "bytes"}`;
    throw new DataError(`${bytes.source}: ${fault}: ${values} are ${total * size} bytes, there are ${has}`);
  }
  const [rows, ...rest] = shape;
  const width = rest.reduce((product, n) => product * n, 1);
  return { shape, rows, width, read: fortran ? byColumn(bytes, layout, width) : byRow(bytes, layout, width) };
}

function byRow(bytes: Bytes, { at, type, little }: Layout, width: number): Matrix["read"] {
  const [size, element] = ELEMENTS[type];
  return (first, count, target) => {
    const view = viewOf(exactly(bytes, at + first * width * size, count * width * size));
    for (let i = 0; i < count * width; i++) target[i] = element(view, i * size, little);
  };
}

function byColumn(bytes: Bytes, { shape, at, type, little }: Layout, width: number): Matrix["read"] {
  const [size, element] = ELEMENTS[type];
  const [rows, ...rest] = shape;
  return (first, count, target) => {
    for (let column = 0; column < width; column++) {
      const from = at + (fortranPlace(column, rest) * rows + first) * size;
      const view = viewOf(exactly(bytes, from, count * size));
      for (let i = 0; i < count; i++) target[i * width + column] = element(view, i * size, little);
    }
  };
}

/** Where the column that is `column` in C order stands in Fortran's. */
function fortranPlace(column: number, rest: readonly number[]): number {
  let left = column;
  const indices = rest.toReversed().map((n) => {
    const index = left % n;
    left = Math.floor(left / n);
    return index;
  });
  let place = 0; // of the last index first, as it runs slowest
  indices.forEach((index, i) => {
    place = place * rest[rest.length - 1 - i] + index;
  });
  return place;
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
