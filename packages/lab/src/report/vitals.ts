/** The sections of a run's page that follow its learners through time: how they learned, who was born and died, what it cost. */
import { formatted, type Unit } from "../metrics/unit.ts";
import { PROBE } from "../runs/probe.ts";
import { meanDormant, type WindowRecord } from "../runs/record.ts";
import type { RunState } from "../runs/run.ts";
import { type Line, type LineChart, lineChart, MANY, type Ring, smallLineChart, WINDOW } from "./charts/lines.ts";
import {
  axisOf,
  type Course,
  courseOf,
  lineOf,
  plainNumber,
  scaleOf,
  shares,
  stretchOf,
  tableOf,
  thinningNote,
  valuesOf,
} from "./course.ts";
import { facets, figure, section, table } from "./html.ts";
import { count } from "./numbers.ts";

/** The learners of a run that have a window behind them, with the course that their lives take. */
export interface Lives {
  readonly course: Course;
  readonly learners: readonly {
    readonly name: string;
    readonly look: number;
    readonly windows: readonly WindowRecord[];
    readonly diverged: boolean;
  }[];
  /** Windows and examples of a whole life. */
  readonly windows: number;
  readonly examples: number;
}

export function livesOf(state: RunState): Lives {
  const all = Object.entries(state.learners).map(([name, { windows, end }], look) => ({
    ...{ name, look, windows, diverged: end?.diverged !== undefined },
  }));
  const begun = Object.values(state.learners).find((learner) => learner.begun !== undefined)?.begun;
  const learners = all.filter(({ windows }) => windows.length > 0);
  const longest = Math.max(0, ...learners.map(({ windows }) => windows.length));
  const seen = learners.map(({ windows }) => windows.reduce((sum, { examples }) => sum + examples, 0));
  return {
    course: courseOf(learners.map(({ windows }) => windows)),
    learners,
    windows: begun?.windows ?? longest,
    examples: state.examples ?? begun?.examples ?? Math.max(0, ...seen),
  };
}

/** A chart with a line for each learner. */
function together(
  lives: Lives,
  label: string,
  values: (windows: readonly WindowRecord[]) => number[],
  y: LineChart["y"],
  { smooth = false, rings = [], note }: { smooth?: boolean; rings?: readonly Ring[]; note?: string } = {},
): string {
  const { course, learners, windows, examples } = lives;
  const lines = learners.map(({ name, look, windows: lived, diverged }): Line => {
    return { ...lineOf(name, look, lived, values(lived), course), broken: diverged };
  });
  if (lines.length === 0) return "";
  const chart: LineChart = { label, lines, x: axisOf(course, windows, examples), y, smooth, rings };
  const longest = Math.max(...lines.map(({ points }) => points.length));
  const most = Math.max(...learners.map(({ windows: lived }) => lived.length));
  const notes = [
    smooth && longest >= MANY
      ? `Thin: ${stretchOf(most) <= 1 ? `each ${course.step}` : `the mean of every ${stretchOf(most)} ${course.step}s`}. Thick: the mean of the ${WINDOW} around it.`
      : thinningNote(most, course),
    note,
  ].filter((one) => one !== undefined);
  return figure(lineChart(chart), tableOf(chart), notes.length === 0 ? {} : { note: notes.join(" ") });
}

/** How well each learner did before it learned, window by window. */
export function learning(lives: Lives, rings: readonly Ring[]): string {
  const { course } = lives;
  const right = course.quantity === "accuracy";
  const heading = `${right ? "Accuracy" : "Loss"}, ${course.step} by ${course.step}`;
  const what = right
    ? "Share of predictions that were right, each made before learning from the example."
    : "Mean loss of the predictions, each made before learning from the example.";
  const note = rings.length === 0 ? {} : { note: "○ Published; see below." };
  const smooth = lives.learners.length <= 4;
  const chart = together(lives, heading, (windows) => valuesOf(windows, course), scaleOf(course), {
    ...{ smooth, rings, ...note },
  });
  return section(heading, what, chart);
}

