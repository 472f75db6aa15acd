/** The part of the kill tests that takes seconds; `npm run test:kills` is the whole. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shortLife } from "../../packages/cli/src/testing/recipe.ts";
import { strikeEverywhere } from "./everywhere.ts";
import { killAndResume } from "./random.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-kill-test-"));
afterAll(() => rmSync(root, { recursive: true }));

test("killed at random moments and resumed each time, it ends in the same bytes", async () => {
  const seed = Date.now();
  const { different } = await killAndResume({
    folder: join(root, "random"),
    recipe: shortLife,
    tasks: 40,
    kills: 2,
    seed,
  });
  expect(different, `seed ${seed}`).toEqual([]);
}, 240_000);

test("killed at a call that changes a file, here at every fifteenth, it ends in the same bytes", async () => {
  const { strikes, different } = await strikeEverywhere({ folder: join(root, "everywhere"), every: 15 });
  expect(different).toEqual([]);
  expect(strikes).toBeGreaterThan(2);
}, 240_000);
