/**
 * Bytes that are asked for by their position: a file, which is read where it is asked for and nowhere else, or memory. A file
 * that ends in `.gz` has no positions to read at, so it is unpacked in memory, whole.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DataError } from "./errors.ts";

/** Closes files that were forgotten, once nobody can ask for their bytes any more. */
const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

export interface Bytes {
  /** What errors call it: the path as it was given. */
  readonly source: string;
  readonly size: number;
  /** Fills `into` from byte `at` on; what lies beyond the end stays as it is. Returns how many bytes were read. */
  read(into: Uint8Array, at: number): number;
  /** Nothing can be read afterwards. */
  close(): void;
}

/** The bytes of the file at `path`. Throws DataError naming it: missing, no file, or no whole gzip file. */
export function openBytes(path: string): Bytes {
  if (path.endsWith(".gz")) return bytesOf(path, wholeFile(path));
  const file = attempt(path, () => openSync(path, "r"));
  const facts = fstatSync(file);
  if (!facts.isFile()) {
    closeSync(file);
    throw new DataError(`${path}: is no file`);
  }
  const bytes: Bytes = {
    source: path,
    size: facts.size,
    read(into, at) {
      let done = 0;
      while (done < into.length) {
        const count = attempt(path, () => readSync(file, into, done, into.length - done, at + done));
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    close() {
      if (forgotten.unregister(bytes)) closeSync(file);
    },
  };
  forgotten.register(bytes, file, bytes);
  return bytes;
}

/** Bytes in memory; `source` stands for the path in errors. Text is written as UTF-8. */
export function bytesOf(source: string, content: Uint8Array | string): Bytes {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    source,
    size: bytes.length,
    read(into, at) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    close: () => undefined,
  };
}

/** All of a file, unpacked if its name ends in `.gz`. Throws DataError naming it. */
export function wholeFile(path: string): Uint8Array {
  const bytes = attempt(path, () => readFileSync(path));
  if (!path.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new DataError(`${path}: not a whole gzip file (${(cause as Error).message})`, { cause });
  }
}

/** Exactly `count` bytes from `at` on. Throws DataError when the file ends before. */
export function exactly(bytes: Bytes, at: number, count: number, into = Buffer.allocUnsafe(count)): Buffer {
  const part = into.subarray(0, count);
  const has = bytes.read(part, at);
  if (has === count) return part;
  throw new DataError(`${bytes.source}: truncated: ends before byte ${at + count}`);
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new DataError(missing ? `${path}: no such file` : `${path}: ${(cause as Error).message}`, { cause });
  }
}
