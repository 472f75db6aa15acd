/** The pieces that pages are made of: text that may stand in HTML, tables, and figures that always have a table behind them. */
import { style } from "./style.ts";

/** Text as it may stand in HTML, in attributes too. */
export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** What a table is: its heads and its rows, the first cell of each its heading. Plain text, or HTML that was made here. */
export interface Table {
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = string | { readonly html: string };

export function table({ head, rows }: Table): string {
  const top = head.map((cell) => `<th scope="col">${inside(cell)}</th>`).join("");
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell) => `<td>${inside(cell)}</td>`).join("");
    return `<tr><th scope="row">${inside(first)}</th>${cells}</tr>`;
  });
  // It can be scrolled, so it must be reachable without a mouse.
  return `<div class="scroll" tabindex="0"><table><thead><tr>${top}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function inside(cell: Cell): string {
  return typeof cell === "string" ? escaped(cell) : cell.html;
}

/** Something that opens when it is asked for. */
export function details(summary: string, content: string): string {
  return `<details><summary>${escaped(summary)}</summary>${content}</details>`;
}

/** A chart and, behind it, its numbers: who cannot see the one can read the other. */
export function figure(
  chart: string,
  numbers: Table,
  { caption, note }: { caption?: string; note?: string } = {},
): string {
  const above = caption === undefined ? "" : `<figcaption>${escaped(caption)}</figcaption>`;
  const below = note === undefined ? "" : `<p class="legend">${escaped(note)}</p>`;
  return `<figure>${above}${chart}${below}${details("The numbers", table(numbers))}</figure>`;
}

/** Figures of one kind side by side, as far as the page is wide. */
export function facets(figures: readonly string[]): string {
  return `<div class="facets">${figures.join("")}</div>`;
}

/** A heading, what is to be seen under it, and that; nothing where there is nothing to see. */
export function section(heading: string, text: string, ...parts: string[]): string {
  const content = parts.filter((part) => part !== "");
  if (content.length === 0) return "";
  return `<section><h2>${escaped(heading)}</h2><p>${escaped(text)}</p>${content.join("\n")}</section>`;
}

/** Text to be copied into a terminal. */
export function commands(...lines: string[]): string {
  return `<pre>${lines.map(escaped).join("\n")}</pre>`;
}

/** A whole page: the style sheet is in it, nothing is loaded, nothing runs. `wide`: tables have more room than text. */
export function wholePage(title: string, main: string, { wide = false } = {}): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<main${wide ? ' class="wide"' : ""}>
${main}
</main>
</html>
`;
}
