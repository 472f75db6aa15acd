/** The charts of a comparison: curves with bands, every seed on the deciding measure, and whole distributions. */
import type { Measure } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { WindowRecord } from "../runs/record.ts";
import { performanceProfile } from "../statistics/profile.ts";
import { mean, studentInterval } from "../statistics/sample.ts";
import { type IntervalRow, intervalPlot } from "./charts/intervals.ts";
import { type Line, type LineChart, lineChart } from "./charts/lines.ts";
import { extent, linear, type ScaleOptions } from "./charts/scale.ts";
import { type Point, stretches, thinned } from "./charts/thin.ts";
import type { Compared } from "./compared.ts";
import { groupsOf, publishedOf } from "./compared.ts";
import type { ComparedMethod, Comparison } from "./comparison.ts";
import {
  axisOf,
  type Course,
  courseOf,
  placesOf,
  plainNumber,
  scaleOf,
  shares,
  tableOf,
  thinningNote,
  valuesOf,
} from "./course.ts";
import { figure, section } from "./html.ts";
import { percent } from "./numbers.ts";
import { publishedText } from "./published.ts";

/** The course of every method: mean and interval over its seeds. */
export function courses({ methods }: Comparison): string {
  const lives = methods.flatMap((method) => method.lives.map(({ windows }) => windows));
  const course = courseOf(lives);
  return [
    section(
      `${course.quantity === "accuracy" ? "Accuracy" : "Loss"}, ${course.step} by ${course.step}`,
      `${course.quantity === "accuracy" ? "Share of predictions that were right, each made" : "Mean loss of the predictions, each made"} before learning from the example. Lines: means over seeds. Bands: their 95 % intervals.`,
      curves(methods, course, scaleOf(course), (windows) => valuesOf(windows, course), "Course of each method"),
    ),
    tested(methods, course),
  ].join("\n");
}

/** The mean over the test sets that a life is measured by, where it has them. */
function tested(methods: readonly ComparedMethod[], course: Course): string {
  const some = methods.filter(({ lives }) => lives.some(({ windows }) => windows.some(({ tests }) => tests?.length)));
  if (some.length === 0) return "";
  const values = (windows: readonly WindowRecord[]) =>
    windows.map(({ tests, task }) => {
      const known = tests === undefined || tests.length === 1 ? tests : tests.slice(0, task + 1);
      return known === undefined || known.length === 0 ? Number.NaN : mean(known);
    });
  return section(
    "Held-out examples, of the tasks so far",
    `Mean ${course.quantity} on the held-out examples of all tasks that have begun, at the end of every ${course.step}.`,
    curves(some, course, scaleOf(course), values, "Held-out examples, each method"),
  );
}

function curves(
  methods: readonly ComparedMethod[],
  course: Course,
  y: LineChart["y"],
  values: (windows: readonly WindowRecord[]) => number[],
  label: string,
): string {
  const lines = methods.map(({ name, lives }, look): Line => {
    const points = bandOf(
      lives.map(({ windows }) => windows),
      values,
      course,
    );
    return { name, look, points };
  });
  const lives = methods.flatMap((method) => method.lives.map(({ windows }) => windows));
  const longest = lives.reduce((most, windows) => (windows.length > most.length ? windows : most), lives[0] ?? []);
  if (longest.length === 0) return "";
  const examples = longest.reduce((sum, one) => sum + one.examples, 0);
  const chart: LineChart = { label, lines, x: axisOf(course, longest.length, examples), y };
  const partial = methods.some(({ lives: all }) => all.some(({ windows }) => windows.length < longest.length));
  const notes = [
    thinningNote(longest.length, course),
    partial ? "Where a life ended early or is not finished, the curve goes on with the others." : undefined,
  ].filter((note) => note !== undefined);
  return figure(lineChart(chart), tableOf(chart), notes.length === 0 ? {} : { note: notes.join(" ") });
}

/** The mean over lives and its interval, stretch by stretch; of each, over the lives that came so far. */
function bandOf(
  lives: readonly (readonly WindowRecord[])[],
  values: (windows: readonly WindowRecord[]) => number[],
  course: Course,
): Point[] {
  const longest = lives.reduce<readonly WindowRecord[]>((most, one) => (one.length > most.length ? one : most), []);
  const places = placesOf(longest, course);
  const cuts = stretches(longest.length);
  const size = cuts.length === 0 ? 1 : cuts[0][1];
  // Cut as the longest is, so that a stretch is of the same windows in every life.
  const short = lives.map((windows) => thinned(values(windows), Math.ceil(windows.length / size)));
  return cuts.map(([, to], i) => {
    const there = short.map((ys) => ys[i]).filter((y) => Number.isFinite(y));
    const x = places[to - 1];
    if (there.length === 0) return { x, y: Number.NaN };
    return { x, y: mean(there), ...(there.length > 1 ? studentInterval(there) : {}) };
  });
}

