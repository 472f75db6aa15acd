/** The part of the determinism check that needs nothing installed: this Node, with one thread and with two. */
import { expect, test } from "vitest";
import hashes from "./hashes.json" with { type: "json" };
import { inNode } from "./hosts.ts";
import { recipeFingerprints } from "./recipe.ts";
import recipeHashes from "./recipe-hashes.json" with { type: "json" };

for (const threads of [1, 2]) {
  test(`the small lives end in the committed bits with ${threads} thread${threads === 1 ? "" : "s"}`, () => {
    const told = inNode(process.execPath, threads);
    expect(told.fingerprints).toEqual(hashes);
    expect(told.helpers).toBe(threads - 1);
  });
}

test("a short recipe ends in the committed bits, through the command and the lab", async () => {
  expect(await recipeFingerprints()).toEqual(recipeHashes);
});
