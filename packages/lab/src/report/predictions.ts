/** The sections of a run's page on its last predictions: what was taken for what, and how sure the network was. */
import { calibrationError } from "../metrics/calibration.ts";
import { perClass } from "../metrics/confusion.ts";
import { measures } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { RunState } from "../runs/run.ts";
import { calibrationChart } from "./charts/calibration.ts";
import { heatmap, smallHeatmap } from "./charts/heatmap.ts";
import { facets, figure, section } from "./html.ts";
import { count, percent } from "./numbers.ts";

/** Classes that a matrix can show. */
const MOST = 40;

/** What was taken for what. */
export function confusions({ learners }: RunState): string {
  const all = Object.entries(learners).flatMap(([name, { end }]) => {
    const confusion = end?.confusion;
    return confusion === undefined || confusion.length > MOST ? [] : [{ name, confusion }];
  });
  if (all.length === 0) return "";
  const alone = all.length === 1 || all[0].confusion.length > 12;
  const figures = all.map(({ name, confusion }) => {
    const classes = confusion.map((_, c) => String(c));
    const shares = confusion.map((row) => {
      const of = row.reduce((sum, n) => sum + n, 0);
      return row.map((n) => n / of);
    });
    const map = {
      ...{ label: `What the ${name} network took for what`, rows: classes, columns: classes, values: shares },
      ...{ rowTitle: "true class", columnTitle: "predicted class", low: 0, high: 1 },
      ...{ format: (share: number) => (share * 100).toFixed(0), exact: (share: number) => percent(share, 1) },
    };
    const fared = perClass(confusion);
    const numbers = {
      head: ["true class", ...classes.map((c) => `as ${c}`), "recall", "precision", "F1"],
      rows: confusion.map((row, c) => {
        const { recall, precision, f1 } = fared[c];
        return [classes[c], ...row.map(count), ...[recall, precision, f1].map((share) => percent(share ?? Number.NaN))];
      }),
    };
    return figure(alone ? heatmap(map) : smallHeatmap(map), numbers, all.length === 1 ? {} : { caption: name });
  });
  const text = `Of the examples of each true class, how many in a hundred were predicted as what: ${onWhat(learners)}. A row without numbers had no examples.`;
  return section("What was taken for what", text, alone ? figures.join("\n") : facets(figures));
}

/** How sure each network was, and how often right. */
export function calibrations({ learners }: RunState): string {
  const figures = Object.entries(learners).flatMap(([name, { end }], look) => {
    const bins = end?.calibration;
    if (bins === undefined || calibrationError(bins) === undefined) return [];
    const error = formatted(measures["calibration-error"], calibrationError(bins));
    const label = `How often the ${name} network was right when it was so sure. Calibration error: ${error}`;
    const numbers = {
      head: ["confidence", "predictions", "mean confidence", "share right"],
      rows: bins.map(({ examples, confidence, accuracy }, i) => [
        `${percent(i / bins.length, 0)} to ${percent((i + 1) / bins.length, 0)}`,
        ...[count(examples), ...(examples === 0 ? ["–", "–"] : [percent(confidence), percent(accuracy)])],
      ]),
    };
    const chart = calibrationChart({ label, bins, look, format: (share) => percent(share, 0) });
    return [figure(chart, numbers, { caption: `${name}: calibration error ${error}` })];
  });
  if (figures.length === 0) return "";
  const text = `How often a prediction was right, by how sure the network was of it: ${onWhat(learners)}. On the diagonal it is right as often as it says; below, it is too sure. A circle's area is the share of predictions.`;
  return section("Calibration", text, facets(figures));
}

function onWhat(learners: RunState["learners"]): string {
  const tested = Object.values(learners).some(({ windows }) => windows.some(({ tests }) => tests !== undefined));
  return tested ? "on all held-out examples, at the end" : "over the last window, before learning";
}
