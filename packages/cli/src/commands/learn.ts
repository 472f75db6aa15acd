/**
 * `plastica learn FILE --target COLUMN`: learns a table of the user's own, row by row in its own order, without a recipe having to be
 * written: a plain network, and beside it one of the same size that replaces its useless neurons. It makes a recipe like any
 * other, which `--save` writes to a file, to go on from.
 */
import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { createRun, readRecipe, recipeText, reportPath, writeWhole } from "@plastica/lab";
import { open } from "../browser.ts";
import { UsageError } from "../failure.ts";
import { digestOf, type Filling, type Lesson, lessonText, lookAt } from "../lesson.ts";
import { note } from "../output.ts";
import { fromHere } from "../screen/result.ts";
import { liveOn } from "./live.ts";
import type { PlayOptions } from "./play.ts";

export interface LearnOptions extends PlayOptions {
  target: string;
  classify?: boolean;
  regress?: boolean;
  missing: Filling;
  seed?: number;
  save?: string;
  open?: boolean;
}

/** Lines that the log has of a life. */
const WINDOWS = 50;

export async function learn(file: string, options: LearnOptions): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  const lesson = await lookAt(file, { ...options, task: taskOf(options) });
  if (!options.json) for (const line of lessonText(lesson)) note(line);
  const recipe = readRecipe(await recipeOf(file, lesson, options));
  if (options.save !== undefined) {
    writeWhole(options.save, recipeText(recipe));
    note(`The recipe: ${fromHere(options.save)}; to live it again or changed: npx plastica live ${options.save}`);
  }
  const run = createRun(options.out, recipe);
  const code = await liveOn(run, options);
  if (code === 0 && options.open) open(reportPath(run.folder));
  return code;
}

function taskOf({ classify, regress }: LearnOptions): Lesson["task"] | undefined {
  if (classify && regress) throw new UsageError("--classify and --regress: must be one of them");
  return classify ? "classify" : regress ? "regress" : undefined;
}

async function recipeOf(file: string, { rows, target, task, inputs, leftOut }: Lesson, options: LearnOptions) {
  const learner = { rule: { kind: "adam", lr: 1e-3 } };
  return {
    // What the file holds has a say in the name: another day's file of the same name is another run.
    name: `${nameOf(file)}-${(await digestOf(file)).slice(0, 6)}`,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    stream: {
      ...{ kind: "table", path: fromHere(resolve(file)), target: target.name, task, missing: options.missing },
      ...(leftOut.length === 0 ? {} : { inputs: inputs.map(({ name }) => name) }),
    },
    window: Math.ceil(rows / WINDOWS),
    network: { hidden: [64, 64], activation: "relu", inputNormalisation: 0.999 },
    learners: { plain: learner, plastic: { ...learner, structure: ["continual-backprop"] } },
  };
}

/** "Air quality (2024).csv.gz" is "air-quality-2024". */
function nameOf(file: string): string {
  const bare = file.replace(/^.*[/\\]/, "").replace(/\.gz$/i, "");
  const stem = bare.slice(0, bare.length - extname(bare).length);
  const words = stem.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return words.replaceAll(/^-+|-+$/g, "").slice(0, 40) || "table";
}
