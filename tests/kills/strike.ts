/**
 * Preloaded into the command (`node --import`), in its main thread and in its workers: kills the process at the Nth call that
 * changes a file. STRIKE says where and when, as in `worker:12`. A write that is struck is torn: half of it gets to the file.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const CALLS = [
  "writeSync",
  "writeFileSync",
  "renameSync",
  "linkSync",
  "fsyncSync",
  "ftruncateSync",
  "mkdirSync",
  "rmSync",
] as const;
type Call = (...args: unknown[]) => unknown;

const [where, when] = (process.env.STRIKE ?? "nowhere:0").split(":");
let calls = 0;

if (where === (isMainThread ? "main" : "worker")) {
  const open = fs as unknown as Record<string, Call>;
  for (const name of CALLS) {
    const real = open[name];
    open[name] = (...args) => {
      if (++calls === Number(when)) {
        if (name === "writeSync") writeHalf(real, args);
        process.kill(process.pid, "SIGKILL");
      }
      return real(...args);
    };
  }
  syncBuiltinESMExports();
}

function writeHalf(write: Call, [file, bytes, offset = 0, length, position]: unknown[]): void {
  const whole = (length as number | undefined) ?? (bytes as Uint8Array).length - (offset as number);
  write(file, bytes, offset, Math.floor(whole / 2), position);
}
