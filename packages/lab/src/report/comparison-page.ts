/** A comparison as one HTML page that needs nothing beside itself. */
import type { Measure } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { GroupSummary } from "../statistics/compare.ts";
import { lookOf } from "./charts/axes.ts";
import { type Compared, comparedBy, comparisonSentences, publishedBeside, publishedOf, rangeText } from "./compared.ts";
import type { Comparison } from "./comparison.ts";
import { courses, profiles, seedsPlot } from "./comparison-curves.ts";
import { type Cell, commands, details, escaped, section, table, wholePage } from "./html.ts";
import { count, duration, several } from "./numbers.ts";
import { besideTable, publishedText, sourceNote } from "./published.ts";

/** Sentences that stand open; more are behind a click. */
const OPEN = 6;

/** The page. What it says is a function of the comparison; nothing else is looked at. */
export function comparisonPage(comparison: Comparison): string {
  const compared = comparedBy(comparison);
  return wholePage(
    comparison.title,
    [
      header(comparison),
      told(comparisonSentences(comparison, compared)),
      methodsTable(comparison, compared),
      seedsPlot(comparison, compared),
      courses(comparison),
      profiles(comparison, compared),
      published(comparison),
      runs(comparison, compared),
      repeat(comparison),
      "<footer>Made by Plastica. Every number here can be made again with the command above.</footer>",
    ]
      .filter((part) => part !== "")
      .join("\n"),
    { wide: true },
  );
}

function header({ title, protocol, methods }: Comparison): string {
  const seeds = methods.map(({ lives }) => lives.length);
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
  const each = least === most ? several(most, "seed") : `${least} to ${most} seeds`;
  const runs = seeds.reduce((sum, n) => sum + n, 0);
  const about = protocol === undefined ? "" : `<p class="sub">${escaped(protocol.about)}</p>`;
  return `<header>
<p class="eyebrow">Plastica · ${escaped(several(methods.length, "method"))}, ${escaped(each)}, ${count(runs)} ${runs === 1 ? "life" : "lives"}</p>
<h1>${escaped(title)}</h1>
${about}
</header>`;
}

function told(sentences: readonly string[]): string {
  const paragraphs = (lines: readonly string[]) => lines.map((line) => `<p>${escaped(line)}</p>`).join("\n");
  const rest = sentences.slice(OPEN);
  const more = rest.length === 0 ? "" : details(`${count(rest.length)} more`, paragraphs(rest));
  return `<section class="told">${paragraphs(sentences.slice(0, OPEN))}${more}</section>`;
}

/** Methods by measures, each mean with its interval and, under it, what was published. */
function methodsTable(comparison: Comparison, { measures, summaries, best }: Compared): string {
  const rows = comparison.methods.map(({ name }, method): Cell[] => [
    {
      html: `<span class="method ${lookOf(method)}">${escaped(name)}</span>${best.some((one) => one.name === name) ? "<small>best</small>" : ""}`,
    },
    ...measures.map((measure, i) => cell(comparison, measure, summaries[i][method])),
  ]);
  const arrows = measures.map(({ title, better }) => `${title}\u00a0${better === "higher" ? "↑" : "↓"}`);
  const text = `Means over seeds, with their 95 % intervals (Student's t).${comparison.protocol?.published.length ? " Under them, where there is one, the published number." : ""} ↑ more is better, ↓ less is.`;
  return section("All methods, all measures", text, table({ head: ["", ...arrows], rows }));
}

function cell(comparison: Comparison, measure: Measure, summary: GroupSummary): Cell {
  const { mean, ci, n, without } = summary;
  if (mean === undefined) return "–";
  const lines = [
    ...(ci === undefined ? [] : [rangeText(measure, ci)]),
    ...(without.length === 0 ? [] : [`${n} of ${n + without.length} seeds`]),
    ...publishedOf(comparison, summary.name, measure).map((one) => `published ${publishedText(one)}`),
  ];
  const small = lines.map((line) => `<small>${escaped(line)}</small>`).join("");
  return { html: `${escaped(formatted(measure, mean))}${small}` };
}

/** Every published number of the protocol, those without a method here too. */
function published(comparison: Comparison): string {
  const { protocol } = comparison;
  if (protocol === undefined || protocol.published.length === 0) return "";
  const text = `Means over our seeds. ${protocol.differs ?? "As far as is known the protocol is followed to the letter."}`;
  return section(
    "Beside what was published",
    text,
    table(besideTable(publishedBeside(comparison))),
    sourceNote(protocol),
  );
}

function runs({ methods }: Comparison, { measures: [measure] }: Compared): string {
  const rows = methods.flatMap(({ name, lives }) =>
    lives.map((life) => [
      ...[`${name}, seed ${life.seed}`, life.run, life.fingerprint ?? "not finished"],
      ...[life.end?.diverged === undefined ? formatted(measure, measure.of(life)) : "diverged"],
      duration(life.seconds),
    ]),
  );
  const all = methods.flatMap(({ lives }) => lives).reduce((sum, { seconds }) => sum + seconds, 0);
  const head = ["", "run", "fingerprint", measure.title.toLowerCase(), "time"];
  return section(
    "Runs",
    `${count(rows.length)} ${rows.length === 1 ? "life" : "lives"}, ${duration(all)} in all. Equal fingerprints are equal networks, to the last bit.`,
    details("All of them", `<div class="runs">${table({ head, rows })}</div>`),
  );
}

function repeat({ command, methods, made = [] }: Comparison): string {
  const run = methods[0]?.lives[0]?.run;
  const facts = made.flatMap(({ engine, machine }) => [
    ["engine", `plastica ${engine}`],
    ...(machine === undefined
      ? []
      : [
          ["Node", machine.node],
          ["machine", `${machine.cpu}, ${machine.cores} cores, ${machine.system}`],
        ]),
  ]);
  return `<section><h2>Make it again</h2><p>The fingerprints must come out the same, on any machine; <code>verify</code> lives one run again and compares them.</p>
${commands(command, ...(run === undefined ? [] : [`npx plastica verify ${run}`]))}
${facts.length === 0 ? "" : `<div class="facts">${table({ head: ["", ""], rows: facts })}</div>`}</section>`;
}
