import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isLocked, lock } from "./lock.ts";
import { isAlive, statIn } from "./process-start.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-lock-"));
afterAll(() => rmSync(root, { recursive: true }));
const fresh = () => mkdtempSync(join(root, "run-"));

test("a lock is held once, and can be had again when it was given back", () => {
  const folder = fresh();
  const unlock = lock(folder);
  expect(isLocked(folder)).toBe(true);
  expect(() => lock(folder)).toThrow(`${folder}: process ${process.pid} on ${hostname()} is writing this run`);
  unlock();
  expect(isLocked(folder)).toBe(false);
  lock(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test("the lock of a process that was killed is taken over", async () => {
  const folder = fresh();
  const program = `import { lock } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
    lock(${JSON.stringify(folder)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(() => lock(folder)).toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isLocked(folder)).toBe(false);
  lock(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["our own number and another start", `${process.pid} ${hostname()} -`],
  ["our own number, started at another time", `${process.pid} ${hostname()} 9ff51aa4:12`],
  ["the number 1, started at another time", `1 ${hostname()} 9ff51aa4:12`],
])("a lock with %s is of a process that is gone", (_, line) => {
  if (process.platform !== "linux" && !line.endsWith("-")) return; // the start cannot be told
  const folder = fresh();
  writeFileSync(join(folder, "lock"), `${line}\n`);
  expect(isLocked(folder)).toBe(false);
  lock(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test("what a killed process left of its taking the lock, or was writing, is removed; what a living one is writing is not", () => {
  const folder = fresh();
  const living = `report.html.${process.pid}.part`;
  const left = ["lock.99999999", "lock.stale.99999999", "recipe.json.99999999.part", "report.html.99999999.part"];
  for (const name of [...left, living, "notes.99999999"]) writeFileSync(join(folder, name), "half");
  const unlock = lock(folder);
  expect(readdirSync(folder).sort()).toEqual(["lock", "notes.99999999", living]);
  unlock();
});

test("a lock from another machine is respected, one of nonsense is not", () => {
  const folder = fresh();
  writeFileSync(join(folder, "lock"), "1 some-other-machine 0\n");
  expect(() => lock(folder)).toThrow(`remove ${join(folder, "lock")}`);
  writeFileSync(join(folder, "lock"), "");
  lock(folder)();
});

test("a process that has ended, and is only not taken note of yet, is gone", () => {
  const fields = (state: string) => `42 (a) name (x) ${state} ${Array.from({ length: 30 }, (_, i) => i + 4).join(" ")}`;
  expect(statIn(fields("S"))).toEqual({ ended: false, start: "22" });
  expect(statIn(fields("Z"))).toEqual({ ended: true, start: "22" });
  expect(statIn("42 (cut").start).toBeUndefined();
});

test.runIf(process.platform === "linux")(
  "a real one: its parent has become a program that never asks for it",
  async () => {
    const parent = spawn("sh", ["-c", "sh -c 'echo $$' & exec sleep 20"], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = await once(parent.stdout, "data");
    const pid = Number(said);
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow(); // the system still knows its number
    parent.kill("SIGKILL");
    await once(parent, "exit");
  },
);
