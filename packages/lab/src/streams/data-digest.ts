/**
 * What stands for the user's own files that a stream reads: a recipe names them by their paths, and a path does not say what is in the
 * file. A run keeps it, so that it is not gone on with, or passed off as the result, when a file has changed since.
 */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { wholeFile } from "../data/bytes.ts";
import { DataError } from "../data/errors.ts";
import type { StreamChoice } from "./choice.ts";
import { streamKinds } from "./kinds.ts";

const CHUNK = 1024 * 1024;

/** Milliseconds after which a second change of a file shows in its time: some file systems count in seconds. */
const TELLING = 2500;

/** Of files that were read before in this thread, by what tells that they have not changed. */
const known = new Map<string, string>();

/**
 * Sixteen hex digits of a SHA-256 over those files, in the order in which the kind names them; undefined where it reads none. A packed
 * file (`.gz`) has the digest of what is in it.
 *
 * @throws DataError naming a file that cannot be read
 */
export function dataDigest({ kind, ...options }: StreamChoice): string | undefined {
  const files = streamKinds[kind].files?.(options as never) ?? [];
  if (files.length === 0) return undefined;
  const hash = createHash("sha256");
  for (const path of files) hash.update(fileDigest(path));
  return hash.digest("hex").slice(0, 16);
}

function fileDigest(path: string): string {
  const file = opened(path);
  try {
    const { size, ino, mtimeNs, ctimeNs } = fstatSync(file, { bigint: true });
    const state = `${path} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
    const digest = known.get(state) ?? (path.endsWith(".gz") ? digestOf([wholeFile(path)]) : digestOf(chunksOf(file)));
    if (Date.now() - Number(ctimeNs / 1_000_000n) > TELLING) known.set(state, digest);
    return digest;
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new DataError(`${path}: ${missing ? "no such file" : (cause as Error).message}`, { cause });
  }
}

function* chunksOf(file: number): Generator<Uint8Array> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; ; ) {
    const read = readSync(file, chunk, 0, CHUNK, at);
    if (read === 0) return;
    yield chunk.subarray(0, read);
    at += read;
  }
}

function digestOf(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
