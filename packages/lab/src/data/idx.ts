/**
 * The IDX format, in which MNIST and its relatives come: a big-endian header (two zero bytes, a type, the number of
 * dimensions, then each dimension as a 32-bit integer), then the values row by row. Images are of unsigned bytes (type 0x08), as in all
 * MNIST-like sets; a table may be of any type. A file that ends in `.gz` is unpacked first.
 *
 * LeCun, Cortes and Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/.
 */
import { arrayTable, withTargets } from "./arrays.ts";
import { type Bytes, exactly, openBytes, wholeFile } from "./bytes.ts";
import { DataError } from "./errors.ts";
import { type Matrix, matrixOf } from "./matrix.ts";
import type { Table, TableOptions } from "./table.ts";

/** What an IDX file holds: `values` has as many bytes as the product of `dimensions`. */
export interface Idx {
  readonly dimensions: number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** What the type's byte says, by the names of `elements.ts`. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [UNSIGNED_BYTE, "u1"],
  [0x09, "i1"],
  [0x0b, "i2"],
  [0x0c, "i4"],
  [0x0d, "f4"],
  [0x0e, "f8"],
]);

/**
 * Reads the IDX file at `path`.
 *
 * @param rank how many dimensions it must have: 3 for images, 1 for labels
 * @throws DataError naming the path: the file is missing, no IDX file of bytes, of another rank, or truncated
 */
export function readIdx(path: string, rank: number): Idx {
  return parseIdx(wholeFile(path), path, rank);
}

/** The same for bytes already in memory; `source` stands for the path in errors. */
export function parseIdx(bytes: Uint8Array, source: string, rank: number): Idx {
  const wanted = `must be 0x${hex(UNSIGNED_BYTE * 256 + rank)} (unsigned bytes, ${rank} dimension${rank === 1 ? "" : "s"})`;
  if (bytes.length < 4) {
    throw new DataError(`${source}: truncated: ${bytes.length} bytes, too short for an IDX header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== UNSIGNED_BYTE * 256 + rank) {
    throw new DataError(`${source}: magic number is 0x${hex(magic)}, ${wanted}`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new DataError(`${source}: truncated: ${bytes.length} bytes, the header alone has ${header}`);
  }
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = dimensions.reduce((product, n) => product * n, 1);
  const has = bytes.length - header;
  if (has !== size) {
    const fault = has < size ? "truncated" : "too long";
    throw new DataError(`${source}: ${fault}: ${dimensions.join(" x ")} says ${size} values, there are ${has}`);
  }
  return { dimensions, values: bytes.subarray(header) };
}

export interface IdxOptions extends TableOptions {
  /** The path of an IDX file with one value a row, which becomes the column "y". */
  labels?: string;
}

/**
 * The table in the IDX file at `path`, of any type: a row for each step of the first dimension, its columns called "1", "2", "3" ...
 *
 * @throws DataError naming the file: missing, no IDX file, truncated, or labels that are not one a row
 */
export function idxTable(path: string, { labels, ...options }: IdxOptions = {}): Table {
  if (labels === undefined) return arrayTable(path, options, (bytes) => withTargets(path, matrixIn(bytes)));
  const said = openBytes(labels);
  try {
    const table = arrayTable(path, options, (bytes) => withTargets(path, matrixIn(bytes), matrixIn(said)));
    return { ...table, close: () => [table, said].forEach((file) => file.close()) };
  } catch (error) {
    said.close();
    throw error;
  }
}

/** The array in an IDX file of any type. Throws DataError. */
export function matrixIn(bytes: Bytes): Matrix {
  const start = Buffer.alloc(4);
  bytes.read(start, 0);
  const [zero, nought, code, rank] = start;
  const type = TYPES.get(code);
  if (bytes.size < 4 || zero !== 0 || nought !== 0 || type === undefined) {
    const magic = `0x${hex(start.readUInt32BE(0))}`;
    throw new DataError(`${bytes.source}: is no IDX file: magic number is ${magic}, must be 0x0000, a type and a rank`);
  }
  const header = exactly(bytes, 4, 4 * rank);
  const shape = Array.from({ length: rank }, (_, i) => header.readUInt32BE(4 * i));
  return matrixOf(bytes, { shape, at: 4 + 4 * rank, type, little: false });
}

function hex(n: number): string {
  return n.toString(16).padStart(8, "0");
}
