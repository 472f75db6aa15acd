/**
 * What happened, in a few plain sentences. Every word hangs on the numbers: a plastic network that forgot how to learn is
 * told so in the same words as any other.
 */
import { measures } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { PROBE } from "../runs/probe.ts";
import type { LearnerState, RunState } from "../runs/run.ts";
import { capital, count, percent, points, several, tasksOf } from "./numbers.ts";
import { betterOf, reading, type Summary, summaryOf } from "./summary.ts";

/** Differences of accuracy below this are not told as such: tasks differ by about as much from one to the next. Losses: relative. */
const NOISE = { accuracy: 0.003, loss: 0.02 };

/** Under this many tasks a loss of plasticity has hardly begun; the published curves run over 150 and 800. */
const FEW_TASKS = 30;

/** The sentences, in order; the first says how it came out. With no finished window there is one, which says so. */
export function sentences(recipe: Recipe, state: RunState): string[] {
  const told = Object.entries(state.learners).flatMap(([name, learner]): Told[] => {
    const summary = summaryOf(learner);
    return summary === undefined ? [] : [{ name, learner, summary }];
  });
  const diverged = Object.entries(state.learners).flatMap(([name, learner]) => divergence(name, learner));
  if (told.length === 0) return diverged.length > 0 ? diverged : ["No task is finished yet."];
  const going = told.filter(({ summary }) => summary.diverged === undefined);
  const windows = Math.min(...(going.length > 0 ? going : told).map(({ summary }) => summary.windows));
  const { step } = told[0].summary.course;
  // Where it was tested what is still known, that comes first: who forgets all else can be good at what it just learns.
  const known = told.flatMap(remembrance);
  const online = verdict(windows, told, diverged.length > 0);
  const lines = [
    ...diverged,
    ...known,
    known.length === 0 ? online : `On what was just being learned: ${online[0].toLowerCase()}${online.slice(1)}`,
    opening(recipe, state),
    ...told.map(courseOf),
    ...dormancy(told),
  ];
  if (!state.complete) lines.push(progress(windows, step, state));
  else if (step === "task" && windows < FEW_TASKS && told.every(isOnlineAlone)) {
    lines.push(
      `${capital(tasksOf(windows))} ${windows === 1 ? "is" : "are"} too few to judge plasticity by; published runs have 150 or more.`,
    );
  }
  return lines;
}

interface Told {
  readonly name: string;
  readonly learner: LearnerState;
  readonly summary: Summary;
}

/** Where a life diverged, if it did. */
function divergence(name: string, { end, windows }: LearnerState): string[] {
  if (end?.diverged === undefined) return [];
  const step = windows.every(({ task, window }) => task === window) ? "task" : "window";
  const before =
    windows.length === 0 ? `before its first ${step} was finished` : `after ${several(windows.length, step)}`;
  return [
    `The ${name} network diverged in ${step} ${windows.length + 1} at step ${count(end.diverged)}: its loss was no longer finite, and its life ended there, ${before}.`,
  ];
}

function verdict(windows: number, told: readonly Told[], uneven: boolean): string {
  const { course } = told[0].summary;
  const after = `After ${several(windows, course.step)}`;
  if (told.length !== 2 || uneven) {
    const each = told.map(({ name, summary }) => {
      const when = summary.windows === windows ? "" : ` (after ${several(summary.windows, course.step)})`;
      return `${stands(name, summary)}${when}`;
    });
    return `${after} ${each.join(", ")}.`;
  }
  const sign = betterOf(course) === "higher" ? 1 : -1;
  const [best, other] = [...told].sort((a, b) => sign * (b.summary.end - a.summary.end));
  if (!isMore(best.summary, Math.abs(best.summary.end - other.summary.end))) {
    const each = told.map(({ name, summary }) => `${name} ${reading(course, summary.end)}`).join(", ");
    const alike =
      course.quantity === "accuracy"
        ? "the two networks were equally often right"
        : "the two networks did equally well";
    return `${after} ${alike} (${each}).`;
  }
  const [of, than] = [best.summary.end, other.summary.end];
  const ratio = course.quantity === "accuracy" ? (1 - than) / Math.max(1 - of, 1e-9) : than / Math.max(of, 1e-9);
  const times = ratio.toFixed(1);
  const more =
    ratio < 1.15
      ? ""
      : course.quantity === "accuracy"
        ? ` The latter made ${times} times as many mistakes.`
        : ` The latter's was ${times} times as high.`;
  const rest = `the ${other.name} network${course.quantity === "accuracy" ? "" : "'s"} ${reading(course, than)}`;
  return `${after} ${stands(best.name, best.summary)}, ${rest}.${more}`;
}

