/**
 * Kills a run with SIGKILL at fifty random moments, resumes it each time, and compares its logs, which hold the fingerprints,
 * with those of a run that was left alone, byte for byte:
 *
 *     node bench/kills.ts [--kills 50] [--seed 1]
 *
 * Takes about two minutes. Exit code 0 when every byte agrees, else 1.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killAndResume } from "../packages/cli/src/testing/kills.ts";
import { shortLife } from "../packages/cli/src/testing/recipe.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const folder = mkdtempSync(join(tmpdir(), "plastica-kills-"));
const { different, ...result } = await killAndResume({
  folder,
  recipe: shortLife(kills * 12),
  kills,
  seed,
  told: (killed, sessions) => process.stdout.write(`killed ${killed} of ${kills}, session ${sessions}\n`),
});
const same = different.length === 0;
const verdict = same
  ? "the same bytes as undisturbed"
  : `DIFFERENT: ${different.join(", ")}; both runs are kept in ${folder}`;
process.stdout.write(`killed ${result.kills} times in ${result.sessions} sessions: ${verdict}\n`);
if (same) rmSync(folder, { recursive: true });
if (!same || result.kills < kills) process.exitCode = 1;
