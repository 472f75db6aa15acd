import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, expect, test } from "vitest";
import { measureNamed } from "../metrics/measure.ts";
import { readRecipe } from "../recipe/recipe.ts";
import { EventLog } from "../runs/events.ts";
import { makeFolder } from "../runs/files.ts";
import { eventsPath, learnerFolder } from "../runs/paths.ts";
import type { WindowRecord } from "../runs/record.ts";
import { createRun, type Run } from "../runs/run.ts";
import { comparedBy, comparisonSentences } from "./compared.ts";
import { type ComparedMethod, type Comparison, comparisonOf } from "./comparison.ts";
import { comparisonPage } from "./comparison-page.ts";
import { comparisonCsv, comparisonMarkdown } from "./comparison-text.ts";
import { comparisonWith, firstLife, splitWith, stateWith, tasksWith, windowsWith } from "./lives.fixture.ts";
import { figuresIn, tableAfter } from "./pages.fixture.ts";
import { comparisonParquet } from "./parquet.ts";
import { runCsv, runMarkdown } from "./run-text.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-comparison-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Six seeds of every method; the accuracy at the end is 0.93, less a hundredth a method, give or take. */
const permuted = comparisonWith("online-permuted-mnist", 6, (_, look, noise) =>
  tasksWith(Array.from({ length: 20 }, (_, t) => 0.93 - 0.01 * look + 0.002 * noise(t))),
);
const regression = comparisonWith("slowly-changing-regression", 2, (_, look, noise) =>
  windowsWith(Array.from({ length: 50 }, (_, w) => 0.6 + 0.1 * look + 0.05 * noise(w))),
);
/** The first two methods alone: one comparison, for which six seeds are enough. */
const two: Comparison = { ...permuted, methods: permuted.methods.slice(0, 2) };
const page = comparisonPage(two);

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The mean of the last five of twenty windows, over seeds. */
const endOf = (method: number) =>
  meanOf(two.methods[method].lives.map(({ windows }) => meanOf(windows.slice(-5).map((w) => w.accuracy ?? 0))));

test.each([
  ["two methods", () => page],
  ["eight methods", () => comparisonPage(permuted)],
  ["a regression", () => comparisonPage(regression)],
  ["a split with tests", () => comparisonPage(comparisonWith("split-mnist-class", 2, () => splitWith(5, 0.5)))],
  ["one life", () => comparisonPage({ ...two, methods: [{ name: "a", lives: two.methods[0].lives.slice(0, 1) }] })],
  [
    "lives without a window",
    () =>
      comparisonPage({ ...two, methods: [{ name: "a", lives: [{ seed: 1, run: "a-1", seconds: 0, windows: [] }] }] }),
  ],
])("the page of %s is whole, and every chart on it has a table behind", (_, make) => {
  const html = make();
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
  expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=/);
  const labels = /role="img" aria-label="[^"]+"/g;
  expect(html.match(labels) ?? []).toEqual(figuresIn(html).flatMap((figure) => figure.match(labels) ?? []));
  for (const figure of figuresIn(html)) expect(figure).toMatch(/<summary>The numbers<\/summary>.*<td>/s);
  expect(html.length).toBeLessThan(2e6);
});

test("the table has every method's mean with its interval, and what was published", () => {
  const rows = tableAfter(page, "All methods, all measures");
  expect(rows[0][1]).toBe("Accuracy at the end ↑");
  expect(rows).toHaveLength(3);
  expect(rows[1][0]).toBe("backprop | best");
  expect(rows[1][1]).toMatch(/^93\.0 % \| 9\d\.\d to 9\d\.\d % \| published 88\.0 ± 1 %$/);
  expect(rows[1][1]).toContain(`${(endOf(0) * 100).toFixed(1)} %`);
  expect(rows[2][1]).toContain(`${(endOf(1) * 100).toFixed(1)} %`);
  const beside = tableAfter(page, "Beside what was published");
  expect(beside[3]).toEqual([
    "backprop | Accuracy at the end | read off a figure, 30 seeds, ± what can be read; the curve leaves the figure there, at task 127",
    "88.0 ± 1 %",
    `${(endOf(0) * 100).toFixed(1)} % | +${((endOf(0) - 0.88) * 100).toFixed(1)} points`,
  ]);
});

