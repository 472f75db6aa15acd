/** Pieces of lines that several screens share: a value of a window, a place among windows, rows as columns. */
import { duration, formatted, type Outlook } from "@plastica/lab";
import { widthOf } from "./paint.ts";

/** Accuracy as a percentage, or a loss. */
export function reading(target: Outlook["target"] | undefined, value: number): string {
  return formatted({ unit: target === "values" ? "loss" : "share" }, value);
}

/** "task  2 of 10", from 0; "window 2" where it is not known of how many. */
export function placed(window: number, { step = "window", windows }: Partial<Outlook> = {}): string {
  if (windows === undefined) return `${step} ${window + 1}`;
  return `${step} ${String(Math.min(windows, window + 1)).padStart(String(windows).length)} of ${windows}`;
}

/** A time, with tenths while it is short: "0.4 s", "42 s". */
export function took(seconds: number): string {
  return seconds < 9.95 ? `${seconds.toFixed(1)}\u00a0s` : duration(seconds);
}

/** Rows as columns: the first `left` of them to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[], left = 1): string[] {
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((cells) => widthOf(cells[column] ?? ""))),
  );
  return rows.map((cells) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        const gap = " ".repeat(width - widthOf(cell));
        return column < left ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}
