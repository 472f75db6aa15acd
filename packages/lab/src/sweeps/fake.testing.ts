/**
 * A program for a sweep's thread that lives nothing: it leaves what a life leaves, and a line in `lived.txt` for each time it was asked.
 * What it does hangs on the recipe's name: `long` waits to be stopped, `fails` throws until there is a file `mended`, `dies` ends its thread.
 */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { frame } from "../runs/events.ts";
import { makeFolder } from "../runs/files.ts";
import { engineVersion } from "../runs/machine.ts";
import { eventsPath, learnerFolder, metricsPath } from "../runs/paths.ts";
import { serve } from "./serve.ts";

const EXAMPLES = 40;

serve(async ({ folder, recipe, stop }, told) => {
  const { name, seed } = recipe;
  appendFileSync(join(folder, "../lived.txt"), `${seed}\n`);
  if (name === "dies") process.exit(3);
  if (name === "fails" && !existsSync(join(folder, "../mended"))) throw new Error(`no data for ${seed}`);
  const steps = name === "long" ? Number.POSITIVE_INFINITY : EXAMPLES;
  for (let position = 0; position < steps; position++) {
    told.progress(Math.min(position, EXAMPLES), EXAMPLES);
    await after(1);
    if (Atomics.load(stop, 0) === 1) return undefined;
  }
  const [learner] = Object.keys(recipe.learners);
  makeFolder(learnerFolder(folder, learner));
  const begun = frame(0, { type: "begun", run: basename(folder), engine: engineVersion() });
  const ended = frame(1, { type: "ended", examples: EXAMPLES, fingerprint: `of-${seed}`, births: 0, deaths: 0 });
  writeFileSync(eventsPath(folder, learner), begun + ended);
  writeFileSync(metricsPath(folder, learner), "");
  return { fingerprint: `of-${seed}`, seconds: 0 };
});
