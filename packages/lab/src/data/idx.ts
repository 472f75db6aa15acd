/**
 * The IDX format, in which MNIST and its relatives come: a big-endian header (two zero bytes, a type, the number of
 * dimensions, then each dimension as a 32-bit integer), then the values row by row. Only unsigned bytes (type 0x08) are
 * read; all MNIST-like sets are of that type. A file that ends in `.gz` is unpacked first.
 *
 * LeCun, Cortes and Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DataError } from "./errors.ts";

/** What an IDX file holds: `values` has as many bytes as the product of `dimensions`. */
export interface Idx {
  readonly dimensions: number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads the IDX file at `path`.
 *
 * @param rank how many dimensions it must have: 3 for images, 1 for labels
 * @throws DataError naming the path: the file is missing, no IDX file of bytes, of another rank, or truncated
 */
export function readIdx(path: string, rank: number): Idx {
  return parseIdx(unpack(read(path), path), path, rank);
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

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new DataError(missing ? `${path}: no such file` : `${path}: ${(cause as Error).message}`, { cause });
  }
}

function unpack(bytes: Uint8Array, path: string): Uint8Array {
  if (!path.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new DataError(`${path}: not a whole gzip file (${(cause as Error).message})`, { cause });
  }
}

function hex(n: number): string {
  return n.toString(16).padStart(8, "0");
}
