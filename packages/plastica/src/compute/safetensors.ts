/**
 * The safetensors format: named tensors and a few strings, in a file that any of its readers can open.
 *
 *     8 bytes   length of the header, little-endian
 *     header    JSON: { "__metadata__": { name: string }, name: { "dtype", "shape", "data_offsets": [start, end] } },
 *               padded with spaces
 *     data      the tensors' bytes, little-endian, one directly after another
 *
 * The reader takes files from anywhere. Whatever is wrong with one ends in a SnapshotError that names it, before anything
 * larger than the header has been allocated.
 *
 * Format: github.com/huggingface/safetensors, version 0.4.
 */
import { ShapeError, SnapshotError } from "../errors.ts";
import { type Json, parseJson, shown } from "./json.ts";

const ARRAYS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
} as const;

/** The element types that Plastica writes and reads. */
export type Dtype = keyof typeof ARRAYS;

/** The typed array that holds elements of a dtype. It may lie in shared memory. */
export interface DataOf {
  readonly F32: Float32Array;
  readonly F64: Float64Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly U8: Uint8Array;
}

/** A tensor in row-major order. An empty shape is one number. */
export type Tensor = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DataOf[D] };
}[Dtype];

/** What a file holds. */
export interface Safetensors {
  /** The file's strings. Without a prototype: `__proto__` is a name like any other. */
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in the order of the header. Data is a view of the file's bytes, or a copy where they are not aligned. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const METADATA = "__metadata__";
const LONGEST_HEADER = 100_000_000; // the format's own bound

/**
 * A file of these tensors, in the given order. The header is padded so that data starts at a multiple of 8 bytes; put
 * 8-byte tensors first to have all of them aligned.
 *
 * @param metadata strings under names; write anything else as JSON
 * @throws SnapshotError for a name that appears twice, is reserved or is not well-formed Unicode
 * @throws ShapeError for a shape that does not fit its data
 */
export function writeSafetensors(
  tensors: readonly (Tensor & { readonly name: string })[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(metadata).map(([name, value]) => `${quoted(name)}:${quoted(value)}`);
  const header = entries.length > 0 ? [`"${METADATA}":{${entries.join(",")}}`] : [];
  const names = new Set<string>([METADATA]);
  let size = 0;
  for (const { name, dtype, shape, data } of tensors) {
    if (names.has(name)) throw new SnapshotError(`tensor ${shown(name)}: the name is taken, names must differ`);
    names.add(name);
    if (!(data instanceof ARRAYS[dtype])) {
      throw new SnapshotError(`tensor ${shown(name)}: dtype is ${dtype}, so data must be a ${ARRAYS[dtype]?.name}`);
    }
    if (!shape.every(isCount) || shape.reduce((product, length) => product * length, 1) !== data.length) {
      throw new ShapeError(
        `tensor ${shown(name)}: shape is [${shape.join(", ")}], but there are ${data.length} numbers`,
      );
    }
    const end = size + data.byteLength;
    header.push(`${quoted(name)}:{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${size},${end}]}`);
    size = end;
  }
  const text = new TextEncoder().encode(`{${header.join(",")}}`);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > LONGEST_HEADER) {
    throw new SnapshotError(`header is ${length} bytes long, must be at most ${LONGEST_HEADER}`);
  }
  const file = new Uint8Array(8 + length + size);
  new DataView(file.buffer).setUint32(0, length, true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.length, 8 + length);
  let at = 8 + length;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new SnapshotError(`${shown(text)} is not well-formed Unicode`);
  return JSON.stringify(text);
}

/**
 * What a file holds.
 *
 * @throws SnapshotError for a file that is torn, not in the format, or of dtypes other than F32, F64, I32, U32 and U8
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const start = headerEnd(file);
  const header = parseJson(decoded(file.subarray(8, start)), "header");
  if (!(header instanceof Map)) throw new SnapshotError(`header is ${shown(header)}, must be an object`);

  const metadata = readMetadata(header.get(METADATA));
  const places: Place[] = [];
  for (const [name, entry] of header) if (name !== METADATA) places.push(readPlace(name, entry));
  mustFill(places, file.length - start);

  const tensors = new Map<string, Tensor>();
  for (const place of places) tensors.set(place.name, read(file, start, place));
  return { metadata, tensors };
}

function headerEnd(file: Uint8Array): number {
  if (file.length < 8) throw new SnapshotError(`file is ${file.length} bytes long, must be at least 8`);
  const view = new DataView(file.buffer, file.byteOffset, 8);
  const length = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
  if (length > LONGEST_HEADER) {
    throw new SnapshotError(`header is said to be ${length} bytes long, must be at most ${LONGEST_HEADER}`);
  }
  if (length > file.length - 8) {
    throw new SnapshotError(
      `header is said to be ${length} bytes long, but ${file.length - 8} follow: the file is torn`,
    );
  }
  if (file[8] !== 0x7b || length === 0) throw new SnapshotError("header does not start with {: not a safetensors file");
  return 8 + length;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.slice()); // no shared memory
  } catch {
    throw new SnapshotError("header is not UTF-8");
  }
}

function readMetadata(entry: Json | undefined): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (entry === undefined) return metadata;
  if (!(entry instanceof Map)) throw new SnapshotError(`${METADATA} is ${shown(entry)}, must be an object`);
  for (const [name, value] of entry) {
    if (typeof value !== "string") {
      throw new SnapshotError(`${METADATA} ${shown(name)} is ${shown(value)}, must be a string`);
    }
    metadata[name] = value;
  }
  return metadata;
}

/** A tensor as the header describes it, found sound in itself. */
interface Place {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function readPlace(name: string, entry: Json): Place {
  const wrong = (what: string, value: Json | undefined, right: string): never => {
    throw new SnapshotError(`tensor ${shown(name)}: ${what} is ${shown(value)}, must be ${right}`);
  };
  if (!(entry instanceof Map)) return wrong("its entry", entry, "an object");
  for (const field of entry.keys()) {
    if (field !== "dtype" && field !== "shape" && field !== "data_offsets") {
      wrong("a field", field, "dtype, shape or data_offsets");
    }
  }
  const dtype = entry.get("dtype");
  if (!isDtype(dtype)) return wrong("dtype", dtype, `one of ${Object.keys(ARRAYS).join(", ")}`);
  const shape = entry.get("shape");
  if (!Array.isArray(shape) || !shape.every(isCount)) return wrong("shape", shape, "an array of integers from 0");
  const offsets = entry.get("data_offsets");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    return wrong("data_offsets", offsets, "two integers from 0, in order");
  }
  let size: number = ARRAYS[dtype].BYTES_PER_ELEMENT;
  for (const length of shape) {
    size *= length;
    if (!Number.isSafeInteger(size)) return wrong("shape", shape, "of fewer than 2^53 bytes");
  }
  const [start, end] = offsets;
  if (size !== end - start) {
    return wrong(`data_offsets of ${dtype} in shape ${shown(shape)}`, offsets, `${size} bytes apart`);
  }
  return { name, dtype, shape, start, end };
}

function isDtype(value: Json | undefined): value is Dtype {
  return typeof value === "string" && Object.hasOwn(ARRAYS, value);
}

function isCount(value: Json): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Throws unless the tensors lie one directly after another and fill all the data. */
function mustFill(places: readonly Place[], size: number): void {
  const inOrder = [...places].sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of inOrder) {
    if (start !== at) {
      const fault = start < at ? "overlaps another tensor" : "leaves a hole before it";
      throw new SnapshotError(`tensor ${shown(name)}: ${fault}, starts at ${start}, must start at ${at}`);
    }
    if (end > size) {
      throw new SnapshotError(`tensor ${shown(name)}: ends at ${end}, but there are ${size} bytes: the file is torn`);
    }
    at = end;
  }
  if (at !== size) throw new SnapshotError(`${size - at} bytes after the last tensor, must be none`);
}

function read(file: Uint8Array, dataStart: number, { dtype, shape, start, end }: Place): Tensor {
  const from = file.byteOffset + dataStart + start;
  const length = (end - start) / ARRAYS[dtype].BYTES_PER_ELEMENT;
  const aligned = from % ARRAYS[dtype].BYTES_PER_ELEMENT === 0;
  const data = aligned
    ? new ARRAYS[dtype](file.buffer as ArrayBuffer, from, length)
    : new ARRAYS[dtype](new Uint8Array(file.subarray(dataStart + start, dataStart + end)).buffer);
  return { dtype, shape, data } as Tensor;
}
