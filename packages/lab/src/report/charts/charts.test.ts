import { expect, test } from "vitest";
import { percent } from "../numbers.ts";
import { calibrationChart } from "./calibration.ts";
import { heatmap } from "./heatmap.ts";
import { intervalPlot } from "./intervals.ts";
import { drawLines, type Line, type LineChart, lineChart, MANY } from "./lines.ts";
import { countingTicks, linear, logarithmic, needsLogarithm } from "./scale.ts";
import { smoothed, stretches, thinned } from "./thin.ts";

const line = (name: string, ys: readonly number[], look = 0): Line => ({
  ...{ name, look, points: ys.map((y, i) => ({ x: i + 1, y })) },
});
const chartOf = (lines: readonly Line[], y: Partial<LineChart["y"]> = {}): LineChart => ({
  ...{ label: "a", lines, x: { title: "task", format: String, from: 1, to: 800, counts: true } },
  y: { format: (value) => percent(value, 0), ...y },
});
/** Every place in a drawing that is named by a coordinate. */
const placesIn = (svg: string) => [...svg.matchAll(/ (?:x|y|cx|cy|x1|x2|y1|y2)="([^"]+)"/g)].map(([, n]) => Number(n));

test("ticks are round, hold all values, and go no further than asked", () => {
  expect(linear([0.883, 0.934]).ticks).toEqual([0.88, 0.9, 0.92, 0.94]);
  expect(linear([0.3, 0.97], { most: 1 }).ticks.at(-1)).toBe(1);
  expect(linear([3, 90], { fromZero: true }).ticks).toEqual([0, 20, 40, 60, 80, 100]);
  expect(linear([-3, 4]).ticks).toContain(0);
  for (const values of [[], [0, 0], [1, 1], [5], [Number.NaN, 2], [1e-12, 2e-12], [1e15, 3e15]]) {
    const { ticks, at } = linear(values);
    expect(ticks.length).toBeGreaterThan(1);
    for (const value of values.filter(Number.isFinite)) {
      expect(at(value)).toBeGreaterThanOrEqual(-1e-9);
      expect(at(value)).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
});

test("values over several powers of ten get a logarithmic axis, others do not", () => {
  expect(needsLogarithm([0.5, 30])).toBe(true);
  expect(needsLogarithm([0.5, 20])).toBe(false);
  expect(needsLogarithm([0, 1000])).toBe(false);
  const { ticks, at } = logarithmic([0.02, 700]);
  expect(ticks).toEqual([0.01, 0.1, 1, 10, 100, 1000]);
  expect(at(0.01)).toBe(0);
  expect(at(1000)).toBe(1);
  expect(at(1)).toBeCloseTo(2 / 5, 12);
  const bent = drawLines(chartOf([line("a", [0.01, 1, 100])], { mayBend: true, title: "loss" }), "wide");
  expect(bent).toContain("loss, logarithmic axis");
});

test("an axis that counts has 1 and round numbers", () => {
  expect(countingTicks(5, 8)).toEqual([1, 2, 3, 4, 5]);
  expect(countingTicks(150, 8)).toEqual([1, 20, 40, 60, 80, 100, 120, 140]);
});

test("a long curve is made of means, of which none is left out", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i);
  const short = thinned(values);
  expect(short).toHaveLength(250);
  expect(short[0]).toBe(1.5);
  expect(short.at(-1)).toBe(997.5);
  expect(stretches(301)).toHaveLength(151);
  expect(stretches(301).at(-1)).toEqual([300, 301]);
  expect(thinned([1, Number.NaN, 3], 1)).toEqual([2]);
  expect(smoothed([0, 3, 6, 9], 3)).toEqual([1.5, 3, 6, 7.5]);
});

test.each([1, 2, 15, MANY, 800])("a chart of %i points has numbers everywhere, inside the drawing", (n) => {
  const values = Array.from({ length: n }, (_, t) => 0.9 + 0.0001 * t);
  for (const smooth of [true, false]) {
    const svg = lineChart({ ...chartOf([line("one", values), line("none", [], 1)]), smooth });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const place of placesIn(svg)) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(760);
    }
  }
});

test("a value that is not there is a gap, not a zero", () => {
  const svg = drawLines(chartOf([line("a", [1, 2, Number.NaN, 4, 5])]), "wide");
  const [, path] = /<path class="line" d="([^"]+)"/.exec(svg) ?? [];
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.match(/L/g)).toHaveLength(2);
});

