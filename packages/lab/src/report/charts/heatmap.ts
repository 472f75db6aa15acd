/** A table as colours: the more, the darker. Numbers stand in its cells as long as they can be read. */
import { escaped } from "../html.ts";
import { at, drawing, type Size } from "./axes.ts";

export interface Heatmap {
  /** What a screen reader says. */
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** A row of cells for each of `rows`. A cell that is not finite is left empty. */
  readonly values: readonly (readonly number[])[];
  /** What the rows and the columns are. */
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** The number in a cell, short. */
  readonly format: (value: number) => string;
  /** What is said of a cell that is pointed at. */
  readonly exact?: (value: number) => string;
  /** The values of the lightest and the darkest colour. */
  readonly low: number;
  readonly high: number;
  /** Outline the cells whose row and column have one number. */
  readonly diagonal?: boolean;
}

/** Past this many cells, single ones cannot be pointed at: the table behind has them. */
const POINTABLE = 400;

/** For a page's whole width: both drawings, of which the page shows one. */
export function heatmap(map: Heatmap): string {
  return `<div class="chart">${drawHeatmap(map, "wide")}${drawHeatmap(map, "narrow")}</div>`;
}

/** For one place in a grid of charts. */
export function smallHeatmap(map: Heatmap): string {
  return `<div class="chart small">${drawHeatmap(map, "narrow")}</div>`;
}

function drawHeatmap(map: Heatmap, size: Size): string {
  const { rows, columns, values, low, high, exact = map.format } = map;
  const left = 32 + 7 * Math.max(1, ...rows.map((name) => name.length));
  const top = 44;
  const cell = Math.min(60, ((size === "wide" ? 760 : 350) - left - 2) / columns.length);
  const width = left + cell * columns.length + 2;
  const line = Math.min(cell, size === "wide" ? 42 : 34);
  const height = top + line * rows.length + 8;
  const numbers = numbersFit(map, cell, line);
  const every = Math.ceil((7 * Math.max(...columns.map((name) => name.length)) + 6) / cell);
  const everyRow = Math.ceil(13 / line);
  const x = (column: number) => left + column * cell;
  const y = (row: number) => top + row * line;
  const pointable = rows.length * columns.length <= POINTABLE;
  const cells = values.flatMap((row, r) =>
    row.map((value, c) => {
      if (!Number.isFinite(value)) return "";
      const depth = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
      const said = `${map.rowTitle} ${rows[r]}, ${map.columnTitle} ${columns[c]}: ${exact(value)}`;
      const title = pointable ? `<title>${escaped(said)}</title>` : "";
      const own = map.diagonal && r === c ? " own" : "";
      const box = `<rect class="cell${own}" x="${at(x(c) + 1)}" y="${at(y(r) + 1)}" width="${at(cell - 2)}" height="${at(line - 2)}" fill-opacity="${(0.06 + 0.94 * depth).toFixed(2)}">${title}</rect>`;
      if (!numbers) return box;
      const deep = depth > 0.55 ? " deep" : "";
      return `${box}<text class="number${deep}" x="${at(x(c) + cell / 2)}" y="${at(y(r) + line / 2 + 4)}" text-anchor="middle">${escaped(map.format(value))}</text>`;
    }),
  );
  const heads = [
    ...columns.map((name, c) =>
      c % every === 0
        ? `<text class="tick" x="${at(x(c) + cell / 2)}" y="${top - 8}" text-anchor="middle">${escaped(name)}</text>`
        : "",
    ),
    ...rows.map((name, r) =>
      r % everyRow === 0
        ? `<text class="tick" x="${at(left - 8)}" y="${at(y(r) + line / 2 + 4)}" text-anchor="end">${escaped(name)}</text>`
        : "",
    ),
    `<text class="axis" x="${at((left + width) / 2)}" y="14" text-anchor="middle">${escaped(map.columnTitle)}</text>`,
    `<text class="axis" transform="translate(11 ${at((top + height) / 2)}) rotate(-90)" text-anchor="middle">${escaped(map.rowTitle)}</text>`,
  ];
  return drawing({ width, height }, size, map.label, `<g class="s1">${cells.join("")}</g>${heads.join("")}`);
}

function numbersFit({ values, format }: Heatmap, cell: number, line: number): boolean {
  const longest = Math.max(
    ...values
      .flat()
      .filter(Number.isFinite)
      .map((value) => format(value).length),
    1,
  );
  return 7 * longest + 4 <= cell && line >= 14;
}
