/** When a process was started, as far as the system tells: what makes a process's number mean one process. */
import { readFileSync } from "node:fs";

/**
 * On Linux the boot's id and the clock ticks from the boot to the process's start, as in `9ff51aa4-...:3932160`: no two
 * processes of one number have the same. Elsewhere, and where it cannot be read, "-".
 */
export function processStart(pid: number): string {
  if (process.platform !== "linux") return "-";
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc(5): the second field is the program's name in brackets, and may hold anything; the start is the 22nd.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? "-" : `${boot}:${ticks}`;
  } catch {
    return "-";
  }
}
