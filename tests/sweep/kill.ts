/**
 * Kills a sweep's process with SIGKILL, over and over, and starts it again each time, as a power cut would. What it must come to
 * is what an undisturbed sweep comes to: every result once, and the same bytes.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { key, uniform } from "plastica";
import { jobOf, queuePath, resultIn } from "../../packages/lab/src/sweeps/job.ts";
import { openQueue } from "../../packages/lab/src/sweeps/queue.ts";
import { smallLives, writeTable } from "./recipes.ts";

export interface KillSweepOptions {
  /** A folder that may be filled and emptied. */
  readonly folder: string;
  readonly seeds: number;
  /** Of each life. A sweep that is over before the last kill is followed by one of lives twice as long. */
  readonly examples: number;
  readonly kills: number;
  /** Of the moments' draws. */
  readonly seed: number;
  /** After each session. */
  readonly told?: (line: string) => void;
}

export interface KillSweepResult {
  readonly kills: number;
  /** Runs that were being lived when a kill came, and went on later. */
  readonly interrupted: number;
  /** What is not as it should be, in words; empty when all is. */
  readonly faults: string[];
}

/** Doublings at most: a machine on which a sweep cannot be killed so often has been tried enough. */
const LONGEST = 64;

export async function killSweep(options: KillSweepOptions): Promise<KillSweepResult> {
  for (let times = 1; ; times *= 2) {
    const result = await oneSweep(options, options.examples * times);
    if (result.kills === options.kills || result.faults.length > 0 || times === LONGEST) return result;
    options.told?.(`over after ${result.kills} kills: once more with longer lives`);
  }
}

async function oneSweep(options: KillSweepOptions, examples: number): Promise<KillSweepResult> {
  const { folder, seeds, kills, seed, told } = options;
  mkdirSync(folder, { recursive: true });
  const [calm, rough] = ["calm-", "rough-"].map((name) => mkdtempSync(join(folder, name)));
  const table = join(folder, "birds.csv");
  writeTable(table);
  const lives: Lives = [seeds, examples, table];
  const undisturbed = await session(calm, lives);
  const share = (1.2 * undisturbed) / kills; // so that it is not over before the last kill
  const moments = key(seed, "sweep kills");
  let [killed, sessions] = [0, 0];
  for (let over = false; !over; sessions++) {
    const draw = uniform(moments, sessions);
    const since = SINCE[sessions % SINCE.length];
    const kill = killed === kills ? undefined : { since, after: since === "" ? draw * 1000 : draw * share };
    over = (await session(rough, lives, kill)) !== KILLED;
    if (!over) killed++;
    told?.(`session ${sessions + 1}, killed ${killed} of ${kills}: ${doneIn(rough)} of ${seeds} done`);
  }
  const result = { kills: killed, interrupted: interruptedIn(rough), faults: faultsOf(calm, rough, lives) };
  if (result.faults.length === 0) for (const made of [calm, rough]) rmSync(made, { recursive: true });
  return result;
}

const KILLED = -1;

/** What `smallLives` is asked for. */
type Lives = Parameters<typeof smallLives>;

/** A kill comes some time after the process has said this; the fifth of five while it starts. */
const SINCE = ["finished", "started", "finished", "finished", ""];

interface Kill {
  readonly since: string;
  /** Milliseconds. */
  readonly after: number;
}

/** A process that sweeps; how many milliseconds it took from its first life on, or KILLED. */
function session(root: string, lives: Lives, kill?: Kill): Promise<number> {
  const program = fileURLToPath(new URL("live.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, root, ...lives.map(String)]);
    let [said, wrong, began, struck] = ["", "", 0, false];
    const hear = (more: string) => {
      said += more;
      if (began === 0 && said !== "") began = performance.now();
      if (kill === undefined || struck || !said.includes(kill.since)) return;
      struck = true;
      setTimeout(() => child.kill("SIGKILL"), kill.after);
    };
    hear("");
    child.stdout.on("data", (data) => hear(String(data)));
    child.stderr.on("data", (data) => {
      wrong += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === null) resolve(KILLED);
      else if (code === 0) resolve(performance.now() - began);
      else reject(new Error(`the sweep ended with ${code}:\n${wrong}\n${said}`));
    });
  });
}

function doneIn(root: string): number {
  const queue = openQueue(queuePath(root));
  const { done } = queue.counts();
  queue.close();
  return done;
}

function interruptedIn(root: string): number {
  const queue = openQueue(queuePath(root));
  const again = queue.history().filter(({ what, token }) => what === "claimed" && token > 1);
  queue.close();
  return again.length;
}

/** What is not as it should be: a job not completed once, a result that is missing or another, a file of other bytes. */
function faultsOf(calm: string, rough: string, lives: Lives): string[] {
  const faults: string[] = [];
  const queue = openQueue(queuePath(rough));
  const history = queue.history();
  const entries = new Map(queue.entries().map((entry) => [entry.key, entry]));
  queue.close();
  if (entries.size !== lives[0]) faults.push(`${entries.size} jobs in the queue`);
  for (const recipe of smallLives(...lives)) {
    const job = jobOf(recipe, 0);
    const times = history.filter(
      ({ key, what }) => key === job.key && (what === "completed" || what === "found"),
    ).length;
    if (times !== 1) faults.push(`${job.folder}: completed ${times} times`);
    const [a, b] = [calm, rough].map((root) => resultIn(join(root, job.folder), recipe)?.fingerprint);
    if (a === undefined || a !== b) faults.push(`${job.folder}: ended with ${b}, undisturbed with ${a}`);
    if (entries.get(job.key)?.fingerprint !== a) faults.push(`${job.folder}: the queue has another result`);
    for (const file of differing(join(calm, job.folder), join(rough, job.folder))) {
      faults.push(`${job.folder}: ${file} differs`);
    }
  }
  const [a, b] = [calm, rough].map((root) => readdirSync(root).sort().join("\n"));
  if (a !== b) faults.push(`the folders hold ${b}, undisturbed ${a}`);
  return faults;
}

/** The files of two run folders that are not in both, or not of the same bytes; times alone may differ. */
function differing(calm: string, rough: string): string[] {
  const [a, b] = [calm, rough].map(filesIn);
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name)?.equals(b.get(name) ?? EMPTY) !== true);
}

const EMPTY = new Uint8Array(0);

function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "timing.json");
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length),
      readFileSync(join(parentPath, name)),
    ]),
  );
}
