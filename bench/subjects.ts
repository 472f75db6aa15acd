/** What is timed: one training step of a workload, in this engine, as PyTorch's script and the others do it. */
import {
  adam,
  backprop,
  continualBackprop,
  crossEntropy,
  dense,
  type Learner,
  linear,
  live,
  pytorchDefault,
  type Rule,
  relu,
  sequential,
  sgd,
} from "plastica";
import type { Inputs } from "./inputs.ts";
import type { Subject } from "./measure.ts";
import { ownSgd } from "./own-rule.ts";

/** One line of workloads.json, or of ours below. */
export interface Workload {
  readonly name: string;
  readonly layers: readonly number[];
  readonly batch: number;
  readonly optimizer: string;
  readonly steps: number;
  /** Continual backprop's replacement rate; none if absent. */
  readonly replacement?: number;
}

export interface Settings {
  readonly arithmetic: "plain" | "fused";
  readonly threads: number;
}

const ONLINE_DEEP = { layers: [784, 100, 100, 100, 10], batch: 1, steps: 2000 };

/**
 * What the peers' list does not have: the published structural policy at work, a rule written outside the engine, and LeNet-300-100, of which most
 * publications on pruning tell.
 */
export const OWN_WORKLOADS: readonly Workload[] = [
  { name: "online-lenet", layers: [784, 300, 100, 10], batch: 1, optimizer: "sgd", steps: 2000 },
  { name: "online-deep-cbp", ...ONLINE_DEEP, optimizer: "sgd", replacement: 1e-4 },
  { name: "online-deep-own-rule", ...ONLINE_DEEP, optimizer: "own-sgd" },
];

/** Multiply-adds of a step, twice: forward, backward to the activities, and to the weights. The peers are counted alike. */
export function gflops({ layers, batch }: Workload, seconds: number): number {
  const weights = layers.slice(1).reduce((sum, width, i) => sum + width * layers[i], 0);
  return (6 * weights * batch) / seconds / 1e9;
}

function ruleOf(optimizer: string): Rule {
  if (optimizer === "sgd") return sgd({ lr: 0.01 });
  if (optimizer === "adam") return adam({ lr: 1e-3 });
  if (optimizer === "own-sgd") return ownSgd({ lr: 0.01 });
  throw new Error(`no optimizer ${optimizer}: sgd, adam or own-sgd`);
}

/** A fresh network and learner for a workload. */
export function learnerFor(workload: Workload, settings: Settings): Learner {
  const [inputs, ...sizes] = workload.layers;
  // As torch.nn.Linear draws them, so that everybody begins with about the same activity.
  const initialiser = pytorchDefault();
  const last = sizes.length - 1;
  const layers = sizes.map((size, i) =>
    i === last ? dense(size, linear(), { initialiser }) : dense(size, relu(), { initialiser }),
  );
  const net = sequential({ inputs, seed: 1, ...settings }, layers);
  return live(net, {
    credit: backprop({ loss: crossEntropy() }),
    rule: ruleOf(workload.optimizer),
    structure: workload.replacement ? [continualBackprop({ replacementRate: workload.replacement })] : [],
  });
}

/** A workload on its inputs, ready to be timed; `change` does something to a fresh learner first. */
export function subject(
  workload: Workload,
  { x, y, count }: Inputs,
  settings: Settings,
  change?: (learner: Learner) => void,
): Subject {
  const { batch, layers } = workload;
  const places = Math.floor(count / batch);
  const xs = Array.from({ length: places }, (_, i) => x.subarray(i * batch * layers[0], (i + 1) * batch * layers[0]));
  const ys = Array.from({ length: places }, (_, i) => y.subarray(i * batch, (i + 1) * batch));
  return {
    steps: workload.steps,
    prepare() {
      const learner = learnerFor(workload, settings);
      change?.(learner);
      const step =
        batch === 1
          ? (i: number) => void learner.observe(xs[i % places], ys[i % places][0])
          : (i: number) => void learner.observeBatch(xs[i % places], ys[i % places]);
      return { step, close: () => learner.close() };
    },
  };
}
