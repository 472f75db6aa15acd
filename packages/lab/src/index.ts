/** The face of the lab: data sets, streams, recipes, runs and reports. */

// Data
export { DataError } from "./data/errors.ts";
export { type Idx, parseIdx, readIdx } from "./data/idx.ts";
export { type ImageSet, imageOf, imageSet } from "./data/images.ts";
export { type DatasetName, dataset, fashionMnist, mnist, type Part } from "./data/mnist.ts";
// Recipes
export { builtInRecipe, builtInRecipes } from "./recipe/first-life.ts";
export type { Choice } from "./recipe/kinds.ts";
export { learnerFromRecipe } from "./recipe/learner.ts";
export { type LearnerRecipe, type Recipe, readRecipe, recipeText, runId } from "./recipe/recipe.ts";
// Reports
export { count, duration, percent, tasksOf } from "./report/numbers.ts";
export { writePicture } from "./report/picture.ts";
export { writeReport } from "./report/report.ts";
export { sentences } from "./report/sentences.ts";
export { type Summary, summaryOf } from "./report/summary.ts";
// Runs
export { type Audience, type ConductOptions, conduct, type Heartbeat } from "./runs/conduct.ts";
export { RunError } from "./runs/errors.ts";
export { frame, type LoggedEvent, readEvents } from "./runs/events.ts";
export { engineVersion } from "./runs/machine.ts";
export { reportPath } from "./runs/paths.ts";
export { meanDormant, type TaskRecord } from "./runs/record.ts";
export {
  createRun,
  findRun,
  type LearnerState,
  openRun,
  type Run,
  type RunState,
  runIds,
  stateOf,
  statusOf,
} from "./runs/run.ts";
export { differenceOf, type Verdict, verify } from "./runs/verify.ts";
// Streams
export { type Item, type PermutedOptions, permuted, type Stream } from "./streams/permuted.ts";
