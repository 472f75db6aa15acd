/**
 * Blocks of numbers, kept in the order in which they come and read in any: in memory while they are few, then in a temporary file,
 * which is gone when the spool is closed. Where the system allows it the file has no name any more as soon as it is open, so
 * that nothing is left behind when the program is killed.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Spool {
  /** Adds a block: a copy of these values, as many as in every other block. */
  add(values: Float64Array): void;
  /** Writes block `block`, from 0, to `target`. */
  read(block: number, target: Float64Array): void;
  close(): void;
}

/** @param memory bytes from which on the blocks go to a file */
export function spool(memory: number): Spool {
  const held: Float64Array[] = [];
  let file: number | undefined;
  let folder = "";
  let size = 0; // of a block
  let count = 0;

  function toFile(): number {
    folder = mkdtempSync(join(tmpdir(), "plastica-rows-"));
    const opened = openSync(join(folder, "rows"), "wx+");
    if (process.platform !== "win32") rmSync(folder, { recursive: true });
    held.forEach((values, block) => {
      write(opened, values, block);
    });
    held.length = 0;
    return opened;
  }

  function write(to: number, values: Float64Array, block: number): void {
    const bytes = bytesOf(values);
    for (let done = 0; done < size; ) done += writeSync(to, bytes, done, size - done, block * size + done);
  }

  return {
    add(values) {
      size = values.byteLength;
      if (file === undefined && (count + 1) * size > memory) file = toFile();
      if (file === undefined) held.push(values.slice());
      else write(file, values, count);
      count++;
    },
    read(block, target) {
      if (file === undefined) target.set(held[block]);
      else readSync(file, bytesOf(target), 0, size, block * size);
    },
    close() {
      held.length = 0;
      if (file === undefined) return;
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
      file = undefined;
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
