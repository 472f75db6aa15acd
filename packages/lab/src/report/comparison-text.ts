/** A comparison as Markdown, for a README or an issue, and as CSV, for any other program. */

import { measureNamed } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import { comparedBy, comparisonSentences, intervalText, publishedBeside } from "./compared.ts";
import type { Comparison } from "./comparison.ts";
import { csv, markdownTable, markdownText } from "./delimited.ts";
import { distanceFrom, publishedText, standingOf } from "./published.ts";

/** Sentences, the table of methods and measures, and what was published. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { title, protocol, methods, command } = comparison;
  const compared = comparedBy(comparison);
  const { measures, summaries } = compared;
  const [first, ...rest] = comparisonSentences(comparison, compared);
  const table = markdownTable(
    ["", ...measures.map((measure) => measure.title)],
    methods.map(({ name }, method) => [
      name,
      ...measures.map((measure, i) => intervalText(measure, summaries[i][method])),
    ]),
  );
  const parts = [
    `## ${markdownText(title)}`,
    markdownText(first),
    ...(rest.length === 0 ? [] : [rest.map((line) => `- ${markdownText(line)}`).join("\n")]),
    "Means over seeds, with 95 % intervals.",
    table,
  ];
  if (protocol !== undefined && protocol.published.length > 0) {
    const rows = publishedBeside(comparison).map(({ published, name, ours }) => {
      const measure = measureNamed(published.measure);
      const { by, within } = ours === undefined ? { by: "–", within: undefined } : distanceFrom(published, ours);
      return [
        ...[name, measure.title, publishedText(published), formatted(measure, ours)],
        ...[within === undefined ? by : `${by}, ${within}`, standingOf(published)],
      ];
    });
    const head = ["", "measure", "published", "here", "difference", "standing"];
    const { citation, link } = protocol.source;
    parts.push(`Beside what was published: [${markdownText(citation)}](${link}).`, markdownTable(head, rows));
  }
  parts.push(`\`\`\`\n${command}\n\`\`\``);
  return `${parts.join("\n\n")}\n`;
}

/** One row a method, seed and measure: `method,seed,run,measure,value,fingerprint`. A measure that a life has no number for is empty. */
export function comparisonCsv({ measures: names, methods }: Comparison): string {
  const rows = methods.flatMap(({ name, lives }) =>
    lives.flatMap((life) =>
      names.map((measure) => [
        ...[name, life.seed, life.run, measure, measureNamed(measure).of(life), life.fingerprint],
      ]),
    ),
  );
  return csv(["method", "seed", "run", "measure", "value", "fingerprint"], rows);
}
