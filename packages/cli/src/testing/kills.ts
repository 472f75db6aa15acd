/**
 * Kills a run with SIGKILL, over and over, and resumes it each time, as a power cut would: the whole command in a process of
 * its own, no warning, at moments that hang on the clock. What it must come to is the same as without any kill.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { key, uniform } from "plastica";

const COMMAND = fileURLToPath(new URL("../plastica.ts", import.meta.url));

/** How a run of the command ended. */
export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `plastica` with these arguments; `touch` gets the process while it lives, `heard` its standard output so far. */
export function plastica(
  args: readonly string[],
  {
    touch,
    heard,
    env,
  }: { touch?: (pid: number) => void; heard?: (text: string, pid: number) => void; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
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

export interface KillOptions {
  /** A folder that may be filled and emptied. */
  readonly folder: string;
  /** The recipe, as JSON data. */
  readonly recipe: object;
  /** How often to kill. Fewer come about when the run is over before. */
  readonly kills: number;
  /** Of the moments' draws. */
  readonly seed: number;
  /** After each session. */
  readonly told?: (kills: number, sessions: number) => void;
}

export interface KillResult {
  /** Sessions that were killed before they had ended by themselves. */
  readonly kills: number;
  readonly sessions: number;
  /** Learners whose log differs from that of the undisturbed run. */
  readonly different: string[];
}

/**
 * Lives the recipe once undisturbed and once under kills. Every fifth kill comes while the process is starting, the others up
 * to 150 milliseconds after its first finished task, so that each session gets on.
 *
 * @throws Error when a session fails other than by being killed
 */
export async function killAndResume({ folder, recipe, kills, seed, told }: KillOptions): Promise<KillResult> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "recipe.json");
  writeFileSync(file, JSON.stringify(recipe));
  const [calm, rough] = ["calm-", "rough-"].map((name) => mkdtempSync(join(folder, name)));
  succeeded(await plastica(["live", file, "--out", calm]));
  const moments = key(seed, "kills");
  let killed = 0;
  let sessions = 0;
  for (let ended: Ended | undefined; ended?.code !== 0; sessions++) {
    const draw = uniform(moments, sessions);
    const early = sessions % 5 === 4;
    const kill = (after: number) => (pid: number) => {
      if (killed < kills) setTimeout(() => endProcess(pid), after);
    };
    let struck = false;
    ended = await plastica(["live", file, "--out", rough], {
      touch: early ? kill(draw * 1000) : undefined,
      heard: (text, pid) => {
        if (struck || early || !text.includes("\n")) return;
        struck = true;
        kill(draw * 150)(pid);
      },
    });
    if (ended.code === null) killed++;
    else succeeded(ended);
    told?.(killed, sessions + 1);
  }
  const learners = Object.keys((recipe as { learners: object }).learners);
  const different = learners.filter((name) => !logOf(calm, name).equals(logOf(rough, name)));
  // Runs that differ are kept, to be looked at.
  if (different.length === 0) for (const made of [calm, rough]) rmSync(made, { recursive: true });
  return { kills: killed, sessions, different };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it had ended by itself
  }
}

function succeeded({ code, stdout, stderr }: Ended): void {
  if (code !== 0) throw new Error(`plastica ended with ${code}:\n${stderr}\n${stdout}`);
}

function logOf(root: string, learner: string): Buffer {
  const [id] = readdirSync(root);
  return readFileSync(join(root, id, learner, "events.jsonl"));
}
