/**
 * Kills a tiny life at its first call that changes a file, another at its second, and so on to the last, and resumes each: no
 * moment is left out, whatever the machine's speed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plastica } from "../../packages/cli/src/testing/command.ts";
import { differing, livesOn, succeeded } from "./left.ts";

const STRIKE = new URL("strike.ts", import.meta.url).href;

/** One small learner, two tasks, snapshots within them, births and deaths in the log. */
const TINY = {
  name: "tiny",
  stream: { kind: "permuted", tasks: 2, examplesPerTask: 40 },
  network: { hidden: [6] },
  learners: {
    plastic: {
      rule: "adam",
      terms: ["shrink-and-perturb"],
      structure: [{ kind: "continual-backprop", replacementRate: 0.05, maturity: 5 }],
    },
  },
  snapshotEvery: 25,
  events: "all",
};

export interface StrikeOptions {
  /** A folder that may be filled and emptied. */
  readonly folder: string;
  /** Strike at every so many calls. 1: at each. */
  readonly every: number;
  readonly told?: (thread: string, call: number) => void;
}

/** The strikes, as in `worker:12`, after which the life ended otherwise, and how many there were. */
export async function strikeEverywhere({
  folder,
  every,
  told,
}: StrikeOptions): Promise<{ strikes: number; different: string[] }> {
  mkdirSync(folder, { recursive: true });
  const recipe = join(folder, "tiny.json");
  writeFileSync(recipe, JSON.stringify(TINY));
  const calm = mkdtempSync(join(folder, "calm-"));
  await livesOn(recipe, calm);
  const different: string[] = [];
  let strikes = 0;
  for (const thread of ["main", "worker"]) {
    for (let call = 1; ; call += every) {
      const rough = mkdtempSync(join(folder, `${thread}-${call}-`));
      const ended = await plastica(["live", recipe, "--out", rough], {
        nodeOptions: ["--import", STRIKE],
        env: { STRIKE: `${thread}:${call}` },
      });
      told?.(thread, call);
      if (ended.code !== null) {
        succeeded(ended); // it has fewer calls than that
        rmSync(rough, { recursive: true });
        break;
      }
      strikes++;
      await livesOn(recipe, rough);
      if (differing(calm, rough, Object.keys(TINY.learners)).length > 0) different.push(`${thread}:${call}`);
      else rmSync(rough, { recursive: true });
    }
  }
  return { strikes, different };
}
