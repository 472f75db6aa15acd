/** Published numbers as they are written: with the digits that were printed, their standing, and how far ours are from them. */
import { type Measure, measureNamed } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { Protocol, Published } from "../protocols/protocol.ts";
import { type Cell, escaped, type Table } from "./html.ts";

/** "84.32 ± 0.99 %", "0.62 ± 0.02". */
export function publishedText({ measure: name, value, error }: Published): string {
  const measure = measureNamed(name);
  const { factor, unit } = scaleOf(measure);
  const told = measure.unit === "share" ? atLeastOneDecimal(value * factor) : plain(value * factor);
  return `${told}${error === undefined ? "" : ` ± ${plain(error * factor)}`}${unit}`;
}

/** "second-hand, 20 seeds, ± standard error; the paper's table as others quote it". */
export function standingOf({ standing, seeds, error, errorKind, note }: Published): string {
  const of = seeds === undefined ? "" : `, ${seeds} seeds`;
  const what = error === undefined || errorKind === undefined ? "" : `, ± ${ERRORS[errorKind]}`;
  return `${standing}${of}${what}${note === undefined ? "" : `; ${note}`}`;
}

const ERRORS = {
  "standard error": "standard error",
  "standard deviation": "standard deviation",
  "95 % interval": "95 % interval",
  reading: "what can be read",
} as const;

/** How far a reported error reaches when one asks whether a number agrees with it. */
const REACH = {
  "standard error": { times: 2, said: "within two standard errors" },
  "standard deviation": { times: 1, said: "within one standard deviation" },
  "95 % interval": { times: 1, said: "within its 95 % interval" },
  reading: { times: 1, said: "within what can be read" },
} as const;

/** How far ours is from what was published. */
export interface Distance {
  /** "+0.4 points". */
  readonly by: string;
  /** "within two standard errors"; undefined where it is not, or no error was told. */
  readonly within: string | undefined;
}

export function distanceFrom({ measure: name, value, error, errorKind }: Published, ours: number): Distance {
  const measure = measureNamed(name);
  const distance = ours - value;
  const reach = error === undefined || errorKind === undefined ? undefined : REACH[errorKind];
  // A hair more: 0.12 - 0.1 is not to lie beyond 0.02.
  const agrees = reach !== undefined && Math.abs(distance) <= reach.times * (error ?? 0) * (1 + 1e-9);
  return { by: distanceText(measure, distance), within: agrees ? reach.said : undefined };
}

function distanceText(measure: Measure, distance: number): string {
  const sign = distance < 0 ? "−" : "+";
  const { factor, unit } = scaleOf(measure);
  const size = Math.abs(distance * factor);
  const digits = unit !== "" ? size.toFixed(size >= 0.1 ? 1 : 2) : plain(Number(size.toPrecision(2)));
  return `${sign}${digits}${unit === "" ? "" : " points"}`;
}

function scaleOf({ unit }: Measure): { factor: number; unit: string } {
  if (unit === "share") return { factor: 100, unit: "\u00a0%" };
  return unit === "points" ? { factor: 100, unit: " points" } : { factor: 1, unit: "" };
}

/** Without what floating point adds: 1.285, not 1.2850000000000001. */
function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function atLeastOneDecimal(value: number): string {
  const text = plain(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** A published number with ours. */
export interface Beside {
  readonly published: Published;
  /** The method, as it is called here. */
  readonly name: string;
  readonly ours: number | undefined;
}

/** A row for each number: what and on what standing, as published, and here with the difference. */
export function besideTable(all: readonly Beside[]): Table {
  const rows = all.map(({ published, name, ours }): Cell[] => {
    const measure = measureNamed(published.measure);
    const first = `${escaped(name)}${small(measure.title)}${small(standingOf(published))}`;
    if (ours === undefined) return [{ html: first }, publishedText(published), "–"];
    const { by, within } = distanceFrom(published, ours);
    const here = `${escaped(formatted(measure, ours))}${small(by)}${within === undefined ? "" : small(within)}`;
    return [{ html: first }, publishedText(published), { html: here }];
  });
  return { head: ["", "published", "here"], rows };
}

function small(text: string): string {
  return `<small>${escaped(text)}</small>`;
}

export function sourceNote({ source: { citation, link } }: Pick<Protocol, "source">): string {
  return `<p class="note">Source: <a href="${escaped(link)}">${escaped(citation)}</a>.</p>`;
}