/** The method without its first seed, which diverged; the best keeps all. */
function losing(method: ComparedMethod, look: number): ComparedMethod {
  const [first, ...rest] = method.lives;
  const end = { examples: 9, fingerprint: "f", births: 0, deaths: 0, diverged: 9 };
  return look === 0 ? method : { ...method, lives: [{ ...first, end }, ...rest] };
}

test("it is said which method is better, by how much and how sure that is", () => {
  const [first, second] = comparisonSentences(two, comparedBy(two)).map((line) => line.replaceAll("\u00a0", " "));
  expect(first).toMatch(/^Accuracy at the end: best was backprop with 93\.0 % \(.+ to .+ %\), mean of 6 seeds\.$/);
  expect(second).toMatch(/^backprop is better than l2 by 1\.0\d? points? \(95 % CI .+, 6 seeds, p = 0\.0313\)\.$/);
  const few = comparisonSentences(permuted, comparedBy(permuted));
  expect(few.filter((line) => line.includes("too few to tell"))).toHaveLength(1); // not once for each pair
  const lost = { ...permuted, methods: permuted.methods.map(losing) };
  const told = comparisonSentences(lost, comparedBy(lost));
  expect(told.filter((line) => line.includes("too few to tell"))).toHaveLength(1); // nor where each has lost a seed
  expect(told.filter((line) => line.includes("diverged (seed"))).toHaveLength(permuted.methods.length - 1);
});

test("every seed is in the table behind the dots, and every run in the list", () => {
  const rows = tableAfter(page, "Accuracy at the end, every seed");
  expect(rows[0].slice(4)).toEqual([1, 2, 3, 4, 5, 6].map((seed) => `seed ${seed}`));
  const end = meanOf(two.methods[1].lives[4].windows.slice(-5).map((w) => w.accuracy ?? 0));
  expect(rows[2][8]).toBe(`${(end * 100).toFixed(1)} %`);
  const runs = tableAfter(page, "Equal fingerprints");
  expect(runs).toHaveLength(13);
  const { run, fingerprint } = two.methods[1].lives[0];
  expect(runs[7].slice(0, 3)).toEqual(["l2, seed 1", run, fingerprint]);
  expect(page).toContain("npx plastica run online-permuted-mnist --seeds 6");
});

test("the curve is the mean over seeds, the band its 95 % interval", () => {
  const rows = tableAfter(page, "Accuracy, task by task");
  const values = two.methods[0].lives.map(({ windows }) => windows[6].accuracy ?? 0);
  const [, mean, low, high] = /^(\S+) % \((\S+) % to (\S+) %\)$/.exec(rows[7][1]) ?? [];
  const middle = meanOf(values);
  const se = Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / 5 / 6);
  expect(Number(mean)).toBeCloseTo(100 * middle, 2);
  expect(Number(low)).toBeCloseTo(100 * (middle - 2.5706 * se), 1.9); // t of 5 degrees of freedom
  expect(Number(high)).toBeCloseTo(100 * (middle + 2.5706 * se), 1.9);
});

test("lives that diverged or are not finished are named, and leave the curve to the others", () => {
  const [a, b, c, ...rest] = two.methods[0].lives;
  const { end: _, fingerprint: __, ...going } = c;
  const short = { ...b, windows: b.windows.slice(0, 3), end: { ...b.end, diverged: 200_000 } } as typeof b;
  const method = { name: "backprop", lives: [a, short, { ...going, windows: c.windows.slice(0, 10) }, ...rest] };
  const html = comparisonPage({ ...two, methods: [method, two.methods[1]] });
  expect(html).toContain("1 of 6 lives of backprop diverged (seed 2).");
  expect(html).toContain("1 of 6 lives of backprop not finished (seed 3).");
  expect(html).toContain("Where a life ended early or is not finished, the curve goes on with the others.");
  expect(tableAfter(html, "All methods, all measures")[1][1]).toContain("5 of 6 seeds");
  expect(tableAfter(html, "Equal fingerprints")[2][3]).toBe("diverged");
  expect(tableAfter(html, "Equal fingerprints")[3][2]).toBe("not finished");
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});

