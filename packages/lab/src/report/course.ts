/**
 * The course of a life as a curve: what is drawn (accuracy where the target is a class, else loss), and along which axis. Where
 * each window is a task the axis counts tasks; else it has the examples seen so far.
 */
import { formatted, type Unit } from "../metrics/unit.ts";
import type { WindowRecord } from "../runs/record.ts";
import type { Line, LineChart } from "./charts/lines.ts";
import type { ScaleOptions } from "./charts/scale.ts";
import { POINTS, stretches, thinned } from "./charts/thin.ts";
import type { Table } from "./html.ts";
import { count, percent } from "./numbers.ts";

export interface Course {
  readonly quantity: "accuracy" | "loss";
  readonly unit: Unit;
  readonly byTask: boolean;
  /** What one window is called. */
  readonly step: "task" | "window";
}

/** How lives of one stream are told. */
export function courseOf(lives: readonly (readonly WindowRecord[])[]): Course {
  const windows = lives.flat();
  const quantity = windows.some(({ accuracy }) => accuracy !== undefined) ? "accuracy" : "loss";
  const byTask = windows.every(({ task, window }) => task === window);
  return { quantity, unit: quantity === "accuracy" ? "share" : "loss", byTask, step: byTask ? "task" : "window" };
}

/** The windows' values of what is drawn. */
export function valuesOf(windows: readonly WindowRecord[], { quantity }: Course): number[] {
  return windows.map((record) => (quantity === "accuracy" ? (record.accuracy ?? Number.NaN) : record.loss));
}

/** Where each window stands on the axis: its task, from 1, or how many examples were seen when it ended. */
export function placesOf(windows: readonly WindowRecord[], { byTask }: Course): number[] {
  let seen = 0;
  return windows.map(({ task, examples }) => {
    seen += examples;
    return byTask ? task + 1 : seen;
  });
}

/** A curve of one life, made short where it is long. */
export function lineOf(
  name: string,
  look: number,
  windows: readonly WindowRecord[],
  values: readonly number[],
  course: Course,
): Line {
  const places = placesOf(windows, course);
  const ys = thinned(values);
  const points = stretches(values.length).map(([, to], i) => ({ x: places[to - 1], y: ys[i] }));
  return { name, look, points };
}

/** Of how many windows a point of so long a curve is the mean. */
export function stretchOf(windows: number): number {
  return Math.ceil(windows / POINTS);
}

/** Says that a curve was made short, where it was. */
export function thinningNote(windows: number, { step }: Course): string | undefined {
  return stretchOf(windows) <= 1 ? undefined : `Each point is the mean of ${stretchOf(windows)} ${step}s.`;
}

/** The axis under curves of lives that have so many windows and examples when they are whole. */
export function axisOf({ byTask }: Course, windows: number, examples: number): LineChart["x"] {
  if (byTask) return { title: "task", format: count, from: 1, to: Math.max(1, windows), counts: true };
  const [unit, name] = examples >= 2e6 ? [1e6, " (millions)"] : examples >= 2e4 ? [1e3, " (thousands)"] : [1, ""];
  return { title: `examples${name}`, format: (n) => String(Number((n / unit).toPrecision(4))), from: 0, to: examples };
}

/** The axis at the left of what is drawn. */
export function scaleOf({ quantity }: Course): LineChart["y"] {
  if (quantity === "accuracy") return { ...shares, most: 1, span: 0.01 };
  return { format: plainNumber, exact: (value) => formatted({ unit: "loss" }, value), mayBend: true };
}

/** Shares as whole percents on an axis where these tell them apart; one decimal else. */
export const shares: ScaleOptions & { format(value: number): string; exact(value: number): string } = {
  format: (value) => percent(value, Number.isInteger(Number((value * 100).toPrecision(6))) ? 0 : 1),
  exact: (value) => percent(value, 2),
};

/** A number on an axis. */
export function plainNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))}\u00a0G`;
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}\u00a0M`;
  if (size >= 1e3) return count(Math.round(value));
  return size > 0 && size < 1e-4 ? value.toExponential(0) : String(Number(value.toPrecision(6)));
}

/** The numbers behind a chart of lines. */
export function tableOf({ lines, x, y }: Pick<LineChart, "lines" | "x" | "y">): Table {
  const exact = y.exact ?? y.format;
  const columns = lines.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  const places = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  const rows = places.map((place) => {
    const cells = columns.map((column) => {
      const point = column.get(place);
      if (point === undefined || !Number.isFinite(point.y)) return "–";
      const { y: value, low, high } = point;
      return low === undefined || high === undefined
        ? exact(value)
        : `${exact(value)} (${exact(low)} to ${exact(high)})`;
    });
    return [x.format(place), ...cells];
  });
  return { head: [x.title, ...lines.map(({ name }) => name)], rows };
}
