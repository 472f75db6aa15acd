/**
 * The snapshots of one learner: `snapshots/NNN.safetensors`, where NNN is how many examples had been seen. The last two are
 * kept, so that one that turns out damaged has one behind it.
 *
 * Each carries a note: where in the stream it was taken, how many bytes of the event log belong to it, what the running task
 * had counted, and the network's fingerprint. The note has a checksum, and the fingerprint is taken again after a restore, so
 * that no flipped bit passes as a life.
 */
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../recipe/canonical.ts";
import { checksum } from "./events.ts";
import { makeFolder, removeUnfinished, writeWhole } from "./files.ts";

const KEPT = 2;
const ENDING = ".safetensors";

/** One snapshot on disk. */
export interface Stored {
  readonly position: number;
  readonly path: string;
}

export class SnapshotStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    makeFolder(folder);
    removeUnfinished(folder);
  }

  /** Writes a snapshot, then lets go of all but the newest two. */
  write(position: number, bytes: Uint8Array): void {
    writeWhole(join(this.folder, `${String(position).padStart(9, "0")}${ENDING}`), bytes);
    this.prune();
  }

  /** Lets go of all but the newest two. */
  prune(): void {
    for (const { path } of this.list().slice(KEPT)) rmSync(path);
  }

  /** Newest first. */
  list(): Stored[] {
    return storedIn(this.folder);
  }

  read(stored: Stored): Uint8Array {
    return readFileSync(stored.path);
  }

  /** Puts a snapshot that cannot be used out of the way, under a name that says so. */
  setAside(stored: Stored): void {
    renameSync(stored.path, `${stored.path}.damaged`);
  }
}

/** The snapshots in a folder, newest first; none when there is no such folder. */
export function storedIn(folder: string): Stored[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+\.safetensors$/.test(name))
    .map((name) => ({ position: Number.parseInt(name, 10), path: join(folder, name) }))
    .sort((a, b) => b.position - a.position);
}

/** A note with its checksum. */
export function sealed<T extends object>(note: T): T & { crc: string } {
  return { ...note, crc: checksum(canonical(note)) };
}

/** Whether a note read back from a snapshot is the one that was sealed. */
export function sealHolds(note: unknown): boolean {
  if (note === null || typeof note !== "object") return false;
  const { crc, ...rest } = note as { crc?: unknown };
  return crc === checksum(canonical(rest));
}
