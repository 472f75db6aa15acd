/**
 * Arrays in NumPy's own format: a header in Python's notation (type, order, shape), then the values. They are read where they lie,
 * so that an array larger than memory can be asked for its rows. Integers of one to eight bytes, floats of two, four and
 * eight, and truth values; of either byte order, in C order (the last index runs fastest) or Fortran's (the first does).
 *
 * NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 */
import { type Bytes, exactly } from "./bytes.ts";
import { ELEMENTS } from "./elements.ts";
import { DataError } from "./errors.ts";
import { type Matrix, matrixOf } from "./matrix.ts";

/** The array in a `.npy`. Throws DataError: another format or type, no dimension, or bytes that are too few or too many. */
export function npy(bytes: Bytes): Matrix {
  const { text, at } = headerOf(bytes);
  const type = /'descr'\s*:\s*'([<>|=]?)(\w+)'/.exec(text);
  const dimensions = /'shape'\s*:\s*\(([^)]*)\)/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  if (type === null || !Object.hasOwn(ELEMENTS, type[2])) {
    const seen = /'descr'\s*:\s*(\[.*\]|'[^']*')/.exec(text)?.[1] ?? "missing";
    throw new DataError(`${bytes.source}: dtype is ${seen}, must be one of ${Object.keys(ELEMENTS).join(", ")}`);
  }
  if (dimensions === null || order === null) throw new DataError(`${bytes.source}: its header is damaged: ${text}`);
  const shape = dimensions[1]
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new DataError(`${bytes.source}: its header is damaged: shape is (${dimensions[1]})`);
  }
  return matrixOf(bytes, { shape, at, type: type[2], little: type[1] !== ">", fortran: order[1] === "True" });
}

function headerOf(bytes: Bytes): { text: string; at: number } {
  const start = Buffer.alloc(12);
  bytes.read(start, 0);
  if (start.toString("latin1", 0, 6) !== "\x93NUMPY") throw new DataError(`${bytes.source}: is no .npy file`);
  const wide = start[6] > 1; // from version 2 on the header's length has four bytes
  const from = wide ? 12 : 10;
  const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8);
  if (from + length > bytes.size) throw new DataError(`${bytes.source}: truncated in its header`);
  return { text: exactly(bytes, from, length).toString("utf8"), at: from + length };
}
