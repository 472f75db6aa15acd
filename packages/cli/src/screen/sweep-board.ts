/** What is known of a sweep while it lasts: how far each method is, and what its runs have come to. */
import { join } from "node:path";
import {
  type Comparisons,
  compare,
  type Job,
  type Measure,
  openRun,
  type Recipe,
  type SweepView,
  stateOf,
} from "@plastica/lab";

export interface MethodBoard {
  readonly name: string;
  readonly runs: number;
  /** The highest seed. */
  readonly most: number;
  done: number;
  failed: number;
  /** Shares of those that run now, 0 to 1. */
  running: readonly number[];
  /** By seed, of the runs that are done. */
  readonly values: Map<number, number | undefined>;
}

export interface SweepBoard {
  readonly title: string;
  readonly root: string;
  /** The one that decides. */
  readonly measure: Measure;
  readonly methods: readonly MethodBoard[];
  view: SweepView | undefined;
}

export function sweepBoard(title: string, root: string, measure: Measure, recipes: readonly Recipe[]): SweepBoard {
  const names = [...new Set(recipes.map(methodOf))];
  const methods = names.map((name): MethodBoard => {
    const seeds = recipes.filter((recipe) => methodOf(recipe) === name).map(({ seed }) => seed);
    return { name, runs: seeds.length, most: Math.max(...seeds), done: 0, failed: 0, running: [], values: new Map() };
  });
  return { title, root, measure, methods, view: undefined };
}

/** A sweep's runs have one learner each, named by the method. */
export function methodOf({ learners }: Pick<Recipe, "learners">): string {
  return Object.keys(learners).join(" ");
}

export function recipeOf(job: Job): Recipe {
  return JSON.parse(job.recipe) as Recipe;
}

/** Takes up what a finished run came to, and returns it. */
export function noteFinished(board: SweepBoard, job: Job): number | undefined {
  const recipe = recipeOf(job);
  const method = methodBoard(board, recipe);
  method.done++;
  const [life] = Object.values(stateOf(openRun(join(board.root, job.folder))).learners);
  const value = board.measure.of(life);
  method.values.set(recipe.seed, value);
  return value;
}

export function noteFailed(board: SweepBoard, job: Job): void {
  methodBoard(board, recipeOf(job)).failed++;
}

export function noteView(board: SweepBoard, view: SweepView): void {
  board.view = view;
  const running = view.running.map(({ job, position, examples }) => ({
    method: methodOf(recipeOf(job)),
    share: examples === 0 ? 0 : position / examples,
  }));
  for (const method of board.methods) {
    method.running = running.filter((one) => one.method === method.name).map(({ share }) => share);
  }
}

/** Mean and interval of each method so far. */
export function standings({ methods, measure }: SweepBoard): Comparisons["groups"] {
  return methods.map(({ name, values }) => {
    const group = { name, values: [...values].map(([seed, value]) => ({ seed, value })) };
    return compare([group], { measure }).groups[0];
  });
}

function methodBoard({ methods }: SweepBoard, recipe: Recipe): MethodBoard {
  const name = methodOf(recipe);
  const found = methods.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no method "${name}" in this sweep`);
  return found;
}
