/** Files that are there whole or not at all, also after a power cut. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The ending of a file that is still being written; one that is found later was never finished. */
const UNFINISHED = ".part";

/** Writes `path` under a temporary name, forces it to the disk, renames it and forces the folder's entry to the disk. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  replace(path, (temporary) => {
    const file = openSync(temporary, "w");
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
  syncFolder(dirname(path));
}

/** The same without waiting for the disk: for what may be lost. */
export function replaceFile(path: string, content: string): void {
  replace(path, (temporary) => writeFileSync(temporary, content));
}

/** The temporary name is this process's own: two that write the same report do not write into each other's file. */
function replace(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}${UNFINISHED}`;
  try {
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The number, in digits, of the process that writes, or never finished, the file of that name; undefined where it is none of these. */
export function writerOf(name: string): string | undefined {
  return name.endsWith(UNFINISHED) ? /\.(\d+)$/.exec(name.slice(0, -UNFINISHED.length))?.[1] : undefined;
}

/** Removes what was never finished in a folder in which nobody else writes. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
}

/** Makes a folder, and those above it, where they are missing, and forces the new entries to the disk. */
export function makeFolder(path: string): void {
  const whole = resolve(path);
  const first = mkdirSync(whole, { recursive: true });
  if (first === undefined) return;
  for (let made = whole; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

/** Forces a folder's entries to the disk: a new file is not safe before that, however often it is forced there itself. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return; // a folder cannot be opened there; NTFS journals the rename itself
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
