import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageSet } from "../data/images.ts";
import { type Recipe, readRecipe } from "../recipe/recipe.ts";
import { reportPage } from "../report/page.ts";
import { sentences } from "../report/sentences.ts";
import { permuted } from "../streams/permuted.ts";
import { RunError } from "./errors.ts";
import { frame, readEvents } from "./events.ts";
import { liveOut } from "./life.ts";
import { eventsPath, metricsPath, snapshotsPath } from "./paths.ts";
import { meanDormant } from "./record.ts";
import { createRun, openRun, stateOf } from "./run.ts";
import { storedIn } from "./snapshots.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-life-"));
afterAll(() => rmSync(root, { recursive: true }));

const COUNT = 300;
/** Images of ten kinds: kind k is lit where pixel % 10 is k, and here and there. */
const images = imageSet(
  "stripes",
  {
    dimensions: [COUNT, 28, 28],
    values: Uint8Array.from({ length: COUNT * 784 }, (_, i) => {
      const [image, pixel] = [Math.floor(i / 784), i % 784];
      return pixel % 10 === image % 10 || (pixel * 7 + image * 13) % 31 === 0 ? 200 : 0;
    }),
  },
  { dimensions: [COUNT], values: Uint8Array.from({ length: COUNT }, (_, i) => i % 10) },
);

const recipe: Recipe = readRecipe({
  name: "stripes",
  seed: 3,
  stream: { kind: "permuted", tasks: 4, examplesPerTask: 250 },
  network: { hidden: [12, 12] },
  learners: {
    plastic: {
      rule: { kind: "adam", lr: 0.003 },
      terms: [{ kind: "shrink-and-perturb" }],
      structure: [{ kind: "continual-backprop", replacementRate: 0.01, maturity: 20 }],
    },
  },
  snapshotEvery: 60,
  events: "all",
});
const TOTAL = 1000;

/** The recipe's stream, over the stripes. */
const stripes = () => permuted(images, { seed: recipe.seed, tasks: 4, examplesPerTask: 250 });

/** Lives on in `folder`, stopping at the first pulse from `until` on. */
async function live(folder: string, until = TOTAL): Promise<{ outcome: string; said: string[] }> {
  const said: string[] = [];
  const watch = { pulse: (position: number) => position >= until, said: (message: string) => void said.push(message) };
  return { outcome: await liveOut(folder, recipe, "plastic", watch, stripes), said };
}

const fresh = () => createRun(mkdtempSync(join(root, "run-")), recipe).folder;
let whole = "";
let log: Buffer;
beforeAll(async () => {
  whole = fresh();
  expect((await live(whole)).outcome).toBe("complete");
  log = readFileSync(eventsPath(whole, "plastic"));
});

