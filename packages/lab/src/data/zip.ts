/**
 * The members of a zip archive, which is what a `.npz` is: stored ones are read where they lie, deflated ones are unpacked in
 * memory. Archives and members of more than 4 GB (zip64) too. No encryption, no other packing: NumPy writes neither.
 *
 * PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", version 6.3.10, sections 4.3 and 4.5.
 */
import { inflateRawSync } from "node:zlib";
import { type Bytes, bytesOf, exactly } from "./bytes.ts";
import { DataError } from "./errors.ts";

const [END, END64, LOCATOR64, ENTRY, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
const ELSEWHERE = 0xffffffff; // a size or position that stands in the entry's zip64 field

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** Each member by name: its bytes, once it is asked for. Throws DataError for what is no whole zip archive. */
export function members(archive: Bytes): Map<string, () => Bytes> {
  return new Map(entries(archive).map((entry) => [entry.name, () => member(archive, entry)]));
}

function entries(archive: Bytes): Entry[] {
  const tail = exactly(archive, Math.max(0, archive.size - 65_557), Math.min(65_557, archive.size));
  let end = tail.length - 22; // a comment may come after
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw torn(archive, "no zip archive, or its end is cut off");
  let count = tail.readUInt16LE(end + 10);
  let size = tail.readUInt32LE(end + 12);
  let at = tail.readUInt32LE(end + 16);
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR64) {
    const record = exactly(archive, long(tail, end - 12), 56);
    if (record.readUInt32LE(0) !== END64) throw torn(archive, "its zip64 directory is not where it should be");
    [count, size, at] = [long(record, 32), long(record, 40), long(record, 48)];
  }
  const directory = exactly(archive, at, size);
  const found: Entry[] = [];
  for (let from = 0; found.length < count; ) {
    if (from + 46 > size || directory.readUInt32LE(from) !== ENTRY) throw torn(archive, "its directory is damaged");
    const nameEnd = from + 46 + directory.readUInt16LE(from + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(from + 30);
    const next = extraEnd + directory.readUInt16LE(from + 32);
    if (next > size) throw torn(archive, "its directory is damaged");
    found.push(entryOf(archive, directory.subarray(from, nameEnd), directory.subarray(nameEnd, extraEnd)));
    from = next;
  }
  return found;
}

function entryOf(archive: Bytes, fixed: Buffer, extra: Buffer): Entry {
  const wide = zip64(extra);
  let used = 0;
  function place(at: number): number {
    const value = fixed.readUInt32LE(at);
    if (value !== ELSEWHERE) return value;
    if (wide === undefined || used + 8 > wide.length) throw torn(archive, "its directory is damaged");
    used += 8;
    return long(wide, used - 8);
  }
  const size = place(24); // in this order they stand in the zip64 field
  const packed = place(20);
  const at = place(42);
  const name = fixed.toString("utf8", 46);
  return { name, flags: fixed.readUInt16LE(8), method: fixed.readUInt16LE(10), packed, size, at };
}

/** The zip64 field among an entry's extra ones. */
function zip64(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function member(archive: Bytes, { name, flags, method, packed, size, at }: Entry): Bytes {
  const source = `${archive.source}, ${name}`;
  const local = exactly(archive, at, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw torn(archive, `member ${name} is not where it should be`);
  if ((flags & 1) === 1) throw torn(archive, `member ${name} is encrypted`);
  const from = at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (method === STORED) return { ...windowOf(archive, from, size), source };
  if (method !== DEFLATED) throw torn(archive, `member ${name} is packed in way ${method}, must be stored or deflated`);
  let content: Buffer;
  try {
    content = inflateRawSync(exactly(archive, from, packed));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw torn(archive, `member ${name} cannot be unpacked (${(cause as Error).message})`);
  }
  if (content.length !== size) throw torn(archive, `member ${name} has ${content.length} bytes, must have ${size}`);
  return bytesOf(source, content);
}

function windowOf(archive: Bytes, from: number, size: number): Omit<Bytes, "source"> {
  return {
    size,
    read: (into, at) => archive.read(into.subarray(0, Math.max(0, size - at)), from + at),
    close: () => archive.close(),
  };
}

function long(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * 2 ** 32;
}

function torn({ source }: Bytes, what: string): DataError {
  return new DataError(`${source}: ${what}`);
}
