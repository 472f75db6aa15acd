import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { decidesBits, engineVersion } from "./machine.ts";

const lab = resolve(import.meta.dirname, "..");

/** The lab's files that the program at `path` is made of, itself among them, named from `src`. */
function madeOf(path: string, found = new Set<string>()): Set<string> {
  const name = relative(lab, path).replaceAll("\\", "/");
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported] of readFileSync(path, "utf8").matchAll(/^(?:import|export|\}) [^;]*?"(\.[^"]+\.ts)";$/gms)) {
    madeOf(resolve(dirname(path), imported), found);
  }
  return found;
}

test("an engine is named by its version and by what it computes", () => {
  expect(engineVersion()).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
});

test("all that a life is made of has a say in the engine's name, but for what only keeps and checks it", () => {
  const files = [...madeOf(resolve(lab, "runs/life.ts"))].sort();
  for (const some of ["runs/heartbeat.ts", "streams/table.ts", "data/csv.ts", "recipe/learner.ts", "data/mnist.ts"]) {
    expect(files).toContain(some);
  }
  expect(files.filter((name) => !decidesBits(name))).toEqual([
    ...["options/checks.ts", "options/nearest.ts"],
    ...["errors", "events", "files", "identity", "machine", "metrics"].map((name) => `runs/${name}.ts`),
    ...["paths", "record", "snapshots", "stopwatch"].map((name) => `runs/${name}.ts`),
  ]);
});

test("tests and what they share have none", () => {
  for (const name of ["streams/table.test.ts", "data/some.fixture.ts", "streams/some.testing.ts", "report/page.ts"]) {
    expect(decidesBits(name)).toBe(false);
  }
});
