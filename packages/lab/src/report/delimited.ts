/** Tables as text that other programs read: CSV as in RFC 4180, with lines that end in one newline, and Markdown. */

/** A cell. Numbers are written so that reading them gives the same number; what is missing is empty. */
export type Value = string | number | undefined;

export function csv(head: readonly string[], rows: readonly (readonly Value[])[]): string {
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvCell(value: Value): string {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A table whose first column is text and whose others are numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(" | ")} |`;
  return [
    line(head),
    `|---|${head
      .slice(1)
      .map(() => "---:|")
      .join("")}`,
    ...rows.map(line),
  ].join("\n");
}

/** Text in which nothing is taken for Markdown, and which stays in its cell. */
export function markdownText(text: string): string {
  return text.replace(/\s+/g, (space) => (space.includes("\n") ? " " : space)).replace(/[\\|<>*_`[\]]/g, "\\$&");
}
