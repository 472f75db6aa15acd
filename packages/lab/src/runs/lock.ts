/**
 * One writer a run. The file `lock` in the run's folder names the process that writes there; it is made so that only one of two
 * racing processes can succeed, and one whose process is gone (killed, or the power failed) is taken over.
 *
 * Its one line is the process's number, the host's name, and when the process was started (process-start.ts), since numbers
 * come again: in a container that is started anew, the killed process and the new one both have the number 1.
 */
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { RunError } from "./errors.ts";
import { writerOf } from "./files.ts";
import { isAlive, processStart } from "./process-start.ts";

/** The locks that this thread holds, by path: where a start cannot be told, what is not here is of a process before. */
const held = new Set<string>();

/** What a link fails with where the file system has none. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES"]);

/** Takes the lock of a run's folder and returns what gives it back. Throws RunError when a living process holds it. */
export function lock(folder: string): () => void {
  const path = resolve(folder, "lock");
  const mine = `${process.pid} ${hostname()} ${processStart(process.pid)}\n`;
  if (!create(folder, path, mine)) {
    const holder = contentOf(path);
    if (holder !== undefined && isHeld(path, holder)) throw inUse(folder, path, holder);
    if (holder !== undefined) removeStale(folder, path, holder);
    if (!create(folder, path, mine)) throw inUse(folder, path, contentOf(path));
  }
  held.add(path);
  removeLeftovers(folder);
  return () => {
    held.delete(path);
    if (contentOf(path) === mine) rmSync(path);
  };
}

/** Whether a living process writes in that run's folder. */
export function isLocked(folder: string): boolean {
  const path = resolve(folder, "lock");
  const holder = contentOf(path);
  return holder !== undefined && isHeld(path, holder);
}

/** A link appears with its content and only where nothing is: a lock is never seen empty, and never made twice. */
function create(folder: string, path: string, content: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!NO_LINKS.has(code)) throw error;
    throw new RunError(
      `${folder}: a lock cannot be made there (${code}): a run needs a file system with hard links; choose a folder on another one`,
      { cause: error },
    );
  } finally {
    rmSync(own, { force: true });
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
  try {
    const moved = contentOf(aside);
    if (moved === stale) return;
    putBack(aside, path);
    throw inUse(folder, path, moved);
  } finally {
    rmSync(aside, { force: true });
  }
}

function putBack(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // a third one has it; in use it is
  }
}

/**
 * What processes have left behind that were killed while they took the lock, or wrote the recipe or a report. One that lives may be
 * writing a report now. Called by the lock's holder alone.
 */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^lock\.(?:stale\.)?(\d+)$/.exec(name)?.[1] ?? writerOf(name);
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isHeld(path: string, holder: string): boolean {
  const [pid, host, start] = holder.trim().split(" ");
  if (host !== undefined && host !== hostname()) return true; // a shared disk: nobody here can tell
  const number = Number(pid);
  if (!Number.isInteger(number) || number < 1) return false; // no lock of ours
  if (!isAlive(number)) return false;
  const now = processStart(number);
  if (start !== "-" && now !== "-") return start === now;
  return number !== process.pid || held.has(path);
}

function inUse(folder: string, path: string, holder = "another process"): RunError {
  const [pid, host = "this machine"] = holder.trim().split(" ");
  const who = holder === "another process" ? holder : `process ${pid} on ${host}`;
  return new RunError(`${folder}: ${who} is writing this run (if not, remove ${path})`);
}