test("CSV has a row for each method, seed and measure, with the measure's number to the last digit", () => {
  const lines = comparisonCsv(two).trimEnd().split("\n");
  expect(lines[0]).toBe("method,seed,run,measure,value,fingerprint");
  expect(lines).toHaveLength(1 + 2 * 6 * two.measures.length);
  const first = lines.find((line) => line.startsWith("l2,3,") && line.includes(",first-accuracy,"));
  expect(Number(first?.split(",")[4])).toBe(two.methods[1].lives[2].windows[0].accuracy);
  const odd = { name: 'a, "b"\nc', lives: two.methods[0].lives.slice(0, 1) };
  expect(comparisonCsv({ ...two, measures: ["kappa"], methods: [odd] })).toBe(
    `method,seed,run,measure,value,fingerprint\n"a, ""b""\nc",1,${odd.lives[0].run},kappa,,${odd.lives[0].fingerprint}\n`,
  );
});

test("Markdown has the sentences, the table, what was published and the command", () => {
  const text = comparisonMarkdown({ ...two, title: "A | *B*" });
  expect(text).toContain("## A \\| \\*B\\*");
  expect(text).toContain("- backprop is better than l2 by");
  const rows = text.split("\n").filter((line) => line.startsWith("| backprop |") || line.startsWith("| l2 |"));
  expect(rows).toHaveLength(2 + 3);
  const columns = new Set(rows.slice(0, 2).map((row) => row.split(" | ").length));
  expect([...columns]).toEqual([two.measures.length + 1]);
  expect(text).toContain("](https://doi.org/10.1038/s41586-024-07711-7)");
  expect(text).toContain("npx plastica run online-permuted-mnist --seeds 6");
});

test("Parquet holds every window of every life, and can be read again", async () => {
  const split = comparisonWith("split-mnist-class", 2, () => splitWith(5, 0.5));
  for (const comparison of [two, regression, split]) {
    const bytes = comparisonParquet(comparison);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    const lives = comparison.methods.flatMap(({ name, lives: all }) => all.map((life) => ({ name, life })));
    expect(rows).toHaveLength(lives.reduce((sum, { life }) => sum + life.windows.length, 0));
    const [{ name, life }] = lives.slice(-1);
    const last = life.windows.at(-1) as WindowRecord;
    expect(rows.at(-1)).toMatchObject({
      ...{ method: name, seed: BigInt(life.seed), run: life.run, window: BigInt(last.window), loss: last.loss },
      ...{ accuracy: last.accuracy ?? null, parameters: BigInt(last.parameters), dormant_1: last.dormant[0] },
      seen: BigInt(life.windows.reduce((sum, w) => sum + w.examples, 0)),
    });
    if (last.tests !== undefined) expect(rows.at(-1)?.test_5).toBe(last.tests[4]);
    const metadata = parquetMetadata(file).key_value_metadata ?? [];
    expect(metadata).toContainEqual({ key: "command", value: comparison.command });
  }
  expect(() => comparisonParquet({ ...two, methods: [] })).toThrow(/no life has a window yet/);
});

test("equal comparisons give equal text and bytes", () => {
  const again = structuredClone(two);
  expect(comparisonPage(again)).toBe(page);
  expect(comparisonMarkdown(again)).toBe(comparisonMarkdown(two));
  expect(comparisonCsv(again)).toBe(comparisonCsv(two));
  expect(comparisonParquet(again)).toEqual(comparisonParquet(two));
});

test("a run is told in Markdown, and its windows are CSV", () => {
  const state = stateWith({ backprop: tasksWith([0.9, 0.8]), none: splitWith(2, 0.5).slice(0, 1) });
  const lines = runCsv(state).trimEnd().split("\n");
  expect(lines[0]).toBe(
    "learner,window,task,examples,accuracy,loss,dormant,dormant_1,dormant_2,dormant_3,births,deaths,parameters,operations,bytes,test_1,test_2",
  );
  expect(lines[2]).toBe("backprop,1,1,60000,0.8,0.2,0,0,0,0,0,0,99710,99400,1200000,,");
  expect(lines[3]).toMatch(/^none,0,0,2400,0\.7,0\.3,0\.015,0\.01,0\.02,,.*,0\.95,0$/);
  const text = runMarkdown(firstLife, state);
  expect(text).toContain("| backprop | 90.0\u00a0% | 90.0\u00a0% (task 1) | 80.0\u00a0% |");
  expect(text).toContain('"replacementRate": 0.0001');
});