test("a life leaves a log, metrics, times and two snapshots", async () => {
  const { events } = readEvents(eventsPath(whole, "plastic"));
  expect(events[0]).toMatchObject({ type: "begun", learner: "plastic" });
  const windows = events.filter(({ type }) => type === "window");
  expect(windows).toHaveLength(4);
  const { births, deaths } = windows[3] as unknown as { births: number; deaths: number };
  const bornIn = events
    .filter(({ type }) => type === "born")
    .reduce((sum, event) => sum + (event.neurons as number[]).length, 0);
  expect(births).toBe(bornIn);
  expect(deaths).toBe(births);
  expect(births).toBeGreaterThan(20);
  expect(events.at(-1)).toMatchObject({ type: "ended", examples: TOTAL, births });
  expect(events.at(-1)?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(storedIn(snapshotsPath(whole, "plastic")).map(({ position }) => position)).toEqual([1000, 960]);
  const state = stateOf(openRun(whole));
  expect(state).toMatchObject({ complete: true, running: false, examples: TOTAL });
  expect(state.learners.plastic.timing?.seconds).toHaveLength(4);
  expect(log.includes(state.learners.plastic.timing?.machine.node ?? "?")).toBe(false);
});

test("the metrics say what the log says", async () => {
  // The reader that the writer itself depends on.
  const place = createRequire(import.meta.resolve("hyparquet-writer")).resolve("hyparquet");
  const { parquetReadObjects } = (await import(pathToFileURL(place).href)) as typeof import("hyparquet");
  const { buffer } = Uint8Array.from(readFileSync(metricsPath(whole, "plastic")));
  const rows = await parquetReadObjects({ file: buffer });
  const expected = stateOf(openRun(whole)).learners.plastic.windows.map((record) => {
    const { window, task, examples, accuracy, loss, dormant, births, deaths } = record;
    const { operations } = record;
    const [parameters, bytes] = [BigInt(record.parameters), BigInt(record.bytes)];
    const shares = { dormant: meanDormant(record), dormant_1: dormant[0], dormant_2: dormant[1] };
    return { window, task, examples, accuracy, loss, ...shares, births, deaths, parameters, operations, bytes };
  });
  expect(rows).toEqual(expected);
  expect(rows).toHaveLength(4);
});

test("it learns, and counts what it predicted before it learned", async () => {
  const { windows } = stateOf(openRun(whole)).learners.plastic;
  for (const { accuracy } of windows) expect(accuracy).toBeGreaterThan(0.2); // one in ten by chance
  expect(windows[0].accuracy).toBeLessThan(0.99);
});

test("stopped anywhere, and as often as you like, it ends in the same bits", async () => {
  for (const stops of [[1], [130], [249, 251, 260], [500], [955], [60, 120, 121, 180, 240, 300, 301, 777, 960]]) {
    const folder = fresh();
    for (const stop of stops) expect((await live(folder, stop)).outcome).toBe("stopped");
    expect((await live(folder)).outcome).toBe("complete");
    expect(readFileSync(eventsPath(folder, "plastic")).equals(log), `stops at ${stops}`).toBe(true);
  }
});

test("a complete life stays as it is, and its metrics are made again where they are missing", async () => {
  const before = readFileSync(metricsPath(whole, "plastic"));
  rmSync(metricsPath(whole, "plastic"));
  expect(stateOf(openRun(whole)).complete).toBe(false);
  expect((await live(whole)).outcome).toBe("complete");
  expect(readFileSync(metricsPath(whole, "plastic")).equals(before)).toBe(true);
  expect(readFileSync(eventsPath(whole, "plastic")).equals(log)).toBe(true);
});

/** A life that was cut off at 700, with its log torn behind the snapshot, and then damaged. */
async function damaged(
  damage: (snapshots: string[], events: string) => void,
): Promise<{ folder: string; said: string[] }> {
  const folder = fresh();
  await live(folder, 650);
  await live(folder, 700);
  appendFileSync(eventsPath(folder, "plastic"), '{"seq":12,"type":"ta');
  damage(
    storedIn(snapshotsPath(folder, "plastic")).map(({ path }) => path),
    eventsPath(folder, "plastic"),
  );
  const { outcome, said } = await live(folder);
  expect(outcome).toBe("complete");
  expect(readFileSync(eventsPath(folder, "plastic")).equals(log)).toBe(true);
  return { folder, said };
}

test("a torn log is no loss", async () => {
  expect((await damaged(() => {})).said).toEqual([]);
});

test("a truncated snapshot is told and set aside, and the one before is taken", async () => {
  const { folder, said } = await damaged(([newest]) => truncateSync(newest, 5000));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^plastic: .*\.safetensors cannot be used \(.*\); falling back to the one before$/);
  expect(readdirSync(snapshotsPath(folder, "plastic")).filter((name) => name.endsWith(".damaged"))).toHaveLength(1);
});

test("one flipped bit anywhere in a snapshot is seen", async () => {
  const folder = fresh();
  await live(folder, 700);
  const [{ path }] = storedIn(snapshotsPath(folder, "plastic"));
  const bytes = readFileSync(path);
  const places = [10, 200, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2), bytes.length - 2];
  const note = bytes.indexOf('\\"position\\"');
  expect(note).toBeGreaterThan(0);
  for (const at of [...places, note + 14]) {
    const copy = join(mkdtempSync(join(root, "flip-")), "run");
    cpSync(folder, copy, { recursive: true });
    const flipped = Uint8Array.from(bytes);
    flipped[at] ^= 1;
    writeFileSync(path.replace(folder, copy), flipped);
    const { said } = await live(copy, 701);
    expect(said, `byte ${at} of ${bytes.length}`).toHaveLength(1);
  }
});

