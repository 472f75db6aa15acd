/**
 * A run on disk: a folder named by its recipe's name and hash, with `recipe.json`, `report.html` and a folder for each learner
 * (`events.jsonl`, `metrics.parquet`, `timing.json`, `snapshots/`). The folder is the whole truth; nothing is kept elsewhere.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Recipe, readRecipe, recipeText, runId } from "../recipe/recipe.ts";
import { RunError } from "./errors.ts";
import { readEvents } from "./events.ts";
import { writeWhole } from "./files.ts";
import { isLocked } from "./lock.ts";
import { eventsPath, learnerFolder, metricsPath, recipePath, snapshotsPath } from "./paths.ts";
import type { TaskRecord } from "./record.ts";
import { storedIn } from "./snapshots.ts";
import { readTiming, type Timing } from "./stopwatch.ts";

export interface Run {
  readonly id: string;
  readonly folder: string;
  readonly recipe: Recipe;
}

/** How far one learner has come. */
export interface LearnerState {
  readonly tasks: TaskRecord[];
  /** Examples that are safe: those of the newest snapshot, or all. */
  readonly position: number;
  /** Of the final state, once the life is complete. */
  readonly fingerprint: string | undefined;
  readonly timing: Timing | undefined;
}

export interface RunState {
  readonly learners: Record<string, LearnerState>;
  /** Examples in each learner's whole life. */
  readonly examples: number;
  readonly complete: boolean;
  /** Whether a living process is writing it now. */
  readonly running: boolean;
}

/** The recipe's run under `root`: made if it is not there. Throws RunError when that folder holds another recipe. */
export function createRun(root: string, recipe: Recipe): Run {
  const id = runId(recipe);
  const folder = resolve(root, id);
  const path = recipePath(folder);
  if (existsSync(path)) {
    const run = openRun(folder);
    if (recipeText(run.recipe) !== recipeText(recipe)) {
      throw new RunError(`${path}: holds another recipe of the same id; choose another name or folder`);
    }
    return run;
  }
  mkdirSync(folder, { recursive: true });
  writeWhole(path, recipeText(recipe));
  return { id, folder, recipe };
}

/** The run in that folder. Throws RunError when there is none, RecipeError when its recipe has been damaged. */
export function openRun(folder: string): Run {
  const path = recipePath(folder);
  if (!existsSync(path)) throw new RunError(`${folder}: no run there (it has no recipe.json)`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new RunError(`${path}: not JSON (${(cause as Error).message})`, { cause });
  }
  const recipe = readRecipe(value);
  return { id: runId(recipe), folder: resolve(folder), recipe };
}

/** The run that somebody means: a folder, an id under `root`, or the beginning of just one id. */
export function findRun(root: string, meant: string): Run {
  if (existsSync(recipePath(meant))) return openRun(meant);
  const ids = runIds(root);
  const matches = ids.includes(meant) ? [meant] : ids.filter((id) => id.startsWith(basename(meant)));
  if (matches.length === 1) return openRun(join(root, matches[0]));
  if (matches.length > 1) throw new RunError(`${meant}: could be ${matches.join(" or ")}`);
  const known = ids.length === 0 ? "there are no runs yet" : `there are ${ids.join(", ")}`;
  throw new RunError(`${meant}: no such run in ${root}; ${known}`);
}

/** The ids of the runs under `root`, by name. */
export function runIds(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory() && existsSync(recipePath(join(root, name))))
    .sort();
}

/** How far a run has come, read from its folder. */
export function stateOf({ folder, recipe }: Run): RunState {
  const examples = recipe.stream.tasks * recipe.stream.examplesPerTask;
  const learners: Record<string, LearnerState> = {};
  let complete = true;
  for (const name of Object.keys(recipe.learners)) {
    const { events } = readEvents(eventsPath(folder, name));
    const last = events.at(-1);
    const fingerprint = last?.type === "ended" ? String(last.fingerprint) : undefined;
    learners[name] = {
      tasks: events.filter((event) => event.type === "task") as unknown as TaskRecord[],
      position: fingerprint === undefined ? (storedIn(snapshotsPath(folder, name))[0]?.position ?? 0) : examples,
      fingerprint,
      timing: readTiming(learnerFolder(folder, name)),
    };
    complete &&= fingerprint !== undefined && existsSync(metricsPath(folder, name));
  }
  return { learners, examples, complete, running: isLocked(folder) };
}
