import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protocols } from "@plastica/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, plastica } from "./testing/command.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-experiments-"));
afterAll(() => rmSync(root, { recursive: true }));
const runs = join(root, "runs");
const out = ["--out", runs];
const name = "slowly-changing-regression";
/** 20,000 examples a run, one window. */
const line = [
  "run",
  name,
  "--methods",
  "linear-0.01,tanh-0.01",
  "--seeds",
  "8",
  "--tasks",
  "2",
  "--workers",
  "2",
  ...out,
];
let first: Ended;

beforeAll(async () => {
  first = await plastica(line);
  expect([first.code, first.stderr]).toEqual([0, ""]);
});

test("run tells each run as it is finished, then compares the methods and says where the report is", () => {
  const lines = first.stdout.split("\n");
  expect(
    lines.filter((text) =>
      /^(linear|tanh)-0.01 +seed \d {2}loss at the end \d\.\d+ {2}\d+\.\d\ss {2}\(\d+ of 16\)$/.test(text),
    ),
  ).toHaveLength(16);
  expect(first.stdout).toContain("\nSlowly-changing regression, 2 tasks only\n");
  expect(first.stdout).toMatch(
    /\n +seeds +Loss at the end\nlinear-0.01 +8 +\d\.\d+ \(\d\.\d+ to \d\.\d+\)\ntanh-0.01 +8 +\d\.\d+ \(/,
  );
  expect(first.stdout.replaceAll(/\s+/g, " ")).toMatch(
    /tanh-0.01 is better than linear-0.01 by \d\.\d+ \(95 % CI \d\.\d+ to \d\.\d+, 8 seeds, p = 0\.\d+\)\./,
  );
  const page = join(runs, `${name}.html`);
  expect(first.stdout).toContain(`Report: ${page}`);
  expect(readFileSync(page, "utf8")).toContain(
    `npx plastica run ${name} --methods linear-0.01,tanh-0.01 --seeds 8 --tasks 2`,
  );
});

test("the same line again lives nothing again, and says so; more seeds are lived beside them", async () => {
  const again = await plastica(line);
  expect(again).toMatchObject({
    code: 0,
    stderr: "All of it was there already; a recipe has one result, and this is it.\n",
  });
  expect(again.stdout).toBe(first.stdout.slice(first.stdout.indexOf("\nSlowly")));
  const more = await plastica([...line.slice(0, 3), "tanh-0.01", "--seeds", "8..9", ...line.slice(6), "--json"]);
  const told = JSON.parse(more.stdout);
  expect(told).toMatchObject({
    outcome: "complete",
    jobs: [
      { method: "tanh-0.01", seed: 8, state: "done", by: "before" },
      { method: "tanh-0.01", seed: 9, state: "done", by: "here" },
    ],
    methods: [{ name: "tanh-0.01", measures: { "end-loss": { n: 2 } } }],
  });
  expect(told.jobs[1].fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test("ls tells them together, compare holds them against each other and writes what it is asked to", async () => {
  const listed = await plastica(["ls", ...out]);
  expect(listed.stdout).toMatch(new RegExp(`^${name} {2}17 runs, 2 methods, 9 seeds, complete\n`));
  expect((await plastica(["ls", "slowly", ...out])).stdout.match(/ {2}seed \d {2}complete {2}/g)).toHaveLength(17);
  const files = ["html", "markdown", "csv", "parquet"].map((ending) => join(root, `told.${ending}`));
  const flags = files.flatMap((file) => [`--${file.split(".").at(-1)}`, file]);
  const compared = await plastica(["compare", name, ...out, ...flags, "--measure", "dormant", "--json"]);
  expect(compared.code).toBe(0);
  const told = JSON.parse(compared.stdout);
  expect(told.measures[0]).toBe("dormant");
  expect(told.methods.map(({ name, runs }: { name: string; runs: unknown[] }) => [name, runs.length])).toEqual(
    expect.arrayContaining([
      ["linear-0.01", 8],
      ["tanh-0.01", 9],
    ]),
  );
  const [html, markdown, csv, parquet] = files.map((file) => readFileSync(file, "latin1"));
  expect(html).toMatch(/^<!doctype html>/);
  expect(markdown).toMatch(/^## /);
  expect(csv.split("\n")[0]).toBe("method,seed,run,measure,value,fingerprint");
  expect(parquet.slice(0, 4)).toBe("PAR1");
});

test("one run of many is not guessed: the name that they share is told as such", async () => {
  const { code, stderr } = await plastica(["show", name, ...out]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^plastica: ${name}: is the name of 17 runs, must be of one, such as ${name}-[0-9a-f]{8}; .*\n$`),
  );
});

test("Ctrl-C stops a sweep; ls tells what is left, and resume finishes it with the same bits", async () => {
  const there = ["--out", join(root, "stopped")];
  const seeds = ["--methods", "tanh-0.01", "--seeds", "1..4", "--tasks", "2"];
  let asked = false;
  const stopped = await plastica(["run", name, ...seeds, "--workers", "1", ...there], {
    heard: (_, pid) => {
      if (!asked) process.kill(pid, "SIGINT");
      asked = true;
    },
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain(
    `npx plastica run ${name} --methods tanh-0.01 --seeds 4 --tasks 2 --out ${there[1]}`,
  );
  const left = 4 - readdirSync(there[1]).filter((file) => file.startsWith(`${name}-`)).length;
  expect(left).toBeGreaterThan(0);
  expect((await plastica(["ls", ...there])).stdout).toContain(`of a sweep not begun: npx plastica resume ${name}`);
  const { code, stdout } = await plastica(["resume", name, ...there, "--json"]);
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told.jobs.map(({ seed, state }: Record<string, unknown>) => [seed, state])).toEqual(
    [1, 2, 3, 4].map((seed) => [seed, "done"]),
  );
  for (const { run, fingerprint } of told.jobs) {
    expect(readFileSync(join(runs, run, "tanh-0.01", "events.jsonl"), "utf8")).toContain(fingerprint);
  }
});

test.each([
  [
    ["run", "slowly-changing"],
    2,
    /protocol "slowly-changing": there are .*, did you mean "slowly-changing-regression"\?/,
  ],
  [["run", name, "--methods", "relu"], 2, /method "relu": slowly-changing-regression has /],
  [["run", name, "--seeds", "0"], 2, /It must be a number of seeds/],
  [["run", "mammoth-sequential-mnist", "--tasks", "0"], 2, /It must be an integer from 1/],
  [
    ["compare", "slowly-changing-regresion", ...out],
    1,
    /no such run in .*, did you mean "slowly-changing-regression"\?/,
  ],
  [["compare", name, "--measure", "end-los", ...out], 2, /--measure: no measure "end-los", did you mean "end-loss"\?/],
  [["protocols", "split"], 2, /protocol "split": there are /],
])("plastica %j ends with %i", async (args, code, message) => {
  const ended = await plastica(args);
  expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
});

test("protocols lists all there are at once, and what a seed costs where that is known", async () => {
  const there = join(root, "list");
  const { code, stdout, stderr } = await plastica(["protocols", "--out", there]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const listed of Object.keys(protocols)) expect(stdout).toContain(`${listed}\n  `);
  expect(stdout).not.toContain("a seed of");
  expect(stdout).toMatch(/split-mnist-hsu-task\n[^\n]*; published with 10 seeds/);
  expect(stdout).toMatch(/lenet-fashion-mnist\n[^\n]*; 5 seeds/); // ours: nobody has published it
  expect(stdout).toContain("plastica protocols --costs");
  expect(existsSync(there)).toBe(false);
});

test("an interrupted measuring of all costs keeps those that were told, and the list shows them", async () => {
  const there = join(root, "interrupted");
  const heard = (text: string, pid: number) => {
    if (text.includes("a seed of")) process.kill(pid, "SIGKILL");
  };
  const ended = await plastica(["protocols", "--costs", "--out", there], { heard });
  expect(ended.code).toBeNull();
  const [first] = Object.keys(JSON.parse(readFileSync(join(there, "costs.json"), "utf8")).costs);
  const { stdout } = await plastica(["protocols", "--out", there]);
  expect(stdout).toMatch(new RegExp(`^${first}\n(  .*\n)+  a seed of`, "m"));
});

test("protocols measures what a seed costs here, once", async () => {
  const there = join(root, "costs");
  const told = await plastica(["protocols", name, "--out", there, "--json"]);
  expect(told).toMatchObject({ code: 0, stderr: "" });
  const [protocol] = JSON.parse(told.stdout);
  expect(protocol).toMatchObject({ name, measures: expect.arrayContaining(["end-loss"]), seeds: 100 });
  expect(protocol.methods).toContain("relu-0.01");
  expect(protocol.cost).toMatchObject({ method: "relu-0.01", examples: 1_000_000 });
  expect(protocol.cost.seconds).toBeGreaterThan(0.1);
  expect(protocol.cost.seconds).toBeLessThan(600);
  const again = await plastica(["protocols", name, "--out", there]);
  const { seconds } = JSON.parse(readFileSync(join(there, "costs.json"), "utf8")).costs[name];
  expect(seconds).toBe(protocol.cost.seconds);
  expect(again.stdout).toContain("A seed of relu-0.01: about ");
  expect(again.stdout).toContain("https://doi.org/10.1038/s41586-024-07711-7");
  expect(again.stdout).toMatch(/\nrelu-0.01 +loss at the end +1\.285 ± .* read off a figure, 100 seeds\n/);
  for (const text of again.stdout.split("\n")) expect(text.length).toBeLessThan(80);
  expect(existsSync(join(there, "queue.sqlite"))).toBe(false);
});
