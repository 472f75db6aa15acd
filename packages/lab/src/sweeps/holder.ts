/**
 * Who holds a job: a process, named as in a run's lock (runs/lock.ts) by its number, its host and when it was started. A process
 * of which it is certain that it is gone needs no lease to run out.
 */
import { hostname } from "node:os";
import { isAlive, processStart } from "../runs/process-start.ts";

/** This process, as in `4711 host 9ff51aa4-...:3932160`. */
export function thisProcess(): string {
  return `${process.pid} ${hostname()} ${processStart(process.pid)}`;
}

/**
 * Whether that process is certainly gone. False where nobody here can tell: on another host, or of another boot, since another
 * machine on a shared disk may have this one's name.
 */
export function isGone(holder: string): boolean {
  const [pid, host, start = "-"] = holder.split(" ");
  if (host !== hostname()) return false;
  const [boot] = start.split(":");
  if (start !== "-" && boot !== processStart(process.pid).split(":")[0]) return false;
  if (!isAlive(Number(pid))) return true;
  const now = processStart(Number(pid));
  return start !== "-" && now !== "-" && start !== now;
}
