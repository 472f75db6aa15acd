import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";
import { DataError } from "./errors.ts";
import { npyTable, npzTable } from "./numpy.ts";
import type { Table, TableOptions } from "./table.ts";

/** A `.npy` by hand. */
function npy(descr: string, shape: string, values: Uint8Array, { fortran = false, version = 1 } = {}): Buffer {
  const order = fortran ? "True" : "False";
  const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const start = version === 1 ? 10 : 12;
  const header = Buffer.from(`${text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1)}\n`, "latin1");
  const length = Buffer.alloc(start - 8);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, header, values]);
}

type Member = readonly [name: string, content: Buffer, packed: boolean];

/** A zip by hand; `wide` writes sizes and positions into zip64 fields, as NumPy does for large arrays. */
function zip(members: readonly Member[], wide = false): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content, packed] of members) {
    const data = packed ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(packed ? 8 : 0, 8);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(5, 28); // an extra field here only: the directory does not tell its length
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(packed ? 8 : 0, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(wide ? 0xffffffff : data.length, 20);
    entry.writeUInt32LE(wide ? 0xffffffff : content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(wide ? 28 : 0, 30);
    entry.writeUInt32LE(wide ? 0xffffffff : at, 42);
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
      extra.writeBigUInt64LE(BigInt(at), 20);
    }
    parts.push(local, Buffer.from(name), Buffer.alloc(5), data);
    directory.push(entry, Buffer.from(name), extra);
    at += 35 + name.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, entries, end]);
}

function read(content: Buffer, options?: TableOptions): Table {
  return npyTable(bytesOf("a.npy", content), options);
}

function rowsOf(table: Table): number[][] {
  return Array.from({ length: table.rows }, (_, n) => [...table.row(n)]);
}

/** The bytes of a typed array, in the other order if asked for. */
function raw(values: ArrayBufferView, size: number, swap = false): Buffer {
  const bytes = Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (swap && size === 2) bytes.swap16();
  if (swap && size === 4) bytes.swap32();
  if (swap && size === 8) bytes.swap64();
  return bytes;
}

test.each([
  ["u1", Uint8Array.from([0, 255]), [0, 255]],
  ["i1", Int8Array.from([-128, 127]), [-128, 127]],
  ["u2", Uint16Array.from([0, 65535]), [0, 65535]],
  ["i2", Int16Array.from([-32768, 258]), [-32768, 258]],
  ["u4", Uint32Array.from([1, 4294967295]), [1, 4294967295]],
  ["i4", Int32Array.from([-2147483648, 258]), [-2147483648, 258]],
  ["u8", BigUint64Array.from([258n, 9007199254740991n]), [258, 9007199254740991]],
  ["i8", BigInt64Array.from([-258n, 9007199254740991n]), [-258, 9007199254740991]],
  ["f2", Uint16Array.from([0x3555, 0xfbff]), [0.333251953125, -65504]],
  ["f2", Uint16Array.from([0x0001, 0x83ff]), [2 ** -24, -1023 * 2 ** -24]],
  ["f4", Float32Array.from([0.1, -3e38]), [Math.fround(0.1), Math.fround(-3e38)]],
  ["f8", Float64Array.from([0.1, -1e-300]), [0.1, -1e-300]],
  ["b1", Uint8Array.from([0, 1]), [0, 1]],
])("%s in both byte orders", (type, values, expected) => {
  const size = Number(type[1]);
  const little = rowsOf(read(npy(`'${size === 1 ? "|" : "<"}${type}'`, "(2,)", raw(values, size))));
  const big = rowsOf(read(npy(`'>${type}'`, "(2,)", raw(values, size, true))));
  expect(little).toEqual(expected.map((v) => [v]));
  expect(big).toEqual(little);
});

test("C and Fortran order, of two dimensions and of three, header versions 1 to 3", () => {
  const c = Float64Array.from({ length: 24 }, (_, i) => i);
  // Element (i, j, k) of the 2 x 3 x 4 array lies at i + 2 j + 6 k in Fortran's order.
  const f = new Float64Array(24);
  c.forEach((value, at) => {
    f[Math.floor(at / 12) + 2 * (Math.floor(at / 4) % 3) + 6 * (at % 4)] = value;
  });
  const rows = [0, 12].map((from) => Array.from({ length: 12 }, (_, i) => from + i));
  expect(rowsOf(read(npy("'<f8'", "(2, 3, 4)", raw(c, 8), { version: 2 })))).toEqual(rows);
  expect(rowsOf(read(npy("'<f8'", "(2, 3, 4)", raw(f, 8), { fortran: true, version: 3 })))).toEqual(rows);
  const flat = npy("'<i4'", "(3, 2)", raw(Int32Array.from([1, 3, 5, 2, 4, 6]), 4), { fortran: true });
  expect(rowsOf(read(flat))).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
});

test("rows in any order are the rows in order; columns can be chosen", () => {
  const values = Float32Array.from({ length: 1500 }, (_, i) => i);
  const table = read(npy("'<f4'", "(500, 3)", raw(values, 4)), { columns: ["3", "1"] });
  for (let i = 0; i < 500; i++) {
    const n = (i * 313) % 500;
    expect([...table.row(n)]).toEqual([3 * n + 2, 3 * n]);
  }
});

