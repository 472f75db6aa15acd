/**
 * What all charts share: their frames, their axes, and how series are told apart. Charts are SVG made by hand: nothing to
 * load, sharp at any size, coloured by the page's style sheet so that they follow light and dark. Each is drawn wide and
 * narrow, and the page shows the one that fits, since a chart that is merely shrunk to a phone cannot be read there.
 */
import { escaped } from "../html.ts";
import type { Scale } from "./scale.ts";

/** The paper that a chart is drawn on: the plot lies inside the margins. In units of about a pixel. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Size = "wide" | "narrow";

/** From values to places in the frame. */
export interface Places {
  x(value: number): number;
  y(value: number): number;
}

export function placesIn({ width, height, left, right, top, bottom }: Frame, x: Scale, y: Scale): Places {
  return {
    x: (value) => left + x.at(value) * (width - left - right),
    y: (value) => height - bottom - y.at(value) * (height - top - bottom),
  };
}

/** The ticks and the title of an axis. */
export interface Axis {
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  readonly title?: string;
  /** Draw a line across the plot at each tick. */
  readonly grid?: boolean;
}

/** The axis under the plot. */
export function axisBelow(frame: Frame, { x }: Places, { ticks, format, title, grid }: Axis): string {
  const { width, height, left, right, top, bottom } = frame;
  const ground = height - bottom;
  const marks = ticks.map((tick) => {
    const line = grid
      ? `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top}" y2="${at(ground)}"/>`
      : "";
    return `${line}<text class="tick" x="${at(x(tick))}" y="${at(ground + 20)}" text-anchor="middle">${escaped(format(tick))}</text>`;
  });
  const name =
    title === undefined
      ? ""
      : `<text class="axis" x="${at((left + width - right) / 2)}" y="${at(ground + 39)}" text-anchor="middle">${escaped(title)}</text>`;
  return marks.join("") + name;
}

/** The axis at the left, and its lines across the plot. Its title stands above it. */
export function axisLeft(frame: Frame, { y }: Places, { ticks, format, title, grid = true }: Axis): string {
  const { width, left, right, top } = frame;
  const marks = ticks.map((tick) => {
    const line = grid
      ? `<line class="grid" x1="${at(left)}" x2="${at(width - right)}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`
      : "";
    return `${line}<text class="tick" x="${at(left - 8)}" y="${at(y(tick) + 4)}" text-anchor="end">${escaped(format(tick))}</text>`;
  });
  const name = title === undefined ? "" : `<text class="axis" x="0" y="${at(top - 18)}">${escaped(title)}</text>`;
  return marks.join("") + name;
}

/** The room that an axis' numbers need at its left. */
export function roomFor({ ticks, format }: Axis): number {
  return 14 + 7.2 * Math.max(1, ...ticks.map((tick) => format(tick).length));
}

/** A whole drawing. What is inside is decoration to a screen reader, which is told the label. */
export function drawing({ width, height }: Pick<Frame, "width" | "height">, size: Size, label: string, parts: string) {
  const most = width < (size === "wide" ? 760 : 350) ? ` style="max-width:${at(width)}px"` : "";
  return `<svg class="${size}" viewBox="0 0 ${at(width)} ${at(height)}"${most} role="img" aria-label="${escaped(label)}">${parts}</svg>`;
}

/** The colours that the style sheet has; series beyond them begin again with other dashes. */
export const COLOURS = 6;

/**
 * How the series of that number looks: its class, which says colour and dash, and the shape of its marks. Shape and dash alone
 * tell all apart, for readers who do not see the colours.
 */
export function lookOf(series: number): string {
  return `s${series % COLOURS} d${Math.floor(series / COLOURS) % 3}`;
}

/** The mark of a series at a place: circle, square, triangle, diamond, cross, triangle downwards, in turn. */
export function mark(series: number, x: number, y: number, r = 4): string {
  const shapes: (() => string)[] = [
    () => `<circle class="mark" cx="${at(x)}" cy="${at(y)}" r="${r}"/>`,
    () => outline([-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9]),
    () => outline([0, -1.2, 1.1, 0.8, -1.1, 0.8]),
    () => outline([0, -1.35, 1.1, 0, 0, 1.35, -1.1, 0]),
    () =>
      outline([
        -1.2, -0.4, -0.4, -0.4, -0.4, -1.2, 0.4, -1.2, 0.4, -0.4, 1.2, -0.4, 1.2, 0.4, 0.4, 0.4, 0.4, 1.2, -0.4, 1.2,
        -0.4, 0.4, -1.2, 0.4,
      ]),
    () => outline([0, 1.2, 1.1, -0.8, -1.1, -0.8]),
  ];
  function outline(corners: readonly number[]): string {
    const path = Array.from({ length: corners.length / 2 }, (_, i) => {
      return `${i === 0 ? "M" : "L"}${at(x + corners[2 * i] * r)} ${at(y + corners[2 * i + 1] * r)}`;
    });
    return `<path class="mark" d="${path.join("")}Z"/>`;
  }
  return shapes[series % COLOURS]();
}

/** The names of the series with their looks, for where a chart has no room to write them at its lines. */
export function legend(series: readonly { readonly name: string; readonly look: number }[], size?: Size): string {
  const items = series.map(({ name, look }) => {
    const swatch = `<path class="line" d="M1 7h26"/>${mark(look, 14, 7)}`;
    return `<li class="${lookOf(look)}"><svg viewBox="0 0 28 14" aria-hidden="true">${swatch}</svg>${escaped(name)}</li>`;
  });
  return `<ul class="key${size === undefined ? "" : ` ${size}`}">${items.join("")}</ul>`;
}

/** A coordinate, to a tenth of a unit. */
export function at(n: number): string {
  return n.toFixed(1).replace(/\.0$/, "");
}
