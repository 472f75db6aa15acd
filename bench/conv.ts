/**
 * A training step of a network of LeNet-5's size (convolutions of 6 and 16 channels, dense layers of 120, 84 and 10), with Adam, beside PyTorch's
 * on as many threads, in turns in one run; and the same network with half of its channels pruned, and with twice as many grown.
 *
 *   npm run bench:conv [-- --rounds 5 --batch 32 --threads 1 --steps 200 --json]
 *
 * PyTorch is used if /usr/bin/python3 has it (or the Python named in PYTHON). Goal: 0.4 of its speed at batch 32 on one thread.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  adam,
  backprop,
  conv,
  crossEntropy,
  dense,
  type Learner,
  live,
  maxPool,
  pytorchDefault,
  relu,
  sequential,
} from "plastica";
import { benchInputs } from "./inputs.ts";
import { median, type Subject, secondsPerStep, warmUp } from "./measure.ts";
import { wholeOption } from "./options.ts";

const GOAL = 0.4;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    batch: { type: "string", default: "32" },
    threads: { type: "string", default: "1" },
    steps: { type: "string", default: "200" },
    json: { type: "boolean", default: false },
  },
});
const rounds = wholeOption("rounds", options.rounds);
const batch = wholeOption("batch", options.batch, 1, 1024);
const threads = wholeOption("threads", options.threads, 1, 64);
const steps = wholeOption("steps", options.steps, 10);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const { x, y, count, name } = benchInputs(2048);

/** Whoever is timed: microseconds a step in each round. */
interface Timed {
  readonly name: string;
  readonly operations?: number;
  readonly time: () => number;
  readonly us: number[];
}

function lenet(arithmetic: "plain" | "fused", change: (learner: Learner) => void): Learner {
  const initialiser = pytorchDefault();
  const pool = maxPool(2);
  const net = sequential({ inputs: { height: 28, width: 28, channels: 1 }, seed: 1, arithmetic, threads }, [
    conv(6, relu(), { kernel: 5, padding: 2, pool, initialiser }),
    conv(16, relu(), { kernel: 5, pool, initialiser }),
    dense(120, relu(), { initialiser }),
    dense(84, relu(), { initialiser }),
    dense(10, undefined, { initialiser }),
  ]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 1e-3 }) });
  change(learner);
  return learner;
}

function ours(name: string, arithmetic: "plain" | "fused", change: (learner: Learner) => void = () => {}): Timed {
  const places = Math.floor(count / batch);
  const xs = Array.from({ length: places }, (_, i) => x.subarray(i * batch * 784, (i + 1) * batch * 784));
  const ys = Array.from({ length: places }, (_, i) => y.subarray(i * batch, (i + 1) * batch));
  const subject: Subject = {
    steps,
    prepare() {
      const learner = lenet(arithmetic, change);
      return { step: (i) => void learner.observeBatch(xs[i % places], ys[i % places]), close: () => learner.close() };
    },
  };
  warmUp(subject);
  const learner = lenet(arithmetic, change);
  const { operations } = learner.network;
  learner.close();
  return { name, operations, time: () => secondsPerStep(subject) * 1e6, us: [] };
}

const hidden = ["hidden1", "hidden2"];
const halve = (learner: Learner): void => {
  for (const layer of hidden) {
    const { neurons, size } = learner.network.population(layer);
    learner.remove(
      layer,
      neurons.slice(size / 2).map(({ id }) => id),
    );
  }
};
const double = (learner: Learner): void => {
  for (const layer of hidden) learner.grow(layer, learner.network.population(layer).size);
};

function peer(): Timed | undefined {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  if (spawnSync(python, ["-c", "import torch, numpy"]).status !== 0) {
    console.error(`no PyTorch in ${python}: apt-get install python3-torch (or set PYTHON)`);
    return undefined;
  }
  const folder = here("../.setup/peers");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "x.f32"), new Uint8Array(x.buffer));
  writeFileSync(join(folder, "y.u8"), Uint8Array.from(y));
  const command = [here("peers/torch_conv.py"), folder, ...[threads, 1, batch, steps].map(String)];
  const time = (): number => {
    const ran = spawnSync(python, command, { encoding: "utf8" });
    if (ran.status !== 0) throw new Error(`PyTorch ended with ${ran.status ?? ran.signal}:\n${ran.stderr}`);
    return (JSON.parse(ran.stdout) as { us_per_step: number }).us_per_step;
  };
  return { name: "torch", time, us: [] };
}

console.error(
  `input: the first ${count} images of ${name}; batches of ${batch}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
);
const torch = peer();
const all = [
  ours("plain", "plain"),
  ...(torch ? [torch] : []),
  ours("fused", "fused"),
  ours("plain, half of the channels", "plain", halve),
  ours("plain, twice the channels", "plain", double),
];
for (let round = 1; round <= rounds; round++) {
  console.error(`round ${round} of ${rounds}`);
  for (const one of all) one.us.push(one.time());
}

const [whole] = all;
/** The median over rounds of one time by another's of the same round. */
const by = (a: Timed, b: Timed): number => median(a.us.map((us, round) => us / b.us[round]));
if (options.json) {
  for (const { name, us, operations } of all) console.log(JSON.stringify({ name, us, operations }));
} else {
  console.log("\nmicroseconds a step: the best round, and the median one's share of plain's in the same round");
  for (const one of all) {
    const operations =
      one.operations === undefined ? "" : `${(one.operations / 1e3).toFixed(0).padStart(6)}k multiply-adds`;
    console.log(
      `  ${one.name.padEnd(28)} ${Math.min(...one.us)
        .toFixed(0)
        .padStart(7)}  ${by(one, whole).toFixed(2)}  ${operations}`,
    );
  }
  if (torch) {
    console.log("\ntimes as fast as PyTorch");
    for (const one of all.filter(({ operations }) => operations === whole.operations)) {
      const times = by(torch, one);
      console.log(
        `  ${one.name.padEnd(10)} ${times.toFixed(2)}   goal ${GOAL}   ${times >= GOAL ? "reached" : "NOT REACHED"}`,
      );
    }
  }
}
