/** `plastica live RECIPE`: lives a recipe, or shows what became of it when that has been done. */
import { existsSync, readFileSync } from "node:fs";
import { builtInRecipe, createRun, type Recipe, readRecipe, stateOf, writeReport } from "@plastica/lab";
import { RecipeError } from "plastica";
import { type PlayOptions, play, tell } from "./play.ts";

export interface LiveOptions extends PlayOptions {
  tasks?: number;
  seed?: number;
}

export async function live(meant: string, { tasks, seed, ...options }: LiveOptions): Promise<number> {
  const recipe = readRecipe(changed(recipeMeant(meant), tasks, seed));
  const run = createRun(options.out, recipe);
  const state = stateOf(run);
  if (state.complete) {
    if (!options.json)
      process.stderr.write(`${run.id} is complete already; a recipe has one result, and this is it.\n`);
    tell(run, writeReport(run), options.json === true);
    return 0;
  }
  if (!options.json && !state.running && Object.values(state.learners).some(({ position }) => position > 0)) {
    process.stderr.write(`${run.id} was begun before; going on with it.\n`);
  }
  return play(run, options);
}

/** A file when there is one of that name, or the word looks like one; else a recipe that comes along. */
function recipeMeant(meant: string): unknown {
  if (!existsSync(meant) && !meant.endsWith(".json")) return builtInRecipe(meant);
  let text: string;
  try {
    text = readFileSync(meant, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new RecipeError(`${meant}: ${missing ? "no such file" : (cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecipeError(`${meant}: not JSON: ${(cause as Error).message}`, { cause });
  }
}

function changed(recipe: unknown, tasks: number | undefined, seed: number | undefined): unknown {
  if (recipe === null || typeof recipe !== "object") return recipe; // readRecipe will say what is wrong with it
  const { stream, ...rest } = recipe as Partial<Recipe>;
  return {
    ...rest,
    ...(seed === undefined ? {} : { seed }),
    stream: tasks === undefined ? stream : { ...stream, tasks },
  };
}
