/** What became of a run, for the terminal and as JSON. */
import { relative } from "node:path";
import {
  count,
  engineVersion,
  formatted,
  type LearnerState,
  type Measure,
  measures,
  percent,
  type Run,
  type RunState,
  sentences,
  statusOf,
  summaryOf,
} from "@plastica/lab";
import { aligned, took } from "./lines.ts";
import { type Paint, wrapped } from "./paint.ts";

/** The table, the sentences and where the report is. */
export function resultLines(
  run: Run,
  state: RunState,
  report: string | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const lines = ["", paint.bold(run.id), ""];
  const table = tableOf(state, paint);
  if (table.length > 0) lines.push(...table, "");
  for (const sentence of sentences(run.recipe, state)) lines.push(...wrapped(sentence, Math.min(columns, 100) - 1));
  const engine = otherEngine(state);
  if (engine !== undefined)
    lines.push(`Lived with plastica ${engine}; \`plastica verify\` tells whether this one agrees.`);
  if (report !== undefined) lines.push("", `Report: ${fromHere(report)}`);
  return lines;
}

/** The engine that a complete run was lived with, where it is another than this one. */
function otherEngine({ complete, learners }: RunState): string | undefined {
  const engines = Object.values(learners).map(({ begun }) => begun?.engine);
  return complete ? engines.find((engine) => engine !== undefined && engine !== engineVersion()) : undefined;
}

/** What became of each learner; a column that says nothing of any of them is left out. */
function tableOf({ learners }: RunState, paint: Paint): string[] {
  const told = Object.entries(learners).flatMap(([name, learner], i) => {
    const summary = summaryOf(learner);
    return summary === undefined ? [] : [{ name: paint.learner(i, name), summary, learner }];
  });
  if (told.length === 0) return [];
  const { step } = told[0].summary.course;
  const columns: [string, (one: (typeof told)[number]) => string][] = [
    ["", ({ name }) => name],
    [`first ${step}`, ({ summary: { course, first } }) => formatted(course, first)],
    ["best", ({ summary: { course, best, bestWindow } }) => `${formatted(course, best)} (${step} ${bestWindow + 1})`],
    ["end", ({ summary: { course, end } }) => formatted(course, end)],
    ["on tests", ({ learner }) => valueText(measures["average-accuracy"], learner)],
    ["dormant", ({ summary: { dormant } }) => (dormant === undefined ? "" : percent(dormant))],
    ["born", ({ summary: { births } }) => (births === 0 ? "" : count(births))],
    ["died", ({ summary: { deaths } }) => (deaths === 0 ? "" : count(deaths))],
    ["time", ({ summary: { seconds } }) => took(seconds)],
  ];
  const shown = columns.filter(([, cell], i) => i === 0 || told.some((one) => cell(one) !== ""));
  const rows = told.map((one) => shown.map(([, cell]) => cell(one) || "–"));
  return aligned([shown.map(([head]) => paint.dim(head)), ...rows]);
}

function valueText(measure: Measure, learner: LearnerState): string {
  const value = measure.of(learner);
  return value === undefined ? "" : formatted(measure, value);
}

/** The same as one JSON-able object. */
export function resultData(run: Run, state: RunState, report: string | undefined): object {
  const learners = Object.entries(state.learners).map(([name, learner]) => [name, learnerData(learner)]);
  return {
    run: run.id,
    folder: run.folder,
    status: statusOf(state),
    examples: state.examples,
    report,
    sentences: sentences(run.recipe, state),
    learners: Object.fromEntries(learners),
  };
}

function learnerData(learner: LearnerState): object {
  const { windows, position, end, begun } = learner;
  const { course, windows: finished = 0, ...summary } = summaryOf(learner) ?? {};
  const values = Object.values(measures).map((measure) => [measure.name, measure.of(learner)]);
  return {
    fingerprint: end?.fingerprint,
    diverged: end?.diverged,
    engine: begun?.engine,
    position,
    windows: finished,
    step: course?.step,
    quantity: course?.quantity,
    ...summary,
    measures: Object.fromEntries(values),
    ...(begun?.target === "class" ? { accuracy: windows.map(({ accuracy }) => accuracy) } : {}),
    loss: windows.map(({ loss }) => loss),
  };
}

/** A path as one would type it here. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
