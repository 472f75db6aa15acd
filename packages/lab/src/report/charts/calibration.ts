/**
 * A calibration diagram: how often a network is right when it is so sure. On the diagonal it is right as often as it says; below, it
 * is surer than it should be. The area of a circle is the share of predictions with that confidence.
 */
import type { CalibrationBin } from "../../runs/record.ts";
import { escaped } from "../html.ts";
import { at, axisBelow, axisLeft, drawing, type Frame, lookOf, placesIn } from "./axes.ts";
import { linear } from "./scale.ts";

export interface CalibrationChart {
  /** What a screen reader says. */
  readonly label: string;
  readonly bins: readonly CalibrationBin[];
  readonly look: number;
  readonly format: (share: number) => string;
}

const FRAME: Frame = { width: 350, height: 350, left: 50, right: 14, top: 38, bottom: 46 };

/** One drawing, for one place in a grid of charts. */
export function calibrationChart({ label, bins, look, format }: CalibrationChart): string {
  const scale = linear([0, 1]);
  const places = placesIn(FRAME, scale, scale);
  const filled = bins.filter(({ examples }) => examples > 0);
  const all = filled.reduce((sum, { examples }) => sum + examples, 0);
  const points = filled.map(({ confidence, accuracy, examples }) => {
    const said = `confidence ${format(confidence)}: right ${format(accuracy)}, ${format(examples / all)} of predictions`;
    const radius = Math.max(2, 22 * Math.sqrt(examples / all));
    return `<circle class="bubble" cx="${at(places.x(confidence))}" cy="${at(places.y(accuracy))}" r="${at(radius)}"><title>${escaped(said)}</title></circle>`;
  });
  const path = filled.map(({ confidence, accuracy }) => `${at(places.x(confidence))} ${at(places.y(accuracy))}`);
  const parts = [
    axisLeft(FRAME, places, { ticks: scale.ticks, format, title: "share that was right" }),
    axisBelow(FRAME, places, { ticks: scale.ticks, format, title: "confidence" }),
    `<path class="even" d="M${at(places.x(0))} ${at(places.y(0))}L${at(places.x(1))} ${at(places.y(1))}"/>`,
    `<g class="${lookOf(look)}"><path class="line" d="M${path.join("L")}"/>${points.join("")}</g>`,
  ];
  return `<div class="chart small">${drawing(FRAME, "narrow", label, parts.join(""))}</div>`;
}
