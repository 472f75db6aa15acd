/** The part of the sweep's kill test that takes seconds; `npm run test:kills` is the whole. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { killSweep } from "./kill.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-sweep-kill-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a sweep that is killed comes to each result once, and to the bits of an undisturbed one", async () => {
  const seed = Date.now();
  const { kills, faults } = await killSweep({ folder, seeds: 8, kills: 3, examples: 1200, seed });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(kills).toBe(3);
}, 240_000);