/** Neurons that fell silent: all layers together and, where there are several, each. */
export function dormancy(lives: Lives): string {
  const learners = lives.learners.filter(({ windows }) => windows[0].dormant.length > 0);
  const layers = Math.max(0, ...learners.map(({ windows }) => windows[0].dormant.length));
  if (layers === 0) return "";
  const probe = count(Math.min(PROBE, learners[0].windows[0].examples));
  const text = `Share of hidden neurons that are silent on every one of the first ${probe} examples of a ${lives.course.step}. They have no gradient, and seldom come back.`;
  const y: LineChart["y"] = { ...shares, fromZero: true, most: 1, span: 0.02 };
  const all = together({ ...lives, learners }, "Dormant neurons", (windows) => windows.map(meanDormant), y);
  if (layers === 1) return section("Dormant neurons", text, all);
  const highest = Math.max(...learners.flatMap(({ windows }) => windows.flatMap(({ dormant }) => dormant)));
  const each = learners.map(({ name, windows }) => {
    const lines = windows[0].dormant.map((_, layer) => {
      const values = windows.map(({ dormant }) => dormant[layer] ?? Number.NaN);
      return lineOf(`layer ${layer + 1}`, layer, windows, values, lives.course);
    });
    const chart: LineChart = {
      ...{ label: `Dormant neurons of each layer of the ${name} network`, lines },
      x: axisOf(lives.course, lives.windows, lives.examples),
      // One scale for all learners, so that they can be compared.
      y: { ...y, span: Math.max(0.02, highest) },
    };
    return figure(smallLineChart(chart), tableOf(chart), { caption: `${name}, layer by layer` });
  });
  return section("Dormant neurons", text, all, facets(each));
}

/** Who was born and who died. */
export function turnover(lives: Lives): string {
  const learners = lives.learners.filter(({ windows }) => windows.some(({ births, deaths }) => births + deaths > 0));
  if (learners.length === 0) return "";
  const some = { ...lives, learners };
  const equal = learners.every(({ windows }) => windows.every(({ births, deaths }) => births === deaths));
  const y: LineChart["y"] = { format: plainNumber, exact: count, fromZero: true };
  const births = together(some, "Neurons born since the beginning", (windows) => windows.map((w) => w.births), y);
  if (equal) {
    const text =
      "Neurons born since the beginning. Each took the place of one that died in the same step, so deaths are as many.";
    return section("Births and deaths", text, births);
  }
  const deaths = together(some, "Neurons that died since the beginning", (windows) => windows.map((w) => w.deaths), y);
  const alive = together(some, "Births less deaths", (windows) => windows.map((w) => w.births - w.deaths), {
    ...{ format: plainNumber, exact: count },
  });
  const text = "Since the beginning: first births, then deaths, then how many more were born than died.";
  return section("Births and deaths", text, births, deaths, alive);
}

const COSTS = [
  { of: "operations", unit: "operations", title: "Operations" },
  { of: "parameters", unit: "count", title: "Parameters" },
  { of: "bytes", unit: "bytes", title: "Bytes" },
] as const satisfies readonly { of: keyof WindowRecord; unit: Unit; title: string }[];

/** What the networks cost: a table of the first and the last window, and a curve of what changed by more than a hundredth. */
export function cost(lives: Lives): string {
  if (lives.learners.length === 0) return "";
  const rows = lives.learners.map(({ name, windows }) => {
    const [first, last] = [windows[0], windows[windows.length - 1]];
    const cells = COSTS.map(({ of, unit }) => {
      const [from, to] = [formatted({ unit }, first[of]), formatted({ unit }, last[of])];
      return from === to ? from : `${from} → ${to}`;
    });
    return [name, ...cells];
  });
  const curves = COSTS.flatMap(({ of, unit, title }) => {
    const changed = lives.learners.some(({ windows }) =>
      windows.some((w) => Math.abs(w[of] - windows[0][of]) > 0.01 * windows[0][of]),
    );
    if (!changed) return [];
    const y: LineChart["y"] = {
      format: of === "bytes" ? (value) => formatted({ unit }, value) : plainNumber,
      ...{ exact: (value) => formatted({ unit }, value), fromZero: true, title: title.toLowerCase() },
    };
    const label = `${title}, ${lives.course.step} by ${lives.course.step}`;
    return [together(lives, label, (windows) => windows.map((w) => w[of]), y)];
  });
  const text = `From the first ${lives.course.step} to the last. Operations: multiply-adds of a prediction, those of active neurons alone, since a silent one costs nothing. Parameters: weights and biases. Bytes: the network and all that its learner keeps.`;
  return section(
    "Vital signs",
    text,
    table({ head: ["", ...COSTS.map(({ title }) => title.toLowerCase())], rows }),
    ...curves,
  );
}