function stands(name: string, { course, end }: Summary): string {
  return course.quantity === "accuracy"
    ? `the ${name} network was right ${percent(end)} of the time`
    : `the ${name} network's loss was ${reading(course, end)}`;
}

/** Whether a difference is worth a word. */
function isMore({ course, end }: Summary, difference: number): boolean {
  return difference > (course.quantity === "accuracy" ? NOISE.accuracy : NOISE.loss * Math.abs(end));
}

function opening({ network, learners }: Recipe, state: RunState): string {
  const begun = Object.values(state.learners).find((learner) => learner.begun !== undefined)?.begun;
  const hidden = network.hidden.map((layer) => (typeof layer === "number" ? layer : `conv ${layer.channels}`));
  const ends = begun === undefined ? hidden : [begun.inputs, ...hidden, begun.outputs];
  const shape = ends.length === 0 ? "" : ` (${ends.join("-")})`;
  const n = Object.keys(learners).length;
  const alike = Object.values(learners).every((learner) => learner.network?.hidden === undefined);
  const networks = alike ? `networks of the same size${shape}` : "networks";
  const who = n === 1 ? `A network${shape}` : `${["Two", "Three"][n - 2] ?? n} ${networks}`;
  const stream = state.examples === undefined ? "stream" : `stream of ${count(state.examples)} examples`;
  return `${who} lived on ${n === 1 ? "a" : "the same"} ${stream}. Every prediction was scored before the network learned from it.`;
}

function courseOf({ name, summary }: Told): string {
  const { course, windows, first, best, bestWindow, end, endWindows, bestMean, births, deaths } = summary;
  const who = `The ${name} network`;
  const changed = changes(births, deaths);
  const value = (x: number) => reading(course, x);
  const right = course.quantity === "accuracy";
  if (windows === 1) {
    const only = right ? `was right ${value(first)} of the time` : `had a loss of ${value(first)}`;
    return `${who} ${only} in its one ${course.step}${changed}.`;
  }
  const over = endWindows === 1 ? `in its last ${course.step}` : `over its last ${endWindows} ${course.step}s`;
  const peak = `${value(best)} in ${course.step} ${count(bestWindow + 1)}`;
  const worse = right ? bestMean - end : end - bestMean;
  const how = isMore(summary, worse)
    ? `${right ? "peaked at" : "was best at"} ${peak} and ended at ${value(end)} ${over}, ${
        right ? `${points(best - end)} lower` : `${(end / Math.max(best, 1e-9)).toFixed(1)} times as high`
      }`
    : `had its best, ${peak}, and held its level to the end: ${value(end)} ${over}`;
  return `${who} began at ${right ? "" : "a loss of "}${value(first)}, ${how}${changed}.`;
}

function changes(births: number, deaths: number): string {
  if (births === 0 && deaths === 0) return "";
  if (births === deaths) return `. It replaced ${count(births)} neurons on the way`;
  return `. On the way ${count(births)} of its neurons were born and ${count(deaths)} died`;
}

function isOnlineAlone({ learner }: Told): boolean {
  return learner.windows.every(({ tests }) => tests === undefined);
}

/** What it still knows of its tasks, where that was tested. */
function remembrance({ name, learner }: Told): string[] {
  const average = measures["average-accuracy"].of(learner);
  if (average === undefined) return [];
  const sets = learner.windows.at(-1)?.tests?.length ?? 0;
  const lost = measures.forgetting.of(learner);
  const where = sets === 1 ? "the held-out examples" : `the held-out examples of all ${count(sets)} tasks`;
  const known = `At the end the ${name} network was right on ${percent(average)} of ${where}`;
  if (lost === undefined) return [`${known}.`];
  const fell = formatted(measures.forgetting, Math.abs(lost));
  return [
    lost >= 0
      ? `${known}; earlier tasks stood ${fell} below their best, on average.`
      : `${known}; earlier tasks stood ${fell} above their earlier best, on average.`,
  ];
}

function dormancy(told: readonly Told[]): string[] {
  const parts = told.flatMap(({ name, summary: { dormant } }) =>
    dormant === undefined ? [] : [`${percent(dormant)} in the ${name} network`],
  );
  if (parts.length === 0) return [];
  const { course } = told[0].summary;
  const probe = Math.min(PROBE, told[0].learner.windows.at(-1)?.examples ?? PROBE);
  return [
    `Hidden neurons that were silent on every one of the first ${count(probe)} examples when the last ${course.step} began: ${parts.join(", ")}.`,
  ];
}

function progress(windows: number, step: string, { learners }: RunState): string {
  const begun = Object.values(learners).find((learner) => learner.begun !== undefined)?.begun;
  const so = begun === undefined ? several(windows, step) : `${count(windows)} of ${several(begun.windows, step)}`;
  return `The run is not finished: ${so} so far.`;
}
