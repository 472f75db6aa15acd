/**
 * One writer a run. The file `lock` in the run's folder names the process that writes there; it is made so that only one of two
 * racing processes can succeed, and one whose process is gone (killed, or the power failed) is taken over.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RunError } from "./errors.ts";

/** Takes the lock of a run's folder and returns what gives it back. Throws RunError when a living process holds it. */
export function lock(folder: string): () => void {
  const path = join(folder, "lock");
  const mine = `${process.pid} ${hostname()} ${Date.now()}\n`;
  if (!create(path, mine)) {
    const holder = contentOf(path);
    if (holder !== undefined && isHeld(holder)) throw inUse(folder, path, holder);
    if (holder !== undefined) removeStale(folder, path, holder);
    if (!create(path, mine)) throw inUse(folder, path, contentOf(path) ?? "another process");
  }
  return () => {
    if (contentOf(path) === mine) rmSync(path);
  };
}

/** Whether a living process writes in that run's folder. */
export function isLocked(folder: string): boolean {
  const holder = contentOf(join(folder, "lock"));
  return holder !== undefined && isHeld(holder);
}

/** A link appears with its content and only where nothing is: a lock is never seen empty, and never made twice. */
function create(path: string, content: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own);
  }
}

/** Another process may have found the same stale lock and replaced it by now; what is moved aside is looked at again. */
function removeStale(folder: string, path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other one was quicker
  }
  const moved = contentOf(aside);
  if (moved !== stale) {
    linkSync(aside, path);
    rmSync(aside);
    throw inUse(folder, path, moved ?? "another process");
  }
  rmSync(aside);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isHeld(holder: string): boolean {
  const [pid, host] = holder.trim().split(" ");
  if (host !== undefined && host !== hostname()) return true; // a shared disk: nobody here can tell
  const number = Number(pid);
  if (!Number.isInteger(number) || number < 1) return false; // no lock of ours
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function inUse(folder: string, path: string, holder: string): RunError {
  const [pid, host] = holder.trim().split(" ");
  return new RunError(`${folder}: process ${pid} on ${host ?? "this machine"} is writing this run (if not, remove ${path})`);
}
