/** `plastica ls`: the runs there are, and how far each has come; many of one name as one line. */
import {
  formatted,
  isDryRun,
  percent,
  type Run,
  type RunState,
  several,
  stateOf,
  statusOf,
  summaryOf,
} from "@plastica/lab";
import { type Found, runsUnder } from "../meant.ts";
import { print, say } from "../output.ts";
import { aligned } from "../screen/lines.ts";
import { paintFor } from "../screen/paint.ts";
import { resultData } from "../screen/result.ts";
import { outOption, type PlayOptions } from "./play.ts";
import { sweptIn } from "./resume.ts";

/** From so many runs of one name on, they are told together. */
const MANY = 4;

type Seen = Found & { state?: RunState };

export function list(begin: string | undefined, options: PlayOptions): number {
  const seen = runsUnder(options.out, begin).map(look);
  if (options.json) {
    say(seen.map(dataOf));
    return 0;
  }
  if (seen.length === 0) {
    const none = begin === undefined ? "No runs" : `No run whose name begins with "${begin}"`;
    print(`${none} in ${options.out}. To make one: npx plastica live first-life`);
    return 0;
  }
  const { bold, dim } = paintFor(process.stdout);
  const groups = begin === undefined ? groupsIn(seen) : [];
  const inGroups = new Set(groups.flatMap(({ runs }) => runs));
  const rows = seen.flatMap((one) => (inGroups.has(one) || !("run" in one) ? [] : [rowOf(one)]));
  const lines = aligned(
    rows.map(([name, ...rest]) => [bold(name), ...rest]),
    3,
  );
  for (const { name, runs } of groups) lines.push(`${bold(name)}  ${groupText(runs)}`);
  for (const [name, n] of notBegun(seen, options.out)) {
    if (begin !== undefined && !name.startsWith(begin)) continue;
    lines.push(
      `${bold(name)}  ${several(n, "run")} of a sweep not begun: npx plastica resume ${name}${outOption(options.out)}`,
    );
  }
  // The reasons stand below: they would make a wide column of what is short.
  for (const one of seen) if ("reason" in one) lines.push(`${bold(one.name)}  unreadable: ${one.reason}`);
  if (groups.length > 0) lines.push(dim(`Each run of a line: plastica ls NAME. Held together: plastica compare NAME.`));
  print(...lines);
  return 0;
}

/** How a run stands; one that cannot be read does not hide the others. */
function look(found: Found): Seen {
  if (!("run" in found)) return found;
  try {
    return { ...found, state: stateOf(found.run) };
  } catch (error) {
    return { name: found.name, reason: (error as Error).message };
  }
}

function dataOf(seen: Seen): object {
  if (!("run" in seen) || seen.state === undefined) return { ...seen, status: "unreadable" };
  const { name, seed, stream } = seen.run.recipe;
  const dryRun = isDryRun(seen.run.recipe);
  return { name, seed, stream: stream.kind, dryRun, ...resultData(seen.run, seen.state, undefined) };
}

/** By name, the runs that a sweep was asked for and that have no folder yet. */
function notBegun(seen: readonly Seen[], out: string): Map<string, number> {
  const there = new Set(seen.map(({ name }) => name));
  const names = sweptIn(out).flatMap(({ folder, recipe }) => (there.has(folder) ? [] : [recipe.name]));
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, runs]) => [name, runs.length]));
}

function groupsIn(seen: readonly Seen[]): { name: string; runs: Seen[] }[] {
  const named = Map.groupBy(
    seen.filter((one) => "run" in one),
    ({ run }) => run.recipe.name,
  );
  return [...named].filter(([, runs]) => runs.length >= MANY).map(([name, runs]) => ({ name, runs }));
}

/** "60 runs, 3 methods x 20 seeds, complete". */
function groupText(runs: readonly Seen[]): string {
  const recipes = runs.flatMap((one) => ("run" in one ? [one.run.recipe] : []));
  const methods = new Set(recipes.map(({ learners }) => Object.keys(learners).join(" "))).size;
  const seeds = new Set(recipes.map(({ seed }) => seed)).size;
  const between = methods * seeds === runs.length ? " x" : ",";
  const states = runs.flatMap(({ state }) => (state === undefined ? [] : [statusOf(state)]));
  const counted = (status: string) => states.filter((one) => one === status).length;
  const complete = counted("complete");
  const parts = [
    complete === runs.length ? "complete" : `${complete} complete`,
    ...["running", "unfinished"]
      .filter((status) => counted(status) > 0)
      .map((status) => `${counted(status)} ${status}`),
  ];
  return `${runs.length} runs, ${several(methods, "method")}${between} ${several(seeds, "seed")}, ${parts.join(", ")}`;
}

function rowOf({ name, run, state }: Extract<Seen, { run: Run }>): string[] {
  if (state === undefined) return [name];
  const learners = Object.entries(state.learners).map(([learner, lived]) => {
    const summary = summaryOf(lived);
    const end = summary === undefined ? "–" : formatted(summary.course, summary.end);
    return `${learner} ${end}${lived.end?.diverged === undefined ? "" : " (diverged)"}`;
  });
  const dry = isDryRun(run.recipe) ? ", dry run" : "";
  return [name, `seed ${run.recipe.seed}`, `${progressOf(state)}${dry}`, ...learners];
}

function progressOf(state: RunState): string {
  if (state.complete) return "complete";
  const { examples, learners } = state;
  const going = Object.values(learners).filter(({ end }) => end?.diverged === undefined);
  if (examples === undefined) return statusOf(state);
  const least = Math.min(...going.map(({ position }) => position), examples);
  return `${statusOf(state)}, ${percent(least / examples, 0)}`;
}
