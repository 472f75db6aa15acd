/** `plastica compare RUN...`: holds runs against each other, method by method, and writes a report of it. */
import { join } from "node:path";
import {
  type Comparison,
  comparedBy,
  comparisonCsv,
  comparisonMarkdown,
  comparisonOf,
  comparisonPage,
  comparisonParquet,
  measureNamed,
  type Run,
  writeWhole,
} from "@plastica/lab";
import { open } from "../browser.ts";
import { UsageError } from "../failure.ts";
import { runsMeant } from "../meant.ts";
import { columns, note, print, say } from "../output.ts";
import { comparisonData, comparisonLines } from "../screen/comparison.ts";
import { paintFor } from "../screen/paint.ts";
import { fromHere } from "../screen/result.ts";
import { outOption, quoted } from "./play.ts";

export interface CompareOptions {
  out: string;
  json?: boolean;
  measure?: string;
  html?: string;
  markdown?: string;
  csv?: string;
  parquet?: string;
  open?: boolean;
}

export function compareRuns(meant: readonly string[], options: CompareOptions): number {
  if (options.measure !== undefined) mustBeMeasure(options.measure);
  const runs = runsMeant(options.out, meant);
  const command = `npx plastica compare ${meant.map(quoted).join(" ")}${outOption(options.out)}`;
  const usual = comparisonOf(runs, { command });
  const comparison = options.measure === undefined ? usual : { ...usual, measures: first(options.measure, usual) };
  tellComparison(comparison, { ...options, html: options.html ?? join(options.out, `${nameOf(runs)}.html`) });
  return 0;
}

/** The measures with this one first: it decides. */
function first(name: string, { measures }: Comparison): string[] {
  return [name, ...measures.filter((measure) => measure !== name)];
}

function mustBeMeasure(name: string): void {
  try {
    measureNamed(name);
  } catch (cause) {
    throw new UsageError(`--measure: ${(cause as Error).message}`, { cause });
  }
}

/** The report's: that of the runs where they share one. */
function nameOf(runs: readonly Run[]): string {
  const names = [...new Set(runs.map(({ recipe }) => recipe.name))];
  return names.length === 1 ? names[0] : "comparison";
}

/** Writes the reports that are asked for and shows the comparison. */
export function tellComparison(
  comparison: Comparison,
  options: CompareOptions & { html: string },
  more: object = {},
): void {
  const { html, markdown, csv, parquet } = options;
  const compared = comparedBy(comparison);
  writeWhole(html, comparisonPage(comparison));
  if (markdown !== undefined) writeWhole(markdown, comparisonMarkdown(comparison));
  if (csv !== undefined) writeWhole(csv, comparisonCsv(comparison));
  if (parquet !== undefined) writeWhole(parquet, comparisonParquet(comparison));
  if (options.json) say({ ...more, ...comparisonData(comparison, compared, html) });
  else {
    print(...comparisonLines(comparison, compared, html, columns(), paintFor(process.stdout)), "");
    for (const path of [markdown, csv, parquet]) if (path !== undefined) note(`Written: ${fromHere(path)}`);
  }
  if (options.open) open(html);
}
