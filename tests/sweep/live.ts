/**
 * A sweep in a process of its own, to be killed: `node tests/sweep/live.ts ROOT SEEDS EXAMPLES TABLE`. Says `started` and `finished`
 * with the run's folder, line by line, of what it lives itself.
 */
import { sweep } from "../../packages/lab/src/sweeps/sweep.ts";
import { smallLives } from "./recipes.ts";

const [root, seeds, examples, table] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { jobs } = await sweep(
  smallLives(Number(seeds), Number(examples), table),
  { root, threads: 2 },
  {
    started: ({ folder }) => say(`started ${folder}`),
    finished: ({ folder }, { fingerprint }, by) => by === "here" && say(`finished ${folder} ${fingerprint}`),
    failed: ({ folder }, error) => say(`failed ${folder}: ${error}`),
    putBack: ({ folder }, why) => say(`put back ${folder}: ${why}`),
  },
);
for (const { job, settled } of jobs) {
  if (settled !== undefined && "result" in settled) continue;
  say(`no result of ${job.folder}`);
  process.exitCode = 1;
}
