/**
 * A run on disk: a folder named by its recipe's name and hash, with `recipe.json`, `report.html` and a folder for each learner
 * (`events.jsonl`, `metrics.parquet`, `timing.json`, `snapshots/`). The folder is the whole truth; nothing is kept elsewhere.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Decided, RecipeError } from "plastica";
import { type Recipe, readRecipe, recipeText, runId } from "../recipe/recipe.ts";
import { decisionsIn } from "./biography.ts";
import { RunError } from "./errors.ts";
import { readEvents } from "./events.ts";
import { makeFolder, writeWhole } from "./files.ts";
import { mustBeSameRun } from "./identity.ts";
import { isLocked } from "./lock.ts";
import { eventsPath, learnerFolder, metricsPath, recipePath, snapshotsPath } from "./paths.ts";
import {
  type BegunRecord,
  begunRecord,
  type EndRecord,
  endRecord,
  type WindowRecord,
  windowRecords,
} from "./record.ts";
import { storedIn } from "./snapshots.ts";
import { readTiming, type Timing } from "./stopwatch.ts";

export interface Run {
  readonly id: string;
  readonly folder: string;
  readonly recipe: Recipe;
}

/** How far one learner has come. */
export interface LearnerState {
  readonly windows: WindowRecord[];
  /** Examples that are safe: those of the newest snapshot, or all. */
  readonly position: number;
  /** How it ended; undefined while it has not. */
  readonly end: EndRecord | undefined;
  /** What it was begun as; undefined where nothing is logged. */
  readonly begun: BegunRecord | undefined;
  readonly timing: Timing | undefined;
  /** What was proposed and decided, in order. */
  readonly decisions: Decided[];
}

export interface RunState {
  readonly learners: Record<string, LearnerState>;
  /** Examples in each learner's whole life; undefined before it has begun. */
  readonly examples: number | undefined;
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
  makeFolder(folder);
  writeWhole(path, recipeText(recipe));
  return { id, folder, recipe };
}

/** The run in that folder. Throws RunError when there is none, RecipeError when its recipe has been damaged; both name the path. */
export function openRun(folder: string): Run {
  const path = recipePath(folder);
  if (!existsSync(path)) throw new RunError(`${folder}: no run there (it has no recipe.json)`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new RunError(`${path}: not JSON (${(cause as Error).message})`, { cause });
  }
  try {
    const recipe = readRecipe(value);
    // By the file's own words: one of before, which lacks what has a default since, is the run that it was.
    return { id: runId(value as Recipe), folder: resolve(folder), recipe };
  } catch (cause) {
    throw cause instanceof RecipeError ? new RecipeError(`${path}: ${cause.message}`, { cause }) : cause;
  }
}

/**
 * The run that somebody means: a folder, the name of one under `root`, or the beginning of such a name; a dry run only where it
 * leaves no other.
 *
 * @param fits which of several runs a beginning is taken to mean, when it leaves just one
 * @throws RunError when there is none or, naming each with its state, when it could be several
 */
export function findRun(root: string, meant: string, fits: (state: RunState) => boolean = () => true): Run {
  if (existsSync(recipePath(meant))) return openRun(meant);
  const names = runIds(root);
  const isPath = /[/\\]/.test(meant);
  const found = names.includes(meant) ? [meant] : isPath ? [] : names.filter((name) => name.startsWith(meant));
  if (found.length === 1) return openRun(join(root, found[0]));
  if (found.length > 1) {
    const all = found.flatMap((name) => opened(root, name));
    const fitting = all.filter(({ state }) => state !== undefined && fits(state));
    const real = (fitting.length > 0 ? fitting : all).filter(({ run }) => run === undefined || !isDryRun(run.recipe));
    for (const left of [fitting, real]) if (left.length === 1 && left[0].run !== undefined) return left[0].run;
    const could = all.map(({ name, run, state }) => {
      if (run === undefined || state === undefined) return `${name} (unreadable)`;
      return `${name} (${isDryRun(run.recipe) ? "dry run, " : ""}${statusOf(state)})`;
    });
    throw new RunError(`${meant}: could be ${could.join(" or ")}`);
  }
  const known = names.length === 0 ? "there are no runs yet" : `there are ${names.join(", ")}`;
  throw new RunError(`${meant}: no such run in ${root}; ${known}`);
}

function opened(root: string, name: string): { name: string; run?: Run; state?: RunState } {
  try {
    const run = openRun(join(root, name));
    return { name, run, state: stateOf(run) };
  } catch {
    return { name };
  }
}

/** Whether its policies, where it has any, all only say what they would do. */
export function isDryRun({ learners }: Recipe): boolean {
  const policies = Object.values(learners).flatMap(({ structure }) => structure);
  return policies.length > 0 && policies.every(({ dryRun }) => dryRun === true);
}

/** In a word: complete, running or unfinished. */
export function statusOf({ complete, running }: RunState): "complete" | "running" | "unfinished" {
  if (complete) return "complete";
  return running ? "running" : "unfinished";
}

/** The names of the runs' folders under `root`, in order: their ids, unless somebody renamed one. */
export function runIds(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter(
      (name) =>
        statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() &&
        existsSync(recipePath(join(root, name))),
    )
    .sort();
}

/** How far a run has come, read from its folder. Throws RunError when a life in it was begun as another recipe's. */
export function stateOf({ id, folder, recipe }: Run): RunState {
  const learners = Object.fromEntries(
    Object.keys(recipe.learners).map((name): [string, LearnerState] => {
      const { events } = readEvents(eventsPath(folder, name));
      const begun = begunRecord(events);
      mustBeSameRun(folder, id, begun);
      const end = endRecord(events);
      const state = {
        windows: windowRecords(events),
        position: end?.examples ?? storedIn(snapshotsPath(folder, name))[0]?.position ?? 0,
        end,
        begun,
        timing: readTiming(learnerFolder(folder, name)),
        decisions: decisionsIn(events),
      };
      return [name, state];
    }),
  );
  return {
    learners,
    examples: Object.values(learners).find(({ begun }) => begun !== undefined)?.begun?.examples,
    complete: Object.entries(learners).every(([name, { end }]) => end && existsSync(metricsPath(folder, name))),
    running: isLocked(folder),
  };
}