const x = npy(
  "'<f4'",
  "(3, 2, 2)",
  raw(
    Float32Array.from({ length: 12 }, (_, i) => i / 2),
    4,
  ),
);
const y = npy("'<i8'", "(3,)", raw(BigInt64Array.from([10n, 9n, 10n]), 8));

test.each([
  [
    "stored",
    zip([
      ["x.npy", x, false],
      ["y.npy", y, false],
    ]),
  ],
  [
    "deflated",
    zip([
      ["y.npy", y, true],
      ["x.npy", x, true],
    ]),
  ],
  [
    "with zip64 fields",
    zip(
      [
        ["x.npy", x, false],
        ["y.npy", y, true],
      ],
      true,
    ),
  ],
  [
    "with a comment",
    Buffer.concat([
      zip([
        ["x.npy", x, false],
        ["y.npy", y, false],
      ]),
      Buffer.from("made by hand"),
    ]),
  ],
])("an archive of x and y, %s", (_, archive) => {
  const table = npzTable(bytesOf("a.npz", archive), { kinds: { y: "word" } });
  expect(table.columns.map(({ name }) => name)).toEqual(["x1", "x2", "x3", "x4", "y"]);
  expect(table.columns[4].words).toEqual(["9", "10"]);
  expect(rowsOf(table)).toEqual([
    [0, 0.5, 1, 1.5, 1],
    [2, 2.5, 3, 3.5, 0],
    [4, 4.5, 5, 5.5, 1],
  ]);
});

test("an archive may have no y", () => {
  expect(npzTable(bytesOf("a.npz", zip([["x.npy", x, true]]))).columns).toHaveLength(4);
});

test.each([
  [Buffer.from("a,b\n"), "a.npy: is no .npy file"],
  [x.subarray(0, 40), "a.npy: truncated in its header"],
  [x.subarray(0, x.length - 1), "a.npy: truncated: 3 x 2 x 2 values of 4 bytes are 48 bytes, there are 47"],
  [Buffer.concat([x, Buffer.alloc(2)]), "a.npy: too long: 3 x 2 x 2 values of 4 bytes are 48 bytes, there are 50"],
  [npy("'|O'", "(2,)", Buffer.alloc(16)), "a.npy: dtype is '|O', must be one of b1, u1,"],
  [npy("'<U5'", "(2,)", Buffer.alloc(40)), "a.npy: dtype is '<U5', must be one of"],
  [npy("[('a', '<f4'), ('b', '<i4')]", "(2,)", Buffer.alloc(16)), "a.npy: dtype is [('a', '<f4'), ('b', '<i4')]"],
  [npy("'<f4'", "()", Buffer.alloc(4)), "a.npy: is a single number, must have a dimension or more"],
  [npy("'<f4'", "(-1,)", Buffer.alloc(4)), "a.npy: its header is damaged: shape is (-1,)"],
  [npy("'<f4'", "(0, 3)", Buffer.alloc(0)), "a.npy: has no rows"],
])("refused", (content, message) => {
  expect(() => read(content)).toThrow(DataError);
  expect(() => read(content)).toThrow(message);
});

test.each([
  [Buffer.from("PK nothing"), "a.npz: no zip archive, or its end is cut off"],
  [zip([["x.npy", x, true]]).subarray(0, -10), "a.npz: no zip archive, or its end is cut off"],
  [
    zip([
      ["images.npy", x, false],
      ["y.npy", y, false],
    ]),
    'a.npz: no array "x", only images, y; save it with x=..., y=...',
  ],
  [
    zip([
      ["x.npy", x, false],
      ["y.npy", x, false],
    ]),
    "a.npz: x is 3 x 2 x 2 but y is 3 x 2 x 2, must be one value for each",
  ],
  [
    zip([
      ["x.npy", y, false],
      ["y.npy", npy("'|u1'", "(2,)", Buffer.alloc(2)), false],
    ]),
    "a.npz: x is 3 but y is 2",
  ],
  [zip([["x.npy", Buffer.from("?"), false]]), "a.npz, x.npy: is no .npy file"],
])("an archive refused", (content, message) => {
  expect(() => npzTable(bytesOf("a.npz", content))).toThrow(DataError);
  expect(() => npzTable(bytesOf("a.npz", content))).toThrow(message);
});

test("a packed member that is damaged", () => {
  const archive = zip([["x.npy", x, true]]);
  archive.fill(255, 45, 60);
  expect(() => npzTable(bytesOf("a.npz", archive))).toThrow("a.npz: member x.npy cannot be unpacked");
});

test("a number that is none is told with its row and column when it is read, or filled", () => {
  const values = raw(Float32Array.from([1, 2, 3, Number.NaN, 5, Number.POSITIVE_INFINITY]), 4);
  const table = read(npy("'<f4'", "(3, 2)", values));
  expect(() => table.row(0)).toThrow('a.npy, row 1, column "2": "NaN" is not a number');
  const filled = read(npy("'<f4'", "(3, 2)", values), { missing: "zero", columns: ["2", "1"] });
  expect(() => filled.row(0)).toThrow('a.npy, row 2, column "2": Infinity is too large for float32');
  const first = read(npy("'<f4'", "(2, 2)", values.subarray(0, 16)), { missing: "mean" });
  expect(rowsOf(first)).toEqual([
    [1, 2],
    [3, 2],
  ]);
});
