/**
 * Kills a sweep of forty runs at ten random moments, starts it again each time, and compares what it comes to with an undisturbed
 * sweep: forty results, each once, every log, snapshot and metrics file of the same bytes.
 *
 *     node tests/sweep/kills.ts [--runs 40] [--kills 10] [--seed 1]
 *
 * Takes about half a minute. Exit code 0 when all is as it should be, else 1.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killSweep } from "./kill.ts";

const text = (value: string) => ({ type: "string", default: value }) as const;
const { values } = parseArgs({ options: { runs: text("40"), kills: text("10"), seed: text("1") } });
const [seeds, kills, seed] = [Number(values.runs), Number(values.kills), Number(values.seed)];
if (!Number.isSafeInteger(seeds) || seeds < 1) throw new Error(`--runs is ${values.runs}: a whole number from 1`);
if (!Number.isSafeInteger(kills) || kills < 1) throw new Error(`--kills is ${values.kills}: a whole number from 1`);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed is ${values.seed}: a whole number from 0`);

const folder = mkdtempSync(join(tmpdir(), "plastica-sweep-kills-"));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const result = await killSweep({ folder, seeds, kills, seed, examples: 1200, told: (line) => say(`sweep: ${line}`) });

if (result.faults.length === 0 && result.kills === kills) {
  say(`sweep: killed ${kills} times, ${result.interrupted} lives went on`);
  say(`sweep: ${seeds} results, each once, the bits of an undisturbed sweep`);
  rmSync(folder, { recursive: true });
} else {
  if (result.kills < kills) say(`sweep: it could be killed ${result.kills} times only, of ${kills}`);
  for (const fault of result.faults) say(`sweep: ${fault}`);
  say(`sweep: NOT as undisturbed; the runs are kept in ${folder}`);
  process.exitCode = 1;
}
