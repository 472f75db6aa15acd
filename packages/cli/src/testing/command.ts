/** The whole command in a process of its own, as a person starts it. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../plastica.ts", import.meta.url));

/** How a run of the command ended. */
export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Gets the process as soon as it lives. */
  readonly touch?: (pid: number) => void;
  /** Gets its standard output so far, whenever there is more. */
  readonly heard?: (text: string, pid: number) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** Of Node itself, before the program. */
  readonly nodeOptions?: readonly string[];
}

/** Runs `plastica` with these arguments. */
export function plastica(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { touch, heard, env, nodeOptions = [] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, COMMAND, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
      heard?.(stdout, child.pid as number);
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    touch?.(child.pid as number);
  });
}
