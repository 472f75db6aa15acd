/** What a run has left on the disk, and whether two runs of one recipe left the same. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, plastica } from "../../packages/cli/src/testing/command.ts";

/** Lives a recipe under `root`, undisturbed or on from where it was cut off. Throws when it does not end well. */
export async function livesOn(recipe: string, root: string): Promise<void> {
  succeeded(await plastica(["live", recipe, "--out", root]));
}

export function succeeded({ code, stdout, stderr }: Ended): void {
  if (code !== 0) throw new Error(`plastica ended with ${code}:\n${stderr}\n${stdout}`);
}

/** The learners whose logs, metrics or lists of files differ between the only runs under two roots. */
export function differing(calm: string, rough: string, learners: readonly string[]): string[] {
  const [a, b] = [calm, rough].map((root) => join(root, readdirSync(root)[0]));
  return learners.filter(
    (name) =>
      !["events.jsonl", "metrics.parquet"].every((file) =>
        readFileSync(join(a, name, file)).equals(readFileSync(join(b, name, file))),
      ) || filesIn(join(a, name)) !== filesIn(join(b, name)),
  );
}

function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort().join("\n");
}
