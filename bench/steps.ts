/**
 * Times one training step of every workload: of those that the peers run too (workloads.json), and of our own.
 *
 *   npm run bench -- [--json] [--threads 1] [--arithmetic plain|fused] [--workload NAME]... [--rounds 5]
 *
 * With --json it prints one object a line (engine, arithmetic, threads, workload, us_per_step, gflops), and then ratios
 * taken in interleaved rounds: continual backprop and a user's own rule against plain online learning, and the birth
 * and the death of a neuron in a layer of 2000 against one step of its network.
 */
import { parseArgs } from "node:util";
import { benchInputs } from "./inputs.ts";
import { best, ratio } from "./measure.ts";
import { arithmeticOption, wholeOption } from "./options.ts";
import { birthAndDeath } from "./structure.ts";
import { gflops, OWN_WORKLOADS, type Settings, subject, type Workload } from "./subjects.ts";
import peers from "./workloads.json" with { type: "json" };

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    threads: { type: "string", default: "1" },
    arithmetic: { type: "string", default: "plain" },
    workload: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
  },
});
const settings: Settings = {
  arithmetic: arithmeticOption(options.arithmetic),
  threads: wholeOption("threads", options.threads),
};
const rounds = wholeOption("rounds", options.rounds);
const all: readonly Workload[] = [...peers, ...OWN_WORKLOADS];
const names = [...all.map(({ name }) => name), "birth-death"];
const unknown = options.workload?.find((name) => !names.includes(name));
if (unknown) throw new Error(`--workload ${unknown}: ${names.join(", ")}`);
const wanted = (name: string): boolean => options.workload?.includes(name) ?? true;

const inputs = benchInputs();
console.error(
  `input: the first ${inputs.count} images of ${inputs.name}; ${settings.arithmetic}, ${settings.threads} thread(s)`,
);

/** Prints an object as JSON, or as a line to read. */
function tell(line: Record<string, string | number>, text: string): void {
  console.log(options.json ? JSON.stringify(line) : text);
}

for (const workload of all) {
  if (!wanted(workload.name)) continue;
  const [seconds] = best([subject(workload, inputs, settings)], rounds);
  const line = {
    engine: "plastica",
    arithmetic: settings.arithmetic,
    threads: settings.threads,
    workload: workload.name,
    us_per_step: Number((seconds * 1e6).toFixed(1)),
    gflops: Number(gflops(workload, seconds).toFixed(2)),
  };
  tell(
    line,
    `${workload.name.padEnd(22)} ${line.us_per_step.toFixed(1).padStart(10)} us a step ${line.gflops.toFixed(2).padStart(8)} GFLOP/s`,
  );
}

const base = all.find(({ name }) => name === "online-deep") as Workload;
for (const [name, goal] of [
  ["online-deep-cbp", 1.25],
  ["online-deep-own-rule", 1.1],
] as const) {
  const other = all.find((workload) => workload.name === name) as Workload;
  if (!wanted(name)) continue;
  const times = ratio(subject(base, inputs, settings), subject(other, inputs, settings), 3 * rounds);
  tell(
    { ratio: `${name} / online-deep`, times: Number(times.toFixed(3)), goal },
    `${name} takes ${times.toFixed(3)} times online-deep (goal: at most ${goal})`,
  );
}

if (wanted("birth-death")) {
  const { birth, death, step } = birthAndDeath(inputs, settings, 8 * rounds);
  for (const [what, seconds] of [
    ["birth", birth],
    ["death", death],
  ] as const) {
    const times = seconds / step;
    const us = Number((seconds * 1e6).toFixed(1));
    tell(
      { ratio: `${what} in 2000 / online-wide step`, times: Number(times.toFixed(3)), goal: 1, us },
      `a ${what} in a layer of 2000 takes ${us} us, ${times.toFixed(3)} of a step of its network (goal: below 1)`,
    );
  }
}
