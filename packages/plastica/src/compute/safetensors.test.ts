import fc from "fast-check";
import { expect, test } from "vitest";
import { ShapeError, SnapshotError } from "../errors.ts";
import { type Dtype, readSafetensors, type Tensor, writeSafetensors } from "./safetensors.ts";

const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U32: Uint32Array, U8: Uint8Array };

const name = fc.oneof(
  fc.string({ unit: "grapheme" }).filter((text) => text.isWellFormed() && text !== "__metadata__"),
  fc.constantFrom("__proto__", "constructor", "toString", "a.b/c"),
);
const tensor = fc
  .tuple(
    name,
    fc.constantFrom<Dtype>("F32", "F64", "I32", "U32", "U8"),
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.nat(),
  )
  .map(([name, dtype, shape, seed]) => {
    const data = new ARRAYS[dtype](shape.reduce((a, b) => a * b, 1));
    const bytes = new Uint8Array(data.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(seed + i, 0x9e3779b1) >>> 24; // any bits, NaN too
    return { name, dtype, shape, data } as Tensor & { name: string };
  });
const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });
const metadata = fc.dictionary(
  name,
  fc.string({ unit: "grapheme" }).filter((text) => text.isWellFormed()),
);

const bytesOf = ({ data }: Tensor) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

test("what is written is read, bit for bit, in the same order, from any offset in memory", () => {
  fc.assert(
    fc.property(tensors, metadata, fc.nat(7), (tensors, metadata, offset) => {
      const file = writeSafetensors(tensors, metadata);
      const moved = new Uint8Array(file.length + offset).subarray(offset);
      moved.set(file);
      const read = readSafetensors(moved);
      expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
      expect([...read.tensors.keys()]).toEqual(tensors.map(({ name }) => name));
      for (const written of tensors) {
        const found = read.tensors.get(written.name) as Tensor;
        expect(found.dtype).toBe(written.dtype);
        expect(found.shape).toEqual(written.shape);
        expect(found.data).toBeInstanceOf(ARRAYS[written.dtype]);
        expect(bytesOf(found)).toEqual(bytesOf(written));
      }
    }),
  );
});

test("the layout is the format's: length, JSON padded to 8 bytes, data", () => {
  const file = writeSafetensors([{ name: "w", dtype: "F32", shape: [1, 2], data: Float32Array.of(1, -2) }], {
    by: "us",
  });
  const text = '{"__metadata__":{"by":"us"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'.padEnd(88);
  expect([...file.subarray(0, 8)]).toEqual([88, 0, 0, 0, 0, 0, 0, 0]);
  expect(new TextDecoder().decode(file.subarray(8, 96))).toBe(text);
  expect([...file.subarray(96)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
});

test("data is written from a view of a larger buffer, and from shared memory", () => {
  const data = new Float32Array(new SharedArrayBuffer(32), 8, 2);
  data.set([3, 4]);
  const file = writeSafetensors([{ name: "w", dtype: "F32", shape: [2], data }]);
  expect([...(readSafetensors(file).tensors.get("w") as Tensor).data]).toEqual([3, 4]);
});

test("the writer refuses what no reader would take", () => {
  const one = { dtype: "U8", shape: [1], data: Uint8Array.of(1) } as const;
  const refused = (...args: Parameters<typeof writeSafetensors>) => expect(() => writeSafetensors(...args));
  refused([
    { ...one, name: "a" },
    { ...one, name: "a" },
  ]).toThrow('tensor "a": the name is taken');
  refused([{ ...one, name: "__metadata__" }]).toThrow(SnapshotError);
  refused([{ ...one, name: "\ud800" }]).toThrow("not well-formed");
  refused([], { a: "\udc00" }).toThrow(SnapshotError);
  refused([{ ...one, name: "a", shape: [2] }]).toThrow(ShapeError);
  refused([{ ...one, name: "a", shape: [-1, -1] }]).toThrow(ShapeError);
  refused([{ ...one, name: "a", dtype: "F32" as "U8" }]).toThrow("must be a Float32Array");
});

/** A file with this header, as text or as an object, and so many bytes of data. */
function hostile(header: unknown, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}
const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });
const a = entry("F32", [1], [0, 4]);

