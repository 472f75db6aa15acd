/**
 * Curves: one line a series, with a band around it where its points have intervals. Its names stand where the lines end; a narrow
 * drawing has them above.
 */
import { escaped } from "../html.ts";
import {
  type Axis,
  at,
  axisBelow,
  axisLeft,
  drawing,
  type Frame,
  legend,
  lookOf,
  mark,
  type Places,
  placesIn,
  roomFor,
  type Size,
} from "./axes.ts";
import { countingTicks, linear, logarithmic, needsLogarithm, type Scale, type ScaleOptions } from "./scale.ts";
import { type Point, smoothed } from "./thin.ts";

export interface Line {
  readonly name: string;
  /** Which of the page's looks, from 0. */
  readonly look: number;
  /** In the order of x. A y that is not finite is a gap. */
  readonly points: readonly Point[];
  /** The line ends before the others since its life did: a cross is drawn at its end. */
  readonly broken?: boolean;
}

/** A lone value for comparison, drawn as a hollow circle. */
export interface Ring {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface LineChart {
  /** What a screen reader says. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly x: {
    readonly title: string;
    readonly format: (value: number) => string;
    readonly from: number;
    readonly to: number;
    /** The axis counts: 1, 2, 3, ... */
    readonly counts?: boolean;
  };
  readonly y: ScaleOptions & {
    readonly format: (value: number) => string;
    /** The name of a value, where it is pointed at; default as on the axis. */
    readonly exact?: (value: number) => string;
    readonly title?: string;
    /** A logarithmic axis where the values call for one. */
    readonly mayBend?: boolean;
  };
  readonly rings?: readonly Ring[];
  /** Draw many values thin and their running mean thick. Default false; for noisy curves without bands. */
  readonly smooth?: boolean;
  /** Lines go up or down in steps instead of slopes. Default false. */
  readonly steps?: boolean;
}

/** From this many points on, single ones are drawn thin and the mean of the `WINDOW` around each thick. */
export const MANY = 41;
export const WINDOW = 7;

/** In a chart of more points than this, single ones cannot be pointed at: the table behind has them. */
const POINTABLE = 600;

/** The chart for a page's whole width: both drawings, of which the page shows one. */
export function lineChart(chart: LineChart): string {
  return `<div class="chart">${drawLines(chart, "wide")}${narrowKey(chart)}${drawLines(chart, "narrow")}</div>`;
}

/** The chart for one place in a grid of charts: the narrow drawing alone. */
export function smallLineChart(chart: LineChart): string {
  return `<div class="chart small">${chart.lines.length > 1 ? legend(chart.lines) : ""}${drawLines(chart, "narrow")}</div>`;
}

function narrowKey({ lines }: LineChart): string {
  return lines.length > 1 ? legend(lines, "narrow") : "";
}

/** One drawing. */
export function drawLines(chart: LineChart, size: Size): string {
  const { lines, x: across, y: up, rings = [] } = chart;
  const values = [
    ...lines.flatMap(({ points }) => points.flatMap(({ y, low = y, high = y }) => [y, low, high])),
    ...rings.map(({ y }) => y),
  ];
  const bends = up.mayBend === true && needsLogarithm(values);
  const yScale = (bends ? logarithmic : linear)(values, { ...up, about: size === "wide" ? 6 : 5 });
  const xAxis: Axis = { ticks: xTicks(across, size), format: across.format, title: across.title };
  const yAxis: Axis = { ticks: yScale.ticks, format: up.format, title: bends ? logTitle(up.title) : up.title };
  const frame = frameFor(lines, yAxis, size);
  const places = placesIn(frame, xScale(across), yScale);
  const few = lines.reduce((sum, { points }) => sum + points.length, 0) <= POINTABLE;
  const parts = [
    axisLeft(frame, places, yAxis),
    axisBelow(frame, places, xAxis),
    ...lines.map((line) => band(line, places)),
    ...lines.map((line) => drawLine(line, chart, places, few)),
    ...rings.map((ring) => drawRing(ring, places)),
    ...(size === "wide" ? endLabels(chart, frame, places) : []),
  ];
  return drawing(frame, size, chart.label, parts.join(""));
}

function logTitle(title: string | undefined): string {
  return title === undefined ? "logarithmic axis" : `${title}, logarithmic axis`;
}

const NAME = 8.4; // a letter of a name, about
const LONGEST = 24;

function frameFor(lines: readonly Line[], yAxis: Axis, size: Size): Frame {
  const left = roomFor(yAxis);
  const top = yAxis.title === undefined ? 14 : 38;
  if (size === "narrow") return { width: 350, height: 260 + top, left, right: 12, top, bottom: 44 };
  const longest = Math.max(5, ...lines.map(({ name }) => shortened(name).length));
  const height = Math.max(330, 60 + top + lines.length * 20);
  return { width: 760, height, left, right: 48 + NAME * longest, top, bottom: 44 };
}

function xScale({ from, to }: LineChart["x"]): Scale {
  return { ticks: [], at: (value) => (to > from ? (value - from) / (to - from) : 0.5) };
}

function xTicks({ from, to, counts }: LineChart["x"], size: Size): readonly number[] {
  const about = size === "wide" ? 8 : 5;
  return counts ? countingTicks(to, about) : linear([from, to], { about }).ticks.filter((t) => t >= from && t <= to);
}

