/**
 * What pruning does to the time of a step: half of the neurons of each hidden layer gone, or most of the synapses, in blocks of 16 lanes or one by
 * one. Each network pruned and whole, in turns in one run, as the median of their ratios; of one thread it is the processor's time that counts.
 *
 *   npm run bench:pruned [-- --only neurons|blocks|synapses --workload NAME --arithmetic plain|fused --threads 1 --rounds 5 --json]
 */
import { parseArgs } from "node:util";
import { type Learner, prune } from "plastica";
import { benchInputs } from "./inputs.ts";
import { processor, ratio } from "./measure.ts";
import { wholeOption } from "./options.ts";
import { OWN_WORKLOADS, type Settings, subject, type Workload } from "./subjects.ts";
import workloads from "./workloads.json" with { type: "json" };

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    workload: { type: "string" },
    arithmetic: { type: "string" },
    threads: { type: "string", default: "1" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const rounds = wholeOption("rounds", options.rounds);
const threads = wholeOption("threads", options.threads);
const inputs = benchInputs();

/** Each hidden layer without every second neuron. */
function halved(learner: Learner): void {
  for (const { name, neurons } of learner.network.populations.slice(1, -1))
    learner.remove(
      name,
      neurons.filter((_, i) => i % 2 === 1).map(({ id }) => id),
    );
}

/** Each projection without all but a share of its blocks of `lanes` places side by side in a row, by lot. */
function thinned(share: number, lanes: number): (learner: Learner) => void {
  return ({ network }) => {
    for (const projection of network.projections) {
      const { columns, fanIn } = projection;
      let state = 12_345;
      const gone: number[] = [];
      for (let row = 0; row < fanIn; row++) {
        for (let lane = 0; lane < columns.lanes; lane += lanes) {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          if (state / 2 ** 32 < share) continue;
          for (let i = lane; i < Math.min(lane + lanes, columns.lanes); i++) gone.push(row * columns.lanes + i);
        }
      }
      prune(network, projection, gone, { step: 0, cause: "bench" });
    }
  };
}

const online = ["online-shallow", "online-deep", "online-lenet", "online-wide"];
const all = [...online, "batch128-sgd", "batch256-sgd"];
const CASES = [
  { what: "neurons", name: "half of the hidden neurons", prune: halved, on: online, goal: 1.8 },
  { what: "blocks", name: "90 % of the blocks of 16", prune: thinned(0.1, 16), on: all, goal: 3 },
  { what: "synapses", name: "90 % of the synapses", prune: thinned(0.1, 1), on: all },
  { what: "synapses", name: "97 % of the synapses", prune: thinned(0.03, 1), on: all },
];

for (const { what, name, prune: pruned, on, goal } of CASES) {
  if (options.only !== undefined && options.only !== what) continue;
  console.log(`without ${name}, a step is so many times as fast${goal ? ` (wanted: ${goal})` : ""}`);
  for (const workload of [...(workloads as readonly Workload[]), ...OWN_WORKLOADS]) {
    if (!on.includes(workload.name) || (options.workload ?? workload.name) !== workload.name) continue;
    for (const arithmetic of ["plain", "fused"] as const) {
      if ((options.arithmetic ?? arithmetic) !== arithmetic) continue;
      const times = ["sgd", "adam"].map((optimizer) => {
        const settings: Settings = { arithmetic, threads };
        const whole = subject({ ...workload, optimizer }, inputs, settings);
        return ratio(
          subject({ ...workload, optimizer }, inputs, settings, pruned),
          whole,
          rounds,
          threads > 1 ? undefined : processor,
        );
      });
      const line = { without: name, workload: workload.name, arithmetic, threads, sgd: times[0], adam: times[1] };
      console.log(
        options.json
          ? JSON.stringify(line)
          : `  ${workload.name.padEnd(16)} ${arithmetic}  SGD ${times[0].toFixed(2).padStart(5)}  Adam ${times[1].toFixed(2).padStart(5)}`,
      );
    }
  }
}
