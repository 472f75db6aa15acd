/**
 * Whether a change has made steps slower: this checkout beside another one (such as `git worktree add ../before HEAD~5`, set up), in one process and in
 * turns of a few milliseconds, so that whatever else the machine does hits both alike. Tells the median and the quartiles of the ratios.
 *
 *   npm run bench:before -- FOLDER [--workload NAME]... [--seconds 10] [--arithmetic plain|fused] [--json]
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { benchInputs } from "./inputs.ts";
import { median } from "./measure.ts";
import { arithmeticOption, wholeOption } from "./options.ts";
import { OWN_WORKLOADS, subject, type Workload } from "./subjects.ts";
import peers from "./workloads.json" with { type: "json" };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workload: { type: "string", multiple: true, default: ["online-shallow", "online-deep", "batch128-sgd"] },
    seconds: { type: "string", default: "10" },
    arithmetic: { type: "string", default: "plain" },
    json: { type: "boolean", default: false },
  },
});
if (positionals.length !== 1) throw new Error("which checkout to stand beside: npm run bench:before -- FOLDER");
const arithmetic = arithmeticOption(options.arithmetic);
const seconds = wholeOption("seconds", options.seconds);
const before: { subject: typeof subject } = await import(
  pathToFileURL(resolve(positionals[0], "bench/subjects.ts")).href
);
const all: readonly Workload[] = [...peers, ...OWN_WORKLOADS];
const inputs = benchInputs();
/** Milliseconds of a turn, and seconds before any counts. */
const [TURN, WARM] = [3, 2];

for (const name of options.workload) {
  const workload = all.find((one) => one.name === name);
  if (!workload) throw new Error(`--workload ${name}: ${all.map((one) => one.name).join(", ")}`);
  const lives = [before, { subject }].map((engine) =>
    engine.subject(workload, inputs, { arithmetic, threads: 1 }).prepare(),
  );
  const steps = [0, 0];
  const turn = (which: number, length: number): number => {
    const start = performance.now();
    for (let i = 0; i < length; i++) lives[which].step(steps[which]++);
    return performance.now() - start;
  };
  const [start, ratios]: [number, number[]] = [performance.now(), []];
  let length = 1;
  for (let round = 0; performance.now() - start < (WARM + seconds) * 1000; round++) {
    const first = round % 2;
    const [a, b] = [turn(first, length), turn(1 - first, length)];
    if (performance.now() - start < WARM * 1000) length = Math.max(1, Math.round((length * TURN) / Math.max(0.1, a)));
    else ratios.push(first === 0 ? b / a : a / b);
  }
  for (const life of lives) life.close();
  ratios.sort((a, b) => a - b);
  const [low, middle, high] = [ratios[ratios.length >> 2], median(ratios), ratios[(3 * ratios.length) >> 2]];
  const line = { workload: name, arithmetic, ratio: middle, quartiles: [low, high], turns: ratios.length };
  console.log(
    options.json
      ? JSON.stringify(line)
      : `${name.padEnd(16)} a step takes ${middle.toFixed(3)} times as long as before (quartiles ${low.toFixed(3)} to ${high.toFixed(3)})`,
  );
}
process.exit(0);
