/** The accuracy of a run, task by task, as an SVG file that stands alone: for a README, a slide, a message. */

import { writeWhole } from "../runs/files.ts";
import { type Run, type RunState, stateOf } from "../runs/run.ts";
import { chart } from "./chart.ts";
import { percent } from "./numbers.ts";
import { style } from "./style.ts";

/** Writes the picture of what the run's folder holds now to `path`. */
export function writePicture(run: Run, path: string): void {
  writeWhole(path, picture(run, stateOf(run)));
}

/** The wide drawing of the report's chart, with the report's style sheet inside. */
export function picture({ recipe }: Run, { learners }: RunState): string {
  const series = Object.entries(learners).map(([name, { tasks }], colour) => ({
    name,
    values: tasks.map(({ accuracy }) => accuracy),
    colour,
  }));
  const label = `Online accuracy, task by task: ${Object.keys(learners).join(", ")}`;
  const format = (value: number) => percent(value, 1);
  const drawn = chart({ label, series, tasks: recipe.stream.tasks, format, span: 0.02, most: 1 });
  const [svg] = /<svg[^>]*>.*?<\/svg>/s.exec(drawn) ?? [""];
  const opening = svg.slice(0, svg.indexOf(">") + 1);
  const named = opening.includes("xmlns=")
    ? opening
    : opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  const sheet = `<style>svg { background: var(--paper); font: 13px system-ui, sans-serif; }${style}</style>`;
  return `${named}${sheet}${svg.slice(opening.length)}\n`;
}
