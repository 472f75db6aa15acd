/** Writes the report of a run beside its other files. */
import { writeWhole } from "../runs/files.ts";
import { reportPath } from "../runs/paths.ts";
import { type Run, stateOf } from "../runs/run.ts";
import { fitOf } from "./fit.ts";
import { reportPage } from "./page.ts";

/** Writes `report.html` from what the folder holds now, finished or not, and returns its path. */
export function writeReport(run: Run): string {
  const path = reportPath(run.folder);
  writeWhole(path, reportPage(run, stateOf(run), fitOf(run.recipe)));
  return path;
}