test("a band lies between the ends of the intervals, and the axis holds it", () => {
  const points = [1, 2, 3].map((x) => ({ x, y: 0.5, low: 0.2, high: 0.9 }));
  const svg = drawLines(chartOf([{ name: "a", look: 0, points }]), "wide");
  expect(svg.match(/class="band s0 d0"/g)).toHaveLength(1);
  expect(svg).toContain("50\u00a0% (20\u00a0% to 90\u00a0%)");
});

test("twelve methods differ in colour, dash or mark, and their names do not overlap", () => {
  const lines = Array.from({ length: 12 }, (_, i) => line(`method-${i}`, [0.5, 0.5 + 0.0001 * i], i));
  const svg = drawLines(chartOf(lines), "wide");
  const looks = new Set([...svg.matchAll(/<g class="(s\d d\d)"/g)].map(([, look]) => look));
  expect(looks.size).toBe(12);
  const names = [...svg.matchAll(/class="name" x="[^"]+" y="([^"]+)">/g)].map(([, y]) => Number(y));
  expect(names).toHaveLength(12);
  for (const [i, y] of names.entries()) if (i > 0) expect(y - names[i - 1]).toBeGreaterThanOrEqual(18);
  const height = Number(/viewBox="0 0 \S+ (\S+)"/.exec(svg)?.[1]);
  expect(Math.max(...names)).toBeLessThan(height);
  expect(Math.min(...names)).toBeGreaterThan(0);
});

test("names that are HTML are text, in every chart", () => {
  const bad = '<b>"&';
  const charts = [
    lineChart(chartOf([line(bad, [1, 2])])),
    intervalPlot({
      label: bad,
      rows: [{ name: bad, look: 0, seeds: [{ seed: 1, value: 1 }] }],
      title: bad,
      format: String,
    }),
    heatmap({ ...matrix([[1]]), label: bad, rows: [bad], columns: [bad] }),
    calibrationChart({ label: bad, bins: [{ examples: 1, confidence: 0.5, accuracy: 0.5 }], look: 0, format: String }),
  ];
  for (const svg of charts) {
    expect(svg).not.toContain("<b>");
    expect(svg).toContain("&lt;b&gt;&quot;&amp;");
  }
});

function matrix(values: readonly (readonly number[])[]) {
  const names = values.map((_, i) => String(i + 1));
  const columns = values[0].map((_, i) => String(i + 1));
  const format = (share: number) => (share * 100).toFixed(0);
  return {
    ...{ label: "a", rows: names, columns, values, rowTitle: "after", columnTitle: "on" },
    ...{ format, low: 0, high: 1 },
  };
}

test("a heat map has a cell a value, darker for more, and numbers while they can be read", () => {
  const map = heatmap(
    matrix([
      [0.2, Number.NaN],
      [0.9, 1],
    ]),
  );
  const [wide] = map.split("</svg>");
  const depths = [...wide.matchAll(/fill-opacity="([^"]+)"/g)].map(([, depth]) => Number(depth));
  expect(depths).toHaveLength(3);
  expect(depths[0]).toBeLessThan(depths[1]);
  expect(depths[2]).toBe(1);
  expect(wide.match(/class="number/g)).toHaveLength(3);
  expect(wide).toContain("<title>after 2, on 1: 90</title>");
  const large = heatmap(matrix(Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => 0.5))));
  expect(large).not.toContain('class="number');
});

test("the interval plot has a dot a seed, the mean inside its interval, and the published value", () => {
  const row = {
    ...{ name: "a", look: 0, mean: 0.5, low: 0.4, high: 0.6 },
    seeds: [0.4, 0.5, 0.6].map((value, i) => ({ seed: i + 1, value })),
    published: { value: 0.7, error: 0.05, label: "published" },
  };
  const svg = intervalPlot({ label: "a", rows: [row], title: "accuracy", format: String });
  expect(svg.match(/class="seed"/g)).toHaveLength(6); // wide and narrow
  expect(svg).toContain("<title>a, seed 2: 0.5</title>");
  expect(svg.match(/class="published"/g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("empty bins are not drawn in a calibration diagram", () => {
  const bins = [0, 10, 30].map((examples) => ({ examples, confidence: examples / 40, accuracy: examples / 50 }));
  const svg = calibrationChart({ label: "a", bins, look: 0, format: (share) => percent(share, 0) });
  const radii = [...svg.matchAll(/class="bubble"[^>]* r="([^"]+)"/g)].map(([, r]) => Number(r));
  expect(radii).toHaveLength(2);
  expect(radii[1] / radii[0]).toBeCloseTo(Math.sqrt(3), 1); // area is the share
});
