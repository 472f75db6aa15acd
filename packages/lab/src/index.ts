/** The face of the lab: data sets, streams, recipes, runs and reports. */

// Data
export { type Bytes, bytesOf } from "./data/bytes.ts";
export { type CsvOptions, csvTable } from "./data/csv.ts";
export { DataError } from "./data/errors.ts";
export { type Idx, type IdxOptions, idxTable, parseIdx, readIdx } from "./data/idx.ts";
export { type ImageSet, imageOf, imageSet } from "./data/images.ts";
export { type IterableOptions, iterableTable, type RowObject } from "./data/iterable.ts";
export {
  type DatasetName,
  dataset,
  fashionMnist,
  type ImageFiles,
  imagesFrom,
  mnist,
  type Part,
} from "./data/mnist.ts";
export { ndjsonTable } from "./data/ndjson.ts";
export { npyTable, npzTable } from "./data/numpy.ts";
export { type OpenOptions, openTable } from "./data/open.ts";
export { parquetTable } from "./data/parquet.ts";
export type { Column, ColumnKind, Missing, RowRange, Table, TableOptions } from "./data/table.ts";
// Environments
export {
  type AcrobotPhysics,
  acrobot,
  type CartPolePhysics,
  cartPole,
  type Drift,
  type Environment,
  type EnvironmentChoice,
  type EnvironmentKind,
  type EnvironmentOptions,
  environmentFrom,
  environmentOf,
  environments,
  type MountainCarPhysics,
  mountainCar,
  type Physics,
  type Transition,
  type World,
} from "./environments/index.ts";
// Metrics
export { areaUnderCurve, averageIncrementalAccuracy } from "./metrics/area.ts";
export { calibrationError } from "./metrics/calibration.ts";
export { balancedAccuracy, type ClassRecord, type Confusion, kappa, perClass } from "./metrics/confusion.ts";
export { type Cost, costOf, totalOperations } from "./metrics/cost.ts";
export { type Criterion, examplesToCriterion } from "./metrics/criterion.ts";
export {
  accuracies,
  type Better,
  bestOf,
  endOf,
  endWindows,
  firstOf,
  losses,
  onlineMean,
  type Point,
} from "./metrics/curve.ts";
export { forgetting } from "./metrics/forgetting.ts";
export { type AccuracyMatrix, accuracyMatrix, averageAccuracies, averageAccuracy } from "./metrics/matrix.ts";
export { type Life, type Measure, measureNamed, measures } from "./metrics/measure.ts";
export { type Regret, regret } from "./metrics/regret.ts";
export { backwardTransfer, forwardTransfer } from "./metrics/transfer.ts";
export { type DifferenceText, differenceText, formatted, type Unit } from "./metrics/unit.ts";
export { worstCaseAccuracy, worstMoment } from "./metrics/worst-moment.ts";
// Names
export { didYouMean } from "./options/nearest.ts";
// Protocols
export { protocolNamed, protocolOf, protocols } from "./protocols/index.ts";
export { type Method, type Protocol, type Published, protocolRecipe } from "./protocols/protocol.ts";
// Recipes
export { builtInRecipe, builtInRecipes } from "./recipe/first-life.ts";
export { mustFit } from "./recipe/fit.ts";
export { type JsonSchema, type OptionText, optionTexts, recipeJsonSchema } from "./recipe/json-schema.ts";
export type { Choice } from "./recipe/kinds.ts";
export { learnerFromRecipe } from "./recipe/learner.ts";
export { readRecipeFile, recipeEndings } from "./recipe/read-file.ts";
export { type LearnerRecipe, type Recipe, readRecipe, recipeText, runId } from "./recipe/recipe.ts";
// Reports
export { type Compared, comparedBy, comparisonSentences, intervalText, publishedOf } from "./report/compared.ts";
export { type Comparison, comparisonOf } from "./report/comparison.ts";
export { comparisonPage } from "./report/comparison-page.ts";
export { comparisonCsv, comparisonMarkdown } from "./report/comparison-text.ts";
export type { Course } from "./report/course.ts";
export { count, duration, listed, percent, several, tasksOf } from "./report/numbers.ts";
export { comparisonParquet } from "./report/parquet.ts";
export { picture } from "./report/picture.ts";
export { publishedText, standingOf } from "./report/published.ts";
export { writeReport } from "./report/report.ts";
export { runCsv, runMarkdown } from "./report/run-text.ts";
export { sentences } from "./report/sentences.ts";
export { type Summary, summaryOf } from "./report/summary.ts";
export { type Biography, biographyOf, decisionsOf } from "./runs/biography.ts";
// Runs
export { type Audience, type ConductOptions, conduct, type Heartbeat } from "./runs/conduct.ts";
export { RunError } from "./runs/errors.ts";
export { type Estimate, estimate } from "./runs/estimate.ts";
export { frame, type LoggedEvent, readEvents } from "./runs/events.ts";
export { makeFolder, replaceFile, writeWhole } from "./runs/files.ts";
export { mustBeSameData } from "./runs/identity.ts";
export type { Outlook } from "./runs/life.ts";
export { engineVersion, type Machine, machine } from "./runs/machine.ts";
export { recipePath, reportPath } from "./runs/paths.ts";
export { type BegunRecord, type EndRecord, meanDormant, type WindowRecord } from "./runs/record.ts";
export {
  createRun,
  findRun,
  isDryRun,
  type LearnerState,
  openRun,
  type Run,
  type RunState,
  runIds,
  stateOf,
  statusOf,
} from "./runs/run.ts";
export { differenceOf, type Verdict, verify } from "./runs/verify.ts";
// Statistics
export { type BootstrapOptions, bootstrapInterval } from "./statistics/bootstrap.ts";
export {
  type ComparedPair,
  type CompareOptions,
  type Comparisons,
  compare,
  type GroupSummary,
} from "./statistics/compare.ts";
export { type Difference, differenceBetween, type Group, type SeedValue } from "./statistics/comparison.ts";
export { normalCdf, normalQuantile, studentCdf, studentQuantile } from "./statistics/distributions.ts";
export { holm } from "./statistics/holm.ts";
export { permutationTest, type Welch, welch } from "./statistics/permutation.ts";
export { type PowerOptions, tellableDifference } from "./statistics/power.ts";
export { performanceProfile, probabilityOfImprovement } from "./statistics/profile.ts";
export {
  type Interval,
  interquartileMean,
  mean,
  standardDeviation,
  standardError,
  studentInterval,
} from "./statistics/sample.ts";
export { signFlipTest, type TestResult } from "./statistics/sign-flip.ts";
export { type Outcome, outcomeOf, type Standing, verdict } from "./statistics/verdict.ts";
// Streams
export {
  type AgrawalOptions,
  agrawal,
  type Concept,
  conceptDrift,
  type DriftOptions,
  type FriedmanConcept,
  type FriedmanOptions,
  friedman,
  type HyperplaneOptions,
  hyperplane,
  incrementalDrift,
  type LedOptions,
  led,
  type MixedOptions,
  mixed,
  type RandomRbfOptions,
  randomRbf,
  type SeaOptions,
  type SineOptions,
  type StaggerOptions,
  sea,
  seaThresholds,
  sine,
  stagger,
  type WaveformOptions,
  waveform,
} from "./streams/drift/index.ts";
export { fading } from "./streams/fuzzy.ts";
export type { ImageOptions, ValueRange } from "./streams/images.ts";
export type { Dealing } from "./streams/images-epochs.ts";
export { type StreamKind, streamKind } from "./streams/kind.ts";
export { streamKinds } from "./streams/kinds.ts";
export { type LabelPermutedOptions, labelPermuted } from "./streams/label-permuted.ts";
export { type PermutedOptions, permuted } from "./streams/permuted.ts";
export { type RandomLabelOptions, randomLabel } from "./streams/random-label.ts";
export { recurring } from "./streams/recurring.ts";
export { type RotatedOptions, rotated } from "./streams/rotated.ts";
export { type SlowlyChangingOptions, slowlyChanging } from "./streams/slowly-changing.ts";
export { type SplitOptions, split } from "./streams/split.ts";
export type { Item, Stream, StreamContext, Tests } from "./streams/stream.ts";
export { type TableStreamOptions, tableStream } from "./streams/table.ts";
// Sweeps
export { queuePath } from "./sweeps/job.ts";
export { type Job, openQueue, type Result } from "./sweeps/queue.ts";
export type { Settled, SweepView } from "./sweeps/standing.ts";
export { type SweepAudience, type SweepOptions, type SweepResult, type SweptJob, sweep } from "./sweeps/sweep.ts";
