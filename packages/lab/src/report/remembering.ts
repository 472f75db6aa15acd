/** The sections of a run's page on what is still known: the accuracy matrix, and each task's curve since it was learned. */
import { accuracyMatrix, hasTasks } from "../metrics/matrix.ts";
import type { WindowRecord } from "../runs/record.ts";
import { heatmap, smallHeatmap } from "./charts/heatmap.ts";
import { type LineChart, lineChart, smallLineChart } from "./charts/lines.ts";
import { extent } from "./charts/scale.ts";
import { stretches } from "./charts/thin.ts";
import { axisOf, lineOf, scaleOf, shares, tableOf } from "./course.ts";
import { facets, figure, section } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Lives } from "./vitals.ts";

/** Tasks that a matrix shows one by one; more are taken together. */
const MOST = 40;
/** Tests that a chart has lines for; of more, these are picked evenly. */
const LINES = 12;

/** What each network knew of every task after each task. */
export function accuracyMatrices(lives: Lives): string {
  const all = lives.learners.flatMap(({ name, windows }) => {
    const matrix = accuracyMatrix(windows);
    return matrix !== undefined && hasTasks(matrix, 2) ? [{ name, matrix }] : [];
  });
  if (all.length === 0) return "";
  const [low, high] = extent(all.flatMap(({ matrix }) => matrix.flat()));
  const [from, to] = [Math.floor(low * 10) / 10, Math.ceil(high * 10) / 10];
  const sets = all[0].matrix[0].length;
  const alone = all.length === 1 || sets > 12;
  const figures = all.map(({ name, matrix }) => {
    const rows = stretches(matrix.length, MOST);
    const columns = stretches(matrix[0].length, MOST);
    const values = rows.map((row) => columns.map((column) => blockMean(matrix, row, column)));
    const map = {
      label: `Accuracy on each task's held-out examples after each task, ${name} network`,
      ...{ rows: rows.map(stretchName), columns: columns.map(stretchName), values },
      ...{ rowTitle: "after task", columnTitle: "accuracy on task" },
      ...{ format: (share: number) => (share * 100).toFixed(0), exact: shares.exact, low: from, high: to },
      diagonal: rows.length === matrix.length,
    };
    const numbers = {
      head: ["after task", ...map.columns.map((column) => `on ${column}`)],
      rows: values.map((row, i) => [map.rows[i], ...row.map((share) => percent(share, 2))]),
    };
    const drawn = alone ? heatmap(map) : smallHeatmap(map);
    return figure(drawn, numbers, all.length === 1 ? {} : { caption: name });
  });
  const scale = `In per cent: the lightest is ${percent(from, 0)}, the darkest ${percent(to, 0)}. Outlined: the task that was just learned.`;
  const text = `Down a column: what became of a task. Along a row: what was known after one. ${scale}`;
  return section("Accuracy matrix", text, alone ? figures.join("\n") : facets(figures));
}

/** The curve of each test set over the whole life. */
export function remembering(lives: Lives): string {
  const tested = lives.learners.flatMap(({ name, windows }) => {
    const examined = windows.filter(({ tests }) => tests !== undefined && tests.length > 0);
    return examined.length >= 2 ? [{ name, windows, sets: examined[0].tests?.length ?? 0 }] : [];
  });
  if (tested.length === 0) return "";
  const right = lives.course.quantity === "accuracy";
  const [low, high] = extent(tested.flatMap(({ windows }) => windows.flatMap(({ tests = [] }) => tests)));
  const figures = tested.map(({ name, windows, sets }) => {
    const chart = testCurves(lives, name, windows, sets, right ? Math.max(0.01, high - low) : 0);
    const draw = tested.length === 1 ? lineChart : smallLineChart;
    const note = sets > LINES ? { note: `${LINES} of ${count(sets)} tests.` } : {};
    return figure(draw(chart), tableOf(chart), { ...(tested.length === 1 ? {} : { caption: name }), ...note });
  });
  const text = `${right ? "Accuracy" : "Loss"} on held-out examples, ${tested[0].sets === 1 ? "of one set" : "of each task's own"}, at the end of every ${lives.course.step}. Nothing is learned from them.`;
  const heading = tested[0].sets === 1 ? "Held-out examples" : "Remembering and forgetting, task by task";
  return section(heading, text, tested.length === 1 ? figures[0] : facets(figures));
}

function testCurves(
  lives: Lives,
  name: string,
  windows: readonly WindowRecord[],
  sets: number,
  span: number,
): LineChart {
  const shown = Math.min(sets, LINES);
  const lines = Array.from({ length: shown }, (_, i) => {
    const set = shown === 1 ? 0 : Math.round((i * (sets - 1)) / (shown - 1));
    const values = windows.map(({ tests }) => tests?.[set] ?? Number.NaN);
    return lineOf(sets === 1 ? name : `task ${set + 1}`, i, windows, values, lives.course);
  });
  return {
    ...{ label: `Held-out examples of each task over the life of the ${name} network`, lines },
    x: axisOf(lives.course, lives.windows, lives.examples),
    y: { ...scaleOf(lives.course), ...(span > 0 ? { span } : {}) },
  };
}

function blockMean(
  matrix: readonly (readonly number[])[],
  [r0, r1]: [number, number],
  [c0, c1]: [number, number],
): number {
  const block = matrix.slice(r0, r1).flatMap((row) => row.slice(c0, c1));
  return block.reduce((sum, value) => sum + value, 0) / block.length;
}

function stretchName([from, to]: [number, number]): string {
  return to - from === 1 ? String(to) : `${from + 1}–${to}`;
}
