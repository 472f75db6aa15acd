import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { RunError } from "../runs/errors.ts";
import { thisProcess } from "./holder.ts";
import { type Job, openQueue, type Queue } from "./queue.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-queue-"));
const open: Queue[] = [];
afterAll(() => {
  for (const queue of open) queue.close();
  rmSync(root, { recursive: true });
});

const fresh = () => join(mkdtempSync(join(root, "sweep-")), "queue.sqlite");
const jobs = (count: number): Job[] =>
  Array.from({ length: count }, (_, rank) => ({
    key: `job-${rank}`,
    recipe: `{"seed":${rank}}`,
    folder: `f${rank}`,
    rank,
  }));
const me = thisProcess();
const result = { fingerprint: "abc", seconds: 2 };

/** Connections to one queue of so many jobs, whose clock stands until it is moved. */
function connections(count: number, ofThem = 2): { queues: Queue[]; path: string; clock: { now: number } } {
  const path = fresh();
  const clock = { now: 1_000_000 };
  const queues = Array.from({ length: ofThem }, () => openQueue(path, () => clock.now));
  open.push(...queues);
  queues[0].add(jobs(count));
  return { queues, path, clock };
}

test("a job is claimed by one alone, in order, and finished once", () => {
  const [a, b] = connections(2).queues;
  expect(a.claim(me, 1000)).toEqual({ job: jobs(2)[0], token: 1 });
  expect(b.claim(me, 1000)).toEqual({ job: jobs(2)[1], token: 1 });
  expect(a.claim(me, 1000)).toBeUndefined();
  expect(a.complete("job-0", 1, result)).toBe(true);
  expect(a.complete("job-0", 1, { fingerprint: "other", seconds: 3 })).toBe(false);
  expect(b.entries(["job-0"])).toEqual([{ key: "job-0", state: "done", token: 1, holder: me, ...result }]);
  expect(b.counts()).toEqual({ waiting: 0, leased: 1, done: 1, failed: 0 });
  expect(b.history().map(({ key, what, token }) => `${key} ${what} ${token}`)).toEqual([
    "job-0 added 0",
    "job-1 added 0",
    "job-0 claimed 1",
    "job-1 claimed 1",
    "job-0 completed 1",
  ]);
});

test("whose lease has run out is fenced off: nothing that it says of the job counts any more", () => {
  const { queues, clock } = connections(1);
  const [a, b] = queues;
  expect(a.claim(me, 1000)?.token).toBe(1);
  clock.now += 999;
  expect(b.claim(me, 1000)).toBeUndefined();
  expect(a.renew("job-0", 1, 1000)).toBe(true);
  clock.now += 999;
  expect(b.claim(me, 1000)).toBeUndefined(); // it was renewed
  clock.now += 1;
  expect(b.claim(me, 1000)?.token).toBe(2);
  expect(a.renew("job-0", 1, 1000)).toBe(false);
  expect(a.complete("job-0", 1, result)).toBe(false);
  expect(a.fail("job-0", 1, "late")).toBe(false);
  expect(a.release("job-0", 1)).toBe(false);
  expect(b.entries()).toMatchObject([{ state: "leased", token: 2 }]);
  expect(b.complete("job-0", 2, result)).toBe(true);
});

test("a lease that has run out, and that nobody has taken, can be renewed: the machine was only asleep", () => {
  const { queues, clock } = connections(1);
  const [a, b] = queues;
  a.claim(me, 1000);
  clock.now += 5000;
  expect(a.renew("job-0", 1, 1000)).toBe(true);
  expect(b.claim(me, 1000)).toBeUndefined();
});

