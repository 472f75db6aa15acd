/**
 * Kills a run with SIGKILL, over and over, and resumes it each time, as a power cut would: the whole command in a process of
 * its own, no warning, at moments that hang on the clock. What it must come to is the same as without any kill.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { key, uniform } from "plastica";
import { type Ended, plastica } from "../../packages/cli/src/testing/command.ts";
import { differing, livesOn, succeeded } from "./left.ts";

export interface KillOptions {
  /** A folder that may be filled and emptied. */
  readonly folder: string;
  /** A recipe of so many tasks, as JSON data. */
  readonly recipe: (tasks: number) => object;
  readonly tasks: number;
  /** How often to kill. A life that is over before is followed by one twice as long. */
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
  /** Learners that left something else than in the undisturbed run. */
  readonly different: string[];
}

/** Lives of at most this many doublings: a machine on which none can be killed has been tried enough. */
const LONGEST = 64;

/**
 * Lives the recipe once undisturbed and once under kills. Every fifth kill comes while the process is starting, the others up
 * to 150 milliseconds after its first finished task, so that each session gets on.
 *
 * @throws Error when a session fails other than by being killed
 */
export async function killAndResume(options: KillOptions): Promise<KillResult> {
  const result = { kills: 0, sessions: 0, different: [] as string[] };
  for (let times = 1; times <= LONGEST && result.kills < options.kills && result.different.length === 0; times *= 2) {
    await oneLife(options, options.tasks * times, result);
  }
  return result;
}

async function oneLife(
  { folder, recipe, kills, seed, told }: KillOptions,
  tasks: number,
  result: { kills: number; sessions: number; different: string[] },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "recipe.json");
  const asked = recipe(tasks);
  writeFileSync(file, JSON.stringify(asked));
  const [calm, rough] = ["calm-", "rough-"].map((name) => mkdtempSync(join(folder, name)));
  await livesOn(file, calm);
  const moments = key(seed, "kills");
  for (let ended: Ended | undefined; ended?.code !== 0; ) {
    const session = result.sessions++;
    const draw = uniform(moments, session);
    const early = session % 5 === 4;
    const kill = (after: number) => (pid: number) => {
      if (result.kills < kills) setTimeout(() => endProcess(pid), after);
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
    if (ended.code === null) result.kills++;
    else succeeded(ended);
    told?.(result.kills, result.sessions);
  }
  result.different = differing(calm, rough, Object.keys((asked as { learners: object }).learners));
  // Runs that differ are kept, to be looked at.
  if (result.different.length === 0) for (const made of [calm, rough]) rmSync(made, { recursive: true });
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it had ended by itself
  }
}
