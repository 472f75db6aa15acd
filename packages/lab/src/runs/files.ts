/** Files that are there whole or not at all, also after a power cut. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** The ending of a file that is still being written; one that is found later was never finished. */
export const UNFINISHED = ".part";

/** Writes `path` under a temporary name, forces it to the disk, renames it and forces the folder's entry to the disk. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const temporary = `${path}${UNFINISHED}`;
  const file = openSync(temporary, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** The same without waiting for the disk: for what may be lost. */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}${UNFINISHED}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // a folder cannot be opened there; NTFS journals the rename itself
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
