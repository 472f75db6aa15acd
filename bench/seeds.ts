/**
 * A recipe over several seeds, with intervals: the quality numbers in docs/results.md. Runs are resumable and are kept in runs/, so a
 * second call goes on where the first was stopped, and a finished seed is only read.
 *
 *   npm run seeds -- [--recipe first-life] [--seeds 5] [--json]
 */
import { parseArgs } from "node:util";
import { builtInRecipe, conduct, createRun, percent, readRecipe, stateOf, summaryOf } from "@plastica/lab";
import { wholeOption } from "./options.ts";

const { values } = parseArgs({
  options: {
    recipe: { type: "string", default: "first-life" },
    seeds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
/** Half widths of the 95 % interval in standard errors, Student's t with n - 1 degrees of freedom, for n from 2 to 30. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045,
];
const seeds = wholeOption("seeds", values.seeds, 2, T95.length + 1);

const found: Record<string, { first: number[]; peak: number[]; end: number[] }> = {};
for (let seed = 1; seed <= seeds; seed++) {
  const run = createRun("runs", readRecipe({ ...builtInRecipe(values.recipe), seed }));
  if (!stateOf(run).complete) {
    await conduct(run, {
      task: (name, { task }) => process.stderr.write(`\rseed ${seed}  ${name}  task ${task + 1}   `),
    });
  }
  for (const [name, state] of Object.entries(stateOf(run).learners)) {
    const summary = summaryOf(state);
    if (!summary) throw new Error(`${run.id}: ${name} has finished no task`);
    found[name] ??= { first: [], peak: [], end: [] };
    for (const what of ["first", "peak", "end"] as const) found[name][what].push(summary[what]);
  }
}

for (const [learner, accuracies] of Object.entries(found)) {
  const told = Object.entries(accuracies).map(([what, all]) => [what, interval(all)] as const);
  if (values.json) console.log(JSON.stringify({ recipe: values.recipe, learner, seeds, ...Object.fromEntries(told) }));
  else
    console.log(
      `${learner.padEnd(10)}${told.map(([what, { mean, half }]) => `${what} ${percent(mean)} ± ${(100 * half).toFixed(2)}`).join("   ")}`,
    );
}

function interval(all: readonly number[]): { mean: number; half: number } {
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
  return { mean, half: T95[all.length - 2] * Math.sqrt(variance / all.length) };
}
