/**
 * Line charts over tasks, as SVG made by hand: nothing to load, sharp at any size, coloured by the page's style sheet so that
 * they follow light and dark. Each is drawn twice, wide and narrow, and the page shows the one that fits, since a chart that is
 * merely shrunk to a phone cannot be read there.
 */
import { escaped } from "./html.ts";

export interface Series {
  readonly name: string;
  /** One value a task. */
  readonly values: readonly number[];
  /** Which of the page's colours, from 0. */
  readonly colour: number;
}

/** A lone point for comparison, drawn hollow. */
export interface Mark {
  readonly task: number;
  readonly value: number;
  readonly label: string;
}

export interface ChartOptions {
  /** What a screen reader says. */
  readonly label: string;
  readonly series: readonly Series[];
  /** How many tasks the axis has. */
  readonly tasks: number;
  readonly format: (value: number) => string;
  /** Keep 0 on the axis: for amounts. Accuracy goes without, since all that happens does so in a narrow band. */
  readonly fromZero?: boolean;
  /** The axis never goes beyond this. */
  readonly most?: number;
  /** The smallest span of the axis, so that noise alone does not fill it. */
  readonly span?: number;
  readonly marks?: readonly Mark[];
  /** Draw many values thin and their running mean thick. Default true; false for what only ever grows. */
  readonly smooth?: boolean;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const WIDE: Frame = { width: 760, height: 330, right: 112, top: 14, bottom: 44 };
const NARROW: Frame = { width: 350, height: 270, right: 12, top: 30, bottom: 42 };

/** From this many tasks on, the single ones are drawn thin and the mean of the `WINDOW` around each thick. */
export const MANY = 41;
export const WINDOW = 7;

/** Both drawings, in one figure. */
export function chart(options: ChartOptions): string {
  return `<div class="chart">${draw(options, WIDE, "wide")}${draw(options, NARROW, "narrow")}</div>`;
}

function draw(options: ChartOptions, frame: Frame, kind: "wide" | "narrow"): string {
  const { series, tasks, format, marks = [], smooth = true } = options;
  const [low, high, ticks] = axis(options, kind === "wide" ? 6 : 5);
  const { width, height, right, top, bottom } = frame;
  const left = 18 + 7 * Math.max(...ticks.map((tick) => format(tick).length)); // what the widest number needs
  const x = (task: number) => left + (tasks < 2 ? 0.5 : task / (tasks - 1)) * (width - left - right);
  const y = (value: number) => top + (1 - (value - low) / (high - low)) * (height - top - bottom);
  const parts = [
    ...ticks.map(
      (tick) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>` +
        `<text class="tick" x="${left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${escaped(format(tick))}</text>`,
    ),
    ...taskTicks(tasks, kind === "wide" ? 8 : 5).map(
      (n) => `<text class="tick" x="${at(x(n - 1))}" y="${height - bottom + 20}" text-anchor="middle">${n}</text>`,
    ),
    `<text class="axis" x="${at((left + width - right) / 2)}" y="${height - 6}" text-anchor="middle">task</text>`,
    ...series.map((one) => line(one, x, y, format, smooth)),
    ...marks.filter(({ task }) => task < tasks).map((mark) => point(mark, x, y)),
    ...(kind === "wide" ? endLabels(series, y, width - right, x, format) : legend(series, left)),
  ];
  return `<svg class="${kind}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(options.label)}">${parts.join("")}</svg>`;
}

function line(
  { name, values, colour }: Series,
  x: (n: number) => number,
  y: (v: number) => number,
  format: (v: number) => string,
  smooth: boolean,
): string {
  const path = (points: readonly number[]) =>
    points.map((value, task) => `${task === 0 ? "M" : "L"}${at(x(task))} ${at(y(value))}`).join("");
  const radius = values.length >= MANY ? 0 : values.length > 15 ? 2 : 3;
  const dots = values.map((value, task) => {
    const said = `${escaped(name)}, task ${task + 1}: ${escaped(format(value))}`;
    const place = `cx="${at(x(task))}" cy="${at(y(value))}"`;
    const dot = radius > 0 ? `<circle ${place} r="${radius}"/>` : "";
    return `${dot}<circle class="hit" ${place} r="7"><title>${said}</title></circle>`;
  });
  const drawn =
    smooth && values.length >= MANY
      ? `<path class="line thin" d="${path(values)}"/><path class="line" d="${path(smoothed(values))}"/>`
      : `<path class="line" d="${path(values)}"/>`;
  return `<g class="s${colour}">${drawn}${dots.join("")}</g>`;
}

/** The mean of the values around each; at the ends, of those there are. */
function smoothed(values: readonly number[]): number[] {
  const reach = (WINDOW - 1) / 2;
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}

function point({ task, value, label }: Mark, x: (n: number) => number, y: (v: number) => number): string {
  const place = `cx="${at(x(task))}" cy="${at(y(value))}"`;
  return `<g class="published"><circle ${place} r="5"><title>${escaped(label)}</title></circle></g>`;
}

/** Names and last values where the lines end, pushed apart where they would overlap. */
function endLabels(
  series: readonly Series[],
  y: (v: number) => number,
  edge: number,
  x: (n: number) => number,
  format: (v: number) => string,
): string[] {
  const shown = series.filter(({ values }) => values.length > 0);
  const places = shown.map((one) => ({ one, y: y(one.values[one.values.length - 1]) })).sort((a, b) => a.y - b.y);
  for (let i = 1; i < places.length; i++) places[i].y = Math.max(places[i].y, places[i - 1].y + 36);
  return places.map(({ one, y: place }) => {
    const left = Math.min(edge, x(one.values.length - 1)) + 12;
    return (
      `<g class="s${one.colour}"><text class="name" x="${at(left)}" y="${at(place)}">${escaped(one.name)}</text>` +
      `<text class="last" x="${at(left)}" y="${at(place + 16)}">${escaped(format(one.values[one.values.length - 1]))}</text></g>`
    );
  });
}

function legend(series: readonly Series[], left: number): string[] {
  let at = left;
  return series.map(({ name, colour }) => {
    const key = `<g class="s${colour}"><path class="line" d="M${at} 12h16"/><text class="name" x="${at + 22}" y="16">${escaped(name)}</text></g>`;
    at += 22 + name.length * 8 + 20;
    return key;
  });
}

/** The ends of the value axis and its ticks, at round numbers. */
function axis(
  { series, marks = [], tasks, fromZero, most, span = 0 }: ChartOptions,
  about: number,
): [number, number, number[]] {
  const values = [
    ...series.flatMap((one) => one.values),
    ...marks.filter((m) => m.task < tasks).map((m) => m.value),
  ].filter(Number.isFinite);
  let low = values.length === 0 ? 0 : Math.min(...values);
  let high = values.length === 0 ? 1 : Math.max(...values);
  if (fromZero) low = 0;
  const least = Math.max(span, Math.abs(high) * 1e-3) || 1;
  if (high - low < least) {
    const middle = (low + high) / 2;
    high = Math.min(fromZero ? least : middle + least / 2, most ?? Number.POSITIVE_INFINITY);
    low = fromZero ? 0 : high - least;
  }
  const step = roundStep((high - low) / (about - 1));
  const from = Math.floor(low / step + 1e-9);
  const to = Math.min(
    Math.ceil(high / step - 1e-9),
    most === undefined ? Number.POSITIVE_INFINITY : Math.round(most / step),
  );
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
  return [from * step, to * step, ticks];
}

/** The least of 1, 2, 5 times a power of ten that is at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= step * 0.999) ?? 10 * power;
}

/** Task numbers, from 1, to write under the axis. */
function taskTicks(tasks: number, about: number): number[] {
  if (tasks <= about) return Array.from({ length: tasks }, (_, i) => i + 1);
  const step = Math.max(1, roundStep(tasks / about));
  const ticks = [1];
  for (let n = step; n <= tasks; n += step) if (n > 1 + step / 3) ticks.push(n);
  return ticks;
}

function at(n: number): string {
  return n.toFixed(1).replace(/\.0$/, "");
}
