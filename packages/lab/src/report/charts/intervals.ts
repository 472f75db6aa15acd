/**
 * Methods side by side on one measure: each seed a dot, the mean a mark with its interval, a published value a hollow ring with its
 * error. What a table of means hides, a seed that failed or two groups of seeds, is seen here.
 */
import { escaped } from "../html.ts";
import { type Axis, at, axisBelow, drawing, type Frame, lookOf, mark, placesIn, type Size } from "./axes.ts";
import { linear, logarithmic, needsLogarithm, type ScaleOptions } from "./scale.ts";

export interface IntervalRow {
  readonly name: string;
  readonly look: number;
  readonly seeds: readonly { readonly seed: number; readonly value: number }[];
  readonly mean?: number;
  readonly low?: number;
  readonly high?: number;
  readonly published?: { readonly value: number; readonly error?: number; readonly label: string };
}

export interface IntervalPlot {
  /** What a screen reader says. */
  readonly label: string;
  readonly rows: readonly IntervalRow[];
  readonly title: string;
  readonly format: (value: number) => string;
  readonly exact?: (value: number) => string;
  readonly scale?: ScaleOptions;
}

/** Both drawings, of which the page shows one. */
export function intervalPlot(plot: IntervalPlot): string {
  return `<div class="chart">${drawIntervals(plot, "wide")}${drawIntervals(plot, "narrow")}</div>`;
}

/** Beside the names in a wide drawing; in a narrow one the name stands above its row. */
function frameFor(rows: readonly IntervalRow[], size: Size): Frame & { row: number } {
  const longest = Math.max(4, ...rows.map(({ name }) => Math.min(name.length, 30)));
  const row = size === "wide" ? 44 : 58;
  const [top, bottom] = [8, 46];
  const left = size === "wide" ? 18 + 8.4 * longest : 14;
  const width = size === "wide" ? 760 : 350;
  return { width, height: top + rows.length * row + bottom, left, right: size === "wide" ? 24 : 18, top, bottom, row };
}

function drawIntervals(plot: IntervalPlot, size: Size): string {
  const { rows, format, exact = format, title } = plot;
  const values = rows.flatMap(({ seeds, low, high, published }) => [
    ...seeds.map(({ value }) => value),
    ...(low === undefined || high === undefined ? [] : [low, high]),
    ...(published === undefined
      ? []
      : [published.value - (published.error ?? 0), published.value + (published.error ?? 0)]),
  ]);
  const bends = needsLogarithm(values);
  const scale = (bends ? logarithmic : linear)(values, { ...plot.scale, about: size === "wide" ? 8 : 5 });
  const frame = frameFor(rows, size);
  const places = placesIn(frame, scale, linear([0, 1]));
  const axis: Axis = {
    ticks: scale.ticks,
    format,
    title: bends ? `${title}, logarithmic axis` : title,
    grid: true,
  };
  const drawn = rows.map((row, i) => {
    const middle = frame.top + (i + 0.5) * frame.row + (size === "narrow" ? 10 : 0);
    const name =
      size === "wide"
        ? `<text class="name" x="${at(frame.left - 16)}" y="${at(middle + 5)}" text-anchor="end">${escaped(row.name.slice(0, 30))}</text>`
        : `<text class="name" x="${frame.left - 8}" y="${at(middle - 20)}">${escaped(row.name)}</text>`;
    return `<g class="${lookOf(row.look)}">${name}${ofRow(row, places.x, middle, exact)}</g>`;
  });
  return drawing(frame, size, plot.label, axisBelow(frame, places, axis) + drawn.join(""));
}

function ofRow(
  { name, look, seeds, mean, low, high, published }: IntervalRow,
  x: (value: number) => number,
  y: number,
  exact: (value: number) => string,
): string {
  const dots = seeds
    .filter(({ value }) => Number.isFinite(value))
    .map(({ seed, value }, i) => {
      // Three heights in turn, so that equal seeds are seen to be several.
      const said = `${name}, seed ${seed}: ${exact(value)}`;
      return `<circle class="seed" cx="${at(x(value))}" cy="${at(y + 7 + (i % 3) * 3.5)}" r="3"><title>${escaped(said)}</title></circle>`;
    });
  const range =
    low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)
      ? ""
      : `<path class="line whole" d="M${at(x(low))} ${at(y - 4)}H${at(x(high))}M${at(x(low))} ${at(y - 9)}v10M${at(x(high))} ${at(y - 9)}v10"/>`;
  const centre = mean === undefined || !Number.isFinite(mean) ? "" : mark(look, x(mean), y - 4, 5);
  return `${dots.join("")}${range}${centre}${ringOf(published, x, y - 4)}`;
}

function ringOf(published: IntervalRow["published"], x: (value: number) => number, y: number): string {
  if (published === undefined) return "";
  const { value, error, label } = published;
  const whisker =
    error === undefined ? "" : `<path class="whisker" d="M${at(x(value - error))} ${at(y)}H${at(x(value + error))}"/>`;
  return `<g class="published">${whisker}<circle cx="${at(x(value))}" cy="${at(y)}" r="5"><title>${escaped(label)}</title></circle></g>`;
}
