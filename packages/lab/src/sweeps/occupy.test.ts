import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRecipe } from "../recipe/recipe.ts";
import { RunError } from "../runs/errors.ts";
import { createRun } from "../runs/run.ts";
import { occupy } from "./occupy.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-occupy-"));
afterAll(() => rmSync(root, { recursive: true }));

const recipe = readRecipe({
  name: "place",
  stream: { kind: "slowly-changing-regression" },
  network: { hidden: [3] },
  learners: { one: { rule: "sgd" } },
});

test("a folder is one's own until it is left; meanwhile it is in use", () => {
  const place = occupy(root, recipe);
  if ("inUse" in place) throw new Error(place.inUse);
  expect(occupy(root, recipe)).toEqual({ inUse: expect.stringContaining(`process ${process.pid}`) });
  expect(readdirSync(place.folder).sort()).toEqual(["lock", "recipe.json"]);
  place.leave();
  expect("folder" in occupy(mkdtempSync(join(root, "other-")), recipe)).toBe(true);
});

test("a folder with a damaged recipe is not in use, but wrong", () => {
  const own = mkdtempSync(join(root, "own-"));
  const { folder } = createRun(own, recipe);
  writeFileSync(join(folder, "recipe.json"), JSON.stringify({ ...recipe, seed: 2 }));
  expect(() => occupy(own, recipe)).toThrow(RunError);
  expect(() => occupy(own, recipe)).toThrow("holds another recipe");
});