// From folders

interface Lived {
  name?: string;
  tasks?: number;
  stream?: object;
  afresh?: boolean;
}

/** A run of one learner on disk, lived to its end. */
function livedRun(
  seed: number,
  learner: string,
  lr: number,
  windows: readonly WindowRecord[],
  { name = "drifting", tasks = 2, stream = { kind: "slowly-changing-regression", tasks }, afresh = false }: Lived = {},
): Run {
  const recipe = readRecipe({
    ...{ name, seed, stream, network: { hidden: [3] } },
    learners: { [learner]: { rule: { kind: "sgd", lr }, afresh } },
  });
  const run = createRun(root, recipe);
  makeFolder(learnerFolder(run.folder, learner));
  const log = new EventLog(eventsPath(run.folder, learner), 0, 0);
  const examples = windows.reduce((sum, w) => sum + w.examples, 0);
  log.append({
    type: "begun",
    run: run.id,
    engine: "0.1.0",
    inputs: 20,
    outputs: 1,
    target: "values",
    examples,
    windows: windows.length,
  });
  for (const window of windows) log.append({ type: "window", ...window });
  log.append({ type: "ended", examples, fingerprint: `f${seed}`, births: 0, deaths: 0 });
  log.close();
  return run;
}

test("runs on disk become methods: lives that differ in their seed alone are one", () => {
  const windows = windowsWith([2, 1]);
  const runs = [
    livedRun(2, "slow", 0.001, windows),
    livedRun(1, "slow", 0.001, windows),
    livedRun(1, "quick", 0.1, windows),
  ];
  const comparison = comparisonOf([...runs, runs[0]]);
  expect(comparison.methods.map(({ name, lives }) => [name, lives.map(({ seed }) => seed)])).toEqual([
    ["slow", [1, 2]],
    ["quick", [1]],
  ]);
  expect(comparison).toMatchObject({ title: "drifting", made: [{ engine: "0.1.0" }] });
  expect(comparison.protocol).toBeUndefined();
  expect(comparison.measures[0]).toBe("end-loss");
  expect(comparison.command).toBe(`npx plastica compare ${runs.map(({ id }) => id).join(" ")}`);
  expect(comparison.methods[0].lives[0]).toMatchObject({ run: runs[1].id, fingerprint: "f1", windows });
  expect(comparisonPage(comparison)).toContain("plastica 0.1.0");
});

test("learners of one name and other settings are told apart, and so are those of other recipes", () => {
  const windows = windowsWith([2, 1]);
  const same = comparisonOf([livedRun(1, "sgd", 0.001, windows), livedRun(1, "sgd", 0.1, windows)]);
  expect(same.methods.map(({ name }) => name)).toEqual(["sgd (lr 0.001)", "sgd (lr 0.1)"]);
  const adam = readRecipe({ ...livedRun(1, "sgd", 0.001, windows).recipe, learners: { sgd: { rule: "adam" } } });
  const much = comparisonOf([livedRun(1, "sgd", 0.001, windows), createRun(root, adam)]);
  const names = much.methods.map(({ name }) => name); // too many options differ for a name
  expect(names).toEqual([expect.stringMatching(/^sgd \(\w{6}\)$/), expect.stringMatching(/^sgd \(\w{6}\)$/)]);
  expect(new Set(names).size).toBe(2);
  const others = comparisonOf([
    livedRun(1, "sgd", 0.001, windows),
    livedRun(1, "sgd", 0.001, windows, { name: "other" }),
  ]);
  expect(others.methods.map(({ name }) => name)).toEqual(["drifting sgd", "other sgd"]);
});

