/** `plastica live RECIPE`: lives a recipe, or shows what became of it when that has been done. */
import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import {
  builtInRecipe,
  createRun,
  engineVersion,
  listed,
  mustBeSameData,
  mustFit,
  type Recipe,
  type Run,
  type RunState,
  readRecipe,
  readRecipeFile,
  recipeEndings,
  recipePath,
  runId,
  stateOf,
  streamKinds,
  writeReport,
} from "@plastica/lab";
import { UsageError } from "../failure.ts";
import { note } from "../output.ts";
import { tellDecisions } from "./biography.ts";
import { type PlayOptions, play, tell } from "./play.ts";

export interface LiveOptions extends PlayOptions {
  tasks?: number;
  seed?: number;
  dryRun?: boolean;
}

export async function live(meant: string, { tasks, seed, dryRun, ...options }: LiveOptions): Promise<number> {
  const asked = readRecipe(changed(await recipeMeant(meant), tasks, seed));
  const recipe = dryRun ? dry(asked) : asked;
  if (!existsSync(recipePath(join(options.out, runId(recipe))))) await mustFit(recipe);
  const run = createRun(options.out, recipe);
  const code = await liveOn(run, options);
  // With --json there is one value; decisions are in the log, and `biography --json` tells them.
  return dryRun && code === 0 && !options.json ? tellDecisions(run, {}) : code;
}

/** The same recipe, its policies only saying what they would do: all of them, or it would not be the life of one without. */
function dry(recipe: Recipe): Recipe {
  const named = Object.entries(recipe.learners);
  if (named.every(([, { structure }]) => structure.length === 0))
    throw new UsageError(`--dry-run: no policy of ${recipe.name} can only say what it would do (it has none)`);
  const others = named.flatMap(([name, { structure }]) =>
    structure.filter(({ dryRun }) => dryRun === undefined).map(({ kind }) => `${kind} of ${name}`),
  );
  if (others.length > 0)
    throw new UsageError(
      `--dry-run: ${listed(others)} would change the network in earnest; only policies with the option dryRun can be dry`,
    );
  const learners = named.map(([name, learner]) => [
    name,
    { ...learner, structure: learner.structure.map((one) => ({ ...one, dryRun: true })) },
  ]);
  return readRecipe({ ...recipe, learners: Object.fromEntries(learners) });
}

/** Lives a run, or goes on with it; shows it when it is complete. */
export async function liveOn(run: Run, options: PlayOptions): Promise<number> {
  const state = stateOf(run);
  if (state.complete) {
    for (const { begun } of Object.values(state.learners)) mustBeSameData(run.folder, run.recipe, begun);
    if (!options.json) note(`${run.id} is complete already; ${whose(state)}`);
    tell(run, writeReport(run), options.json === true);
    return 0;
  }
  if (!options.json && !state.running && Object.values(state.learners).some(({ position }) => position > 0)) {
    note(`${run.id} was begun before; going on with it.`);
  }
  return play(run, options);
}

/** A recipe has one result with one engine. */
function whose({ learners }: RunState): string {
  const other = Object.values(learners).find(({ begun }) => begun?.engine !== engineVersion())?.begun?.engine;
  if (other === undefined) return "a recipe has one result, and this is it.";
  return `it was lived with plastica ${other}, and verify tells whether this one, ${engineVersion()}, agrees.`;
}

/** A file when there is one of that name, or the word looks like one; else a recipe that comes along. */
async function recipeMeant(meant: string): Promise<unknown> {
  const isFile = existsSync(meant) || recipeEndings.includes(extname(meant).toLowerCase());
  return isFile ? readRecipeFile(meant) : builtInRecipe(meant);
}

function changed(recipe: unknown, tasks: number | undefined, seed: number | undefined): unknown {
  if (recipe === null || typeof recipe !== "object") return recipe; // readRecipe will say what is wrong with it
  const { stream } = recipe as Partial<Recipe>;
  if (tasks !== undefined) mustHaveTasks(stream);
  return {
    ...recipe,
    ...(seed === undefined ? {} : { seed }),
    ...(tasks === undefined ? {} : { stream: { ...stream, tasks } }),
  };
}

/** A kind of stream that is not known is left to readRecipe. */
function mustHaveTasks(stream: Partial<Recipe>["stream"]): void {
  const kind = stream?.kind ?? "";
  if (!Object.hasOwn(streamKinds, kind)) return;
  const known = Object.keys(streamKinds[kind].shape);
  if (known.includes("tasks")) return;
  throw new UsageError(`--tasks: a stream of kind "${kind}" has no such option (it has ${known.join(", ")})`);
}