test("with no snapshot left that can be used, it begins anew, and keeps the log that was", async () => {
  const { folder, said } = await damaged((snapshots) => {
    for (const path of snapshots) writeFileSync(path, "nonsense");
  });
  expect(said).toHaveLength(3);
  expect(said[2]).toContain("beginning anew");
  const { events } = readEvents(`${eventsPath(folder, "plastic")}.damaged`);
  expect(events.filter(({ type }) => type === "window").length).toBeGreaterThan(0);
});

test("a log that lost what the newest snapshot counts on, and no other, sends it back to one before", async () => {
  const { folder, said } = await damaged(([newest, before], events) => {
    const counts = (path: string) => Number(/"eventBytes\\":(\d+)/.exec(readFileSync(path, "latin1"))?.[1]);
    expect(counts(newest)).toBeGreaterThan(counts(before));
    truncateSync(events, counts(before) + 3);
  });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("going on from");
  expect(readdirSync(snapshotsPath(folder, "plastic")).some((name) => name.endsWith(".damaged"))).toBe(false);
});

test.each(["cut to nothing", "one flipped bit"])("a damaged log (%s) is told, and nothing is touched", async (how) => {
  const folder = fresh();
  await live(folder, 700);
  const path = eventsPath(folder, "plastic");
  const bytes = Uint8Array.from(readFileSync(path));
  bytes[400] ^= 1;
  if (how === "one flipped bit") writeFileSync(path, bytes);
  else truncateSync(path, 0);
  const damagedLog = readFileSync(path);
  const snapshots = readdirSync(snapshotsPath(folder, "plastic"));
  for (let again = 0; again < 2; again++) {
    await expect(live(folder)).rejects.toThrow(RunError);
    await expect(live(folder)).rejects.toThrow(
      /events\.jsonl: \d+ bytes can be read, and .* counts on \d+: the log is damaged/,
    );
  }
  expect(readFileSync(path).equals(damagedLog)).toBe(true);
  expect(readdirSync(snapshotsPath(folder, "plastic"))).toEqual(snapshots);
});

test("a life that diverges ends there, with what it had learned, and is complete", async () => {
  const wild = readRecipe({
    ...recipe,
    learners: { wild: { rule: { kind: "sgd", lr: 1e30 } }, tame: { rule: { kind: "sgd" } } },
  });
  const run = createRun(mkdtempSync(join(root, "wild-")), wild);
  const { folder } = run;
  const [at, said]: [number[], string[]] = [[], []];
  const watch = {
    pulse: () => false,
    diverged: (n: number) => void at.push(n),
    said: (m: string) => void said.push(m),
  };
  for (const name of ["wild", "tame"]) expect(await liveOut(folder, wild, name, watch, stripes)).toBe("complete");
  expect(at).toHaveLength(1);
  expect(said[0]).toContain(`wild: diverged in window 1 at example ${at[0]}`);
  const state = stateOf(run);
  expect(state.complete).toBe(true);
  expect(state.learners.wild).toMatchObject({ end: { diverged: at[0] }, position: at[0], windows: [] });
  expect(state.learners.tame).toMatchObject({ position: TOTAL });
  expect(state.learners.tame.end).not.toHaveProperty("diverged");
  expect(sentences(wild, state)[0]).toContain(`The wild network diverged in task 1 at step ${at[0]}`);
  const logged = readFileSync(eventsPath(folder, "wild"));
  expect(await liveOut(folder, wild, "wild", watch, stripes)).toBe("complete");
  expect(readFileSync(eventsPath(folder, "wild")).equals(logged)).toBe(true);
  expect(reportPage(run, state)).not.toMatch(/NaN|undefined|Infinity/);
});

test("a run of another version of the engine is not continued", async () => {
  const folder = fresh();
  await live(folder, 100);
  const path = eventsPath(folder, "plastic");
  const other = log
    .toString()
    .split("\n")[0]
    .replace(/"engine":"[^"]*"/, '"engine":"0.0.1"')
    .replace(/,"crc".*/, "");
  writeFileSync(path, reframed(other));
  await expect(live(folder)).rejects.toThrow("begun with plastica 0.0.1");
  expect(existsSync(path)).toBe(true);
});

function reframed(body: string): string {
  const { seq, ...event } = JSON.parse(`${body}}`);
  return frame(seq, event);
}
