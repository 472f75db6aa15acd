/** A short recipe (recipe.json) through the whole house: command, lab, engine. Its fingerprints are committed (recipe-hashes.json). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plastica } from "../../packages/cli/src/testing/command.ts";

/** Lives it in a folder of its own, and tells the fingerprint that each learner ends with. */
export async function recipeFingerprints(): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), "plastica-recipe-"));
  try {
    const recipe = fileURLToPath(new URL("recipe.json", import.meta.url));
    const { code, stdout, stderr } = await plastica(["live", recipe, "--json", "--out", out]);
    if (code !== 0) throw new Error(`plastica ended with ${code}:\n${stderr}`);
    const { learners } = JSON.parse(stdout) as { learners: Record<string, { fingerprint: string }> };
    return Object.fromEntries(Object.entries(learners).map(([name, { fingerprint }]) => [name, fingerprint]));
  } finally {
    rmSync(out, { recursive: true });
  }
}