test.each<[string, Uint8Array, string]>([
  ["an empty file", new Uint8Array(), "file is 0 bytes long, must be at least 8"],
  ["half a length", new Uint8Array(7), "file is 7 bytes long"],
  ["nothing but a length", new Uint8Array(8), "does not start with {"],
  ["a header longer than the file", hostile("{}", 0, 3n), "said to be 3 bytes long, but 2 follow"],
  ["a header of exabytes", hostile("{}", 0, 2n ** 64n - 1n), "must be at most 100000000"],
  ["a header over the limit", hostile("{}", 0, 100_000_001n), "said to be 100000001 bytes long"],
  ["no JSON", hostile("{]"), "header: not JSON"],
  ["an array", hostile("[]"), "does not start with {"],
  ["a header that goes on", hostile("{}{}"), "must be the end"],
  ["no UTF-8", hostile("{}", 0).fill(0xff, 9), "header is not UTF-8"],
  ["a deep header", hostile('{"a":'.repeat(50_000)), "nested deeper than"],
  ["a name twice", hostile('{"a":{},"a":{}}'), 'key "a" appears twice'],
  ["metadata twice", hostile('{"__metadata__":{},"__metadata__":{}}'), "appears twice"],
  ["metadata that is no object", hostile({ __metadata__: [] }), "__metadata__ is [], must be an object"],
  ["metadata that is no string", hostile({ __metadata__: { a: 1 } }), '__metadata__ "a" is 1, must be a string'],
  ["an entry that is no object", hostile({ a: null }), 'tensor "a": its entry is null'],
  ["a field too many", hostile({ a: { ...a, extra: 1 } }, 4), 'tensor "a": a field is "extra"'],
  ["no dtype", hostile({ a: entry(undefined, [1], [0, 4]) }, 4), 'tensor "a": dtype is missing'],
  ["an unknown dtype", hostile({ a: entry("F16", [2], [0, 4]) }, 4), 'dtype is "F16", must be one of F32'],
  ["an inherited dtype", hostile({ a: entry("toString", [1], [0, 4]) }, 4), 'dtype is "toString"'],
  ["no shape", hostile({ a: entry("F32", undefined, [0, 4]) }, 4), "shape is missing"],
  ["a negative shape", hostile({ a: entry("F32", [-1, -1], [0, 4]) }, 4), "shape is [-1, -1]"],
  ["a fractional shape", hostile({ a: entry("F32", [0.5, 2], [0, 4]) }, 4), "shape is [0.5, 2]"],
  ["an infinite shape", hostile('{"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,4]}}', 4), "shape is [Infinity]"],
  ["a shape of strings", hostile({ a: entry("F32", ["1"], [0, 4]) }, 4), 'shape is ["1"]'],
  ["a product that overflows", hostile({ a: entry("U8", [2 ** 32, 2 ** 32], [0, 0]) }), "fewer than 2^53 bytes"],
  ["an overflow times zero", hostile({ a: entry("U8", [2 ** 52, 2 ** 52, 0], [0, 0]) }), "fewer than 2^53 bytes"],
  ["a shape that does not fit", hostile({ a: entry("F32", [2], [0, 4]) }, 4), "must be 8 bytes apart"],
  ["no offsets", hostile({ a: entry("F32", [1], undefined) }, 4), "data_offsets is missing"],
  ["three offsets", hostile({ a: entry("F32", [1], [0, 4, 8]) }, 4), "data_offsets is [0, 4, 8]"],
  ["negative offsets", hostile({ a: entry("F32", [1], [-4, 0]) }, 4), "data_offsets is [-4, 0]"],
  ["fractional offsets", hostile({ a: entry("F32", [1], [0.5, 4.5]) }, 8), "data_offsets is [0.5, 4.5]"],
  ["offsets in reverse", hostile({ a: entry("F32", [1], [4, 0]) }, 4), "in order"],
  ["offsets beyond the file", hostile({ a: entry("U8", [2 ** 50], [0, 2 ** 50]) }, 4), "the file is torn"],
  ["offsets near 2^53", hostile({ a: entry("U8", [0], [2 ** 53, 2 ** 53]) }, 4), "data_offsets is"],
  ["an overlap", hostile({ a, b: entry("F32", [1], [2, 6]) }, 6), 'tensor "b": overlaps another tensor'],
  ["the same bytes twice", hostile({ a, b: a }, 4), "overlaps another tensor"],
  ["a hole", hostile({ a, b: entry("F32", [1], [8, 12]) }, 12), 'tensor "b": leaves a hole'],
  ["bytes behind the last tensor", hostile({ a }, 5), "1 bytes after the last tensor, must be none"],
  ["bytes missing", hostile({ a }, 3), "the file is torn"],
])("%s is refused, and named", (_, file, says) => {
  expect(() => readSafetensors(file)).toThrow(SnapshotError);
  expect(() => readSafetensors(file)).toThrow(says);
});

