/** How the value of a measure is written for a reader, and how a difference of two. */
import { count, percent } from "../report/numbers.ts";

/**
 * What a value is counted in. "share": from 0 to 1, shown in per cent. "points": a difference of shares, shown in percentage
 * points. "coefficient": a plain number around 0 to 1, such as kappa.
 */
export type Unit = "share" | "points" | "loss" | "coefficient" | "count" | "examples" | "operations" | "bytes";

/** A value: "87.4 %", "2.1 points", "0.3021", "178,110", "1.4 MB"; "–" where there is none. */
export function formatted({ unit }: { readonly unit: Unit }, value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  switch (unit) {
    case "share":
      return percent(value);
    case "points":
      return inWords(value * 100, 1, "point");
    case "loss":
      return lossText(value);
    case "coefficient":
      return value.toFixed(3);
    case "bytes": {
      const { factor, word } = byteScale(value);
      return `${(value * factor).toFixed(factor === 1 ? 0 : 1)}\u00a0${word}`;
    }
    default:
      return count(Math.round(value));
  }
}

/** A difference with its interval: what a verdict says of both, to as many places as the interval is worth. */
export interface DifferenceText {
  /** With its unit: "1.2 points". */
  readonly difference: string;
  /** Without: "0.8 to 1.6". */
  readonly interval: string;
}

/** A difference of two values of a measure, with its interval, in the measure's unit of differences. */
export function differenceText(
  { unit }: { readonly unit: Unit },
  difference: number,
  { low, high }: { readonly low: number; readonly high: number },
): DifferenceText {
  const { factor, word, least } = differenceScale(unit, Math.max(Math.abs(difference), Math.abs(low), Math.abs(high)));
  const digits = Math.max(least, placesFor(((high - low) / 2) * factor, difference * factor));
  const written = (value: number) => grouped(signed((value * factor).toFixed(digits)));
  return {
    difference: inWords(difference * factor, digits, word),
    interval: `${written(low)} to ${written(high)}`,
  };
}

function differenceScale(unit: Unit, largest: number): { factor: number; word: string; least: number } {
  switch (unit) {
    case "share":
    case "points":
      return { factor: 100, word: "point", least: 1 };
    case "bytes":
      return { ...byteScale(largest), least: 0 };
    case "examples":
    case "operations":
      return { factor: 1, word: unit.slice(0, -1), least: 0 };
    default:
      return { factor: 1, word: "", least: 0 };
  }
}

/** Decimal places whose last is at most half of the interval's half; of an interval without width, three digits of the value. */
function placesFor(half: number, value: number): number {
  const step = half > 0 ? half / 2 : Math.abs(value) / 100;
  return step > 0 ? Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))) : 0;
}

/** A number and its word, in the plural unless it reads 1. Abbreviations such as kB have none. */
function inWords(value: number, digits: number, word: string): string {
  const text = signed(value.toFixed(digits));
  if (word === "") return grouped(text);
  const single = Number(text) === 1 || word.endsWith("B");
  return `${grouped(text)} ${word}${single ? "" : "s"}`;
}

function byteScale(bytes: number): { factor: number; word: string } {
  const power = [3, 2, 1].find((power) => Math.abs(bytes) >= 1000 ** power) ?? 0;
  return { factor: 1000 ** -power, word: ["B", "kB", "MB", "GB"][power] };
}

function lossText(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return count(Math.round(value));
  return size > 0 && size < 1e-6 ? value.toExponential(3) : value.toPrecision(4);
}

/** Without the sign of a zero: "-0.0" says nothing. */
function signed(text: string): string {
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** Thousands apart. */
function grouped(text: string): string {
  const [whole, ...fraction] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}
