/**
 * What happened, in a few plain sentences. Every word hangs on the numbers: a plastic network that forgot how to learn is
 * told so in the same words as any other.
 */
import { IMAGES, type Recipe } from "../recipe/recipe.ts";
import { PROBE } from "../runs/dormant.ts";
import type { LearnerState, RunState } from "../runs/run.ts";
import { count, percent, points, tasksOf } from "./numbers.ts";
import { type Summary, summaryOf } from "./summary.ts";

/** Differences below this are not told as such: tasks differ by about as much from one to the next. */
const NOISE = 0.003;

/** Under this many tasks a loss of plasticity has hardly begun; the published curves run over 150 and 800. */
const FEW_TASKS = 30;

/** The sentences, in order; the first says how it came out. With no finished task there is one, which says so. */
export function sentences(recipe: Recipe, state: RunState): string[] {
  const told = Object.entries(state.learners).flatMap(([name, learner]) => {
    const summary = summaryOf(learner);
    return summary === undefined ? [] : [{ name, summary }];
  });
  const diverged = Object.entries(state.learners).flatMap(([name, learner]) => divergence(recipe, name, learner));
  if (told.length === 0) return diverged.length > 0 ? diverged : ["No task is finished yet."];
  const going = told.filter(({ summary }) => summary.diverged === undefined);
  const tasks = Math.min(...(going.length > 0 ? going : told).map(({ summary }) => summary.tasks));
  const lines = [
    ...diverged,
    verdict(tasks, told, diverged.length > 0),
    opening(recipe),
    ...told.map(({ name, summary }) => courseOf(name, summary)),
    dormancy(recipe, told),
  ];
  if (!state.complete) lines.push(`The run is not finished: ${tasks} of ${recipe.stream.tasks} tasks so far.`);
  else if (tasks < FEW_TASKS) {
    lines.push(
      `${capital(tasksOf(tasks))} ${tasks === 1 ? "is" : "are"} too few to judge plasticity by; published runs have 150 or more.`,
    );
  }
  return lines;
}

interface Told {
  readonly name: string;
  readonly summary: Summary;
}

/** Where a life diverged, if it did. */
function divergence({ stream }: Recipe, name: string, { diverged, tasks }: LearnerState): string[] {
  if (diverged === undefined) return [];
  const task = Math.floor(diverged / stream.examplesPerTask) + 1;
  const before = tasks.length === 0 ? "before its first task was finished" : `after ${tasksOf(tasks.length)}`;
  return [
    `The ${name} network diverged in task ${task} at step ${count(diverged)}: its loss was no longer finite, and its life ended there, ${before}.`,
  ];
}

function verdict(tasks: number, told: readonly Told[], uneven: boolean): string {
  const after = `After ${tasksOf(tasks)}`;
  if (told.length !== 2 || uneven) {
    const each = told.map(({ name, summary }) => {
      const when = summary.tasks === tasks ? "" : ` (after ${tasksOf(summary.tasks)})`;
      return `the ${name} network was right ${percent(summary.end)} of the time${when}`;
    });
    return `${after} ${each.join(", ")}.`;
  }
  const [best, other] = [...told].sort((a, b) => b.summary.end - a.summary.end);
  const ahead = best.summary.end - other.summary.end;
  if (ahead <= NOISE) {
    return `${after} the two networks were equally often right (${told.map((t) => `${t.name} ${percent(t.summary.end)}`).join(", ")}).`;
  }
  const ratio = (1 - other.summary.end) / Math.max(1 - best.summary.end, 1e-9);
  const mistakes = ratio >= 1.15 ? ` The latter made ${ratio.toFixed(1)} times as many mistakes.` : "";
  return `${after} the ${best.name} network was right ${percent(best.summary.end)} of the time, the ${other.name} network ${percent(other.summary.end)}.${mistakes}`;
}

function opening({ network, stream, learners }: Recipe): string {
  const shape = [network.inputs, ...network.hidden, 10].join("-");
  const n = Object.keys(learners).length;
  const who = n === 1 ? `A network (${shape})` : `${n === 2 ? "Two" : n} networks of the same size (${shape})`;
  const each = `${tasksOf(stream.tasks)} of ${count(stream.examplesPerTask)} images`;
  const which = stream.examplesPerTask === IMAGES ? "every image once a task" : "a fresh choice of images in each task";
  return (
    `${who} saw ${n === 1 ? "" : "the same "}${each}, ${which}, with its pixels in a new order from task to task. ` +
    "Every prediction was scored before the network learned from it."
  );
}

function courseOf(
  name: string,
  { tasks, first, peak, peakTask, end, endTasks, bestMean, births, deaths }: Summary,
): string {
  const who = `The ${name} network`;
  const changed = changes(births, deaths);
  if (tasks === 1) return `${who} was right ${percent(first)} of the time in its one task${changed}.`;
  const over = endTasks === 1 ? "in its last task" : `over its last ${endTasks} tasks`;
  const best = `${percent(peak)} in task ${peakTask + 1}`;
  const course =
    bestMean - end > NOISE
      ? `peaked at ${best} and ended at ${percent(end)} ${over}, ${points(peak - end)} lower`
      : `had its best, ${best}, and held its level to the end: ${percent(end)} ${over}`;
  return `${who} began at ${percent(first)}, ${course}${changed}.`;
}

function changes(births: number, deaths: number): string {
  if (births === 0 && deaths === 0) return "";
  if (births === deaths) return `. It replaced ${count(births)} neurons on the way`;
  return `. On the way ${count(births)} of its neurons were born and ${count(deaths)} died`;
}

function dormancy({ stream }: Recipe, told: readonly Told[]): string {
  const parts = told.map(({ name, summary }) => `${percent(summary.dormant)} in the ${name} network`);
  return `Hidden neurons that were silent on every one of the first ${count(Math.min(PROBE, stream.examplesPerTask))} images when the last task began: ${parts.join(", ")}.`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