/** Every seed on the deciding measure. */
export function seedsPlot(comparison: Comparison, { measures: [measure], summaries: [groups] }: Compared): string {
  const values = groupsOf(comparison.methods, measure);
  const rows = groups.map(({ name, mean: middle, ci }, look): IntervalRow => {
    const [published] = publishedOf(comparison, name, measure);
    const seeds = values[look].values.flatMap(({ seed, value }) => (value === undefined ? [] : [{ seed, value }]));
    return {
      ...{ name, look, seeds },
      ...(middle === undefined ? {} : { mean: middle }),
      ...(ci === undefined ? {} : ci),
      ...(published === undefined
        ? {}
        : {
            published: {
              value: published.value,
              ...(published.error === undefined ? {} : { error: published.error }),
              label: `published, ${published.standing}: ${publishedText(published)}`,
            },
          }),
    };
  });
  if (rows.every(({ seeds }) => seeds.length === 0)) return "";
  const exact = (value: number) => formatted(measure, value);
  const seeds = [...new Set(values.flatMap((group) => group.values.map(({ seed }) => seed)))].sort((a, b) => a - b);
  const numbers = {
    head: ["", "mean", "95 % interval", "published", ...seeds.map((seed) => `seed ${seed}`)],
    rows: rows.map((row, i) => [
      row.name,
      row.mean === undefined ? "–" : exact(row.mean),
      row.low === undefined || row.high === undefined ? "–" : `${exact(row.low)} to ${exact(row.high)}`,
      row.published === undefined ? "–" : exact(row.published.value),
      ...seeds.map((seed) => exactOr(exact, values[i].values.find((one) => one.seed === seed)?.value)),
    ]),
  };
  const plot = intervalPlot({
    label: `${measure.title}: every seed, mean and 95 % interval of each method`,
    ...{ rows, title: measure.title.toLowerCase(), format: tickOf(measure), exact, scale: scaleFor(measure) },
  });
  const ring = rows.some(({ published }) => published !== undefined) ? " Hollow circle: published." : "";
  const text = `Each dot a seed; above them the mean with its 95 % interval.${ring} ${measure.better === "higher" ? "More" : "Less"} is better.`;
  return section(`${measure.title}, every seed`, text, figure(plot, numbers));
}

function exactOr(exact: (value: number) => string, value: number | undefined): string {
  return value === undefined ? "–" : exact(value);
}

/** On the axis of a measure. */
function tickOf({ unit }: Measure): (value: number) => string {
  return unit === "share" ? shares.format : unit === "points" ? (value) => plainNumber(value * 100) : plainNumber;
}

function scaleFor({ unit }: Measure): ScaleOptions {
  return unit === "share" ? { most: 1, span: 0.01 } : {};
}

/** Fewer seeds make a distribution of steps alone. */
const SEEDS = 5;

/** The share of seeds beyond every value: what a mean hides, such as one seed in four that failed, is a step here. */
export function profiles({ methods }: Comparison, { measures: [measure] }: Compared): string {
  const groups = groupsOf(methods, measure).map(({ name, values }, look) => ({
    ...{ name, look, all: values.length },
    values: values.flatMap(({ value }) => (value === undefined ? [] : [value])),
  }));
  if (groups.length < 2 || groups.some(({ values }) => values.length < SEEDS)) return "";
  const [low, high] = extent(groups.flatMap(({ values }) => values));
  if (low === high) return "";
  const { ticks } = linear([low, high], scaleFor(measure));
  const [from, to] = [ticks[0], ticks[ticks.length - 1]];
  const taus = Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  const lines = groups.map(({ name, look, values, all }): Line => {
    // Of all seeds: one that came to nothing is beyond no value.
    const shares = performanceProfile(values, taus, measure.better).map((share) => (share * values.length) / all);
    return { name, look, points: taus.map((x, i) => ({ x, y: shares[i] })) };
  });
  const beyond = measure.better === "higher" ? "above" : "below";
  const chart: LineChart = {
    ...{ label: `Share of seeds ${beyond} every value of: ${measure.title.toLowerCase()}`, lines, steps: true },
    x: { title: measure.title.toLowerCase(), format: tickOf(measure), from, to },
    y: { format: (share) => percent(share, 0), fromZero: true, most: 1 },
  };
  const numbers = tableOf({ ...chart, x: { ...chart.x, format: (value) => formatted(measure, value) } });
  const text = `The share of seeds that came out ${beyond} each value. A line that lies ${beyond === "above" ? "further right" : "further left"} is better; steps show groups of seeds (Agarwal et al. 2021).`;
  return section("Performance profile", text, figure(lineChart(chart), numbers));
}