function drawLine(line: Line, chart: LineChart, places: Places, pointable: boolean): string {
  const { look, points } = line;
  const seen = points.filter(({ y }) => Number.isFinite(y));
  const path = (ys: readonly number[]) => pathOf(points, ys, places, chart.steps === true);
  const ys = points.map(({ y }) => y);
  const drawn =
    chart.smooth && seen.length >= MANY
      ? `<path class="line thin" d="${path(ys)}"/><path class="line" d="${path(smoothed(ys, WINDOW))}"/>`
      : `<path class="line" d="${path(ys)}"/>`;
  const every = seen.length <= 15 ? 1 : Math.ceil(seen.length / 6);
  // Each series begins its marks a little later than the one before, so that equal curves do not hide each other's.
  const from = every === 1 ? 0 : Math.floor(((look % 12) + 0.5) * (every / 12));
  const marks =
    chart.smooth && seen.length >= MANY
      ? []
      : seen.filter((_, i) => i % every === from % every).map(({ x, y }) => mark(look, places.x(x), places.y(y), 3.4));
  const hits = pointable ? seen.map((point) => hit(line, point, chart, places)) : [];
  const last = seen.at(-1);
  const cross = line.broken && last !== undefined ? crossAt(places.x(last.x), places.y(last.y)) : "";
  return `<g class="${lookOf(look)}">${drawn}${marks.join("")}${cross}${hits.join("")}</g>`;
}

function pathOf(points: readonly Point[], ys: readonly number[], { x, y }: Places, steps: boolean): string {
  let path = "";
  let pen = false;
  points.forEach((point, i) => {
    if (!Number.isFinite(ys[i])) {
      pen = false;
      return;
    }
    if (pen && steps) path += `H${at(x(point.x))}`;
    path += `${pen ? "L" : "M"}${at(x(point.x))} ${at(y(ys[i]))}`;
    pen = true;
  });
  return path;
}

function band({ look, points }: Line, { x, y }: Places): string {
  const wide = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (wide.length < 2) return "";
  const corner = (px: number, py: number | undefined) => `${at(x(px))} ${at(y(py ?? 0))}`;
  const above = wide.map((point) => corner(point.x, point.high));
  const below = wide.map((point) => corner(point.x, point.low)).reverse();
  return `<path class="band ${lookOf(look)}" d="M${above.join("L")}L${below.join("L")}Z"/>`;
}

function hit({ name }: Line, { x: px, y: py, low, high }: Point, { x, y }: LineChart, places: Places): string {
  const exact = y.exact ?? y.format;
  const spread = low === undefined || high === undefined ? "" : ` (${exact(low)} to ${exact(high)})`;
  const said = `${name}, ${x.title} ${x.format(px)}: ${exact(py)}${spread}`;
  return `<circle class="hit" cx="${at(places.x(px))}" cy="${at(places.y(py))}" r="7"><title>${escaped(said)}</title></circle>`;
}

function crossAt(x: number, y: number): string {
  const [l, r, t, b] = [x - 5, x + 5, y - 5, y + 5].map(at);
  return `<path class="line cross" d="M${l} ${t}L${r} ${b}M${l} ${b}L${r} ${t}"/>`;
}

function drawRing({ x, y, label }: Ring, places: Places): string {
  return `<g class="published"><circle cx="${at(places.x(x))}" cy="${at(places.y(y))}" r="5"><title>${escaped(label)}</title></circle></g>`;
}

/** Names and last values at the right, in the order of the lines' ends, pushed apart where they would overlap. */
function endLabels({ lines, y: up }: LineChart, frame: Frame, places: Places): string[] {
  const ends = lines.flatMap((line) => {
    const last = line.points.findLast(({ y }) => Number.isFinite(y));
    return last === undefined ? [] : [{ line, last: last.y, y: places.y(last.y) }];
  });
  ends.sort((a, b) => a.y - b.y);
  const two = ends.length <= 4; // room for the value under the name
  const gap = two ? 36 : 19;
  spread(ends, gap, frame.top + 6, frame.height - frame.bottom - (two ? 16 : 0));
  const edge = frame.width - frame.right;
  return ends.map(({ line: { name, look }, last, y: place }) => {
    const swatch = `<path class="line" d="M${at(edge + 8)} ${at(place - 4)}h22"/>${mark(look, edge + 19, place - 4, 3.4)}`;
    const value = two
      ? `<text class="last" x="${at(edge + 36)}" y="${at(place + 16)}">${escaped((up.exact ?? up.format)(last))}</text>`
      : "";
    return `<g class="${lookOf(look)}">${swatch}<text class="name" x="${at(edge + 36)}" y="${at(place)}">${escaped(shortened(name))}</text>${value}</g>`;
  });
}

/** Moves places, which are in order, down and then up until neighbours are `gap` apart. */
function spread(places: { y: number }[], gap: number, top: number, bottom: number): void {
  for (const [i, place] of places.entries()) {
    place.y = Math.max(place.y, i === 0 ? top : places[i - 1].y + gap);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    places[i].y = Math.min(places[i].y, i === places.length - 1 ? bottom : places[i + 1].y - gap);
  }
}

function shortened(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
