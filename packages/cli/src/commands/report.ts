/** `plastica report RUN`: writes the report again from what the run's folder holds, finished or not, and its numbers as files. */
import { resolve } from "node:path";
import {
  comparisonOf,
  comparisonParquet,
  picture as drawn,
  runCsv,
  runMarkdown,
  stateOf,
  writeReport,
  writeWhole,
} from "@plastica/lab";
import { open } from "../browser.ts";
import { runMeant } from "../meant.ts";
import { print, say } from "../output.ts";
import { fromHere } from "../screen/result.ts";

export interface ReportOptions {
  out: string;
  json?: boolean;
  markdown?: string;
  csv?: string;
  parquet?: string;
  picture?: string;
  open?: boolean;
}

export function report(meant: string, options: ReportOptions): number {
  const { markdown, csv, parquet, picture } = options;
  const run = runMeant(options.out, meant);
  const state = stateOf(run);
  const page = writeReport(run);
  if (markdown !== undefined) writeWhole(markdown, runMarkdown(run, state));
  if (csv !== undefined) writeWhole(csv, runCsv(state));
  if (parquet !== undefined) writeWhole(parquet, comparisonParquet(comparisonOf([run])));
  if (picture !== undefined) writeWhole(picture, drawn(state));
  const more = Object.entries({ markdown, csv, parquet, picture }).filter(([, path]) => path !== undefined) as [
    string,
    string,
  ][];
  if (options.json) {
    const paths = more.map(([what, path]) => [what, resolve(path)]);
    say({ run: run.id, report: page, ...Object.fromEntries(paths) });
  } else print(fromHere(page), ...more.map(([, path]) => fromHere(path)));
  if (options.open) open(page);
  return 0;
}