test("__proto__ as a name, and tensors in another order than the header's, are sound", () => {
  const file = hostile(
    '{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},\
"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"empty":{"dtype":"F64","shape":[3,0],"data_offsets":[1,1]}}',
    2,
  );
  file.set([7, 8], file.length - 2);
  const { metadata, tensors } = readSafetensors(file);
  expect(Object.entries(metadata)).toEqual([["__proto__", "x"]]);
  expect([...tensors].map(([name, { data }]) => [name, ...data])).toEqual([["__proto__", 8], ["b", 7], ["empty"]]);
});

/** Reads what may be anything: either it is sound, or it ends in a SnapshotError. */
function readAnything(file: Uint8Array): void {
  try {
    for (const { shape, data } of readSafetensors(file).tensors.values()) {
      expect(shape.reduce((product, length) => product * length, 1)).toBe(data.length);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
  }
}

test("random bytes never end in anything but a SnapshotError", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), readAnything));
  const fragment = fc.constantFrom(
    '{"',
    "a",
    '":',
    '{"dtype":"F32",',
    '"shape":[',
    "1",
    "]",
    ",",
    '"data_offsets":[0,4]',
    "}",
  );
  fc.assert(fc.property(fc.string({ unit: fragment, maxLength: 12 }), (text) => readAnything(hostile(`{${text}`, 4))));
});

test("a sound file, mutated: flipped bits, truncations, splices", () => {
  const sound = writeSafetensors(
    [
      { name: "w", dtype: "F32", shape: [2, 3], data: new Float32Array(6) },
      { name: "age", dtype: "U32", shape: [3], data: new Uint32Array(3) },
      { name: "x", dtype: "U8", shape: [], data: new Uint8Array(1) },
    ],
    { note: '{"step":3}' },
  );
  const at = fc.nat(sound.length - 1);
  const flips = fc.array(fc.tuple(at, fc.nat(7)), { minLength: 1, maxLength: 4 }).map((flips) => {
    const file = sound.slice();
    for (const [byte, bit] of flips) file[byte] ^= 1 << bit;
    return file;
  });
  const splices = fc.tuple(at, at, fc.uint8Array({ maxLength: 9 })).map(([from, to, bytes]) => {
    return Uint8Array.from([...sound.subarray(0, from), ...bytes, ...sound.subarray(to)]);
  });
  fc.assert(fc.property(fc.oneof(flips, splices), readAnything));
  // Every truncation is refused.
  for (let length = 0; length < sound.length; length++) {
    expect(() => readSafetensors(sound.subarray(0, length)), `${length} bytes`).toThrow(SnapshotError);
  }
});
