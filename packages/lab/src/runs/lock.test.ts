import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isLocked, lock } from "./lock.ts";

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

test("what a killed process left of its taking the lock is removed", () => {
  const folder = fresh();
  for (const name of ["lock.99999999", "lock.stale.99999999"]) writeFileSync(join(folder, name), "1 nobody -\n");
  const unlock = lock(folder);
  expect(readdirSync(folder)).toEqual(["lock"]);
  unlock();
});

test("a lock from another machine is respected, one of nonsense is not", () => {
  const folder = fresh();
  writeFileSync(join(folder, "lock"), "1 some-other-machine 0\n");
  expect(() => lock(folder)).toThrow(`remove ${join(folder, "lock")}`);
  writeFileSync(join(folder, "lock"), "");
  lock(folder)();
});