test("the job of a process that was killed is claimed at once, that of a living one is not", async () => {
  const { queues, path } = connections(1);
  const program = `import { openQueue } from ${JSON.stringify(new URL("./queue.ts", import.meta.url).href)};
    import { thisProcess } from ${JSON.stringify(new URL("./holder.ts", import.meta.url).href)};
    const claim = openQueue(${JSON.stringify(path)}).claim(thisProcess(), 1e9);
    console.log(claim.token); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(String((await once(child.stdout, "data"))[0]).trim()).toBe("1");
  expect(queues[0].claim(me, 1000)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(queues[0].claim(me, 1000)?.token).toBe(2);
});

test.each([
  ["on another host", `1 not-${hostname()} -`, false],
  [
    "of another boot, which may be another machine's",
    `99999999 ${hostname()} 9ff51aa4:12`,
    process.platform !== "linux",
  ],
  ["with our own number, started at another time", me.replace(/\d+$/, "12"), process.platform === "linux"],
])("a holder %s is certainly gone: %s %s", (_, holder, gone) => {
  const [a, b] = connections(1).queues;
  a.claim(holder, 1e9);
  expect(b.claim(me, 1000) !== undefined).toBe(gone);
});

test("adding what is there changes nothing, whatever its state", () => {
  const [a, b] = connections(4).queues;
  for (let i = 0; i < 3; i++) a.claim(me, 1000);
  a.complete("job-0", 1, result);
  a.fail("job-1", 1, "no data");
  const [before, history] = [a.entries(), a.history()];
  b.add(jobs(4));
  expect(a.entries()).toEqual(before);
  expect(a.history()).toEqual(history);
  expect(a.counts()).toEqual({ waiting: 1, leased: 1, done: 1, failed: 1 });
});

test("what the folders hold is the truth: it is taken over when jobs are added, and done again when it is gone", () => {
  const [a] = connections(0).queues;
  a.add(jobs(3), ({ rank }) => (rank === 1 ? result : undefined));
  expect(a.entries().map(({ state }) => state)).toEqual(["waiting", "done", "waiting"]);
  expect(a.claim(me, 1000)?.job.key).toBe("job-0");
  expect(a.claim(me, 1000)?.job.key).toBe("job-2");
  expect(a.claim(me, 1000)).toBeUndefined();
  a.add(jobs(3), () => undefined); // the folder was removed; what is leased stays leased
  expect(a.entries().map(({ state }) => state)).toEqual(["leased", "waiting", "leased"]);
  expect(a.claim(me, 1000)?.job.key).toBe("job-1");
  expect(a.history().map(({ what }) => what)).toEqual(
    ["added", "added", "added", "found", "claimed", "claimed", "lost", "claimed"], // biome-ignore format: one line a life
  );
});

test("a job that failed is tried again when it is asked for, and not before", () => {
  const [a, b] = connections(2).queues;
  a.claim(me, 1000);
  a.fail("job-0", 1, "no such file");
  expect(b.entries(["job-0"])).toMatchObject([{ state: "failed", error: "no such file" }]);
  expect(b.claim(me, 1000)?.job.key).toBe("job-1");
  b.retry(["job-1"]);
  expect(b.claim(me, 1000)).toBeUndefined();
  b.retry(["job-0", "job-1"]);
  expect(b.claim(me, 1000)).toMatchObject({ job: { key: "job-0" }, token: 2 });
  expect(b.entries(["job-0"])[0].error).toBeUndefined();
});

test("a job that was put back waits as long as was said, and another goes first", () => {
  const { queues, clock } = connections(2);
  const [a, b] = queues;
  a.claim(me, 1000);
  expect(a.release("job-0", 1, "in use", 500)).toBe(true);
  expect(b.entries(["job-0"])).toMatchObject([{ state: "waiting", note: "in use" }]);
  expect(b.claim(me, 1000)?.job.key).toBe("job-1");
  expect(b.claim(me, 1000)).toBeUndefined();
  clock.now += 500;
  expect(b.claim(me, 1000)).toMatchObject({ job: { key: "job-0" }, token: 2 });
});

test("only what is asked for is claimed and counted: two sweeps may have one folder", () => {
  const [a] = connections(3).queues;
  expect(a.claim(me, 1000, ["job-2", "job-7"])?.job.key).toBe("job-2");
  expect(a.claim(me, 1000, ["job-2", "job-7"])).toBeUndefined();
  expect(a.counts(["job-1", "job-2"])).toEqual({ waiting: 1, leased: 1, done: 0, failed: 0 });
});

test("the history cannot be altered", () => {
  const { queues, path } = connections(1);
  const file = new DatabaseSync(path, { timeout: 1000 });
  expect(() => file.exec("UPDATE history SET what = 'completed'")).toThrow("only added to");
  expect(() => file.exec("DELETE FROM history")).toThrow("only added to");
  file.close();
  expect(queues[0].history()).toHaveLength(1);
});

test("200 jobs by four threads that open the queue at once: each is claimed once", async () => {
  const path = fresh();
  const queue = openQueue(path);
  open.push(queue);
  queue.add(jobs(200));
  const claimed = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const worker = new Worker(new URL("./claimer.testing.ts", import.meta.url), { workerData: { path, holder: me } });
      const [keys] = (await once(worker, "message")) as [string[]];
      return keys;
    }),
  );
  expect(claimed.flat().sort()).toEqual(
    jobs(200)
      .map(({ key }) => key)
      .sort(),
  );
  expect(queue.counts()).toEqual({ waiting: 0, leased: 0, done: 200, failed: 0 });
  const finished = queue.history().filter(({ what }) => what === "completed");
  expect(new Set(finished.map(({ key }) => key)).size).toBe(200);
  expect(finished).toHaveLength(200);
});

test("threads that make one queue at the same moment make one", async () => {
  for (let round = 0; round < 3; round++) {
    const path = fresh();
    const ends = Array.from({ length: 4 }, async () => {
      const worker = new Worker(new URL("./claimer.testing.ts", import.meta.url), { workerData: { path, holder: me } });
      return (await once(worker, "message")) as [string[]];
    });
    expect(await Promise.all(ends)).toEqual([[[]], [[]], [[]], [[]]]);
  }
});

test.each([
  ["is no database", (path: string) => writeFileSync(path, "not a database at all\n".repeat(500))],
  ["was cut off", (path: string) => truncateSync(path, 5000)],
  ["has a torn page", (path: string) => overwrite(path, 4096, 4096 * 3)],
  ["has a torn beginning", (path: string) => overwrite(path, 0, 512)],
  ["is another program's", (path: string) => replaced(path, "CREATE TABLE theirs (a)")],
  ["is of another layout", (path: string) => replaced(path, "PRAGMA user_version = 99")],
])("a file that %s is told, with what to do", (_, damage) => {
  const path = fresh();
  const queue = openQueue(path);
  queue.add(jobs(50));
  queue.close();
  damage(path);
  const bytes = readFileSync(path);
  expect(() => openQueue(path)).toThrow(RunError);
  expect(() => openQueue(path)).toThrow(`${path}: not a sweep's queue, or a damaged one (`);
  expect(() => openQueue(path)).toThrow("it can be deleted");
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

function overwrite(path: string, from: number, to: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(to - from, 0x5a), 0, to - from, from);
  closeSync(file);
}

function replaced(path: string, sql: string): void {
  rmSync(path);
  const file = new DatabaseSync(path);
  file.exec(sql);
  file.close();
}
