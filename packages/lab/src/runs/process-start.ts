/** What the system tells of a process: what makes a process's number mean one process, and whether it still is one. */
import { readFileSync } from "node:fs";

/**
 * On Linux the boot's id and the clock ticks from the boot to the process's start, as in `9ff51aa4-...:3932160`: no two
 * processes of one number have the same. Elsewhere, and where it cannot be read, "-".
 */
export function processStart(pid: number): string {
  if (process.platform !== "linux") return "-";
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const { start } = statIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return start === undefined ? "-" : `${boot}:${start}`;
  } catch {
    return "-";
  }
}

/** Whether there is a process of that number on this host. One that has ended is none, though it keeps its number until its parent asks. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  try {
    return !statIn(readFileSync(`/proc/${pid}/stat`, "utf8")).ended;
  } catch {
    return true;
  }
}

/**
 * What a line of `/proc/PID/stat` tells: whether the process has ended, and the clock ticks of its start. After proc(5): the second field
 * is the program's name in brackets, and may hold anything; the third is the state, Z or X of one that has ended, the 22nd the start.
 */
export function statIn(stat: string): { ended: boolean; start: string | undefined } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { ended: fields[0] === "Z" || fields[0] === "X", start: fields[19] };
}
