/** A comparison for the terminal and as JSON. */
import {
  type Compared,
  type Comparison,
  comparisonSentences,
  formatted,
  intervalText,
  type Measure,
  publishedOf,
  publishedText,
} from "@plastica/lab";
import { aligned } from "./lines.ts";
import { type Paint, widthOf, wrapped } from "./paint.ts";
import { fromHere } from "./result.ts";

/** The deciding measure with what was published, the other measures, the verdicts, and where the report is. */
export function comparisonLines(
  comparison: Comparison,
  compared: Compared,
  report: string | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const lines = ["", paint.bold(comparison.title), "", ...deciding(comparison, compared, paint)];
  for (const table of others(comparison, compared, columns, paint)) lines.push("", ...table);
  lines.push("");
  for (const sentence of comparisonSentences(comparison, compared)) {
    lines.push(...wrapped(sentence, columns - 1).map((line, i) => (i === 0 ? line : `  ${line}`)));
  }
  if (comparison.protocol !== undefined) {
    lines.push("", ...wrapped(`Source: ${comparison.protocol.source.citation}`, columns - 1).map(paint.dim));
  }
  if (report !== undefined) lines.push("", `Report: ${fromHere(report)}`);
  return lines;
}

/** Method, seeds, the deciding measure with its interval, and what was published of it. */
function deciding(comparison: Comparison, { measures: [measure], summaries: [groups], best }: Compared, paint: Paint) {
  const told = groups.map((group) => publishedIn(comparison, group.name, measure));
  const anyTold = told.some((text) => text !== "");
  const rows = groups.map((group, i) => [
    best.includes(group) ? paint.bold(paint.learner(i, group.name)) : paint.learner(i, group.name),
    String(group.n),
    intervalText(measure, group),
    ...(anyTold ? [told[i] === "" ? "–" : told[i]] : []),
  ]);
  const head = ["", "seeds", measure.title, ...(anyTold ? ["published"] : [])];
  return aligned([head.map(paint.dim), ...rows]);
}

function publishedIn(comparison: Comparison, method: string, measure: Measure): string {
  const [one] = publishedOf(comparison, method, measure);
  if (one === undefined) return "";
  const standing = { "first-hand": "", "read off a figure": " (figure)", "second-hand": " (quoted)" }[one.standing];
  return publishedText(one) + standing;
}

/** The means by the other measures that say something, in as many tables as it takes to stay within the columns. */
function others({ methods }: Comparison, { measures, summaries }: Compared, columns: number, paint: Paint): string[][] {
  const names = ["", ...methods.map(({ name }) => name)];
  const tables: string[][][] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const [m, measure] of measures.entries()) {
    if (m === 0 || summaries[m].every(({ mean }) => mean === undefined)) continue;
    const cells = [paint.dim(measure.title), ...summaries[m].map(({ mean }) => formatted(measure, mean))];
    const wide = Math.max(...cells.map(widthOf)) + 2;
    if (width + wide >= columns) {
      tables.push([names]);
      width = Math.max(...names.map(widthOf));
    }
    tables.at(-1)?.push(cells);
    width += wide;
  }
  return tables.map((table) => aligned(names.map((_, row) => table.map((column) => column[row]))));
}

/** The same as one JSON-able object. */
export function comparisonData(comparison: Comparison, compared: Compared, report: string | undefined): object {
  const { title, protocol, methods, command } = comparison;
  const { measures, summaries, verdicts, best } = compared;
  return {
    title,
    protocol: protocol?.name,
    measures: measures.map(({ name }) => name),
    // Of several streams there is no best of all.
    best: best.length === 1 ? best[0].name : undefined,
    methods: methods.map(({ name, lives }, i) => ({
      name,
      runs: lives.map(({ run, seed, fingerprint, seconds }) => ({ run, seed, fingerprint, seconds })),
      measures: Object.fromEntries(
        measures.map((measure, m) => [measure.name, { ...summaries[m][i], name: undefined }]),
      ),
      published: measures.flatMap((measure) => publishedOf(comparison, name, measure)),
    })),
    comparisons: verdicts,
    sentences: comparisonSentences(comparison, compared),
    command,
    report,
  };
}
