/** The course of a run as an SVG file that stands alone: for a README, a slide, a message. */
import { writeWhole } from "../runs/files.ts";
import { type Run, type RunState, stateOf } from "../runs/run.ts";
import { drawLines } from "./charts/lines.ts";
import { axisOf, lineOf, scaleOf, valuesOf } from "./course.ts";
import { style } from "./style.ts";
import { livesOf } from "./vitals.ts";

/** Writes the picture of what the run's folder holds now to `path`. */
export function writePicture(run: Run, path: string): void {
  writeWhole(path, picture(stateOf(run)));
}

/** The wide drawing of the report's first chart, with the report's style sheet inside. */
export function picture(state: RunState): string {
  const { course, learners, windows, examples } = livesOf(state);
  const names = learners.map(({ name }) => name).join(", ");
  const svg = drawLines(
    {
      label: `Online ${course.quantity}, ${course.step} by ${course.step}: ${names}`,
      lines: learners.map(({ name, look, windows: lived, diverged }) => ({
        ...lineOf(name, look, lived, valuesOf(lived, course), course),
        broken: diverged,
      })),
      x: axisOf(course, windows, examples),
      y: { ...scaleOf(course), ...(course.quantity === "accuracy" ? { span: 0.02 } : {}) },
      smooth: true,
    },
    "wide",
  );
  const sheet = `<style>svg { background: var(--paper); font: 13px system-ui, sans-serif; }${style}</style>`;
  return `${svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"').replace(">", `>${sheet}`)}\n`;
}