test("regret is against the network trained afresh on the same stream, whatever else is compared", () => {
  const [aged, fresh] = [tasksWith([0.9, 0.8]), tasksWith([0.9, 0.9])];
  const runs = [
    livedRun(1, "plain", 0.001, aged, { name: "aa" }),
    livedRun(1, "afresh", 0.001, fresh, { name: "aa", afresh: true }),
    livedRun(1, "plain", 0.001, aged, { name: "bb", tasks: 3 }),
    livedRun(1, "plain", 0.001, aged, { name: "cc", tasks: 4 }),
    livedRun(1, "afresh", 0.001, tasksWith([0.5, 0.5]), { name: "cc", tasks: 4, afresh: true }),
  ];
  const { methods } = comparisonOf(runs);
  const regrets = methods.map(({ name, lives: [life] }) => [name, measureNamed("regret").of(life)]);
  expect(regrets).toEqual([
    ["aa plain", expect.closeTo(0.05)],
    ["aa afresh", 0],
    ["bb plain", undefined],
    ["cc plain", expect.closeTo(-0.35)],
    ["cc afresh", 0],
  ]);
});

test("looks of different lengths are told apart, and methods are held against those of the same stream alone", () => {
  const lived = (tasks: number) =>
    [1, 2].flatMap((seed) => [
      livedRun(seed, "slow", 0.001, windowsWith([2, 1 + seed / 100]), { tasks }),
      livedRun(seed, "quick", 0.1, windowsWith([2, 0.1 * tasks + seed / 50]), { tasks }),
    ]);
  const comparison = comparisonOf([...lived(2), ...lived(3)]);
  expect(comparison.methods.map(({ name, lives }) => [name, lives.length])).toEqual([
    ["slow (tasks 2)", 2],
    ["quick (tasks 2)", 2],
    ["slow (tasks 3)", 2],
    ["quick (tasks 3)", 2],
  ]);
  const { best, verdicts } = comparedBy(comparison);
  expect(best.map(({ name }) => name)).toEqual(["quick (tasks 2)", "quick (tasks 3)"]);
  expect(verdicts.map(({ a, b, family }) => [a, b, family])).toEqual([
    ["slow (tasks 2)", "quick (tasks 2)", 1],
    ["slow (tasks 3)", "quick (tasks 3)", 1],
  ]);
  const [first, second, third] = comparisonSentences(comparison, comparedBy(comparison));
  expect(first).toBe("The methods lived on 2 streams; each is held against those on the same one alone.");
  expect(second).toMatch(/^Loss at the end: best was quick \(tasks 2\)/);
  expect(third).toMatch(/^Loss at the end: best was quick \(tasks 3\)/);
  expect(tableAfter(comparisonPage(comparison), "All methods, all measures").map(([name]) => name)).toEqual([
    ...["", "slow (tasks 2)", "quick (tasks 2) | best", "slow (tasks 3)", "quick (tasks 3) | best"],
  ]);
});

test("who is alone on a stream is best of nobody; all tasks at once are the same stream", () => {
  const windows = tasksWith([0.9, 0.8]);
  const alone = comparisonOf([
    livedRun(1, "plain", 0.001, windows, { name: "aa" }),
    livedRun(1, "plain", 0.001, windows, { name: "bb", tasks: 3 }),
  ]);
  expect(comparedBy(alone)).toMatchObject({ best: [], verdicts: [] });
  expect(comparisonSentences(alone, comparedBy(alone))).toEqual([
    "The methods lived on 2 streams; each is held against those on the same one alone.",
  ]);
  const split = { kind: "split", dataset: "mnist", scenario: "class" };
  const joint = comparisonOf([
    livedRun(1, "none", 0.001, windows, { stream: split }),
    livedRun(1, "joint", 0.001, windows, { stream: { ...split, joint: true } }),
  ]);
  expect(comparedBy(joint).verdicts).toHaveLength(1);
});

test("what cannot be compared is an error", () => {
  expect(() => comparisonOf([])).toThrow("no runs, must be at least one");
  expect(() => comparisonOf([livedRun(1, "slow", 0.001, [])], { measures: ["acuracy"] })).toThrow(/acuracy/);
});
