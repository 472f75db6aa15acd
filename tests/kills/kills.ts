/**
 * Kills runs with SIGKILL, resumes each, and compares what they leave, logs with fingerprints and metrics, with what a run leaves
 * that was left alone, byte for byte. First a short recipe must end in the committed fingerprints; then a tiny life is killed
 * at each of its calls that change a file; then a long one at fifty random moments:
 *
 *     npm run test:kills -- [--kills 50] [--seed 1]
 *
 * Takes about four minutes. Exit code 0 when every byte agrees, else 1.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shortLife } from "../../packages/cli/src/testing/recipe.ts";
import { recipeFingerprints } from "../determinism/recipe.ts";
import hashes from "../determinism/recipe-hashes.json" with { type: "json" };
import { strikeEverywhere } from "./everywhere.ts";
import { killAndResume } from "./random.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
if (!Number.isSafeInteger(kills) || kills < 1) throw new Error(`--kills is ${values.kills}: a whole number from 1`);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed is ${values.seed}: a whole number from 0`);

const folder = mkdtempSync(join(tmpdir(), "plastica-kills-"));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let same = true;

const found = await recipeFingerprints();
for (const [name, fingerprint] of Object.entries(hashes)) {
  if (found[name] === fingerprint) continue;
  same = false;
  say(`the short recipe's ${name} ended with ${found[name]}, DIFFERENT from the committed ${fingerprint}`);
}
if (same) say("the short recipe ends in the committed fingerprints");

const struck = await strikeEverywhere({ folder: join(folder, "everywhere"), every: 1 });
if (struck.different.length > 0) same = false;
say(`killed at each of ${struck.strikes} calls that change a file: ${verdict(struck.different)}`);

say(`random moments, seed ${seed}`);
const random = await killAndResume({
  folder: join(folder, "random"),
  recipe: shortLife,
  tasks: kills * 12,
  kills,
  seed,
  told: (killed, sessions) => say(`killed ${killed} of ${kills}, session ${sessions}`),
});
if (random.different.length > 0) same = false;
say(`killed ${random.kills} times in ${random.sessions} sessions: ${verdict(random.different)}`);

if (same) rmSync(folder, { recursive: true });
else process.exitCode = 1;

function verdict(different: readonly string[]): string {
  if (different.length === 0) return "the same bytes as undisturbed";
  return `DIFFERENT: ${different.join(", ")}; the runs are kept in ${folder}`;
}
